#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <sstream>

#include "heddle/train/training.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const char* name, Index units, std::size_t loops) {
    std::ostringstream text;
    text << name << "(" << units << " units, " << loops << " loops)";
    return text.str();
}

void bind_parameters(nb::module_& module) {
    Value<TrainableNetwork>(module, "NetworkParameters",
                            "A trainable network with arrays as C++ has them: see "
                            "heddle.TrainableNetwork.",
                            [](const TrainableNetwork& network) {
                                return describe("NetworkParameters", size(network.network),
                                                network.loops.size());
                            })
        .required("network", &TrainableNetwork::network, "W, τ, φ, b, C.")
        .optional("loops", &TrainableNetwork::loops, "U_l, V_l.")
        .optional("input", &TrainableNetwork::input, "B, shape (n, k).")
        .optional("initial", &TrainableNetwork::initial, "x_0, shape (n, 1) or (n, trials).")
        .optional("gains", &TrainableNetwork::gains, "G, shape (n, m).")
        .done();
    Value<TrainingTask>(module, "TaskArrays",
                        "A task with arrays as C++ has them: see heddle.TrainingTask.",
                        [](const TrainingTask& task) {
                            return "TaskArrays(" + std::to_string(task.steps) + " steps, " +
                                   std::to_string(task.trials) + " trials)";
                        })
        .required("h", &TrainingTask::h, "Step, s.")
        .required("steps", &TrainingTask::steps, "T.")
        .optional("trials", &TrainingTask::trials, "Trials.")
        .optional("start", &TrainingTask::start, "Added to x_0, shape (n, trials).")
        .optional("inputs", &TrainingTask::inputs, "s, shape (k, steps · trials).")
        .optional("gates", &TrainingTask::gates, "g_l, each (steps, trials).")
        .optional("gain_weights", &TrainingTask::gain_weights,
                  "a, shape (m, (steps + 1) · trials).")
        .optional("targets", &TrainingTask::targets, "y*, shape (d, (steps + 1) · trials).")
        .optional("weights", &TrainingTask::weights, "m, shape (steps + 1, trials).")
        .optional("activity", &TrainingTask::activity, "Weight of the mean squared rate.")
        .optional("velocity", &TrainingTask::velocity, "Weight of the squared velocity, s².")
        .done();
}

void bind_constraint(nb::module_& module) {
    Value<Constraint>(
        module, "Constraint",
        "What a parameter satisfies before and after every step of training.\n\n"
        "Each field limits the array that `parameter` names; those left out limit "
        "nothing. After a step\nthe array is moved to the nearest one that satisfies "
        "them.",
        [](const Constraint& constraint) { return "Constraint(" + constraint.parameter + ")"; })
        .required("parameter", &Constraint::parameter, "One array: \"weights\", \"loops[0].u\", …")
        .optional("trained", &Constraint::trained,
                  "Of its shape: 1 where an entry is trained, 0 where it keeps its value.")
        .optional("signs", &Constraint::signs,
                  "Of each column, 1 (entries ≥ 0), −1 (≤ 0) or 0 (either): Dale's law of weights.")
        .optional("norm", &Constraint::norm, "Largest Frobenius norm of the trained entries.")
        .optional("rank", &Constraint::rank, "Largest rank of the parameter less `origin`.")
        .optional("origin", &Constraint::origin, "Of the parameter's shape; 0 if left out.")
        .done();
}

