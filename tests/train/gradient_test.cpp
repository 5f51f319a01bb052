#include "heddle/train/gradient.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "train/problems.hpp"

using namespace heddle;

namespace {

/// One parameter: where it lies in a network and in a gradient of `all`.
struct Parameter {
    std::string name;
    std::function<double*(TrainableNetwork&)> values;
    std::function<const double*(const TrainingGradient&)> slopes;
    Index count;
};

std::vector<Parameter> parameters(const Problem& p) {
    using Net = TrainableNetwork;
    using Slope = TrainingGradient;
    const Net& net = p.network;
    const Index n = net.initial.rows();
    return {
        {"W", [](Net& x) { return std::get<Matrix>(x.network.weights).data(); },
         [](const Slope& g) { return g.weights.data(); }, n * n},
        {"U_0", [](Net& x) { return x.loops[0].u.data(); },
         [](const Slope& g) { return g.u.at(0).data(); }, net.loops[0].u.size()},
        {"V_0", [](Net& x) { return x.loops[0].v.data(); },
         [](const Slope& g) { return g.v.at(0).data(); }, net.loops[0].v.size()},
        {"U_1", [](Net& x) { return x.loops[1].u.data(); },
         [](const Slope& g) { return g.u.at(1).data(); }, net.loops[1].u.size()},
        {"V_1", [](Net& x) { return x.loops[1].v.data(); },
         [](const Slope& g) { return g.v.at(1).data(); }, net.loops[1].v.size()},
        {"b", [](Net& x) { return x.network.bias.data(); },
         [](const Slope& g) { return g.bias.data(); }, n},
        {"B", [](Net& x) { return x.input.data(); }, [](const Slope& g) { return g.input.data(); },
         net.input.size()},
        {"C", [](Net& x) { return x.network.readout.data(); },
         [](const Slope& g) { return g.readout.data(); }, net.network.readout.size()},
        {"x_0", [](Net& x) { return x.initial.data(); },
         [](const Slope& g) { return g.initial.data(); }, net.initial.size()},
        {"G", [](Net& x) { return x.gains.data(); }, [](const Slope& g) { return g.gains.data(); },
         net.gains.size()},
    };
}

using Value = std::function<double(const TrainableNetwork&)>;

/// Central differences of order 4 in every element of a parameter.
Vector differences(const Value& value, TrainableNetwork network, const Parameter& parameter) {
    const double h = 2e-4;
    double* at = parameter.values(network);
    Vector slopes(parameter.count);
    for (Index i = 0; i < parameter.count; ++i) {
        const double there = at[i];
        const auto moved = [&](double by) {
            at[i] = there + by;
            const double loss = value(network);
            at[i] = there;
            return loss;
        };
        slopes(i) =
            (8.0 * (moved(h) - moved(-h)) - (moved(2.0 * h) - moved(-2.0 * h))) / (12.0 * h);
    }
    return slopes;
}

/// ‖gradient − differences‖ / ‖differences‖ of one parameter.
double difference_error(const Value& value, const Problem& p, const Parameter& parameter,
                        const TrainingGradient& gradient) {
    const Vector expected = differences(value, p.network, parameter);
    const Eigen::Map<const Vector> found(parameter.slopes(gradient), parameter.count);
    REQUIRE(expected.norm() > 1e-6);
    return (found - expected).norm() / expected.norm();
}

double loss_of(const TrainableNetwork& network, const TrainingTask& task) {
    return training_loss(network, task).value;
}

/// The equations as they are written, one trial at a time, in loops over units.
double plain_loss(const TrainableNetwork& net, const TrainingTask& task) {
    const Matrix& w = std::get<Matrix>(net.network.weights);
    const double eta = task.h / net.network.tau;
    const auto n = static_cast<double>(w.rows()), trials = static_cast<double>(task.trials);
    double error = 0.0, activity = 0.0, velocity = 0.0;
    for (Index i = 0; i < task.trials; ++i) {
        Vector x = net.initial.col(net.initial.cols() == 1 ? 0 : i);
        if (task.start.size() > 0) x += task.start.col(i);
        for (Index t = 0; t <= task.steps; ++t) {
            Vector rates =
                x.unaryExpr([&](double y) { return unit_response(net.network.response, y).value; });
            if (net.gains.size() > 0)
                rates.array() *= (net.gains * task.gain_weights.col(t * task.trials + i)).array();
            error +=
                task.weights(t, i) *
                (net.network.readout * rates - task.targets.col(t * task.trials + i)).squaredNorm();
            activity += rates.squaredNorm();
            if (t == task.steps) break;
            Vector current =
                w * rates + net.network.bias + net.input * task.inputs.col(t * task.trials + i);
            for (std::size_t l = 0; l < net.loops.size(); ++l)
                current +=
                    task.gates[l](t, i) * net.loops[l].u * net.loops[l].v.transpose() * rates;
            const Vector next = (1.0 - eta) * x + eta * current;
            velocity += (next - x).squaredNorm() / (task.h * task.h);
            x = next;
        }
    }
    const auto d = static_cast<double>(task.targets.rows()),
               steps = static_cast<double>(task.steps);
    return error / (d * task.weights.sum()) +
           task.activity * activity / (n * trials * (steps + 1)) +
           task.velocity * velocity / (n * trials * steps);
}

}  // namespace

