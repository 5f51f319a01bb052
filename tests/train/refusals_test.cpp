#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <string>

#include "heddle/core/error.hpp"
#include "heddle/train/gradient.hpp"
#include "train/problems.hpp"

using namespace heddle;

namespace {

template <typename Call>
std::string message(const Call& call) {
    try {
        call();
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

std::string refusal(const Problem& p, const TrainedParts& parts = all) {
    return message([&] { static_cast<void>(value_and_gradient(p.network, p.task, parts)); });
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("value_and_gradient: a state or slope that is no longer finite names its step") {
    Problem p = problem(Response::rectified, 2000, 2);
    p.network.network.weights = Matrix(10.0 * Matrix::Ones(7, 7));
    p.network.loops.clear();
    p.task.gates.clear();
    p = without_gains(p);
    CHECK(contains(refusal(p, {}), "is not finite at step"));
    CHECK(contains(refusal(p, {}), "of 2000"));
    // Tanh units that stay at 0, where their slopes are 1, with weights of 1,000.
    Problem steep = problem(Response::tanh, 2000, 1);
    steep.network = {{Matrix(1e3 * Matrix::Identity(7, 7)), 0.02, Response::tanh, Vector::Zero(7),
                      Matrix::Ones(1, 7)},
                     {},
                     {},
                     Matrix::Zero(7, 1)};
    steep.task = {.h = 0.02, .steps = 2000};
    steep.task.targets = Matrix::Ones(1, 2001);
    steep.task.weights = Matrix::Ones(2001, 1);
    CHECK(contains(refusal(steep, {}), "gradient: it is no longer finite at step 18"));
    CHECK(refusal(steep, {.window = 50}) == "");
    steep.network.network.readout *= 1e200;
    CHECK(contains(message([&] {
                       static_cast<void>(training_loss(
                           {steep.network.network, {}, {}, Matrix::Ones(7, 1)}, steep.task));
                   }),
                   "loss: it is not finite"));
}

TEST_CASE("value_and_gradient: what does not fit is refused by its name") {
    const auto refused = [](const std::function<void(Problem&)>& change) {
        Problem p = problem();
        change(p);
        return refusal(p);
    };
    const double nan = std::nan("");
    CHECK(contains(refused([](Problem& p) { p.network.network.weights = SparseMatrix(7, 7); }),
                   "network.weights: found sparse"));
    CHECK(contains(refused([](Problem& p) { p.network.network.bias.resize(3); }), "bias"));
    CHECK(contains(refused([](Problem& p) { p.network.loops[1].u.resize(4, 1); }), "loops[1].u"));
    CHECK(contains(refused([&](Problem& p) { p.network.loops[0].v(1, 1) = nan; }), "loops[0].v"));
    CHECK(contains(refused([](Problem& p) { p.network.loops[0].thalamic_tau = 0.01; }),
                   "loops[0].thalamic_tau: found 0.01 s"));
    CHECK(contains(refused([](Problem& p) { p.network.loops[1].delay = 0.002; }),
                   "loops[1].delay: found 0.002 s"));
    CHECK(contains(refused([](Problem& p) { p.task.h = 0.03; }), "h: found 0.03 s"));
    CHECK(contains(refused([&](Problem& p) { p.task.h = nan; }), "h: found nan s"));
    CHECK(contains(refused([](Problem& p) { p.task.steps = 0; }), "steps: found 0"));
    CHECK(contains(refused([](Problem& p) { p.task.trials = 0; }), "trials: found 0"));
    CHECK(contains(refused([](Problem& p) { p.network.initial.resize(7, 2); }), "initial"));
    CHECK(contains(refused([&](Problem& p) { p.network.initial(0, 0) = nan; }), "initial"));
    CHECK(contains(refused([](Problem& p) { p.task.start.resize(7, 1); }), "start"));
    CHECK(contains(refused([&](Problem& p) { p.task.start(2, 1) = nan; }), "start"));
    CHECK(contains(refused([](Problem& p) { p.network.gains = Matrix::Ones(6, 2); }), "gains"));
    CHECK(contains(refused([&](Problem& p) { p.network.gains(6, 0) = nan; }), "gains"));
    CHECK(contains(refused([](Problem& p) { p.network.gains.resize(0, 0); }), "gain_weights"));
    CHECK(contains(refused([](Problem& p) { p.task.gain_weights.resize(0, 0); }), "gain_weights"));
    CHECK(contains(refused([](Problem& p) { p.task.gain_weights.conservativeResize(2, 27); }),
                   "gain_weights"));
    CHECK(contains(refused([&](Problem& p) { p.task.gain_weights(1, 4) = nan; }), "gain_weights"));
    CHECK(contains(refused([](Problem& p) { p.network.input.resize(6, 3); }), "input"));
    CHECK(contains(refused([](Problem& p) { p.network.input.resize(0, 0); }), "inputs"));
    CHECK(contains(refused([](Problem& p) { p.task.inputs.conservativeResize(3, 26); }), "inputs"));
    CHECK(contains(refused([&](Problem& p) { p.task.inputs(0, 0) = nan; }), "inputs"));
    CHECK(contains(refused([](Problem& p) { p.task.gates.pop_back(); }), "gates"));
    CHECK(contains(refused([](Problem& p) { p.task.gates[1].conservativeResize(8, 3); }),
                   "gates[1]"));
    CHECK(contains(refused([&](Problem& p) { p.task.gates[0](0, 0) = nan; }), "gates[0]"));
    CHECK(
        contains(refused([](Problem& p) { p.task.targets.conservativeResize(2, 29); }), "targets"));
    CHECK(contains(refused([&](Problem& p) { p.task.targets(0, 0) = nan; }), "targets"));
    CHECK(
        contains(refused([](Problem& p) { p.task.weights.conservativeResize(9, 3); }), "weights"));
    CHECK(
        contains(refused([](Problem& p) { p.task.weights(2, 1) = -0.5; }), "weights: found -0.5"));
    CHECK(contains(refused([](Problem& p) { p.task.weights.setZero(); }), "no target that counts"));
    CHECK(contains(refused([](Problem& p) { p.task.activity = -1.0; }), "activity: found -1"));
    CHECK(contains(refused([&](Problem& p) { p.task.velocity = nan; }), "velocity: found nan"));
    CHECK(contains(refused([](Problem& p) {
                       p.task.targets.resize(0, 0);
                       p.task.weights.resize(0, 0);
                       p.task.activity = p.task.velocity = 0.0;
                   }),
                   "no weight on activity or velocity"));
    CHECK(contains(refusal(problem(), {.loops = {2}}), "loops: found index 2"));
    CHECK(contains(refusal(problem(), {.loops = {0, 0}}), "loops: found index 0 twice"));
    CHECK(contains(refusal(problem(), {.window = -3}), "window: found -3"));
}
