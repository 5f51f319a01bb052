#pragma once

#include "heddle/population/quadratic.hpp"

namespace heddle {

/// Part of a Lorentzian law of median 0 and half width 1.
struct LorentzianSlice {
    double median;
    double half_width;
};

/// Parts of equal weight whose mixture is nearly the whole, by rising median.
[[nodiscard]] std::vector<LorentzianSlice> lorentzian_slices(Index count);

/// The formulas; each population with noise `sigma`, shape (P,), and those that adapt in `slices`.
[[nodiscard]] RateEquations write_quadratic(const QuadraticRates& of, const Vector& sigma,
                                            Index slices);

}  // namespace heddle
