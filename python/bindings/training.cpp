#include <nanobind/nanobind.h>

#include <algorithm>
#include <sstream>

#include "heddle/train/gradient.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

void bind_loss(nb::module_& module) {
    Value<TrainingLoss>(module, "TrainingLoss", "The loss of a task and its parts.",
                        [](const TrainingLoss& loss) {
                            std::ostringstream text;
                            text << "TrainingLoss(" << loss.value << ", output error "
                                 << loss.output_error << ")";
                            return text.str();
                        })
        .required("value", &TrainingLoss::value, "The sum of the parts as the task weights them.")
        .required("output_error", &TrainingLoss::output_error,
                  "Σ m ‖y − y*‖² / (d Σ m); 0 without targets.")
        .required("activity", &TrainingLoss::activity, "Mean of φ(x)².")
        .required("velocity", &TrainingLoss::velocity, "Mean of ((x_{t+1} − x_t) / h)², 1/s².")
        .done();
}

/// What was asked for, by the names of the parts; loops in pairs (∂U, ∂V), in the order of asking.
nb::dict to_dict(TrainingGradient& gradient, const TrainedParts& parts) {
    nb::dict found;
    if (parts.weights) found["weights"] = to_numpy(std::move(gradient.weights));
    if (parts.bias) found["bias"] = to_numpy(std::move(gradient.bias));
    if (parts.input) found["input"] = to_numpy(std::move(gradient.input));
    if (parts.readout) found["readout"] = to_numpy(std::move(gradient.readout));
    if (parts.initial) found["initial"] = to_numpy(std::move(gradient.initial));
    nb::list loops;
    for (std::size_t l = 0; l < gradient.u.size(); ++l)
        loops.append(
            nb::make_tuple(to_numpy(std::move(gradient.u[l])), to_numpy(std::move(gradient.v[l]))));
    found["loops"] = loops;
    return found;
}

TrainedParts to_parts(const std::vector<std::string>& names, std::vector<Index> loops,
                      Index window) {
    const auto named = [&](const char* name) { return std::ranges::count(names, name) > 0; };
    return {.weights = named("weights"),
            .loops = std::move(loops),
            .bias = named("bias"),
            .input = named("input"),
            .readout = named("readout"),
            .initial = named("initial"),
            .window = window};
}

/// Arrays as in C++; `heddle.value_and_gradient` gives them.
nb::tuple evaluate(const Network& network, std::vector<Loops> loops, nb::handle input,
                   nb::handle initial, const nb::dict& task, const std::vector<std::string>& names,
                   std::vector<Index> trained, Index window) {
    TrainableNetwork trainable{network, std::move(loops), to_eigen<Matrix>(input, "input"),
                               to_eigen<Matrix>(initial, "initial")};
    TrainingTask asked{.h = from_python<double>(task["h"], "h"),
                       .steps = from_python<Index>(task["steps"], "steps"),
                       .trials = from_python<Index>(task["trials"], "trials"),
                       .inputs = to_eigen<Matrix>(task["inputs"], "inputs"),
                       .gates = from_python<std::vector<Matrix>>(task["gates"], "gates"),
                       .targets = to_eigen<Matrix>(task["targets"], "targets"),
                       .weights = to_eigen<Matrix>(task["weights"], "weights"),
                       .activity = from_python<double>(task["activity"], "activity"),
                       .velocity = from_python<double>(task["velocity"], "velocity")};
    const TrainedParts parts = to_parts(names, std::move(trained), window);
    LossAndGradient found = long_call(
        nb::none(), [trainable = std::move(trainable), asked = std::move(asked), parts](LongCall&) {
            return value_and_gradient(trainable, asked, parts);
        });
    return nb::make_tuple(found.loss, to_dict(found.gradient, parts));
}

}  // namespace

void bind_training(nb::module_& module) {
    bind_loss(module);
    module.def("value_and_gradient", &evaluate, "network"_a, "loops"_a, "input"_a, "initial"_a,
               "task"_a, "names"_a, "trained"_a, "window"_a,
               "(TrainingLoss, gradients by name); see heddle.value_and_gradient.");
}

}  // namespace heddle::python
