#pragma once

#include "heddle/rectified/threshold_linear.hpp"

namespace heddle {

/// A piecewise-linear map of n state variables with m rectified units, the discrete-time
/// counterpart of `ThresholdLinear`:
///
///     z' = A z + P [Q z + c]₊ + h .
///
/// Within the region of a support σ, the units with (Q z + c)_j > 0, it is z' = (A + P_σ Q_σ) z +
/// h + P_σ c_σ. The map is continuous everywhere.
struct ThresholdMap {
    Matrix linear;   ///< A, shape (n, n).
    Matrix outputs;  ///< P, shape (n, m).
    Matrix inputs;   ///< Q, shape (m, n).
    Vector bias;     ///< c, shape (m,).
    Vector drive;    ///< h, shape (n,).

    [[nodiscard]] Index states() const noexcept { return linear.rows(); }
    [[nodiscard]] Index units() const noexcept { return inputs.rows(); }
};

/// \throws ShapeError, DomainError  naming the field.
void validate(const ThresholdMap& map);

/// The piecewise-linear RNN z' = A z + W [z]₊ + h, of which every region's matrix is A + W D.
/// \param rectified units that are rectified, by rising index; the others are linear, which is the
///        almost-linear RNN: z' = A z + W φ(z) + h.
/// \see Brenner et al. (2024), arXiv:2410.14240, for almost-linear RNNs.
[[nodiscard]] ThresholdMap plrnn(const MatrixView& a, const MatrixView& w, const VectorView& h,
                                 const Support& rectified);
[[nodiscard]] ThresholdMap plrnn(const MatrixView& a, const MatrixView& w, const VectorView& h);

/// The shallow PLRNN z' = A z + W₁ [W₂ z + h₂]₊ + h₁; clipped, with [W₂ z + h₂]₊ − [W₂ z]₊.
/// \param w1 shape (n, m). \param w2 shape (m, n).
[[nodiscard]] ThresholdMap shallow_plrnn(const MatrixView& a, const MatrixView& w1,
                                         const MatrixView& w2, const VectorView& h1,
                                         const VectorView& h2, bool clipped = false);

/// z' = [W z + h]₊, what `torch.nn.RNN(nonlinearity="relu")` does under constant input.
[[nodiscard]] ThresholdMap relu_rnn(const MatrixView& w, const VectorView& h);

/// z', shape (n,).
[[nodiscard]] Vector next_state(const ThresholdMap& map, const VectorView& z);

/// z(0) = `initial` and the states that follow, shape (n, steps + 1).
[[nodiscard]] Matrix iterate(const ThresholdMap& map, const VectorView& initial, Index steps);

/// The active units at z.
[[nodiscard]] Support support_at(const ThresholdMap& map, const VectorView& z);

/// A + P_σ Q_σ, shape (n, n).
[[nodiscard]] Matrix region_matrix(const ThresholdMap& map, const Support& support);

/// The network τ ẋ = (A − 1) x + P [Q x + c]₊ + h, which has the map's fixed points (and not its
/// stability); τ = 1 s. `unit_equations` of it are the map's complementarity problem.
[[nodiscard]] ThresholdLinear with_fixed_points_of(const ThresholdMap& map);

/// The map of k successive states (z_1, …, z_k) onto their successors, z_t' = f(z_{t−1}), indices
/// mod k: n k variables and m k rectified units, block-cyclic. Its fixed points are the orbits
/// whose period divides k, one for each state of theirs that can come first.
/// \throws DomainError unless k ≥ 1.
[[nodiscard]] ThresholdMap unrolled(const ThresholdMap& map, Index k);

}  // namespace heddle
