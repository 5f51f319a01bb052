#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <sstream>

#include "heddle/core/error.hpp"
#include "heddle/core/similar.hpp"
#include "heddle/linalg/resolvent.hpp"
#include "heddle/linalg/schur.hpp"
#include "heddle/loops/motif_loops.hpp"
#include "heddle/loops/placement.hpp"
#include "heddle/loops/preparation.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "options.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const Placement& placement) {
    std::ostringstream text;
    text << "Placement(" << placement.targets.size() << " targets by " << placement.loops.u.cols()
         << " loops, largest error "
         << (placement.error.size() > 0 ? placement.error.maxCoeff() : 0.0) << ", gain "
         << placement.gain << (placement.trusted ? ", trusted)" : ", not trusted)");
    return text.str();
}

std::string describe(const MotifLoops& design) {
    std::ostringstream text;
    text << "MotifLoops('" << design.motif.name << "', " << design.loops.u.cols() << " loops, "
         << design.fit.eigenvalues.size() << " pairs, fit error " << design.fit.error << ", gain "
         << design.gain << (design.trusted ? ", trusted)" : ", not trusted)");
    return text.str();
}

std::string describe(const Preparation& preparation) {
    std::ostringstream text;
    text << "Preparation(" << preparation.loops.u.cols() << " loops for " << preparation.duration
         << " s, slowest eigenvalue left at " << preparation.slowest << ")";
    return text.str();
}

PlacementMethod method_from(const std::string& name) {
    if (name == "least_gain") return PlacementMethod::least_gain;
    if (name == "spectral") return PlacementMethod::spectral;
    throw DomainError("method is '" + name + "'" + did_you_mean(name, {"least_gain", "spectral"}));
}

void bind_placement(nb::module_& module) {
    Value<Placement>(module, "Placement",
                     "Loops that give the network the eigenvalues one asks for.",
                     [](const Placement& placement) { return describe(placement); })
        .required("loops", &Placement::loops, "u and v, shapes (n, k); the loop matrix is u vᵀ.")
        .required("targets", &Placement::targets, "λ^des as requested, shape (m,).")
        .required("error", &Placement::error,
                  "|λ_i − λ_i^des| of the closed network, shape (m,): measured, not assumed.")
        .required("condition", &Placement::condition,
                  "κ_i: first-order shift of target i per unit ‖δ(u vᵀ)‖₂, shape (m,).")
        .required("gain", &Placement::gain, "‖u vᵀ‖_F.")
        .required("solve_condition", &Placement::solve_condition,
                  "κ₂ of the scaled least-norm system for v.")
        .required("outliers", &Placement::outliers,
                  "Eigenvalues that the loops add right of all targets and of Re λ = 1, counted by "
                  "the argument principle; -1 where they were not counted.")
        .required(
            "abscissa", &Placement::abscissa,
            "max Re of the closed network's spectrum; NaN unless the whole spectrum was asked for.")
        .required(
            "trusted", &Placement::trusted,
            "Whether every error, and what rounding of u vᵀ alone can do, is below the tolerance.")
        .required("reason", &Placement::reason,
                  "Why not, and how many loops would do; empty if trusted.")
        .done();
    module.def(
        "place_eigenvalues",
        [](const Network& network, nb::handle targets, Index loops, nb::handle u,
           const std::string& method, double tolerance, bool whole_spectrum, std::uint64_t seed,
           const std::string& solver, std::size_t threads) {
            const PlacementOptions options{.loops = loops,
                                           .u = u.is_none() ? Matrix() : to_eigen<Matrix>(u, "u"),
                                           .method = method_from(method),
                                           .tolerance = tolerance,
                                           .whole_spectrum = whole_spectrum,
                                           .seed = seed,
                                           .solver = solver_from(solver),
                                           .threads = threads};
            return long_call(
                nb::none(),
                [network, options, wanted = to_eigen<ComplexVector>(targets, "targets")](
                    LongCall&) { return place_eigenvalues(network, wanted, options); });
        },
        "network"_a, "targets"_a, nb::kw_only(), "loops"_a = 1, "u"_a = nb::none(),
        "method"_a = "least_gain", "tolerance"_a = 1e-8, "whole_spectrum"_a = true, "seed"_a = 0,
        "solver"_a = "automatic", "threads"_a = 0,
        R"(Places `targets` with k loops, least gain first.

    r_i = (λ_i^des − W)⁻¹ U g_i ,   V the least-norm solution of  Vᵀ r_i = g_i  for all i

so that (W + U Vᵀ) r_i = λ_i^des r_i. The targets, ordered by |Im|, are dealt to the loops in turn:
g_i is the unit vector of loop i mod k. Method "spectral" is the published formula
u = R diag(Rᵀ v)⁻¹ P⁺ 1, P_ij = 1 / (λ_i^des − λ_j), for one loop and random v.

    network         a linear Network of n units
    targets         λ^des, shape (m,), closed under conjugation, distinct, none an eigenvalue of W
    loops           k
    u               given loop outputs, shape (n, k); N(0, 1/n), drawn from `seed`, if missing
    method          "least_gain" or "spectral"
    tolerance       largest error that still counts as placed
    whole_spectrum  measure errors on all eigenvalues of the closed network, not by the two-sided
                    residual alone
    solver          "dense": one Hessenberg reduction; "krylov": products with W alone, for targets
                    outside the bulk of a large network; "structured": exact, by the parts of W,
                    for a diagonal, a sparse matrix (LU) or one Kronecker product (Schur forms),
                    with low rank added by Woodbury; "automatic": structured for diagonal or
                    Kronecker plus low rank, else krylov from 4,001 sparse or structured units on
    threads         for krylov and structured; 0 for one per core

Returns a Placement. Raises ShapeError or DomainError, naming the argument. One Hessenberg
reduction, then O(k n²) a target; 10 n³ more with whole_spectrum. Krylov: 2 k spaces of some hundred
products with W; NotConverged names a target that is not reached; whole_spectrum is for dense alone.
Structured: two solves of O(n r²) or O(n (a + b) r) a target, or of one sparse LU. Logiaco, Abbott & Escola (2021),
Cell Reports 35(9):109090, Eqs. 2, 10, 12.)");
}

