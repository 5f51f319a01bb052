#pragma once

#include <cstdint>
#include <string>

#include "heddle/core/parallel.hpp"
#include "heddle/network/loops.hpp"
#include "heddle/network/network.hpp"

namespace heddle {

/// Which strengths d_j = (L u)_j (Rᵀ v)_j, W = R diag(λ) L, place the targets.
enum class Strengths {
    least,       ///< d = P⁺ 1, P_ij = 1 / (λ_i^des − λ_j): the published choice.
    least_gain,  ///< Those of the loop of least ‖v‖ for the u that the optimisation starts from.
};

/// All that the cost of a loop does not depend on: the spectrum, and the matrices that take u to
/// the cost. A plain value; `robust_loop_cost` reads it.
///
/// Vectors over eigenvalues hold the real ones, then those with Im > 0 (up to here: half form),
/// then the conjugates of these. A real form is in coordinates √2 Re, √2 Im of each pair.
struct RobustProblem {
    double tau;                 ///< s.
    double duration;            ///< T, s.
    ComplexVector targets;      ///< λ^des, shape (m,), as given.
    ComplexVector amplitudes;   ///< α, shape (m,), as given.
    ComplexVector eigenvalues;  ///< λ_j of W, shape (n,).
    ComplexVector strengths;    ///< d_j, shape (n,).
    ComplexVector spectrum;     ///< λ′_i, zeros of 1 − Σ_j d_j / (z − λ_j), shape (n,).
    double miss;  ///< Largest distance of a target from the spectrum in exact arithmetic.
    double solve_condition;  ///< κ₂ of the system that gave d.

