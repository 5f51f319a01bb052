#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <sstream>

#include "heddle/linalg/resolvent.hpp"
#include "heddle/linalg/schur.hpp"
#include "heddle/loops/motif_loops.hpp"
#include "heddle/loops/preparation.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "options.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

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
        .optional(
            "robustness", &MotifLoops::robustness,
            "A Robustness if the loops were made robust to noise; None for closed-form loops.")
        .done();
    module.def(
        "design_motif_loops",
        [](const Network& network, const std::vector<Motif>& motifs,
           const std::vector<ModeFit>& fits, Index loops, double spread, double thalamic_tau,
           double delay, double tolerance, std::uint64_t seed, std::size_t threads,
           nb::handle progress, const std::string& solver) {
            const MotifLoopOptions options{loops, spread, thalamic_tau, delay, tolerance, seed};
            return long_call(progress, [network, motifs, fits, options, threads,
                                        chosen = solver_from(solver)](LongCall& call) {
                return design_motif_loops(network, motifs, fits, options, threads, call.progress(),
                                          chosen);
            });
        },
        "network"_a, "motifs"_a, "fits"_a, nb::kw_only(), "loops"_a = 6, "spread"_a = 1.0,
        "thalamic_tau"_a = 0.0, "delay"_a = 0.0, "tolerance"_a = 1e-8, "seed"_a = 0,
        "threads"_a = 0, "progress"_a = nb::none(), "solver"_a = "automatic",
        R"(The loops of several motifs whose fits are known, from one reduction of W.

Hessenberg form for a few motifs, Schur form for many: their last digits differ. Returns a list of
MotifLoops. Cost: 14/3 n³ or 25 n³ flops, then q K solves of O(n²) a motif. Large sparse and
structured networks are solved with as `place_eigenvalues` does, by `solver`. `thalamic_tau` and the
conduction `delay`, s, are designed for exactly; `perform` takes loops without delay only.)");
    module.def(
        "isolated_states",
        [](const MotifLoops& design, double tau) { return to_numpy(isolated_states(design, tau)); },
        "design"_a, "tau"_a,
        R"(Cortical states on the motif's own grid when it starts at its initial state, shape (n, T).

From the modes themselves; `tau` is the network's.)");
}

}  // namespace

void bind_loops(nb::module_& module) {
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
    module.def(
        "design_preparation",
        [](nb::handle weights, Index rank, double duration, double shift, double thalamic_tau) {
            const Matrix w = to_dense_weights(weights, "weights");
            return long_call(nb::none(), [w, rank, shift, duration, thalamic_tau](LongCall&) {
                return design_preparation(real_schur(w), rank, shift, duration, thalamic_tau);
            });
        },
        "weights"_a, "rank"_a, nb::kw_only(), "duration"_a = 0.15, "shift"_a = 1.0,
        "thalamic_tau"_a = 0.0,
        R"(Loops that move the slowest eigenvalues of a network left and leave the others.

    U = Q, V = −shift · Q ,   Q an orthonormal basis of the `rank` rightmost eigenvalues of W

weights   W, shape (n, n), or a Network
rank      1 to n; it may grow by one so that no conjugate pair is split
duration  how long they stay open, s

`design` takes them for the libraries it makes; `optimise_preparation` finds better ones. Returns a
Preparation. Raises DomainError for a rank out of range. Cost: one real Schur form, 25 n³ flops.)");
}

}  // namespace heddle::python
