#include "heddle/rectified/fixed_points.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "heddle/core/error.hpp"
#include "heddle/core/random.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/rectified/ctln.hpp"
#include "rectified/support_search.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

ThresholdLinear rectified(Index n, double g, std::uint64_t seed, double bias_of_all = 0.0) {
    Network network = examples::network(n, 1, seed, g);
    network.response = Response::rectified;
    network.bias = bias_of_all == 0.0 ? Vector(examples::random_matrix(n, 1, seed + 1000))
                                      : Vector::Constant(n, bias_of_all);
    return input_form(network);
}

/// The slow twin: 1 − M_σσ solved for each of the 2^m supports.
std::vector<Support> enumerated(const ThresholdLinear& system) {
    const UnitEquations equations = unit_equations(system);
    const Index m = system.units();
    std::vector<Support> found;
    for (std::uint64_t bits = 0; bits < (std::uint64_t{1} << m); ++bits) {
        Support support;
        for (Index j = 0; j < m; ++j)
            if ((bits >> j) & 1U) support.push_back(j);
        const auto size = static_cast<Index>(support.size());
        Vector z = Vector::Zero(m);
        if (size > 0)
            z(support) = solve(Matrix::Identity(size, size) - equations.m(support, support),
                               equations.q(support));
        const Vector y = equations.m * z + equations.q;
        bool holds = true;
        for (Index j = 0; j < m; ++j) holds = holds && (((bits >> j) & 1U) != 0) == (y[j] > 0.0);
        if (holds) found.push_back(support);
    }
    std::ranges::stable_sort(found, [](const Support& a, const Support& b) {
        return a.size() != b.size() ? a.size() < b.size() : a < b;
    });
    return found;
}

std::vector<Support> supports(const FixedPoints& found) {
    std::vector<Support> all;
    for (const FixedPoint& point : found.points) all.push_back(point.support);
    return all;
}

FixedPointOptions one_thread() {
    return {.threads = 1};
}

}  // namespace

TEST_CASE("fixed_points: those of random networks are those of the 2ⁿ enumeration (slow twin)") {
    std::size_t most = 0;
    for (const double g : {0.8, 1.5, 2.5, 4.0}) {
        for (std::uint64_t seed = 1; seed <= 8; ++seed) {
            const auto n = static_cast<Index>(5 + seed % 6);
            const ThresholdLinear system = rectified(n, g, seed, seed % 3 == 0 ? 1.0 : 0.0);
            const FixedPoints found = fixed_points(system, one_thread());
            CAPTURE(found.statement);
            CHECK(found.trusted);
            CHECK(supports(found) == enumerated(system));
            most = std::max(most, found.points.size());
            for (const FixedPoint& point : found.points) CHECK(point.residual < 1e-12);
        }
    }
    CHECK(most > 1);  // the networks were not all of the easy kind
}

TEST_CASE("fixed_points: 2¹⁶ supports of strong random weights leave the same ones (slow twin)") {
    const ThresholdLinear system = rectified(16, 3.0, 4);
    const FixedPoints found = fixed_points(system, one_thread());
    CHECK(found.trusted);
    CHECK(supports(found) == enumerated(system));
    CHECK(found.nodes < 20000);
}

TEST_CASE(
    "fixed_points: a random graph on 20 units has the points of the 2²⁰ supports (slow twin)") {
    const Random random(5);
    Matrix graph = Matrix::Zero(20, 20);
    for (Index i = 0; i < 20; ++i)
        for (Index j = 0; j < 20; ++j)
            if (i != j && random.uniform(static_cast<std::uint64_t>(20 * i + j)) < 0.5)
                graph(i, j) = 1.0;
    Network network =
        make_network(ctln_weights(graph, 0.21, 0.47), 0, 0, 0.01, Response::rectified);
    network.bias.setOnes();
    const FixedPoints found = fixed_points(rate_form(network), one_thread());
    CHECK(found.trusted);
    CHECK(found.points.size() > 3);
    CHECK(supports(found) == enumerated(rate_form(network)));
}