    Matrix left;                 ///< L, real form, shape (n, n).
    Matrix right;                ///< R, real form, shape (n, n).
    ComplexVector readout;       ///< (Rᵀ w)_j, half form.
    Matrix readout_to_modes;     ///< Cᵀ, C_ji ∝ 1 / (λ′_i − λ_j), real form, shape (n, n).
    Matrix inverse_modes;        ///< C⁻¹, real form, shape (n, n).
    Matrix placed_modes;         ///< The columns of C that are targets, real form, shape (n, m).
    Matrix correlations;         ///< F with F Fᵀ = Λ, Λ_ij = ∫₀ᵀ e^{(γ_i + γ_j) t} dt / τ, shape
                                 ///< (n, r).
    Matrix placed_correlations;  ///< The same for the targets, shape (m, m or fewer).
    ComplexVector placed_amplitudes;  ///< α in the order of `placed`, half form.
    Eigen::VectorXi placed;           ///< Where the targets stand in `spectrum`, half form.
    Index real_eigenvalues;           ///< Of W: they lead `eigenvalues`.
    Index real_spectrum;              ///< Of W + u vᵀ: they lead `spectrum`.
    Index real_targets;               ///< They lead `placed`.
};

/// \param network linear, with one readout w.
/// \param targets λ^des, shape (m,), closed under conjugation, distinct, none an eigenvalue of W.
/// \param amplitudes α, shape (m,): the readout is to be y(t) = Σ_i α_i e^{(λ_i^des − 1) t / τ},
///        so conjugate targets have conjugate amplitudes. Of a `ModeFit`, both are C_m / 2.
/// \param duration T > 0, s.
/// \param u shape (n,), not zero: used for its least-gain v if `strengths` asks for it.
/// \throws ShapeError, DomainError; NotConverged if the spectrum has coinciding eigenvalues.
/// \cost About 50 n³ flops.
[[nodiscard]] RobustProblem robust_problem(const Network& network, const ComplexVectorView& targets,
                                           const ComplexVectorView& amplitudes, double duration,
                                           Strengths strengths = Strengths::least,
                                           const VectorView& u = Vector());

/// What noise on the initial state does to the readout of the loop (u, v), v = Lᵀ (d / (L u)):
///
///     cost = √(I_x I_y) / (√n T)
///     I_x = ∫₀ᵀ |x(t)|² dt ,   x(0) = Σ_i α_i r′_i / (wᵀ r′_i)
///     I_y = ∫₀ᵀ |wᵀ e^{(W + u vᵀ − 1) t / τ}|² dt
///
/// With x(0) + ξ in place of x(0), ξ white with standard deviation p times the root mean square
/// activity of a unit, p · cost is the expected root mean square deviation of the readout over
/// [0, T].
struct RobustCost {
    double cost;      ///< Deviation per unit of p.
    double activity;  ///< I_x, s.
    double response;  ///< I_y, s.
    Vector gradient;  ///< ∂ ln cost / ∂u, shape (n,); orthogonal to u, since scaling u changes
                      ///< nothing.
};

/// The cost and its exact gradient. Infinite, with a zero gradient, where a mode has no weight in u
/// or a target none in the readout.
/// \throws ShapeError; DomainError if u is not finite.
/// \cost 8 n² r flops, r the rank of Λ to working precision (about 30, whatever n and T).
/// \see Logiaco, Abbott & Escola (2021), Cell Reports 35(9):109090, Eqs. 16–23.
[[nodiscard]] RobustCost robust_loop_cost(const RobustProblem& problem, const VectorView& u);

/// The loop (u, v) itself, and its initial state.
[[nodiscard]] Loops robust_loop_at(const RobustProblem& problem, const VectorView& u);
[[nodiscard]] Vector robust_initial_state(const RobustProblem& problem, const VectorView& u);

struct RobustLoopOptions {
    Strengths strengths = Strengths::least;
    std::size_t starts = 4;  ///< Random u ~ N(0, 1/n); the best end is kept.
    std::uint64_t seed = 0;
    int most_evaluations = 1000;  ///< Of the cost, for each start.
    double precision = 1e-6;      ///< Relative change of the cost in a step at which a start ends.
    double noise = 0.02;          ///< p, for `deviation`.
    double tolerance = 1e-8;      ///< Largest error of an eigenvalue that still counts as placed.
    std::size_t threads = 0;
};

/// The loop that places the targets and lets noise on the initial state disturb the readout least.
struct RobustLoop {
    Loops loops;            ///< u and v, shape (n, 1), |u| = 1.
    ComplexVector targets;  ///< As given.
    Vector initial_state;   ///< x(0), shape (n,).
    double start_cost;      ///< Cost of the start that ended best.
    double cost;            ///< Its end.
    Vector costs;           ///< The end of every start, shape (starts,): how far the best is luck.
    double slope;           ///< |u| |∂ ln cost / ∂u| at the end; 0 at a minimum.
    double deviation;       ///< p · cost: expected root mean square deviation of the readout.
    double checked_deviation;  ///< The same from the weights alone, by `readout_deviation`.
    Index evaluations;         ///< Of cost and gradient, all starts together.
    Vector error;      ///< |λ_i − λ_i^des| of the closed network (dgeev), shape (m,): measured.
    Vector condition;  ///< κ_i = |r′_i| |l′_i|: shift of target i per unit ‖δ(u vᵀ)‖₂, shape (m,).
    double gain;       ///< ‖u vᵀ‖_F.
    double solve_condition;  ///< κ₂ of the system that gave d.
    double abscissa;         ///< max Re of the closed network's spectrum.
    bool trusted;        ///< Errors and the rounding shift to expect are below the tolerance, and
                         ///< the two deviations agree to 1e-3.
    std::string reason;  ///< Why not; empty if trusted.
};

/// Minimises `robust_loop_cost` over u by a limited-memory BFGS method (NLopt) from several starts.
///
/// The spectrum of W + u vᵀ is fixed by d and the same for every u; u moves the eigenvectors only.
///
/// \throws as `robust_problem`; DomainError unless starts, most_evaluations ≥ 1 and noise,
/// precision, tolerance are finite and ≥ 0; NotConverged if no start has a finite cost.
/// \cost 50 n³ flops, then 8 n² r an evaluation, then about 200 n³ for the evidence.
/// \see Logiaco, Abbott & Escola (2021), Cell Reports 35(9):109090, Eqs. 16–23; Nocedal (1980),
/// Math. Comp. 35(151).
[[nodiscard]] RobustLoop robust_loop(const Network& network, const ComplexVectorView& targets,
                                     const ComplexVectorView& amplitudes, double duration,
                                     const RobustLoopOptions& options = {},
                                     const Progress& progress = {});

}  // namespace heddle
