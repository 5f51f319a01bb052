#pragma once

#include <array>
#include <optional>

#include "heddle/linalg/types.hpp"

namespace heddle {

/// p(s) = Σ_p a_p s^p on 0 ≤ s ≤ 1: a unit's distance from its threshold during one step, positive
/// while the unit stays as it is.
class UnitPolynomial final {
  public:
    static constexpr Index most_terms = 64;

    /// \param noise how far p may be from what it stands for.
    UnitPolynomial(const double* terms, Index stride, Index count, double sign, double noise);

    /// The first s ≤ `until` at which p falls through zero, or nothing if p stays above −noise. The
    /// Bernstein coefficients of p on an interval enclose its values there, and with one change of
    /// sign it has exactly one zero: intervals are halved until one or the other decides.
    /// \see Farouki (2012), The Bernstein polynomial basis: a centennial retrospective, CAGD 29(6).
    [[nodiscard]] std::optional<double> first_crossing(double until) const;

    /// A minimum before `until` at which p is positive and below `depth`: p grazes zero.
    [[nodiscard]] std::optional<double> grazing(double until, double depth) const;

  private:
    using Coefficients = std::array<double, most_terms>;
    struct Piece;

    [[nodiscard]] Piece whole() const;
    [[nodiscard]] std::optional<double> search(const Piece& piece, double until) const;
    [[nodiscard]] std::optional<double> dip(const Piece& piece, double until, double depth) const;
    [[nodiscard]] double single_zero(double low, double high) const;
    [[nodiscard]] double single_minimum(double low, double high) const;
    [[nodiscard]] double value(double s) const;
    [[nodiscard]] double slope(double s) const;

    Coefficients terms_;
    Index count_;
    double noise_;
};

}  // namespace heddle
