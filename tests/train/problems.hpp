#pragma once

#include "heddle/train/gradient.hpp"
#include "support/examples.hpp"

/// A small problem of training that has everything, which the tests share.
namespace heddle {

using examples::random_matrix;

struct Problem {
    TrainableNetwork network;
    TrainingTask task;
};

inline TransferResponse population() {
    return {.hazard = Hazard::softplus,
            .Delta_V = 2.0,
            .lambda_0 = 20.0,
            .tau_m = 20.0,
            .potential = 1.0,
            .variance = 2.25,
            .scale = 1.5};
}

/// Two loops, inputs, gates that also close, gains of either sign, starts, masks with zeros,
/// penalties, several trials.
inline Problem problem(const Response& response = Response::tanh, Index steps = 9,
                       Index trials = 3) {
    const Index n = 7, d = 2, k = 3, m = 2;
    Problem p;
    p.network.network = {Matrix(0.5 * random_matrix(n, n, 1)), 0.02, response,
                         0.3 * random_matrix(n, 1, 2), 0.4 * random_matrix(d, n, 3)};
    p.network.loops = {{0.5 * random_matrix(n, 2, 4), 0.5 * random_matrix(n, 2, 5)},
                       {0.5 * random_matrix(n, 1, 6), 0.5 * random_matrix(n, 1, 7)}};
    p.network.input = 0.5 * random_matrix(n, k, 8);
    p.network.initial = random_matrix(n, trials, 9);
    p.network.gains = random_matrix(n, m, 15);
    p.task = {.h = 0.006, .steps = steps, .trials = trials};
    p.task.inputs = random_matrix(k, steps * trials, 10);
    p.task.gates = {random_matrix(steps, trials, 11),
                    random_matrix(steps, trials, 12).cwiseMax(0.0)};
    p.task.targets = random_matrix(d, (steps + 1) * trials, 13);
    p.task.weights = random_matrix(steps + 1, trials, 14).cwiseMax(0.0);
    p.task.gain_weights = random_matrix(m, (steps + 1) * trials, 16);
    p.task.start = 0.3 * random_matrix(n, trials, 17);
    p.task.activity = 0.7;
    p.task.velocity = 1e-4;
    return p;
}

/// The same without gains and starts.
inline Problem without_gains(Problem p) {
    p.network.gains.resize(0, 0);
    p.task.gain_weights.resize(0, 0);
    p.task.start.resize(0, 0);
    return p;
}

inline const TrainedParts all{.loops = {0, 1}};

}  // namespace heddle
