#pragma once

#include "heddle/loops/motif_loops.hpp"

namespace heddle {

/// What noise on the initial state does to the output of a motif's loops, and which way is down.
struct RobustMotifCost {
    double cost;                        ///< √(I_x I_y) / (√n T), deviation per unit of p.
    double activity;                    ///< I_x, s.
    double response;                    ///< I_y, s.
    Matrix u_gradient;                  ///< ∂ ln cost / ∂U, shape (n, k).
    ComplexMatrix directions_gradient;  ///< ∂ ln cost / ∂Re h + i ∂ ln cost / ∂Im h, shape (k, q).
};

/// The cost of the loops that follow from any U and any directions h_m, and its exact gradient:
///
///     O_m = C (λ_m − W)⁻¹ U ,   g_m = h_m + O_m⁺ (C_m − O_m h_m)       (so that C r_m = C_m)
///     r_m = (λ_m − W)⁻¹ U g_m ,   V of least norm with  Vᵀ r_m = g_m
///     cost = √(I_x I_y) / (√n T)
///     I_x = ∫₀ᵀ |Σ Re r_m e^{γ_m t}|² dt ,   I_y = ∫₀ᵀ ‖C e^{(W + U Vᵀ − 1) t / τ}‖_F² dt
///
/// With x(0) + ξ in place of x(0), ξ white with standard deviation p times the root mean square
/// activity of a unit about its fixed point, p · cost is the expected root mean square deviation of
/// the readout over [0, T], all channels together. Where h already has the output, O_m h_m = C_m,
/// (U G, G⁻¹ h) stands for the same matrix U Vᵀ with any invertible G, and costs the same.
///
/// \param fit its modes, shape (q,), none an eigenvalue of W; 2 q ≤ n, q ≥ 1.
/// \param duration T > 0, s. \param u shape (n, k), k ≥ d. \param directions h, shape (k, q).
/// \return infinite, with empty gradients, where modes are linearly dependent or the response
///         grows beyond all bounds.
/// \throws ShapeError, DomainError.
/// \cost 4 q transposed and plain solves of 2 n² flops, and about 14 n² d T / τ.
[[nodiscard]] RobustMotifCost robust_motif_cost(const Network& network, const Resolvent& resolvent,
                                                const ModeFit& fit, double duration,
                                                const MatrixView& u,
                                                const ComplexMatrixView& directions);

struct RobustMotifOptions {
    std::size_t starts = 1;      ///< The closed-form loops, then those of the next seeds.
    int most_evaluations = 60;   ///< Of the cost, for each start.
    double precision = 1e-4;     ///< Relative change of the cost in a step at which a start ends.
    bool fixed_outputs = false;  ///< Keep U and turn the directions only.
    double noise = 0.02;         ///< p, for the deviations.
    Index trials = 200;          ///< Simulated runs; 0: none.
    std::size_t threads = 1;
};

/// Loops as `design_motif_loops` makes them, whose freedom is spent on robustness: U and the K − d
/// free directions of every mode minimise `robust_motif_cost`, by a limited-memory BFGS method from
/// the closed-form loops. The output without noise stays the fit, exactly, and the modes stay
/// placed; the result is never worse than the closed-form loops.
///
/// Nothing is added to the cost to hold down gain or condition: both fall with it, and both are
/// measured. Loops that could not be trusted where those of closed form can are not taken.
///
/// \throws as `design_motif_loops`; DomainError unless τ_T = 0, starts ≥ 1, most_evaluations ≥ 1,
///         precision, noise finite and ≥ 0, trials ≥ 0; NotConverged if no start has a finite cost.
/// \cost `most_evaluations` of the cost for each start, 200 n³ flops for the evidence, and
///       4 n² T / τ a trial.
/// \see Logiaco, Abbott & Escola (2021), Cell Reports 35(9):109090, Eqs. 16–23, for one loop and
///      one output.
[[nodiscard]] MotifLoops robust_motif_loops(const Network& network, const Resolvent& resolvent,
                                            const Motif& motif, const ModeFit& fit,
                                            const MotifLoopOptions& loops = {},
                                            const RobustMotifOptions& options = {},
                                            const Progress& progress = {});

/// \throws DomainError, naming the option, as `robust_motif_loops` does.
void validate(const RobustMotifOptions& options, const MotifLoopOptions& loops);

}  // namespace heddle
