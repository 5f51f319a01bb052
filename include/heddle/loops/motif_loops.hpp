#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "heddle/core/parallel.hpp"
#include "heddle/linalg/resolvent.hpp"
#include "heddle/motif/fit.hpp"
#include "heddle/network/loops.hpp"
#include "heddle/network/network.hpp"

namespace heddle {

struct MotifLoopOptions {
    Index loops = 6;      ///< K; at least the number of channels.
    double spread = 1.0;  ///< How far modes are turned towards loops of their own; 0: least norm.
    double thalamic_tau = 0.0;  ///< τ_T, s.
    double tolerance = 1e-8;    ///< Placement error above which the design is not trusted.
    std::uint64_t seed = 0;
};

/// What noise on the initial state does to the output of a motif's loops, in the motif's units:
/// the root mean square deviation over [0, T], all channels together, for white noise whose
/// standard deviation is `noise` times the root mean square activity of a unit.
struct NoisyOutput {
    double deviation;       ///< Expected: p √(I_x I_y) / (√n T), see `robust_motif_loops`.
    double measured;        ///< The same over `trials` simulated runs; NaN without.
    double standard_error;  ///< Of `measured`; NaN with fewer than two trials.
};

/// How loops were made robust to noise, and what it gained.
struct Robustness {
    double noise;              ///< p.
    Index trials;              ///< Simulated runs behind `measured`.
    NoisyOutput before;        ///< Of the closed-form loops.
    NoisyOutput after;         ///< Of the loops kept.
    double checked_deviation;  ///< `after.deviation` from the weights alone, `readout_deviation`.
    double gain_before;        ///< ‖U Vᵀ‖_F of the closed-form loops.
    double condition_before;   ///< Their largest κ_m.
    Vector costs;              ///< Deviation per unit of p at the end of every start, (starts,).
    double slope;              ///< ‖∇ ln cost‖ ‖(U, h)‖ at the end; 0 at a minimum.
    Index evaluations;         ///< Of cost and gradient, all starts together.
};

/// The gated loops that make a network perform one motif, with the evidence that they do.
struct MotifLoops {
    Motif motif;
    ModeFit fit;
    Loops loops;
    ComplexMatrix modes;   ///< Eigenvectors r_m, scaled so that C r_m = amplitudes_m, shape (n, q).
    Vector fixed_point;    ///< x*, whose readout is the fit's offset, shape (n,).
    Vector initial_state;  ///< x(0) = x* + Σ Re r_m, shape (n,).
    Vector thalamic_state;  ///< y(0), shape (K,).
    Vector error;      ///< Placement error of each eigenvalue, shape (q,), first order, two-sided.
    Vector condition;  ///< κ_m, shape (q,).
    double gain;       ///< ‖U Vᵀ‖_F.
    double solve_condition;  ///< κ₂ of the scaled least-norm system for V.
    double activity;         ///< Root mean square of a unit's activity during the motif.
    bool trusted;
    std::string reason;                    ///< Why not, and what would help; empty if trusted.
    std::optional<Robustness> robustness;  ///< None for closed-form loops.
};

/// Closed-form loops for several outputs: for each mode of the fit with amplitudes C_m,
///
///     g_m = least-norm solution of  C (λ_m − W)⁻¹ U g = C_m ,
///           turned by `spread` along the null space of C (λ_m − W)⁻¹ U
///     r_m = (λ_m − W)⁻¹ U g_m ,   V of least norm with  Vᵀ r_m = (1 + ε μ_m) g_m
///     x(0) = x* + Σ Re r_m
///
/// so C x(t) is the fit, exactly: the performance error is the fit's error. U has orthonormal
/// random columns drawn from (seed, name of the motif).
///
/// The K − d free directions of each g_m are used for robustness. Least-norm directions leave the
/// modes nearly parallel; adding to mode m a component of `spread` |g_m| along loop m mod K,
/// projected so that the output does not change, makes them nearly orthogonal.
/// docs/explanation/loops.md has the measurement.
///
/// \param resolvent of the network's weights.
/// \throws DomainError if K is smaller than the number of channels, or a mode is an eigenvalue of
/// W.
/// \cost q K solves of O(n²), then O(n q²).
[[nodiscard]] MotifLoops design_motif_loops(const Network& network, const Resolvent& resolvent,
                                            Motif motif, ModeFit fit,
                                            const MotifLoopOptions& options = {});

/// The loops of several motifs of one network, from one reduction of W: Hessenberg for a few
/// motifs, Schur for many, whose last digits differ. `design` (library.hpp) always takes Schur's.
///
/// \param fits one per motif. \param threads 0: one per core.
/// \throws ShapeError, DomainError as above.
/// \cost 14/3 n³ or 25 n³ flops once, then q K solves of O(n²) a motif.
[[nodiscard]] std::vector<MotifLoops> design_motif_loops(
    const Network& network, std::vector<Motif> motifs, std::vector<ModeFit> fits,
    const MotifLoopOptions& options = {}, std::size_t threads = 0, const Progress& progress = {});

/// Cortical states on the motif's own grid when it is performed from its initial state, shape (n,
/// T), from the modes themselves.
[[nodiscard]] Matrix isolated_states(const MotifLoops& design, double tau);

}  // namespace heddle
