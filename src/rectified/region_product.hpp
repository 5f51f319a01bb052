#pragma once

#include "heddle/rectified/threshold_linear.hpp"

namespace heddle {

/// A_σ = L + P_σ Q_σ of a threshold-linear network as a product with blocks of columns, which
/// knows diagonal L and rows and columns that only select.
class RegionProduct final {
  public:
    /// \param system is kept by reference; no unit is active yet.
    explicit RegionProduct(const ThresholdLinear& system);

    void set(const Support& support);
    /// Unit j becomes active or silent.
    void flip(Index unit);

    /// X ← e^{A_σ t} X, by a Taylor series of A_σ without its mean diagonal, in substeps; t ≥ 0 in
    /// time constants. Terms are added until two in a row fall below ε beside the sum.
    void exponentiate(double t, Matrix& x);

    /// tr A_σ.
    [[nodiscard]] double trace() const noexcept { return trace_; }

  private:
    /// y = (A_σ − mean) x.
    void multiply(const Matrix& x, Matrix& y);
    void gather();
    [[nodiscard]] bool is_active(Index unit) const;

    const ThresholdLinear& system_;
    Support support_;
    Vector diagonal_;   ///< Of L, without its mean.
    bool is_diagonal_;  ///< Whether L is.
    double mean_;
    Support picks_;    ///< Where each unit's only input of weight 1 comes from; else empty.
    Support places_;   ///< Where each unit's only output of weight 1 goes to; else empty.
    Matrix overlaps_;  ///< (PᵀP) ∘ (QQᵀ), whose sum over σ × σ is ‖P_σ Q_σ‖_F².
    double linear_norm_;
    double squared_norm_ = 0.0;
    double trace_;
    bool gathered_ = false;
    Matrix outputs_, inputs_;  ///< P_σ and Q_σ.
    Matrix seen_, term_, next_;
};

}  // namespace heddle