TEST_CASE("training_loss: it is that of the equations as they are written") {
    for (const Response& response : {Response::linear, Response::rectified, Response::tanh,
                                     Response::softplus, Response(population())})
        for (const Problem& p : {problem(response), without_gains(problem(response))})
            CHECK(loss_of(p.network, p.task) ==
                  doctest::Approx(plain_loss(p.network, p.task)).epsilon(1e-13));
}

TEST_CASE("value_and_gradient: every parameter's slope is that of central differences") {
    for (const Response& response : {Response::linear, Response::rectified, Response::tanh,
                                     Response::softplus, Response(population())}) {
        for (const Problem& p : {problem(response), without_gains(problem(response))}) {
            const LossAndGradient found = value_and_gradient(p.network, p.task, all);
            CHECK(found.loss.value == loss_of(p.network, p.task));
            const Value value = [&](const TrainableNetwork& net) { return loss_of(net, p.task); };
            for (const Parameter& parameter : parameters(p)) {
                if (parameter.count == 0) continue;
                CAPTURE(name_of(response));
                CAPTURE(parameter.name);
                CHECK(difference_error(value, p, parameter, found.gradient) < 1e-7);
            }
        }
    }
}

TEST_CASE("value_and_gradient: chunks of steps do not show in the gradient") {
    // 300 steps of 7 trials take three chunks; the slow twin knows of none.
    const Problem p = problem(Response::tanh, 300, 7);
    const LossAndGradient found = value_and_gradient(p.network, p.task, all);
    CHECK(found.loss.value == doctest::Approx(plain_loss(p.network, p.task)).epsilon(1e-12));
    const Value value = [&](const TrainableNetwork& net) { return loss_of(net, p.task); };
    for (const Parameter& parameter : parameters(p)) {
        if (parameter.count > 14) continue;
        CAPTURE(parameter.name);
        CHECK(difference_error(value, p, parameter, found.gradient) < 1e-7);
    }
}

TEST_CASE("value_and_gradient: of a linear network it is that of matrix powers") {
    // x_T = A^T x_0 with A = (1 − η) + η W, loss ‖C x_T − y‖² / d:
    // ∂/∂x_0 = (A^T)ᵀ g and ∂/∂W = η Σ_t (A^{T−1−t})ᵀ g (A^t x_0)ᵀ with g = 2 Cᵀ (C x_T − y) / d.
    const Index n = 5, d = 2, steps = 12;
    const Matrix w = 0.6 * random_matrix(n, n, 1);
    TrainableNetwork net{{w, 0.01, Response::linear, Vector::Zero(n), random_matrix(d, n, 2)},
                         {},
                         {},
                         random_matrix(n, 1, 3)};
    TrainingTask task{.h = 0.004, .steps = steps};
    task.targets = random_matrix(d, steps + 1, 4);
    task.weights = Matrix::Zero(steps + 1, 1);
    task.weights(steps, 0) = 3.0;
    std::vector<Matrix> powers{Matrix::Identity(n, n)};
    const Matrix a = 0.6 * Matrix::Identity(n, n) + 0.4 * w;
    for (Index t = 0; t < steps; ++t) powers.push_back(a * powers.back());
    const Vector x0 = net.initial,
                 error = net.network.readout * powers.back() * x0 - task.targets.col(steps);
    const Vector g = net.network.readout.transpose() * error;
    Matrix expected = Matrix::Zero(n, n);
    for (Index t = 0; t < steps; ++t) {
        const auto at = static_cast<std::size_t>(t), left = static_cast<std::size_t>(steps - 1 - t);
        expected += 0.4 * powers[left].transpose() * g * (powers[at] * x0).transpose();
    }
    const LossAndGradient found = value_and_gradient(net, task);
    CHECK(found.loss.value == doctest::Approx(error.squaredNorm() / d).epsilon(1e-13));
    CHECK((found.gradient.weights - expected).norm() < 1e-13 * expected.norm());
    CHECK((found.gradient.initial - powers.back().transpose() * g).norm() < 1e-13 * g.norm());
}
