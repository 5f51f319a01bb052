#pragma once

#include <vector>

#include "heddle/network/loops.hpp"
#include "heddle/network/network.hpp"

namespace heddle {

/// A support σ: which rectified units are active, by rising index. It names a region of state
/// space.
using Support = std::vector<Index>;

/// A threshold-linear network of n state variables and m rectified units, piecewise linear:
///
///     τ ẋ = L x + P [Q x + c]₊ + h .
///
/// Unit j is active where y_j = (Q x + c)_j > 0. Within the region of a support σ the dynamics are
/// linear, with
///
///     A_σ = L + P_σ Q_σ ,   b_σ = h + P_σ c_σ ,
///
/// and regions that differ in one unit differ by the rank-one matrix p_j q_jᵀ. The velocity is
/// continuous everywhere.
struct ThresholdLinear {
    Matrix linear;      ///< L, shape (n, n), leak included.
    Matrix outputs;     ///< P, what each rectified unit sends, shape (n, m).
    Matrix inputs;      ///< Q, what each rectified unit receives, shape (m, n).
    Vector bias;        ///< c, shape (m,).
    Vector drive;       ///< h, shape (n,).
    double tau = 0.01;  ///< τ, s.

    [[nodiscard]] Index states() const noexcept { return linear.rows(); }
    [[nodiscard]] Index units() const noexcept { return inputs.rows(); }
};

/// \throws ShapeError, DomainError  naming the field.
void validate(const ThresholdLinear& system);

/// \throws DomainError unless `support` holds rising indices of rectified units.
void validate(const Support& support, const ThresholdLinear& system);

/// The network in its own variables, τ ẋ = −x + W φ(x) + b, where φ rectifies the units named and
/// leaves the others linear: L = −1 + W (linear columns), P = W (rectified columns), Q selects.
/// \param rectified units with φ(x) = [x]₊, by rising index.
/// \throws DomainError unless the response is linear or rectified, and the indices are units'.
[[nodiscard]] ThresholdLinear input_form(const Network& network, const Support& rectified);

/// All units are rectified if the network's response is, none if it is linear.
[[nodiscard]] ThresholdLinear input_form(const Network& network);

/// The same weights in rate form, τ ṙ = −r + φ(W r + b): P selects, Q = W (rectified rows).
/// Trajectories of the two forms are related by x = W r + b; their fixed points correspond one to
/// one.
[[nodiscard]] ThresholdLinear rate_form(const Network& network, const Support& rectified);
[[nodiscard]] ThresholdLinear rate_form(const Network& network);

/// Rectified thalamic units on a linear cortex:
///
///     τ ẋ = −x + W x + U y + b ,   y = [Vᵀ x + c]₊ ,
///
/// and with τ_T > 0, τ_T ẏ = −y + [Vᵀ x + c]₊; the state is then (x, y), n + k variables.
/// \param bias c, shape (k,): what basal ganglia and cortex add to each thalamic unit's drive.
/// \throws DomainError unless the network is linear and the loops have no delay.
/// \see Logiaco, Abbott & Escola (2021), Cell Reports 35(9):109090, for gated thalamic units.
[[nodiscard]] ThresholdLinear rectified_loops(const Network& network, const Loops& loops,
                                              const VectorView& bias);

/// Q x + c, shape (m,).
[[nodiscard]] Vector unit_inputs(const ThresholdLinear& system, const VectorView& x);

/// L x + P [Q x + c]₊ + h = τ ẋ, shape (n,).
[[nodiscard]] Vector velocity(const ThresholdLinear& system, const VectorView& x);

/// The active units at x.
[[nodiscard]] Support support_at(const ThresholdLinear& system, const VectorView& x);

/// A_σ, shape (n, n), and b_σ, shape (n,).
[[nodiscard]] Matrix region_matrix(const ThresholdLinear& system, const Support& support);
[[nodiscard]] Vector region_drive(const ThresholdLinear& system, const Support& support);

/// The fixed points as a complementarity problem in the m rectified units alone:
///
///     z = [M z + q]₊ ,   M = −Q L⁻¹ P ,   q = c − Q L⁻¹ h ,   x = −L⁻¹ (P z + h) .
///
/// In rate form and input form of a fully rectified network M = W and q = b.
struct UnitEquations {
    Matrix m;                     ///< M, shape (m, m).
    Vector q;                     ///< Shape (m,).
    Matrix state_of_units;        ///< −L⁻¹ P, shape (n, m).
    Vector state_of_drive;        ///< −L⁻¹ h, shape (n,).
    double reciprocal_condition;  ///< 1 / κ₁(L), estimated.
};

/// \throws DomainError if L is singular to working precision: then fixed points, if any, form
///         continua or depend on the drive alone.
[[nodiscard]] UnitEquations unit_equations(const ThresholdLinear& system);

}  // namespace heddle
