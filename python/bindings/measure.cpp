#include <nanobind/nanobind.h>
#include <nanobind/stl/shared_ptr.h>

#include <sstream>

#include "heddle/measure/transitions.hpp"
#include "heddle/spectrum/closed_spectra.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const Transitions& transitions) {
    std::ostringstream text;
    text << "Transitions(" << transitions.error.rows() << " motifs, largest error "
         << (transitions.error.size() > 0 ? transitions.error.maxCoeff() : 0.0) << ", q "
         << transitions.q << ", safe from " << transitions.safe_time << " s)";
    return text.str();
}

std::vector<ComplexVector> spectra_of(const Library& library,
                                      const std::vector<std::size_t>& motifs, std::size_t threads,
                                      const Progress& progress) {
    std::vector<const Loops*> loops;
    for (const std::size_t i : motifs) loops.push_back(&library.motifs[i].loops);
    return closed_spectra(library.network, loops, threads, progress);
}

void bind_closed_spectra(nb::module_& module) {
    module.def(
        "closed_spectra",
        [](const std::shared_ptr<Library>& library, const std::vector<std::string>& names,
           std::size_t threads, nb::handle progress) {
            std::vector<std::size_t> motifs;
            for (const std::string& name : names) motifs.push_back(find_motif(*library, name));
            std::vector<ComplexVector> spectra =
                long_call(progress, [library, motifs, threads](LongCall& call) {
                    return spectra_of(*library, motifs, threads, call.progress());
                });
            nb::dict result;
            for (std::size_t i = 0; i < names.size(); ++i)
                result[names[i].c_str()] = to_numpy(std::move(spectra[i]));
            return result;
        },
        "library"_a, "names"_a, nb::kw_only(), "threads"_a = 0, "progress"_a = nb::none(),
        R"(The eigenvalues of W + U Vᵀ for motifs of a library, a dict of arrays of shape (n,).

In canonical order. Up to three take about 10 n³ flops each; for more, W is decomposed once (35 n³)
and every motif's loops opened in O(n²) each, where that is accurate to 1e-10.)");
}

}  // namespace

void bind_measure(nb::module_& module) {
    Value<Transitions>(module, "Transitions",
                       "How well any motif follows any other, for sequences of every length.",
                       [](const Transitions& transitions) { return describe(transitions); })
        .required("error", &Transitions::error,
                  "Normalised squared error of motif j right after motif i, shape (m, m).")
        .required("state_error", &Transitions::state_error,
                  "|x − x_j(0)| / |x_j(0)| at the start of j after i, shape (m, m).")
        .required(
            "contraction", &Transitions::contraction,
            "q_i = ‖E M_i‖₂: how a deviation at the start of i shrinks until the next, shape (m,).")
        .required(
            "q", &Transitions::q,
            "max q_i. Below 1, no sequence of any length drifts: |δ| ≤ qᵏ |δ_0| + h / (1 − q).")
        .required("bound", &Transitions::bound,
                  "h / (1 − q), the largest |δ| any sequence can reach; infinite if q ≥ 1.")
        .required("radius", &Transitions::radius,
                  "max ρ(E M_i), a lower bound on the joint spectral radius; from 1 on, some words "
                  "diverge.")
        .required("safe_time", &Transitions::safe_time,
                  "Shortest t_p with q < 1 at this and all longer times up to the library's, s; "
                  "NaN if none.")
        .done();
    bind_closed_spectra(module);
    module.def(
        "transitions",
        [](const std::shared_ptr<Library>& library, std::size_t threads, nb::handle progress) {
            return long_call(progress, [library, threads](LongCall& call) {
                return transitions(*library, threads, call.progress());
            });
        },
        "library"_a, nb::kw_only(), "threads"_a = 0, "progress"_a = nb::none(),
        R"(How well any motif of a library follows any other, for sequences of every length.

E = e^{A_p t_p} is the preparation, M_i = e^{A_i T_i} motif i; the deviation from the planned state
obeys δ' = E M_i δ + E (M_i x_i − x_j).

`progress(done, total)` is called now and then. Returns Transitions. One matrix exponential a
motif, about 40 n³ flops each, and a bisection for `safe_time`.)");
}

}  // namespace heddle::python
