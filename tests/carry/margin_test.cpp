#include "heddle/carry/margin.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "carry/carried.hpp"
#include "heddle/core/error.hpp"
#include "heddle/linalg/solve.hpp"

using namespace heddle;

namespace {

/// A = (−1 + M diag(φ'(x))) / τ of motif 0 at its start.
Matrix field_at_start(const CarriedLibrary& net) {
    const Matrix m =
        std::get<Matrix>(net.network.weights) + net.loops[0].u * net.loops[0].v.transpose();
    const Vector slopes =
        net.starts.col(0).unaryExpr([](double x) { return 1.0 - std::tanh(x) * std::tanh(x); });
    Matrix a = m * slopes.asDiagonal();
    a.diagonal().array() -= 1.0;
    return a / net.network.tau;
}

}  // namespace

TEST_CASE(
    "trajectory_contraction: in l1 and linf the rate is minus the matrix measure (closed "
    "form)") {
    const CarriedLibrary net = carried(Response::tanh, 0.2);
    const Matrix a = field_at_start(net);
    for (const std::string norm : {"l1", "linf"}) {
        const TrajectoryContraction found = trajectory_contraction(net, 0, norm);
        REQUIRE((found.weights.array() > 0.0).all());
        double measure = -1e300;
        for (Index k = 0; k < 60; ++k) {
            double sum = a(k, k);
            for (Index i = 0; i < 60; ++i) {
                if (i == k) continue;
                sum += norm == "l1" ? std::abs(a(i, k)) * found.weights(i) / found.weights(k)
                                    : std::abs(a(k, i)) * found.weights(i) / found.weights(k);
            }
            measure = std::max(measure, sum);
        }
        CHECK(found.rate(0) == doctest::Approx(-measure).epsilon(1e-9));
    }
}

TEST_CASE(
    "trajectory_contraction: growth bounds the product of Jacobians, and is it for one step") {
    const CarriedLibrary net = carried(Response::tanh, 0.2);
    const double truth = tube(net, 0, 0.0, {.preparation = false}).linear;
    for (const std::string norm : {"l2", "ellipsoid"}) {
        const TrajectoryContraction found = trajectory_contraction(net, 0, norm);
        const double condition =
            norm == "l2" ? 1.0
                         : singular_values(found.metric)(0) / singular_values(found.metric)(59);
        CHECK(found.growth * std::sqrt(condition) >= truth);
        CHECK(found.margin <= found.limit);
        CHECK(found.margin == found.rate.minCoeff());
    }
    const Matrix step = Matrix::Identity(60, 60) + net.h * field_at_start(net);
    const TrajectoryContraction plain = trajectory_contraction(net, 0, "l2");
    CHECK(plain.rate(0) == doctest::Approx((1.0 - singular_values(step)(0)) / net.h).epsilon(1e-8));
}

TEST_CASE("trajectory_contraction: preparation contracts in its ellipsoid as fast as proven") {
    const CarriedLibrary net = carried(Response::tanh, 0.2);
    const TrajectoryContraction found = trajectory_contraction(net, 1, "ellipsoid", true);
    REQUIRE(found.margin > 0.0);
    CHECK(found.where == "preparation");
    CHECK(found.statement.find("contracts at every step") != std::string::npos);
    const Vector start = net.starts.col(1);
    const Vector delta = 1e-7 * examples::random_matrix(60, 1, 8);
    const Matrix off = plain_run(net, 2, 3, start + delta, net.preparation_steps).colwise() - start;
    const auto length = [&](Index t) {
        return std::sqrt(off.col(t).dot(found.metric * off.col(t)));
    };
    for (Index t = 0; t < 20; ++t)
        CHECK(length(t + 1) <= (1.0 - net.h * found.margin) * length(t) * (1.0 + 1e-5));
}

TEST_CASE("trajectory_contraction: motifs that hardly decay contract in no norm, and it says so") {
    const CarriedLibrary net = carried(Response::tanh, 0.02);
    const TrajectoryContraction found = trajectory_contraction(net, 0);
    CHECK(found.margin < 0.0);
    CHECK(found.limit < 5.0);
    CHECK(found.statement.find("does not contract at every step") != std::string::npos);
    CHECK(found.statement.find("no norm proves more than") != std::string::npos);
}

TEST_CASE("trajectory_contraction: another norm is refused") {
    CHECK_THROWS_WITH_AS((void)trajectory_contraction(carried(), 0, "l3"),
                         doctest::Contains("norm: found 'l3'"), DomainError);
    CHECK_THROWS_AS((void)trajectory_contraction(carried(), 0, "l2", true, {.preparation = false}),
                    DomainError);
}
