#include "heddle/loops/library.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>

#include <algorithm>
#include <sstream>

#include "long_call.hpp"
#include "modules.hpp"
#include "options.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const Library& library) {
    std::ostringstream text;
    text << "Library(" << library.motifs.size() << " motifs";
    constexpr std::size_t most = 8;
    for (std::size_t i = 0; i < std::min(most, library.motifs.size()); ++i)
        text << (i == 0 ? ": " : ", ") << library.motifs[i].motif.name;
    if (library.motifs.size() > most) text << ", …";
    text << "; " << size(library.network) << " units, " << library.options.motif_loops.loops
         << " loops a motif, " << library.preparation.loops.u.cols() << " to prepare)";
    return text.str();
}

void bind_options(nb::module_& module) {
    Value<MotifLoopOptions>(
        module, "MotifLoopOptions", "What one chooses for the loops of a motif.",
        [](const MotifLoopOptions& options) {
            return "MotifLoopOptions(loops=" + std::to_string(options.loops) + ", …)";
        })
        .optional("loops", &MotifLoopOptions::loops, "K, at least the number of channels.")
        .optional("spread", &MotifLoopOptions::spread,
                  "How far the modes are turned towards loops of their own; 0: least norm.")
        .optional("thalamic_tau", &MotifLoopOptions::thalamic_tau, "τ_T, s.")
        .optional("tolerance", &MotifLoopOptions::tolerance,
                  "Placement error above which the design is not trusted.")
        .optional("seed", &MotifLoopOptions::seed, "Source of U, together with the motif's name.")
        .done();
    Value<RobustMotifOptions>(
        module, "RobustMotifOptions", "What one chooses for loops that are robust to noise.",
        [](const RobustMotifOptions& options) {
            return "RobustMotifOptions(starts=" + std::to_string(options.starts) +
                   ", most_evaluations=" + std::to_string(options.most_evaluations) + ", …)";
        })
        .optional("starts", &RobustMotifOptions::starts,
                  "The closed-form loops, then those of the next seeds.")
        .optional("most_evaluations", &RobustMotifOptions::most_evaluations,
                  "Of the cost, for each start.")
        .optional("precision", &RobustMotifOptions::precision,
                  "Relative change of the cost in a step at which a start ends.")
        .optional("fixed_outputs", &RobustMotifOptions::fixed_outputs,
                  "Whether U is kept and the directions alone are turned.")
        .optional("noise", &RobustMotifOptions::noise, "p, for the deviations.")
        .optional("trials", &RobustMotifOptions::trials, "Simulated runs; 0: none.")
        .optional("threads", &RobustMotifOptions::threads, "Of a single motif.")
        .done();
    Value<DesignOptions>(
        module, "DesignOptions", "Everything one chooses when a network learns motifs.",
        [](const DesignOptions& options) {
            std::ostringstream text;
            text << "DesignOptions(loops=" << options.motif_loops.loops
                 << ", preparation_fraction=" << options.preparation_fraction << ", …)";
            return text.str();
        })
        .optional("fit", &DesignOptions::fit, "FitOptions.")
        .optional("motif_loops", &DesignOptions::motif_loops, "MotifLoopOptions.")
        .optional("robust", &DesignOptions::robust,
                  "Whether the loops of every motif are made robust to noise.")
        .optional("robustness", &DesignOptions::robustness, "RobustMotifOptions.")
        .optional("preparation_fraction", &DesignOptions::preparation_fraction,
                  "Preparatory loops as a fraction of n.")
        .optional("preparation_shift", &DesignOptions::preparation_shift,
                  "How far they move the slowest eigenvalues.")
        .optional("preparation_time", &DesignOptions::preparation_time, "t_p in units of τ.")
        .optional("threads", &DesignOptions::threads, "Threads of the design; 0: one per core.")
        .done();
}

void bind_value(nb::module_& module) {
    Value<Library>(
        module, "Library",
        "One fixed network, one preparatory group of loops and one group for every motif.",
        [](const Library& library) { return describe(library); })
        .required("network", &Library::network, "The Network.")
        .required("spectrum", &Library::spectrum,
                  "Eigenvalues of W in canonical order, shape (n,).")
        .required("preparation", &Library::preparation, "The Preparation.")
        .required("motifs", &Library::motifs, "One MotifLoops for every motif.")
        .required("options", &Library::options, "DesignOptions, as used.")
        .done()
        .def_prop_ro(
            "names",
            [](const Library& library) {
                std::vector<std::string> names;
                for (const MotifLoops& design : library.motifs) names.push_back(design.motif.name);
                return names;
            },
            "Names of the motifs.")
        .def("__len__", [](const Library& library) { return library.motifs.size(); })
        .def("__contains__",
             [](const Library& library, const std::string& name) {
                 const auto has_name = [&](const MotifLoops& design) {
                     return design.motif.name == name;
                 };
                 return std::ranges::any_of(library.motifs, has_name);
             })
        .def(
            "__getitem__",
            [](const Library& library, const std::string& name) -> const MotifLoops& {
                return library.motifs[find_motif(library, name)];
            },
            "name"_a, nb::rv_policy::reference_internal, "The MotifLoops of a motif, by its name.");
}

/// `extend` with a number of threads of its own, which is no choice the library should remember.
Library extended(Library library, const std::vector<Motif>& motifs,
                 std::optional<std::size_t> threads, const Progress& progress) {
    const std::size_t remembered = library.options.threads;
    library.options.threads = threads.value_or(remembered);
    library = extend(std::move(library), motifs, progress);
    library.options.threads = remembered;
    return library;
}

}  // namespace

void bind_library(nb::module_& module) {
    bind_options(module);
    bind_value(module);
    module.def(
        "design",
        [](const Network& network, const std::vector<Motif>& motifs, nb::handle progress,
           const nb::kwargs& options) {
            return long_call(
                progress, [network, motifs, chosen = design_options_from(options)](LongCall& call) {
                    return design(network, motifs, chosen, call.progress());
                });
        },
        "network"_a, "motifs"_a, nb::kw_only(), "progress"_a = nb::none(), "options"_a,
        "Loops for every motif; see `heddle.design`.");
    module.def(
        "extend",
        [](const std::shared_ptr<Library>& library, const std::vector<Motif>& motifs,
           std::optional<std::size_t> threads, nb::handle progress) {
            return long_call(progress, [library, motifs, threads](LongCall& call) {
                return extended(*library, motifs, threads, call.progress());
            });
        },
        "library"_a, "motifs"_a, nb::kw_only(), "threads"_a = nb::none(), "progress"_a = nb::none(),
        "The library with more motifs; see `heddle.extend`.");
}

}  // namespace heddle::python