TEST_CASE("fixed_points: both forms and mixed units agree with the enumeration (slow twin)") {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        Network network = examples::network(12, 1, seed, 1.3);
        network.response = Response::rectified;
        network.bias = examples::random_matrix(12, 1, seed + 50);
        const Support units{0, 2, 3, 5, 6, 8, 10, 11};
        const ThresholdLinear mixed = input_form(network, units);
        const FixedPoints input = fixed_points(mixed, one_thread());
        const FixedPoints rate = fixed_points(rate_form(network, units), one_thread());
        CHECK(supports(input) == enumerated(mixed));
        CHECK(supports(rate) == supports(input));
        for (std::size_t i = 0; i < input.points.size(); ++i) {
            const Vector x = dense_weights(network) * rate.points[i].state + network.bias;
            CHECK((x - input.points[i].state).norm() < 1e-10 * (1.0 + x.norm()));
            CHECK(rate.points[i].abscissa == doctest::Approx(input.points[i].abscissa));
        }
    }
}

TEST_CASE("fixed_points: rectified loops on a linear cortex balance (residual identity)") {
    const Network network = examples::network(30, 1);
    const Loops loops{0.5 * examples::random_matrix(30, 9, 7), examples::random_matrix(30, 9, 8)};
    const ThresholdLinear system =
        rectified_loops(network, loops, examples::random_matrix(9, 1, 9));
    const FixedPoints found = fixed_points(system, one_thread());
    CHECK(found.trusted);
    CHECK(supports(found) == enumerated(system));
    REQUIRE(!found.points.empty());
    for (const FixedPoint& point : found.points) {
        CHECK(velocity(system, point.state).norm() < 1e-10 * (1.0 + point.state.norm()));
        CHECK(support_at(system, point.state) == point.support);
    }
}

TEST_CASE("fixed_points: any number of threads gives the same points and nodes (slow twin)") {
    const ThresholdLinear system = rectified(34, 1.0, 3);
    const FixedPoints one = fixed_points(system, {.threads = 1});
    const FixedPoints four = fixed_points(system, {.threads = 4});
    CHECK(one.nodes == four.nodes);
    CHECK(one.nodes > 64);
    CHECK(supports(one) == supports(four));
    CHECK(one.bound == four.bound);
    for (std::size_t i = 0; i < one.points.size(); ++i)
        CHECK(one.points[i].state == four.points[i].state);
}

TEST_CASE(
    "fixed_points: M = 2 has the degree 0, two points below q = 0, none above (closed form)") {
    for (const double q : {-1.0, 1.0}) {
        const ThresholdLinear system{Matrix::Constant(1, 1, -1.0), Matrix::Constant(1, 1, 2.0),
                                     Matrix::Identity(1, 1), Vector::Zero(1),
                                     Vector::Constant(1, q)};
        const FixedPoints found = fixed_points(system);
        CHECK(found.trusted);
        CHECK(found.bounded);
        REQUIRE(found.degree_known);
        CHECK(found.degree == 0);
        CHECK(found.points.size() == (q < 0.0 ? 2 : 0));
    }
}

TEST_CASE(
    "fixed_points: a point on a threshold is listed once and called degenerate (limit case)") {
    ThresholdLinear system = rectified(6, 0.5, 3);
    const Vector x = Vector{{1.0, -0.5, 0.0, 2.0, -1.0, 0.0}};
    system.drive = -(system.linear * x + system.outputs * x.cwiseMax(0.0));
    const FixedPoints found = fixed_points(system);
    CAPTURE(found.statement);
    REQUIRE(found.points.size() == 1);
    CHECK(found.points[0].degenerate);
    CHECK(!found.points[0].stable);
    CHECK(found.points[0].margin < 1e-12);
    CHECK((found.points[0].state - x).norm() < 1e-12);
    CHECK(found.statement.find("on a threshold") != std::string::npos);
}

