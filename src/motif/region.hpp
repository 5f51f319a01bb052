#pragma once

#include "heddle/motif/fit.hpp"
#include "heddle/spectrum/gain_law.hpp"

namespace heddle {

/// Where the eigenvalues of a fit may lie, in the parameters θ of `Residual`: bounds on decay and
/// frequency, and the inequalities c(θ) ≤ 0 for the distance of every two modes and for the loop
/// gain.
class Region final {
  public:
    /// \param step dt / τ: nothing faster than the samples can show is allowed.
    Region(const FitOptions& options, double step);

    [[nodiscard]] Vector lower(Index pairs) const;
    [[nodiscard]] Vector upper(Index pairs) const;

    [[nodiscard]] static Index inequalities(Index pairs) { return pairs * (pairs - 1) / 2 + 1; }
    /// c(θ), and its Jacobian, row by row, unless `jacobian` is null.
    void inequalities(const VectorView& theta, double* values, double* jacobian) const;

    /// Modes sorted by frequency, clipped to the bounds and pushed apart upwards.
    [[nodiscard]] Vector inside(const VectorView& theta) const;
    /// By how much the worst constraint is violated; ≤ 0 inside.
    [[nodiscard]] double violation(const VectorView& theta) const;

    [[nodiscard]] double separation() const { return options_.separation; }

  private:
    /// ln of the gain law's least gain, its sum taken group by group; gradient added to `slope` if
    /// given.
    [[nodiscard]] double gain(const VectorView& theta, double* slope) const;

    FitOptions options_;
    double reach_;
};

/// λ_m of θ.
[[nodiscard]] ComplexVector eigenvalues_of(const VectorView& theta);
/// Smallest distance between two eigenvalues, conjugates included.
[[nodiscard]] double separation_of(const ComplexVectorView& upper);

}  // namespace heddle
