#include <cmath>
#include <string>

#include "heddle/core/error.hpp"
#include "heddle/train/task.hpp"
#include "network/checks.hpp"
#include "train/checks.hpp"

namespace heddle {
namespace {

void require_shape(const Matrix& array, Index rows, Index columns, const std::string& name,
                   const char* meaning) {
    if (array.rows() == rows && array.cols() == columns) return;
    throw ShapeError(name, shape_text(rows, columns) + ", " + meaning,
                     shape_text(array.rows(), array.cols()));
}

void require_loss_weight(double value, const char* name) {
    if (value >= 0.0 && std::isfinite(value)) return;
    throw DomainError(std::string(name) + ": found " + number_text(value) +
                      ", expected a finite number, 0 or more");
}

void require_count(Index count, const char* name) {
    if (count < 1)
        throw DomainError(std::string(name) + ": found " + std::to_string(count) +
                          ", expected at least 1");
}

void check_dense(const Network& network) {
    if (std::holds_alternative<Matrix>(network.weights)) return;
    const char* found =
        std::holds_alternative<SparseMatrix>(network.weights) ? "sparse" : "structured";
    throw DomainError(std::string("network.weights: found ") + found +
                      " weights, expected a dense matrix; dense_weights(network) makes one");
}

void check_loops(const TrainableNetwork& network) {
    for (std::size_t l = 0; l < network.loops.size(); ++l) {
        const std::string name = "loops[" + std::to_string(l) + "]";
        const Loops& loops = network.loops[l];
        try {
            validate(loops, size(network.network));
        } catch (const ShapeError& error) {
            throw ShapeError(name + "." + error.argument, error.expected, error.actual);
        } catch (const DomainError& error) {
            throw DomainError(name + "." + error.what());
        }
        if (loops.thalamic_tau == 0.0 && loops.delay == 0.0) continue;
        const bool lag = loops.thalamic_tau > 0.0;
        throw DomainError(name + (lag ? ".thalamic_tau" : ".delay") + ": found " +
                          number_text(lag ? loops.thalamic_tau : loops.delay) +
                          " s, expected 0; training takes loops that answer at once");
    }
}

void check_step(const TrainableNetwork& network, const TrainingTask& task) {
    const double tau = network.network.tau;
    if (!(task.h > 0.0 && task.h <= tau))
        throw DomainError("h: found " + number_text(task.h) + " s, expected a step above 0 and at" +
                          " most tau = " + number_text(tau) + " s");
    require_count(task.steps, "steps");
    require_count(task.trials, "trials");
}

void check_initial(const TrainableNetwork& network, const TrainingTask& task) {
    const Index n = size(network.network);
    const Matrix& initial = network.initial;
    const bool given = initial.size() > 0;
    if (given && (initial.rows() != n || (initial.cols() != 1 && initial.cols() != task.trials)))
        throw ShapeError("initial",
                         shape_text(n, 1) + " for all trials or " + shape_text(n, task.trials) +
                             ", one column for each trial",
                         shape_text(initial.rows(), initial.cols()));
    if (task.start.size() > 0)
        require_shape(task.start, n, task.trials, "start", "a column for each trial");
    check_finite(initial, "initial");
    check_finite(task.start, "start");
}

void check_gains(const TrainableNetwork& network, const TrainingTask& task) {
    const Index m = network.gains.cols();
    if (m > 0)
        require_shape(network.gains, size(network.network), m, "gains", "a row for each unit");
    if (m > 0 || task.gain_weights.size() > 0)
        require_shape(task.gain_weights, m, (task.steps + 1) * task.trials, "gain_weights",
                      "a row for each column of gains, a column for each state and trial");
    check_finite(network.gains, "gains");
    check_finite(task.gain_weights, "gain_weights");
}

void check_inputs(const TrainableNetwork& network, const TrainingTask& task) {
    const Index k = network.input.cols();
    if (k > 0)
        require_shape(network.input, size(network.network), k, "input", "a row for each unit");
    if (k > 0 || task.inputs.size() > 0)
        require_shape(task.inputs, k, task.steps * task.trials, "inputs",
                      "a row for each column of input, a column for each step and trial");
    check_finite(network.input, "input");
    check_finite(task.inputs, "inputs");
}

void check_gates(const TrainableNetwork& network, const TrainingTask& task) {
    if (task.gates.empty()) return;
    if (task.gates.size() != network.loops.size())
        throw ShapeError("gates",
                         std::to_string(network.loops.size()) + " arrays, one for each loop",
                         std::to_string(task.gates.size()));
    for (std::size_t l = 0; l < task.gates.size(); ++l) {
        const std::string name = "gates[" + std::to_string(l) + "]";
        require_shape(task.gates[l], task.steps, task.trials, name, "steps × trials");
        check_finite(task.gates[l], name.c_str());
    }
}

void check_targets(const TrainableNetwork& network, const TrainingTask& task) {
    if (task.targets.size() == 0 && task.weights.size() == 0) return;
    require_shape(task.targets, network.network.readout.rows(), (task.steps + 1) * task.trials,
                  "targets", "a row for each readout, a column for each state and trial");
    require_shape(task.weights, task.steps + 1, task.trials, "weights", "states × trials");
    check_finite(task.targets, "targets");
    check_finite(task.weights, "weights");
    if (task.weights.minCoeff() < 0.0)
        throw DomainError("weights: found " + number_text(task.weights.minCoeff()) +
                          ", expected 0 or more");
    if (task.weights.sum() == 0.0 || task.targets.rows() == 0)
        throw DomainError("weights: found no target that counts, expected one weight above 0 and " +
                          std::string("a readout; leave targets and weights empty for no targets"));
}

void check_losses(const TrainingTask& task) {
    require_loss_weight(task.activity, "activity");
    require_loss_weight(task.velocity, "velocity");
    if (task.targets.size() == 0 && task.activity == 0.0 && task.velocity == 0.0)
        throw DomainError(
            "targets: found none, and no weight on activity or velocity; the loss is "
            "0 whatever the network does");
}

}  // namespace

void check_run(const TrainableNetwork& network, const TrainingTask& task) {
    check_dense(network.network);
    validate(network.network);
    check_loops(network);
    check_step(network, task);
    check_initial(network, task);
    check_inputs(network, task);
    check_gains(network, task);
    check_gates(network, task);
}

void validate(const TrainableNetwork& network, const TrainingTask& task) {
    check_run(network, task);
    check_targets(network, task);
    check_losses(task);
}

void check_parts(const TrainedParts& parts, std::size_t loops) {
    if (parts.window < 0)
        throw DomainError("window: found " + std::to_string(parts.window) +
                          " steps, expected at least 1, or 0 for the full gradient");
    std::vector<bool> named(loops, false);
    for (const Index l : parts.loops) {
        if (l < 0 || static_cast<std::size_t>(l) >= loops)
            throw DomainError("loops: found index " + std::to_string(l) + ", expected one of " +
                              std::to_string(loops) + " loops, counted from 0");
        if (named[static_cast<std::size_t>(l)])
            throw DomainError("loops: found index " + std::to_string(l) + " twice, expected once");
        named[static_cast<std::size_t>(l)] = true;
    }
}

}  // namespace heddle
