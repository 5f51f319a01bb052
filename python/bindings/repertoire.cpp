#include "heddle/train/repertoire.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/vector.h>

#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

void bind_value(nb::module_& module) {
    Value<Repertoire>(module, "Repertoire",
                      "What a network is given while it prepares, and while it performs, each of M "
                      "motifs; see heddle.word_errors.",
                      [](const Repertoire& repertoire) {
                          return "Repertoire(" + std::to_string(repertoire.targets.size()) +
                                 " motifs of " + std::to_string(repertoire.steps) + " steps, " +
                                 std::to_string(repertoire.preparation) + " steps of preparation)";
                      })
        .required("h", &Repertoire::h, "Step, s.")
        .required("steps", &Repertoire::steps, "Of every motif, at least 1.")
        .required("targets", &Repertoire::targets,
                  "y* of each motif, at steps 0 to `steps`: a list of (steps + 1, d).")
        .optional("preparation", &Repertoire::preparation,
                  "Steps before each motif; 0: motifs follow without a pause.")
        .optional("inputs", &Repertoire::inputs, "s while a motif is performed, shape (k, M).")
        .optional("cues", &Repertoire::cues, "s while it is prepared, shape (k, M).")
        .optional("gates", &Repertoire::gates,
                  "g while a motif is performed, shape (loops, M); all open if left out.")
        .optional("preparatory_gates", &Repertoire::preparatory_gates,
                  "g while it is prepared, shape (loops, M).")
        .optional("gain_weights", &Repertoire::gain_weights, "a in both phases, shape (m, M).")
        .check([](Repertoire& repertoire) { validate(repertoire); })
        .done();
}

}  // namespace

void bind_repertoire(nb::module_& module) {
    bind_value(module);
    module.def(
        "motif_task",
        [](const Repertoire& repertoire, const std::vector<Index>& motifs) {
            return motif_task(repertoire, motifs);
        },
        "repertoire"_a, "motifs"_a, "TaskArrays; see heddle.motif_task.");
    module.def(
        "word_errors",
        [](const TrainableNetwork& network, const Repertoire& repertoire,
           std::vector<std::vector<Index>> words, nb::handle start, std::size_t threads,
           nb::handle progress) {
            return to_numpy(long_call(
                progress, [network, repertoire, words = std::move(words),
                           start = to_eigen<Matrix>(start, "start"), threads](LongCall& call) {
                    return word_errors(network, repertoire, words, start, threads, call.progress());
                }));
        },
        "network"_a, "repertoire"_a, "words"_a, "start"_a, "threads"_a, "progress"_a.none(),
        "Shape (length, words); see heddle.word_errors.");
}

}  // namespace heddle::python
