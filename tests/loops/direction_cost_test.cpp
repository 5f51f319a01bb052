#include "loops/direction_cost.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "heddle/linalg/solve.hpp"
#include "heddle/linalg/split.hpp"
#include "loops/dealt_targets.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

const Index n = 40;

Network network() {
    return examples::network(n, 0, 3);
}

ComplexVector upper_targets(bool twice) {
    ComplexVector upper(4);
    upper << 1.05, twice ? Complex(1.1, 0.4) : Complex(1.0, 0.3), Complex(1.1, 0.4),
        Complex(0.95, 0.9);
    return upper;
}

ComplexMatrix random_directions(Index k, Index m, std::uint64_t seed) {
    return join(examples::random_matrix(k, 2 * m, 50 + seed));
}

/// Largest difference of the slopes from central differences of ln cost along random directions,
/// relative to them.
double worst_difference(const DirectionProblem& problem, const Directions& at) {
    const DirectionCost cost = direction_cost(problem, at);
    double worst = 0.0;
    for (std::uint64_t seed = 0; seed < 6; ++seed) {
        const Matrix du = drawn_outputs(n, at.u.cols(), 100 + seed);
        const ComplexMatrix dg = random_directions(at.g.rows(), at.g.cols(), seed);
        const double h = 1e-5;
        const auto ln_cost = [&](double t) {
            return std::log(direction_cost(problem, {at.u + t * du, at.g + t * dg}).value);
        };
        const double differences =
            (8.0 * (ln_cost(h) - ln_cost(-h)) - (ln_cost(2.0 * h) - ln_cost(-2.0 * h))) /
            (12.0 * h);
        const double slope = cost.u_slope.cwiseProduct(du).sum() +
                             cost.g_slope.conjugate().cwiseProduct(dg).sum().real();
        worst = std::max(worst, std::abs(slope - differences) / (std::abs(slope) + 1e-3));
    }
    return worst;
}

}  // namespace

TEST_CASE("direction_cost: slopes are those of central differences, whatever the weight") {
    for (const double weight : {0.0, 0.5, 1.0}) {
        DirectionProblem problem = direction_problem(network(), upper_targets(false));
        problem.condition_weight = weight;
        CHECK(worst_difference(problem, {drawn_outputs(n, 3, 1), random_directions(3, 4, 9)}) <
              1e-7);
    }
}

TEST_CASE("direction_cost: slopes are right for a double target, a lag, a spread load") {
    DirectionProblem problem = direction_problem(network(), upper_targets(true));
    const Directions at{drawn_outputs(n, 3, 1), random_directions(3, 4, 9)};
    CHECK(worst_difference(problem, at) < 1e-6);
    problem.lag = {.epsilon = 0.7, .delay = 0.4};
    CHECK(worst_difference(problem, at) < 1e-6);
    problem.spread_load = true;
    CHECK(worst_difference(problem, at) < 1e-6);
}

TEST_CASE("direction_cost: slopes are right within bounds and in a subspace") {
    DirectionProblem problem = direction_problem(network(), upper_targets(false));
    const Directions at{drawn_outputs(n, 3, 1), random_directions(3, 4, 9)};
    Eigen::MatrixXi signs(n, 1), present(n, 1);
    for (Index i = 0; i < n; ++i) {
        signs(i) = i % 4 == 0 ? -1 : i % 4 == 1 ? 0 : 1;
        present(i) = i % 7 != 0;
    }
    problem.v_bounds = weight_bounds({signs, present}, n, 3, "v");
    CHECK(worst_difference(problem, at) < 1e-6);
    problem.v_bounds = {};
    problem.subspace = orthonormal(drawn_outputs(n, 8, 2));
    CHECK(worst_difference(problem, at) < 1e-6);
}
