#pragma once

#include "carry/stretch.hpp"

namespace heddle {

/// Outputs of a motif at its samples from states in columns, one (T, d) matrix for each; the states
/// are those at its end thereafter. \throws DomainError if one is not finite.
[[nodiscard]] std::vector<Matrix> perform_carried(const CarriedLibrary& carried, std::size_t motif,
                                                  Matrix& states);

/// States in columns through the preparation of a motif.
void prepare_carried(const CarriedLibrary& carried, std::size_t motif, Matrix& states);

/// The carried library with linear units of the same slopes: the design, as a small amplitude
/// would show it.
[[nodiscard]] CarriedLibrary linear_twin(const CarriedLibrary& carried);

/// κ and the order of the law of small amplitudes.
struct AmplitudeLaw {
    int order;
    Vector coefficient;  ///< (M,).
};
[[nodiscard]] AmplitudeLaw amplitude_law(const CarriedLibrary& carried);

/// Where eigenvalues are along a motif.
struct SurvivalOptions;
struct SpectrumAlong;
[[nodiscard]] SpectrumAlong spectrum_along(const CarriedLibrary& carried, std::size_t motif,
                                           const SurvivalOptions& options);

}  // namespace heddle
