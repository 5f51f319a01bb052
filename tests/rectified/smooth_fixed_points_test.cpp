#include "heddle/rectified/smooth_fixed_points.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "heddle/core/error.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

Network smooth_network(const Matrix& w, Response response, double bias = 0.0) {
    Network network = make_network(w, 0, 0, 0.01, response);
    network.bias.setConstant(bias);
    return network;
}

Network random_network(Index n, double g, std::uint64_t seed) {
    const double scale = g / std::sqrt(static_cast<double>(n));
    return smooth_network(scale * examples::random_matrix(n, n, seed), Response::tanh);
}

/// A zero of f between low and high, where its sign changes.
template <class F>
double bisected(F f, double low, double high) {
    for (int i = 0; i < 200; ++i) {
        const double middle = 0.5 * (low + high);
        ((f(low) < 0.0) == (f(middle) < 0.0) ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

}  // namespace

TEST_CASE(
    "smooth_fixed_points: x = w tanh x has exactly 3 points for w > 1 and one below (closed "
    "form)") {
    const auto found =
        smooth_fixed_points(smooth_network(Matrix::Constant(1, 1, 2.0), Response::tanh));
    REQUIRE(found.points.size() == 3);
    const double root = bisected([](double x) { return x - 2.0 * std::tanh(x); }, 0.5, 3.0);
    int outer = 0;
    for (const SmoothFixedPoint& point : found.points) {
        CHECK(point.certified);
        const double exact =
            std::abs(point.state[0]) > 0.1 ? std::copysign(root, point.state[0]) : 0.0;
        CHECK(std::abs(point.state[0] - exact) <= point.radius + 1e-15);
        const double rate = 2.0 / std::pow(std::cosh(exact), 2) - 1.0;
        CHECK(std::abs(point.abscissa - rate) <= point.eigenvalue_error + 1e-14);
        CHECK(point.stability == (rate < 0.0 ? "stable" : "unstable"));
        outer += exact != 0.0 ? 1 : 0;
    }
    CHECK(outer == 2);
    CHECK(smooth_fixed_points(smooth_network(Matrix::Constant(1, 1, 0.5), Response::tanh))
              .points.size() == 1);
}

TEST_CASE("smooth_fixed_points: the point of one softplus unit is that of bisection (slow twin)") {
    const double root =
        bisected([](double x) { return x + 2.0 * std::log1p(std::exp(x)) - 1.0; }, -9.0, 9.0);
    const auto found =
        smooth_fixed_points(smooth_network(Matrix::Constant(1, 1, -2.0), Response::softplus, 1.0));
    REQUIRE(found.points.size() == 1);
    CHECK(found.points[0].certified);
    CHECK(std::abs(found.points[0].state[0] - root) <= found.points[0].radius + 1e-15);
}

TEST_CASE(
    "smooth_fixed_points: a stored pattern ξ is the fixed point g m ξ, m = tanh(g m), and "
    "stable (closed form)") {
    const Index n = 40;
    const double g = 1.7;
    const Vector pattern = examples::random_matrix(n, 1, 3).array().sign();
    const Matrix w = g / static_cast<double>(n) * pattern * pattern.transpose();
    const auto found = smooth_fixed_points(smooth_network(w, Response::tanh));
    REQUIRE(found.points.size() == 3);
    const double m = bisected([&](double x) { return x - std::tanh(g * x); }, 0.1, 1.0);
    for (const SmoothFixedPoint& point : found.points) {
        CHECK(point.certified);
        const double overlap = point.state.dot(pattern) / static_cast<double>(n);
        const double exact = std::abs(overlap) > 0.1 ? std::copysign(g * m, overlap) : 0.0;
        CHECK((point.state - exact * pattern).cwiseAbs().maxCoeff() < point.radius + 1e-14);
        CHECK(point.unstable == (exact == 0.0 ? 1 : 0));
    }
}

TEST_CASE(
    "smooth_fixed_points: the ghost of a saddle-node is a slow point and never certified "
    "(limit case)") {
    // x − 2 tanh x has its minimum −0.5328… at tanh² x = 1/2: for b below that, no zero is left.
    const Network network = smooth_network(Matrix::Constant(1, 1, 2.0), Response::tanh, -0.55);
    const double ghost = std::atanh(std::sqrt(0.5));
    const auto found = smooth_fixed_points(network);
    REQUIRE(found.points.size() == 1);
    CHECK(found.points[0].state[0] < -2.0);
    REQUIRE(found.slow_points.size() == 1);
    CHECK(std::abs(found.slow_points[0].state[0] - ghost) < 1e-6);
    const double speed = std::abs(-ghost + 2.0 * std::tanh(ghost) - 0.55) / network.tau;
    CHECK(found.slow_points[0].speed == doctest::Approx(speed).epsilon(1e-9));
    for (int i = -300; i <= 300; ++i)
        CHECK_FALSE(certify_fixed_point(network, Vector::Constant(1, ghost + 0.002 * i)).certified);
}

TEST_CASE(
    "certify_fixed_point: balls around states off the fixed point hold it, or nothing is "
    "claimed (residual identity)") {
    const TransferResponse sigmoid{.hazard = Hazard::sigmoid, .variance = 1.5, .scale = 1.5};
    const Response responses[] = {Response::tanh, sigmoid};
    for (const Response& response : responses) {
        Network network = random_network(30, 2.0, 5);
        network.response = response;
        const auto found = smooth_fixed_points(network, {.starts = 16, .deflations = 0});
        REQUIRE(found.points.size() > 1);
        int claimed = 0, refused = 0;
        for (const SmoothFixedPoint& point : found.points)
            for (int i = 0; i < 40; ++i) {
                const Vector off = std::pow(10.0, -0.25 * i) *
                                   examples::random_matrix(30, 1, static_cast<std::uint64_t>(i));
                const FixedPointCertificate proof = certify_fixed_point(network, point.state + off);
                (proof.certified ? claimed : refused) += 1;
                if (!proof.certified) continue;
                double nearest = 1e300;
                for (const SmoothFixedPoint& other : found.points)
                    nearest =
                        std::min(nearest, (point.state + off - other.state).cwiseAbs().maxCoeff());
                CHECK(nearest <= proof.radius + 1e-10);
            }
        CHECK(claimed > 20);
        CHECK(refused > 5);
    }
}

TEST_CASE(
    "smooth_fixed_points: points are zeros, apart from each other, and the bits are the same "
    "for any number of threads (residual identity)") {
    const Network network = random_network(60, 1.5, 2);
    const Matrix w = dense_weights(network);
    SmoothFixedPointOptions options{.starts = 24, .deflations = 2};
    options.threads = 1;
    const auto one = smooth_fixed_points(network, options);
    options.threads = 3;
    const auto three = smooth_fixed_points(network, options);
    REQUIRE(one.points.size() == three.points.size());
    for (std::size_t i = 0; i < one.points.size(); ++i) {
        const Vector& x = one.points[i].state;
        CHECK(x == three.points[i].state);
        CHECK((w * x.array().tanh().matrix() - x).norm() < 1e-12);
        for (std::size_t j = 0; j < i; ++j)
            CHECK((x - one.points[j].state).cwiseAbs().maxCoeff() >
                  one.points[i].radius + one.points[j].radius);
    }
    CHECK(one.certified == static_cast<Index>(one.points.size()));
}

TEST_CASE(
    "smooth_fixed_points: descent and deflation find what Newton's method alone misses (slow "
    "twin)") {
    const Network network = random_network(100, 1.5, 1);
    const SmoothFixedPointOptions plain{.deflations = 0, .slow_points = false};
    CHECK(smooth_fixed_points(network).certified > smooth_fixed_points(network, plain).certified);
}

TEST_CASE(
    "smooth_fixed_points: deflation leaves a point that every start leads to, for the other two "
    "(limit case)") {
    // One start at −∞'s side: Newton's method alone finds the lower of three points.
    const Network network = smooth_network(Matrix::Constant(1, 1, 2.0), Response::tanh, -0.4);
    SmoothFixedPointOptions options{.starts = 1, .deflations = 0, .slow_points = false};
    const std::size_t plain = smooth_fixed_points(network, options).points.size();
    options.deflations = 4;
    CHECK(plain == 1);
    CHECK(smooth_fixed_points(network, options).points.size() > plain);
}

TEST_CASE("smooth_fixed_points: stability is that of tiny steps from nearby (slow twin)") {
    const Network network = random_network(20, 1.6, 4);
    const Matrix w = dense_weights(network);
    const auto found = smooth_fixed_points(network);
    int decided = 0;
    for (const SmoothFixedPoint& point : found.points) {
        if (point.stability == "undecided") continue;
        ++decided;
        Vector x = point.state + 1e-6 * examples::random_matrix(20, 1, 9);
        double furthest = 0.0;
        const double time = 40.0 / std::abs(point.abscissa);
        for (int i = 0; i < static_cast<int>(time / 0.01); ++i) {
            x += 0.01 * (w * x.array().tanh().matrix() - x);
            furthest = std::max(furthest, (x - point.state).norm());
        }
        const double apart = (x - point.state).norm();
        if (point.stability == "stable") CHECK(apart < 1e-8);
        if (point.stability == "unstable") CHECK(furthest > 1e-2);
    }
    CHECK(decided == static_cast<int>(found.points.size()));
}

TEST_CASE(
    "smooth_fixed_points: populations of spiking neurons have the points of bisection, proven "
    "(slow twin)") {
    for (const Hazard hazard : {Hazard::exponential, Hazard::softplus, Hazard::sigmoid}) {
        const TransferResponse response{.hazard = hazard, .variance = 1.5, .scale = 1.5};
        const double w = hazard == Hazard::exponential ? 0.5 : 2.0, bias = -0.1;
        const auto f = [&](double x) { return x - w * unit_response(response, x).value - bias; };
        const auto found =
            smooth_fixed_points(smooth_network(Matrix::Constant(1, 1, w), response, bias));
        int zeros = 0;
        for (double x = -8.0; x < 8.0; x += 0.0101) {
            if ((f(x) < 0.0) == (f(x + 0.0101) < 0.0)) continue;
            ++zeros;
            const double root = bisected(f, x, x + 0.0101);
            const auto holds = [&](const SmoothFixedPoint& point) {
                return point.certified && std::abs(point.state[0] - root) <= point.radius + 1e-9;
            };
            const auto point = std::ranges::find_if(found.points, holds);
            REQUIRE(point != found.points.end());
            CHECK(point->radius < 1e-7);
            CHECK(point->uniqueness_radius > 0.01);
            const double rate = w * unit_response(response, root).slope - 1.0;
            CHECK(std::abs(point->abscissa - rate) <= point->eigenvalue_error + 1e-8);
        }
        CHECK(zeros == static_cast<int>(found.points.size()));
        CHECK(zeros >= 2);
    }
}

TEST_CASE("smooth_fixed_points: populations whose rate has a kink are refused with the reason") {
    const TransferResponse kinked{.hazard = Hazard::rectified, .potential = 1.0};
    CHECK_THROWS_WITH_AS(smooth_fixed_points(smooth_network(Matrix::Zero(2, 2), kinked)),
                         doctest::Contains("its response has a kink"), DomainError);
}

TEST_CASE("smooth_fixed_points: rectified networks and empty searches are refused by name") {
    CHECK_THROWS_WITH_AS(smooth_fixed_points(make_network(Matrix(Matrix::Zero(2, 2)), 0, 0, 0.01,
                                                          Response::rectified)),
                         doctest::Contains("fixed_points takes rectified networks"), DomainError);
    const Network network = random_network(4, 1.0, 1);
    CHECK_THROWS_WITH_AS(smooth_fixed_points(network, {.starts = -1}), doctest::Contains("starts"),
                         DomainError);
    CHECK_THROWS_WITH_AS(static_cast<void>(certify_fixed_point(network, Vector::Zero(3))),
                         doctest::Contains("state"), ShapeError);
}
