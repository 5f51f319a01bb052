#include <doctest/doctest.h>

#include "heddle/core/error.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/train/training.hpp"
#include "train/problems.hpp"
#include "train/projection.hpp"

using namespace heddle;

namespace {

const Matrix& weights(const TrainableNetwork& network) {
    return std::get<Matrix>(network.network.weights);
}

/// Training of the weights under one constraint, looked at after every step.
template <typename Check>
void each_step(const Problem& p, const Constraint& constraint, Optimiser optimiser,
               const Check& check) {
    const TrainedParameters trained{.of = {"weights", "readout"}, .constraints = {constraint}};
    const TrainingOptions options{.optimiser = optimiser, .steps = 15, .rate = 0.05};
    TrainingOutcome found{start_training(p.network, trained), TrainingEnd::paused, {}};
    const TaskOfStep task = [&](Index) { return p.task; };
    while (found.end == TrainingEnd::paused) {
        found = train(found.state, task, trained, options, nullptr, 1);
        check(weights(found.state.network));
    }
    CHECK(found.state.best_loss < found.state.losses.front());
    CHECK(weights(found.state.network) != weights(p.network));
}

std::string refusal(const TrainedParameters& trained, const Problem& p = problem()) {
    try {
        static_cast<void>(start_training(p.network, trained));
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("train: entries that are frozen keep their bits") {
    const Problem p = problem();
    Matrix mask = Matrix::Ones(7, 7);
    mask.topRows(3).setZero();
    for (const Optimiser optimiser : {Optimiser::adam, Optimiser::lbfgs})
        each_step(p, {.parameter = "weights", .trained = mask}, optimiser,
                  [&](const Matrix& w) { CHECK(w.topRows(3) == weights(p.network).topRows(3)); });
}

TEST_CASE("train: Dale's law holds after every step") {
    Problem p = problem();
    Vector signs(7);
    signs << 1, 1, -1, 1, 0, -1, 1;
    auto& w = std::get<Matrix>(p.network.network.weights);
    for (Index j = 0; j < 7; ++j)
        if (signs[j] != 0.0) w.col(j) = signs[j] * w.col(j).cwiseAbs();
    for (const Optimiser optimiser : {Optimiser::adam, Optimiser::lbfgs})
        each_step(p, {.parameter = "weights", .signs = signs}, optimiser, [&](const Matrix& found) {
            CHECK((found * signs.asDiagonal()).minCoeff() >= 0.0);
        });
}

TEST_CASE("train: norms and ranks hold after every step") {
    const Problem p = problem();
    const double norm = weights(p.network).norm();
    each_step(p, {.parameter = "weights", .norm = norm}, Optimiser::adam,
              [&](const Matrix& w) { CHECK(w.norm() <= norm * (1.0 + 1e-14)); });
    each_step(p, {.parameter = "weights", .rank = 2, .origin = weights(p.network)}, Optimiser::adam,
              [&](const Matrix& w) {
                  const Vector sigma = singular_values(w - weights(p.network));
                  CHECK(sigma[2] < 1e-13 * (1.0 + sigma[0]));
              });
}

TEST_CASE("project: the result is nearest, and projecting it again changes nothing") {
    Problem p = problem();
    const Matrix before = weights(p.network);
    SUBCASE("rank") {
        const Constraint constraint{.parameter = "weights", .rank = 3};
        const TrainedParameters trained{.of = {"weights"}, .constraints = {constraint}};
        const ParameterBlocks blocks(p.network, trained);
        project(blocks, p.network);
        const Vector sigma = singular_values(before);
        CHECK((weights(p.network) - before).norm() ==
              doctest::Approx(sigma.tail(4).norm()).epsilon(1e-12));
        const Matrix once = weights(p.network);
        project(blocks, p.network);
        CHECK((weights(p.network) - once).norm() < 1e-13);
    }
    SUBCASE("signs and norm: no point of the set is nearer") {
        const Constraint constraint{.parameter = "weights", .signs = Vector::Ones(7), .norm = 1.0};
        const TrainedParameters trained{.of = {"weights"}, .constraints = {constraint}};
        const ParameterBlocks blocks(p.network, trained);
        project(blocks, p.network);
        const Matrix once = weights(p.network);
        CHECK(once.norm() <= 1.0 + 1e-14);
        for (unsigned seed = 20; seed < 60; ++seed) {  // ⟨a − P a, z − P a⟩ ≤ 0 for every z.
            Matrix z = random_matrix(7, 7, seed).cwiseMax(0.0);
            z /= std::max(1.0, z.norm());
            CHECK((before - once).cwiseProduct(z - once).sum() < 1e-12);
        }
        project(blocks, p.network);
        CHECK((weights(p.network) - once).norm() < 1e-15);
    }
}

TEST_CASE("start_training: what cannot be is refused by name, with what would work") {
    const auto constrained = [](Constraint constraint) {
        return TrainedParameters{.of = {"weights", "loops[1].u"},
                                 .constraints = {std::move(constraint)}};
    };
    CHECK(refusal({}).find("of: found nothing to train") == 0);
    CHECK(refusal({.of = {"weigths"}}).find("did you mean 'weights'?") != std::string::npos);
    CHECK(refusal({.of = {"loops[2]"}}).find("'loops[2]', which this network has not") !=
          std::string::npos);
    CHECK(refusal(constrained({.parameter = "bias", .norm = 1.0})).find("not trained") !=
          std::string::npos);
    CHECK(refusal(constrained({.parameter = "loops[1]"})).find("no array of this network") !=
          std::string::npos);
    CHECK(refusal(constrained({.parameter = "weights", .trained = Matrix::Ones(3, 7)}))
              .find("constraint on weights.trained") != std::string::npos);
    CHECK(refusal(constrained({.parameter = "weights", .signs = Vector::Constant(7, 2.0)}))
              .find("expected 1, -1 or 0") != std::string::npos);
    CHECK(refusal(constrained({.parameter = "weights", .signs = Vector::Ones(7)}))
              .find("whose sign is 1; start from |weights|") != std::string::npos);
    CHECK(refusal(constrained({.parameter = "weights", .norm = 0.1}))
              .find("which the constraint limits to 0.1") != std::string::npos);
    CHECK(refusal(constrained({.parameter = "weights", .rank = 2}))
              .find("give the start as the constraint's origin") != std::string::npos);
    CHECK(refusal(constrained({.parameter = "weights", .norm = 9.0, .rank = 2}))
              .find("beside a norm") != std::string::npos);
    const Constraint twice{.parameter = "weights", .norm = 99.0};
    CHECK(
        refusal({.of = {"weights"}, .constraints = {twice, twice}}).find("found two on weights") !=
        std::string::npos);
    CHECK(refusal(constrained({.parameter = "weights", .trained = Matrix::Zero(7, 7)})).empty());
}

TEST_CASE("train: options outside their domain are refused by name") {
    const Problem p = problem();
    const TrainedParameters trained{.of = {"weights"}};
    const auto refused = [&](const TrainingOptions& options, const char* what) {
        try {
            validate(options, trained);
        } catch (const DomainError& error) {
            return std::string(error.what()).find(what) == 0;
        }
        return false;
    };
    CHECK(refused({.steps = 0}, "steps: found 0"));
    CHECK(refused({.rate = 0.0}, "rate: found 0"));
    CHECK(refused({.mean_decay = 1.0}, "mean_decay: found 1"));
    CHECK(refused({.clip = -1.0}, "clip: found -1"));
    CHECK(refused({.window = -1}, "window: found -1"));
    CHECK(refused({.target = -0.1}, "target: found -0.1"));
    CHECK(refused({.improvement = 1.0}, "improvement: found 1"));
    CHECK(refused({.validation_steps = 0}, "validation_steps: found 0"));
    CHECK(refused({.optimiser = Optimiser::lbfgs, .evaluations = 1}, "evaluations: found 1"));
    CHECK_THROWS_WITH_AS(static_cast<void>(optimiser_from("sgd")),
                         "optimiser: found 'sgd', expected \"adam\" or \"lbfgs\"", DomainError);
    const TrainedParameters limited{.of = {"weights"},
                                    .constraints = {{.parameter = "weights", .norm = 99.0}}};
    CHECK_THROWS_AS(validate(TrainingOptions{.optimiser = Optimiser::lbfgs}, limited), DomainError);
}