void bind_options(nb::module_& module) {
    using Options = TrainingOptions;
    Value<Options>(module, "TrainingOptions", "How to train: see heddle.train.",
                   [](const Options& options) {
                       return "TrainingOptions(" + std::to_string(options.steps) + " steps)";
                   })
        .optional("steps", &Options::steps, "Of the whole training.")
        .optional("rate", &Options::rate, "Adam: α.")
        .optional("halving", &Options::halving, "Adam: steps after which α is half as large.")
        .optional("mean_decay", &Options::mean_decay, "Adam: β₁.")
        .optional("square_decay", &Options::square_decay, "Adam: β₂.")
        .optional("epsilon", &Options::epsilon, "Adam: ε.")
        .optional("clip", &Options::clip, "Adam: a longer gradient is scaled to this length.")
        .optional("explosion", &Options::explosion, "A gradient of this length ends training.")
        .optional("evaluations", &Options::evaluations, "L-BFGS: evaluations in a step.")
        .optional("memory", &Options::memory, "L-BFGS: vectors that are kept.")
        .optional("window", &Options::window, "Of truncated gradients; 0: full ones.")
        .optional("target", &Options::target, "Training ends once the loss is no larger.")
        .optional("patience", &Options::patience, "Steps without improvement that end training.")
        .optional("improvement", &Options::improvement, "What counts as one, relative.")
        .optional("validation_steps", &Options::validation_steps, "Between looks at validation.")
        .done();
}

void bind_state(nb::module_& module) {
    using State = TrainingState;
    Value<State>(
        module, "TrainingState", "All that training goes on from: see heddle.train.",
        [](const State& state) { return "TrainingState(step " + std::to_string(state.step) + ")"; })
        .required("network", &State::network, "After `step` steps.")
        .required("step", &State::step, "Steps that were taken.")
        .optional("mean", &State::mean, "Adam's first moments.")
        .optional("square", &State::square, "Adam's second moments.")
        .optional("losses", &State::losses, "Of the task of each step, before that step.")
        .optional("validation", &State::validation, "Losses of the validation task.")
        .required("best", &State::best, "The network of the least loss that was seen.")
        .optional("best_loss", &State::best_loss, "Its loss.")
        .optional("best_step", &State::best_step, "Steps that led to it.")
        .optional("improved_step", &State::improved_step, "The last step that improved.")
        .done();
}

const char* name_of(TrainingEnd end) {
    switch (end) {
        case TrainingEnd::steps:
            return "finished";
        case TrainingEnd::target:
            return "target";
        case TrainingEnd::patience:
            return "patience";
        case TrainingEnd::diverged:
            return "diverged";
        default:
            return "paused";
    }
}

nb::tuple advance(const TrainingState& state, const TrainingTask& task, const nb::list& of,
                  const nb::list& constraints, const std::string& optimiser,
                  TrainingOptions options, nb::handle validation, Index most, std::size_t threads) {
    TrainedParameters trained{nb::cast<std::vector<std::string>>(of),
                              nb::cast<std::vector<Constraint>>(constraints)};
    options.optimiser = optimiser_from(optimiser);
    options.threads = threads;
    std::shared_ptr<const TrainingTask> held;
    if (!validation.is_none())
        held = std::make_shared<const TrainingTask>(nb::cast<const TrainingTask&>(validation));
    TrainingOutcome outcome = long_call(nb::none(), [state, task, trained = std::move(trained),
                                                     options, held, most](LongCall& call) {
        return train(
            state, [&](Index) { return task; }, trained, options, held.get(), most,
            call.progress());
    });
    return nb::make_tuple(std::move(outcome.state), name_of(outcome.end), outcome.reason);
}

}  // namespace

void bind_training_runs(nb::module_& module) {
    bind_parameters(module);
    bind_constraint(module);
    bind_options(module);
    bind_state(module);
    module.def("parameter_names", &parameter_names, "network"_a,
               "The arrays that can be trained, by name.");
    module.def(
        "start_training",
        [](const TrainableNetwork& network, const std::vector<std::string>& of,
           const std::vector<Constraint>& constraints) {
            return start_training(network, {of, constraints});
        },
        "network"_a, "of"_a, "constraints"_a, "A TrainingState at the start.");
    module.def("train", &advance, "state"_a, "task"_a, "of"_a, "constraints"_a, "optimiser"_a,
               "options"_a, "validation"_a.none(), "most"_a, "threads"_a,
               "(state, end, reason) after at most so many steps; see heddle.train.");
}

}  // namespace heddle::python
