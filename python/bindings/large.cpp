#include <nanobind/nanobind.h>
#include <nanobind/stl/complex.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <sstream>

#include "heddle/loops/motif_run.hpp"
#include "heddle/spectrum/eigenvalues_near.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "options.hpp"
#include "value.hpp"

namespace heddle::python {

/// A Python number, not a view of a class.
template <>
nb::object to_python(const Complex& field, nb::handle) {
    return nb::cast(field);
}

namespace {

using namespace nb::literals;

std::string describe(const NearbyEigenvalues& found) {
    std::ostringstream text;
    text << "NearbyEigenvalues(" << found.values.size() << " around " << found.point.real()
         << (found.point.imag() < 0 ? " - " : " + ") << std::abs(found.point.imag()) << "i"
         << (found.converged ? ", converged)" : ", not all converged)");
    return text.str();
}

std::string describe(const MotifRun& run) {
    std::ostringstream text;
    text << "MotifRun(" << run.output.rows() << " samples, error " << run.error << ", deviation "
         << run.deviation << ")";
    return text.str();
}

void bind_near(nb::module_& module) {
    Value<NearbyEigenvalues>(module, "NearbyEigenvalues", "Eigenvalues of W + U Vᵀ around a point.",
                             [](const NearbyEigenvalues& found) { return describe(found); })
        .required("point", &NearbyEigenvalues::point, "The point.")
        .required("values", &NearbyEigenvalues::values, "Nearest first, shape (c,).")
        .required("residual", &NearbyEigenvalues::residual,
                  "‖(W + U Vᵀ − λ) x‖ for the eigenvector x of unit norm, shape (c,).")
        .required("converged", &NearbyEigenvalues::converged,
                  "Whether all that were asked for are there, within the tolerance.")
        .required("reason", &NearbyEigenvalues::reason, "Why not; empty if converged.")
        .done();
    module.def(
        "eigenvalues_near",
        [](const Network& network, const Loops& loops, nb::handle points, Index count,
           double offset, double tolerance, const std::string& solver, std::uint64_t seed,
           std::size_t threads, nb::handle progress) {
            const NearOptions options{count, offset, tolerance, solver_from(solver), seed, threads};
            return long_call(
                progress, [network, loops, options,
                           wanted = to_eigen<ComplexVector>(points, "points")](LongCall& call) {
                    return eigenvalues_near(network, loops, wanted, options, call.progress());
                });
        },
        "network"_a, "loops"_a, "points"_a, nb::kw_only(), "count"_a = NearOptions{}.count,
        "offset"_a = NearOptions{}.offset, "tolerance"_a = NearOptions{}.tolerance,
        "solver"_a = "automatic", "seed"_a = 0, "threads"_a = 0, "progress"_a = nb::none(),
        R"(The eigenvalues of W + U Vᵀ nearest to chosen points, whatever the loops were designed for.

Krylov–Schur on the real part of (σ − W − U Vᵀ)⁻¹ with σ = point + offset, so that a designed
eigenvalue at the point does not make it singular; eigenvalues are Rayleigh quotients, each with its
residual. Networks of any size.

    network    a linear Network of n units
    loops      instantaneous Loops
    points     shape (p,), complex
    count      eigenvalues at each point
    offset     how far right of a point the shift lies
    tolerance  residual above which an eigenvalue has not converged
    solver     as in `place_eigenvalues`; "krylov" does not reach shifts within the edge of the
               bulk, and the answer for such a point says so
    threads    one a point; 0 for one per core

Returns a list of NearbyEigenvalues, one a point. Raises ShapeError or DomainError, naming the
argument. Some 4 count + 20 solves a point; with "krylov" each takes some hundred products with W.
Stewart (2002), SIMAX 23(3).)");
}

void bind_run(nb::module_& module) {
    Value<MotifRun>(module, "MotifRun", "One motif, performed by products with W.",
                    [](const MotifRun& run) { return describe(run); })
        .required("output", &MotifRun::output, "C x on the motif's own grid, shape (T, d).")
        .required("final_state", &MotifRun::final_state, "x at the motif's end, shape (n,).")
        .required("error", &MotifRun::error, "Normalised squared error against the motif.")
        .required("deviation", &MotifRun::deviation,
                  "Largest difference from the modes' own readout, beside that readout's largest.")
        .required("step_error", &MotifRun::step_error,
                  "Estimates of the exponentials' errors, added up, beside ‖x‖.")
        .required("products", &MotifRun::products, "With W.")
        .done();
    module.def(
        "perform_motif",
        [](const Network& network, const MotifLoops& design, nb::handle initial_state,
           double tolerance, nb::handle progress) {
            const MotifRunOptions options{initial_state.is_none()
                                              ? Vector()
                                              : to_eigen<Vector>(initial_state, "initial_state"),
                                          tolerance};
            return long_call(progress, [network, design, options](LongCall& call) {
                return perform_motif(network, design, options, call.progress());
            });
        },
        "network"_a, "design"_a, nb::kw_only(), "initial_state"_a = nb::none(),
        "tolerance"_a = MotifRunOptions{}.tolerance, "progress"_a = nb::none(),
        R"(Performs one motif by products with W, in networks of any size.

From sample to sample by the action of the exponential of the closed network, in Krylov spaces; no
matrix is formed, no time step made.

    network        a linear Network of n units
    design         the motif's MotifLoops, of `design_motif_loops`
    initial_state  x(0), shape (n,); the design's own if missing
    tolerance      relative error of every sample's exponential

Returns a MotifRun. Raises ShapeError or DomainError, naming the argument. Some 20 products with W a
sample. `perform` does sequences, noise and preparation in networks that can be decomposed.)");
}

}  // namespace

void bind_large(nb::module_& module) {
    bind_near(module);
    bind_run(module);
}

}  // namespace heddle::python
