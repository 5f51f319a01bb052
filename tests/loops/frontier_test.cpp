#include "heddle/loops/frontier.hpp"

#include <doctest/doctest.h>

#include "heddle/core/error.hpp"
#include "heddle/loops/placement.hpp"
#include "heddle/network/generators.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

/// `count` targets on the stability line, Im λ evenly from −1 to 1.
ComplexVector critical_line(Index count) {
    ComplexVector targets(count);
    for (Index i = 0; i < count; ++i)
        targets(i) =
            Complex(1.0, -1.0 + 2.0 * static_cast<double>(i) / static_cast<double>(count - 1));
    return targets;
}

bool near(double a, double b, double relative) {
    return std::abs(a - b) <= relative * std::abs(b);
}

}  // namespace

TEST_CASE("frontier: every point is what place_eigenvalues does with as many loops") {
    const Network network = examples::network(150, 1);
    const ComplexVector targets = critical_line(12);
    const Frontier line = frontier(network, targets, {.most_loops = 5, .seed = 3});
    REQUIRE(line.points.size() == 5);
    for (const FrontierPoint& point : line.points) {
        const Placement alone =
            place_eigenvalues(network, targets, {.loops = point.loops, .seed = 3});
        CHECK(near(point.gain, alone.gain, 1e-6));
        for (Index i = 0; i < targets.size(); ++i) {
            CHECK(near(point.condition(i), alone.condition(i), 1e-5));
            CHECK(point.error(i) < 1e-12 + 3.0 * alone.error(i));
        }
    }
}

TEST_CASE("frontier: what fails with one loop is cured by two, and it says so") {
    const Network network = make_network(gaussian_weights(500, 1.0, 0), 1, 0);
    const Frontier line = frontier(network, critical_line(50), {.most_loops = 3});
    CHECK(!line.points[0].suffices);
    CHECK(line.points[0].shift.maxCoeff() > 1e-3);
    CHECK(line.points[1].suffices);
    CHECK(line.enough == 2);
    CHECK(line.enough_by_law == 2);
}

TEST_CASE("frontier: W's own responses give the gain of weights that are not iid") {
    // Rows that sum to zero make W strongly non-normal, which the law knows nothing of.
    const Network dale = make_network(dale_weights(400, 5), 1, 1);
    const Frontier line = frontier(dale, critical_line(16), {.most_loops = 6, .seed = 1});
    for (const FrontierPoint& point : line.points) {
        // The design is one of the draws that the mean and the deviation are of.
        CHECK(std::abs(point.response_gain - point.gain) < 4.0 * point.response_gain_deviation);
        CHECK(point.response_gain_deviation < 0.5 * point.response_gain);
        CHECK(point.law_gain < 0.9 * point.gain);
    }
}

TEST_CASE("frontier: for iid weights the law, the responses and the design agree") {
    const Network network = make_network(gaussian_weights(600, 0.9, 2), 1, 1);
    const Frontier line = frontier(network, critical_line(20), {.most_loops = 8, .seed = 2});
    for (const FrontierPoint& point : line.points) {
        CHECK(near(point.law_gain, point.gain, 0.25));
        CHECK(near(point.response_gain, point.gain, 0.2));
    }
}

TEST_CASE("frontier: the same bits for any number of threads") {
    const Network network = examples::network(80, 1);
    const ComplexVector targets = critical_line(8);
    const Frontier one = frontier(network, targets, {.most_loops = 4, .threads = 1});
    const Frontier three = frontier(network, targets, {.most_loops = 4, .threads = 3});
    for (std::size_t i = 0; i < one.points.size(); ++i) {
        CHECK(one.points[i].gain == three.points[i].gain);
        CHECK(one.points[i].condition == three.points[i].condition);
        CHECK(one.points[i].response_gain == three.points[i].response_gain);
    }
}

TEST_CASE("frontier: noise of the weights asks for more loops than rounding does") {
    const Network network = make_network(gaussian_weights(300, 0.9, 2), 1, 1);
    const ComplexVector targets = critical_line(16);
    const auto enough = [&](double eta) {
        return frontier(network, targets, {.most_loops = 10, .tolerance = 1e-2, .eta = eta}).enough;
    };
    CHECK(enough(1e-10) <= enough(1e-4));
    CHECK(enough(1e-4) <= enough(1e-3));
    CHECK(enough(1.0) == 0);
}

TEST_CASE("frontier: what it cannot take is named") {
    const Network network = examples::network(20, 1);
    const ComplexVector targets = critical_line(4);
    CHECK_THROWS_AS((void)frontier(network, targets, {.most_loops = 0}), DomainError);
    CHECK_THROWS_AS((void)frontier(network, targets, {.most_loops = 21}), DomainError);
    CHECK_THROWS_AS((void)frontier(network, targets, {.tolerance = 0.0}), DomainError);
    CHECK_THROWS_AS((void)frontier(network, targets, {.eta = -1.0}), DomainError);
    CHECK_THROWS_AS((void)frontier(network, targets.head(3), {}), DomainError);
}
