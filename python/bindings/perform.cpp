#include "heddle/loops/perform.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>

#include <sstream>

#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const PerformedMotif& item) {
    std::ostringstream text;
    text << "PerformedMotif(" << item.motif << " at " << item.start << " s, error " << item.error
         << ", isolated " << item.isolated_error << (item.failed ? ", failed)" : ")");
    return text.str();
}

void bind_value(nb::module_& module) {
    Value<PerformedMotif>(module, "PerformedMotif",
                          R"(One motif of a sequence, with the preparation before it.

Outputs lie on the grids t = j · dt of each stretch, from its first instant to its last.)",
                          [](const PerformedMotif& item) { return describe(item); })
        .required("motif", &PerformedMotif::motif, "Position in the library.")
        .required("start", &PerformedMotif::start,
                  "When the preparation begins, s from the start of the sequence.")
        .required("preparation_dt", &PerformedMotif::preparation_dt, "Step while preparing, s.")
        .required("preparation", &PerformedMotif::preparation,
                  "Outputs while preparing, shape (J, d).")
        .required("output", &PerformedMotif::output,
                  "Outputs of the motif without noise, shape (T, d).")
        .required("units", &PerformedMotif::units,
                  "Recorded units while preparing, then during the motif, shape (J + T, units).")
        .required("trials", &PerformedMotif::trials,
                  "Outputs of the motif with noise, a list of arrays of shape (T, d).")
        .required("error", &PerformedMotif::error,
                  "Normalised squared error in the sequence, without noise.")
        .required("isolated_error", &PerformedMotif::isolated_error,
                  "The same when started exactly at the motif's initial state.")
        .required("state_error", &PerformedMotif::state_error,
                  "|x − x(0)| / |x(0)| at the motif's start, without noise.")
        .required("failed", &PerformedMotif::failed, "Whether `error` exceeds the threshold.")
        .required("predicted_error", &PerformedMotif::predicted_error,
                  "Expected error with noise, from the closed-form covariance; NaN without.")
        .required("mean_error", &PerformedMotif::mean_error,
                  "Its Monte-Carlo estimate over the trials; NaN without.")
        .required("standard_error", &PerformedMotif::standard_error,
                  "Of `mean_error`; NaN with fewer than two trials.")
        .done();
}

/// Hands an item to Python where the Python thread waits.
void hand_over(LongCall& call, nb::handle on_item, PerformedMotif&& item) {
    const auto performed = std::make_shared<PerformedMotif>(std::move(item));
    call.on_caller([on_item, performed] { on_item(nb::cast(std::move(*performed))); });
}

}  // namespace

void bind_perform(nb::module_& module) {
    bind_value(module);
    module.def(
        "perform",
        [](const std::shared_ptr<Library>& library, const std::vector<std::string>& sequence,
           nb::handle on_item, double noise, Index trials, const std::vector<Index>& units,
           nb::handle initial_state, std::optional<double> preparation, double failure,
           std::size_t memory, std::uint64_t seed, std::size_t threads, nb::handle progress) {
            PerformOptions options{.noise = noise, .trials = trials, .units = units};
            if (!initial_state.is_none())
                options.initial_state = to_eigen<Vector>(initial_state, "initial_state");
            if (preparation) options.preparation = *preparation;
            options.failure = failure;
            options.memory = memory;
            options.seed = seed;
            options.threads = threads;
            long_call(progress, [library, sequence, options, on_item](LongCall& call) {
                const auto sink = [&](PerformedMotif&& item) {
                    hand_over(call, on_item, std::move(item));
                };
                perform(*library, sequence, options, sink, call.progress());
                return true;
            });
        },
        "library"_a, "sequence"_a, "on_item"_a, nb::kw_only(), "noise"_a = 0.0, "trials"_a = 0,
        "units"_a = nb::tuple(), "initial_state"_a = nb::none(), "preparation"_a = nb::none(),
        "failure"_a = 0.05, "memory"_a = std::size_t{1} << 30, "seed"_a = 0, "threads"_a = 0,
        "progress"_a = nb::none(),
        "Performs a sequence, handing every PerformedMotif to `on_item`; see `heddle.perform`.");
}

}  // namespace heddle::python
