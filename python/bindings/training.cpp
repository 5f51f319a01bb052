#include <nanobind/nanobind.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <sstream>
#include <utility>

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
        .required("activity", &TrainingLoss::activity, "Mean of r².")
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
    if (parts.gains) found["gains"] = to_numpy(std::move(gradient.gains));
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
            .gains = named("gains"),
            .window = window};
}

/// Memory that one call leaves for the next; a call that finds it taken has its own.
class Workspace final {
  public:
    template <typename Work>
    auto with(const Work& work) {
        const std::unique_lock lock(mutex_, std::try_to_lock);
        if (lock.owns_lock()) return work(workspace_);
        TrainingWorkspace own;
        return work(own);
    }

  private:
    std::mutex mutex_;
    TrainingWorkspace workspace_;
};

using SharedWorkspace = std::shared_ptr<Workspace>;

nb::tuple evaluate(const TrainableNetwork& network, const TrainingTask& task,
                   const std::vector<std::string>& names, std::vector<Index> trained, Index window,
                   std::size_t threads, const SharedWorkspace& workspace) {
    const TrainedParts parts = to_parts(names, std::move(trained), window);
    LossAndGradient found =
        long_call(nb::none(), [network, task, parts, threads, workspace](LongCall&) {
            return workspace->with([&](TrainingWorkspace& memory) {
                return value_and_gradient(network, task, parts, memory, threads);
            });
        });
    return nb::make_tuple(found.loss, to_dict(found.gradient, parts));
}

TrainingLoss loss_of(const TrainableNetwork& network, const TrainingTask& task, std::size_t threads,
                     const SharedWorkspace& workspace) {
    return long_call(nb::none(), [network, task, threads, workspace](LongCall&) {
        return workspace->with([&](TrainingWorkspace& memory) {
            return training_loss(network, task, memory, threads);
        });
    });
}

/// (y, x), in columns of steps and trials.
nb::tuple outputs_of(const TrainableNetwork& network, const TrainingTask& task, bool states,
                     std::size_t threads) {
    auto [outputs, found] = long_call(nb::none(), [network, task, states, threads](LongCall&) {
        TrainingWorkspace workspace;
        Matrix y = training_outputs(network, task, workspace, threads);
        return std::pair(std::move(y), states ? std::move(workspace.states) : Matrix());
    });
    return nb::make_tuple(to_numpy(std::move(outputs)), to_numpy(std::move(found)));
}

}  // namespace

void bind_training(nb::module_& module) {
    bind_loss(module);
    nb::class_<SharedWorkspace>(module, "TrainingWorkspace",
                                "Memory that one call of value_and_gradient leaves for the next.")
        .def("__init__",
             [](SharedWorkspace* self) { new (self) SharedWorkspace(new Workspace()); });
    module.def("value_and_gradient", &evaluate, "network"_a, "task"_a, "names"_a, "trained"_a,
               "window"_a, "threads"_a, "workspace"_a,
               "(TrainingLoss, gradients by name); see heddle.value_and_gradient.");
    module.def("training_loss", &loss_of, "network"_a, "task"_a, "threads"_a, "workspace"_a,
               "TrainingLoss; see heddle.training_loss.");
    module.def("training_outputs", &outputs_of, "network"_a, "task"_a, "states"_a, "threads"_a,
               "(outputs, states); see heddle.training_outputs.");
}

}  // namespace heddle::python
