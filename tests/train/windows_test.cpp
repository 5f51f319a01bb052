#include <doctest/doctest.h>

#include <algorithm>

#include "heddle/train/gradient.hpp"
#include "train/problems.hpp"

using namespace heddle;

namespace {

/// Steps from … from + count − 1 of a task as one of their own, with the loss that belongs to them:
/// the sample of the state they begin with belongs to the window before, but at the start.
Problem window_of(const Problem& p, Index from, Index count, const Matrix& initial) {
    Problem part = p;
    const Index trials = p.task.trials;
    part.network.initial = initial;
    part.task.start.resize(0, 0);
    part.task.steps = count;
    part.task.inputs = p.task.inputs.middleCols(from * trials, count * trials);
    for (std::size_t l = 0; l < p.task.gates.size(); ++l)
        part.task.gates[l] = p.task.gates[l].middleRows(from, count);
    part.task.gain_weights = p.task.gain_weights.middleCols(from * trials, (count + 1) * trials);
    part.task.targets = p.task.targets.middleCols(from * trials, (count + 1) * trials);
    part.task.weights = p.task.weights.middleRows(from, count + 1);
    if (from > 0) part.task.weights.row(0).setZero();
    return part;
}

/// What the output error of a window counts for in that of the task.
double share(const Problem& part, const Problem& whole) {
    return part.task.weights.sum() / whole.task.weights.sum();
}

}  // namespace

TEST_CASE("value_and_gradient: a window as long as the task is the full gradient") {
    const Problem p = problem();
    const TrainingGradient full = value_and_gradient(p.network, p.task, all).gradient;
    for (const Index window : {p.task.steps, 5 * p.task.steps}) {
        TrainedParts parts = all;
        parts.window = window;
        const TrainingGradient cut = value_and_gradient(p.network, p.task, parts).gradient;
        CHECK(cut.weights == full.weights);
        CHECK(cut.initial == full.initial);
        CHECK(cut.v[1] == full.v[1]);
    }
    TrainedParts parts = all;
    parts.window = p.task.steps - 1;
    CHECK((value_and_gradient(p.network, p.task, parts).gradient.weights - full.weights).norm() >
          1e-6 * full.weights.norm());
}

TEST_CASE("value_and_gradient: a truncated gradient is the sum of the windows' own ones") {
    // The penalties' means are those of the whole task, so they are left out here; the next case
    // has them.
    Problem p = problem();
    p.task.activity = p.task.velocity = 0.0;
    p.task.weights.array() += 0.1;
    for (const Index window : {Index{1}, Index{2}, Index{4}}) {
        TrainedParts parts = all;
        parts.window = window;
        TrainingWorkspace workspace;
        const TrainingGradient found =
            value_and_gradient(p.network, p.task, parts, workspace).gradient;
        Matrix weights = Matrix::Zero(7, 7), v = Matrix::Zero(7, 2), readout = Matrix::Zero(2, 7),
               gains = Matrix::Zero(7, 2);
        for (Index from = 0; from < p.task.steps; from += window) {
            const Index count = std::min(window, p.task.steps - from);
            const Problem part =
                window_of(p, from, count, workspace.states.middleCols(3 * from, 3));
            const TrainingGradient own = value_and_gradient(part.network, part.task, all).gradient;
            weights += share(part, p) * own.weights;
            v += share(part, p) * own.v[0];
            readout += share(part, p) * own.readout;
            gains += share(part, p) * own.gains;
            if (from == 0) CHECK((found.initial - share(part, p) * own.initial).norm() < 1e-14);
        }
        CHECK((found.weights - weights).norm() < 1e-13 * weights.norm());
        CHECK((found.v[0] - v).norm() < 1e-13 * v.norm());
        CHECK((found.readout - readout).norm() < 1e-13 * readout.norm());
        CHECK((found.gains - gains).norm() < 1e-13 * gains.norm());
    }
}

TEST_CASE("value_and_gradient: in windows of one step, velocity counts for that step alone") {
    Problem p = problem();
    p.task.targets.resize(0, 0);
    p.task.weights.resize(0, 0);
    p.task.activity = 0.0;
    TrainedParts parts = all;
    parts.window = 1;
    TrainingWorkspace workspace;
    const LossAndGradient found = value_and_gradient(p.network, p.task, parts, workspace);
    // ∂/∂b of Σ ‖x_{t+1} − x_t‖² with x_t held is 2 η Σ (x_{t+1} − x_t).
    const Index trials = p.task.trials, columns = p.task.steps * trials;
    const Vector moved =
        (workspace.states.rightCols(columns) - workspace.states.leftCols(columns)).rowwise().sum();
    const double scale =
        2.0 * 0.3 * p.task.velocity / (7.0 * static_cast<double>(columns) * p.task.h * p.task.h);
    CHECK((found.gradient.bias - scale * moved).norm() < 1e-13 * scale * moved.norm());
}