void bind_motif_loops(nb::module_& module) {
    Value<MotifLoops>(
        module, "MotifLoops",
        "The gated loops that make a network perform one motif, with the evidence that they do.",
        [](const MotifLoops& design) { return describe(design); })
        .required("motif", &MotifLoops::motif, "The target, a Motif.")
        .required("fit", &MotifLoops::fit, "Its ModeFit.")
        .required("loops", &MotifLoops::loops, "U and V, shapes (n, K).")
        .required("modes", &MotifLoops::modes,
                  "Eigenvectors r_m, scaled so that C r_m = amplitudes_m, shape (n, q).")
        .required("fixed_point", &MotifLoops::fixed_point,
                  "x*, whose readout is the fit's offset, shape (n,).")
        .required("initial_state", &MotifLoops::initial_state, "x(0) = x* + Σ Re r_m, shape (n,).")
        .required("thalamic_state", &MotifLoops::thalamic_state, "y(0), shape (K,).")
        .required("error", &MotifLoops::error,
                  "Placement error of each eigenvalue, first order and two-sided, shape (q,).")
        .required("condition", &MotifLoops::condition, "κ_m, shape (q,).")
        .required("gain", &MotifLoops::gain, "‖U Vᵀ‖_F.")
        .required("solve_condition", &MotifLoops::solve_condition,
                  "κ₂ of the scaled least-norm system for V.")
        .required("activity", &MotifLoops::activity,
                  "Root mean square of a unit's activity during the motif.")
        .required("trusted", &MotifLoops::trusted, "Whether the placement can be relied on.")
        .required("reason", &MotifLoops::reason, "Why not, and what would help; empty if trusted.")
        .done();
    module.def(
        "design_motif_loops",
        [](const Network& network, const std::vector<Motif>& motifs,
           const std::vector<ModeFit>& fits, Index loops, double spread, double thalamic_tau,
           double tolerance, std::uint64_t seed, std::size_t threads, nb::handle progress,
           const std::string& solver) {
            const MotifLoopOptions options{loops, spread, thalamic_tau, tolerance, seed};
            return long_call(progress, [network, motifs, fits, options, threads,
                                        chosen = solver_from(solver)](LongCall& call) {
                return design_motif_loops(network, motifs, fits, options, threads, call.progress(),
                                          chosen);
            });
        },
        "network"_a, "motifs"_a, "fits"_a, nb::kw_only(), "loops"_a = 6, "spread"_a = 1.0,
        "thalamic_tau"_a = 0.0, "tolerance"_a = 1e-8, "seed"_a = 0, "threads"_a = 0,
        "progress"_a = nb::none(), "solver"_a = "automatic",
        R"(The loops of several motifs whose fits are known, from one reduction of W.

Hessenberg form for a few motifs, Schur form for many: their last digits differ. Returns a list of
MotifLoops. Cost: 14/3 n³ or 25 n³ flops, then q K solves of O(n²) a motif. Large sparse and
structured networks are solved with as `place_eigenvalues` does, by `solver`.)");
    module.def(
        "isolated_states",
        [](const MotifLoops& design, double tau) { return to_numpy(isolated_states(design, tau)); },
        "design"_a, "tau"_a,
        R"(Cortical states on the motif's own grid when it starts at its initial state, shape (n, T).

From the modes themselves; `tau` is the network's.)");
}

}  // namespace

void bind_loops(nb::module_& module) {
    bind_placement(module);
    bind_motif_loops(module);
    Value<Preparation>(
        module, "Preparation",
        "Loops that bring the network from any state to the next motif's initial state.",
        [](const Preparation& preparation) { return describe(preparation); })
        .required("loops", &Preparation::loops,
                  "U = Q, V = −shift · Q for an orthonormal basis Q of the slowest modes.")
        .required("duration", &Preparation::duration, "t_p, s.")
        .required("slowest", &Preparation::slowest,
                  "max Re of the closed network's eigenvalues: what is left to wait for.")
        .done();
}

}  // namespace heddle::python