TEST_CASE("fixed_points: a line attractor is one point of a continuum (limit case)") {
    // Two units with z₁ + z₂ = 1 for all z₁ in [0, 1].
    const Matrix w{{0.0, -1.0}, {-1.0, 0.0}};
    Network network = make_network(w, 1, 0, 0.01, Response::rectified);
    network.bias = Vector::Ones(2);
    const FixedPoints found = fixed_points(input_form(network));
    CAPTURE(found.statement);
    const auto line = std::ranges::find_if(found.points, &FixedPoint::continuum);
    REQUIRE(line != found.points.end());
    CHECK(line->index == 0);
    CHECK(std::abs(line->direction[0] + line->direction[1]) < 1e-12);
    CHECK(line->units.sum() == doctest::Approx(1.0));
    CHECK(found.statement.find("continua") != std::string::npos);
}

TEST_CASE("fixed_points: without any input there is the origin, and rays where M has them") {
    Network network = make_network(Matrix{{0.0, 1.0}, {1.0, 0.0}}, 1, 0, 0.01, Response::rectified);
    const FixedPoints rays = fixed_points(input_form(network));
    REQUIRE(rays.points.size() == 2);
    CHECK(rays.points[0].support.empty());
    CHECK(rays.points[1].continuum);
    CHECK(!rays.bounded);
    network.weights = Matrix{{0.0, 0.5}, {0.5, 0.0}};
    const FixedPoints none = fixed_points(input_form(network));
    CHECK(none.points.size() == 1);
    CHECK(none.bounded);
    CHECK(none.complete);
}

TEST_CASE("fixed_points: units that nothing drives are silent and do not multiply the search") {
    // Twenty units that are silent on their threshold beside a rectified network of six.
    Network network = make_network(Matrix::Zero(26, 26), 1, 0, 0.01, Response::rectified);
    Matrix w = Matrix::Zero(26, 26);
    w.topLeftCorner(6, 6) = dense_weights(examples::network(6, 1, 3, 1.5));
    w.topRightCorner(6, 20) = examples::random_matrix(6, 20, 2);
    network.weights = w;
    network.bias = Vector::Zero(26);
    network.bias.head(6) = examples::random_matrix(6, 1, 5);
    const FixedPoints found = fixed_points(input_form(network), one_thread());
    network.weights = Matrix(w.topLeftCorner(6, 6));
    network.readout = Matrix::Zero(1, 6);
    network.bias = Vector(network.bias.head(6));
    CHECK(supports(found) == supports(fixed_points(input_form(network), one_thread())));
    CHECK(found.complete);
    CHECK(found.nodes < 1000);
}

TEST_CASE("fixed_points: a small budget keeps what it found and says that it is not all") {
    const FixedPoints found = fixed_points(rectified(30, 1.5, 4), {.most_nodes = 20, .threads = 1});
    CHECK(!found.complete);
    CHECK(!found.trusted);
    CHECK(found.nodes == 20);
    CHECK(found.statement.find("budget") != std::string::npos);
    CHECK_THROWS_WITH_AS((void)fixed_points(rectified(3, 1.0, 1), {.most_nodes = 0}),
                         doctest::Contains("most_nodes"), DomainError);
}

TEST_CASE("search_supports: no solution is further away than the proof without rays says (bound)") {
    int networks = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const ThresholdLinear system = rectified(9, 1.8, seed);
        const UnitEquations equations = unit_equations(system);
        const SupportSearch rays = search_supports({equations.m, equations.q, true}, 10000, 1, {});
        REQUIRE(rays.supports.empty());
        REQUIRE(rays.open == 0);
        const FixedPoints found = fixed_points(system, one_thread());
        CHECK(found.bounded);
        for (const FixedPoint& point : found.points) {
            CHECK(point.units.sum() <= rays.reach);
            ++networks;
        }
    }
    CHECK(networks > 10);
}

TEST_CASE("empty_below: a false certificate proves nothing") {
    const ThresholdLinear system = rectified(8, 1.0, 2);
    const UnitEquations equations = unit_equations(system);
    const UnitProblem problem{equations.m, equations.q};
    const Excluded all = nothing_decided(problem);
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        const double bound = empty_below(problem, all, examples::random_matrix(8, 1, seed));
        const FixedPoints found = fixed_points(system);
        for (const FixedPoint& point : found.points) CHECK(bound <= point.units.sum() * 1.0000001);
    }
}
