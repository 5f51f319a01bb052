#pragma once

#include <vector>

#include "heddle/rectified/threshold_linear.hpp"

namespace heddle {

/// A threshold-linear network in the coordinates ξ, x = R ξ, in which products are cheapest: time
/// in units of τ,
///
///     ξ̇ = Λ ξ + P̂_σ y_σ + ĥ ,   y = Q̂ ξ + c .
///
/// Λ is L itself where that is diagonal, its real eigenvalue form where that is well conditioned
/// and there are few rectified units, else L as it is.
class FlowCoordinates final {
  public:
    /// \param duration to be followed, in units of τ.
    FlowCoordinates(const ThresholdLinear& system, double duration);

    [[nodiscard]] Vector from_states(const VectorView& x) const;
    [[nodiscard]] Matrix to_states(Matrix coordinates) const;

    /// Q̂ ξ, without c.
    void inputs(const Eigen::Ref<const Vector>& xi, Eigen::Ref<Vector> y) const;
    /// out = Λ ξ.
    void linear(const Eigen::Ref<const Vector>& xi, Eigen::Ref<Vector> out) const;
    /// out += P̂_σ y_σ.
    void add_outputs(const Eigen::Ref<const Vector>& y, const Support& support,
                     Eigen::Ref<Vector> out);

    /// ‖A_σ‖₂ ≤ ‖L‖₂ + min(‖P‖₂ ‖Q‖₂, ‖P_σ Q_σ‖_F), in the network's own coordinates; the second
    /// norm where there are few units.
    [[nodiscard]] double rate_bound(const Support& support) const;

    [[nodiscard]] Index states() const noexcept { return drive.size(); }
    [[nodiscard]] Index units() const noexcept { return bias.size(); }

    Vector drive;                 ///< ĥ.
    Vector bias;                  ///< c.
    double basis_norm = 1.0;      ///< ‖x‖ ≤ basis_norm ‖ξ‖.
    double most_rate = 0.0;       ///< ‖A_σ‖₂ is at most this for every σ.
    Vector input_norms;           ///< ‖q_j‖₂, shape (m,).
    double backward_error = 0.0;  ///< ‖R Λ R⁻¹ − L‖_F / ‖L‖_F.

  private:
    enum class Linear { diagonal, turned, dense };

    void set_linear(const ThresholdLinear& system, double duration);
    [[nodiscard]] bool try_turned(const ThresholdLinear& system, double duration);
    void set_outputs(const Matrix& outputs);
    void set_inputs(const Matrix& inputs);

    double linear_norm_ = 0.0;  ///< ‖L‖₂.
    Matrix overlaps_;           ///< (Pᵀ P) ∘ (Q Qᵀ), where there are few units.
    Linear kind_ = Linear::dense;
    Matrix dense_;         ///< L, where it is dense.
    Vector diagonal_;      ///< Λ's diagonal, else.
    Index reals_ = 0;      ///< How many eigenvalues are real; then come Re and Im of pairs.
    Vector turns_;         ///< Im λ of the pairs.
    Matrix basis_;         ///< R; empty if x = ξ.
    Matrix inverse_;       ///< R⁻¹.
    Matrix outputs_;       ///< P̂, unless it selects.
    Matrix inputs_;        ///< Q̂, unless it selects.
    Support output_rows_;  ///< Where unit j's output goes, if P̂ selects.
    Support input_rows_;   ///< Where unit j's input comes from, if Q̂ selects.
    Vector gathered_;
    Matrix packed_;  ///< P̂_σ, for the support last used.
    Support packed_support_;
};

}  // namespace heddle
