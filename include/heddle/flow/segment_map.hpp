#pragma once

#include "heddle/network/network.hpp"
#include "heddle/network/schedule.hpp"

namespace heddle {

/// The linear dynamics of a network with one group of loops open, as ż = A (z − z*) on the joint
/// state z = (x, y): the thalamic part y is there only when τ_T > 0.
struct JointDynamics {
    Matrix a;        ///< Shape (s, s), 1/s; s = n, or n + k when τ_T > 0.
    Index cortex;    ///< n.
    Index thalamus;  ///< k when τ_T > 0, else 0.
    double tau;      ///< Cortical τ, s.
};

/// \param open the open group, or null. \throws DomainError unless the response is linear.
[[nodiscard]] JointDynamics joint_dynamics(const Network& network, const Loops* open);

/// The joint deviation z − z* at the start of a segment, for cortical states in columns, shape (n,
/// m) → (s, m).
[[nodiscard]] Matrix joint_deviation(const MatrixView& cortical_states, const Segment& segment);

/// What one segment does, exactly and once and for all: z(t_j) − z* = e^{A t_j} (z(0) − z*) on the
/// grid t_j = j · dt, j = 0 … steps, with no error of time stepping.
struct SegmentMap {
    double dt;
    Index steps;
    Matrix propagator;   ///< e^{A dt}, shape (s, s).
    Matrix transfer;     ///< Cortical rows of e^{A T}, T = steps · dt, shape (n, s).
    Matrix observation;  ///< C e^{A t_j}, stacked over j, shape ((steps + 1) · d, s).

    /// For white noise of unit strength (see below); empty if noise was not asked for.
    Matrix noise_root;        ///< L, L Lᵀ = ∫₀^dt e^{A s} B Bᵀ e^{Aᵀ s} ds, shape (s, s).
    Matrix noise_covariance;  ///< Covariance of the cortical state that noise during [0, T] leaves,
                              ///< shape (n, n).
    Matrix noise_output;  ///< Variance of each row of C z(t_j) from noise during [0, t_j], shape
                          ///< (steps + 1, d).
};

/// Builds the map. Noise of strength σ drives every cortical unit as
///
///     τ dx = (…) dt + σ √(2 τ) dB :
///
/// a unit without connections would fluctuate with standard deviation σ. The map holds σ = 1;
/// variances scale with σ².
///
/// \param observed rows C that are read out, shape (d, n).
/// \cost About 25 s³ flops, 60 s³ more with noise, all BLAS-3.
/// \see Van Loan (1978), IEEE TAC 23(3).
[[nodiscard]] SegmentMap segment_map(const JointDynamics& dynamics, const MatrixView& observed,
                                     double dt, Index steps, bool with_noise);

/// Bytes the map holds.
[[nodiscard]] std::size_t memory(const SegmentMap& map);

}  // namespace heddle
