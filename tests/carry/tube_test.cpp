#include "heddle/carry/tube.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "carry/carried.hpp"
#include "heddle/carry/survival.hpp"
#include "heddle/core/error.hpp"
#include "heddle/linalg/solve.hpp"

using namespace heddle;

namespace {

double unit(const CarriedLibrary& net) {
    return net.amplitude * std::sqrt(60.0);
}

/// Jacobians of motif 0 along a trajectory, multiplied up to every step.
std::vector<Matrix> products(const CarriedLibrary& net, const Matrix& states) {
    const double eta = net.h / net.network.tau;
    const Matrix m =
        std::get<Matrix>(net.network.weights) + net.loops[0].u * net.loops[0].v.transpose();
    std::vector<Matrix> all{Matrix::Identity(60, 60)};
    for (Index t = 0; t + 1 < states.cols(); ++t) {
        Vector slopes = states.col(t);
        for (double& slope : slopes) slope = unit_response(net.network.response, slope).slope;
        Matrix j = eta * m * slopes.asDiagonal();
        j.diagonal().array() += 1.0 - eta;
        all.push_back(j * all.back());
    }
    return all;
}

}  // namespace

TEST_CASE("tube: of linear units it is the ball's image, however large the ball") {
    const CarriedLibrary net = carried(Response::linear, 0.2);
    const Matrix states = plain_run(net, 0, 0, net.starts.col(0), net.motif_steps[0]);
    const std::vector<Matrix> grown = products(net, states);
    const Tube found = tube(net, 0, 7.0, {.preparation = false});
    REQUIRE(found.radius.size() == states.cols());
    for (std::size_t t = 0; t < grown.size(); t += 37)
        CHECK(found.radius(static_cast<Index>(t)) ==
              doctest::Approx(7.0 * spectral_norm(grown[t])).epsilon(1e-8));
    CHECK(found.linear == doctest::Approx(spectral_norm(grown.back())).epsilon(1e-8));
    const Vector channel = net.network.readout.row(1);
    CHECK(
        found.output(5, 1) ==
        doctest::Approx(
            7.0 * unit(net) *
            (grown[static_cast<std::size_t>(5 * net.sample_steps[0])].transpose() * channel).norm())
            .epsilon(1e-8));
}

TEST_CASE("tube: small balls go as the product of Jacobians takes them (limit case)") {
    const CarriedLibrary net = carried(Response::tanh, 0.2);
    const Matrix states = plain_run(net, 0, 0, net.starts.col(0), net.motif_steps[0]);
    const double exact = spectral_norm(products(net, states).back());
    const double near = tube(net, 0, 1e-6, {.preparation = false}).end / 1e-6;
    const double far = tube(net, 0, 1e-4, {.preparation = false}).end / 1e-4;
    CHECK(near >= exact);
    CHECK(near < 1.001 * exact);
    CHECK((far - exact) / (near - exact) == doctest::Approx(100.0).epsilon(0.3));
}

TEST_CASE("tube: no start on the ball's surface leaves it, in states or outputs (slow twin)") {
    for (const Response& response : {Response::tanh, Response::softplus}) {
        const CarriedLibrary net = carried(response, 0.1, 0.3 * Vector::Ones(1));
        const Matrix planned = plain_run(net, 0, 0, net.starts.col(0), net.motif_steps[0]);
        const Matrix output = plain_output(net, planned, net.sample_steps[0]);
        const Tube found = largest_tube(net, 0, 0.3, {.preparation = false});
        REQUIRE(found.start > 0.0);
        REQUIRE(found.certified);
        // Worst first: along the direction that the linear flow stretches most, both ways.
        const Matrix flow = products(net, planned).back();
        Vector worst = Vector::Ones(60);
        for (int i = 0; i < 100; ++i) worst = (flow.transpose() * (flow * worst)).normalized();
        double nearest = 0.0;
        for (std::uint64_t k = 0; k < 20; ++k) {
            Vector delta = k < 2 ? worst : Vector(examples::random_matrix(60, 1, 100 + k));
            if (k == 1) delta = -worst;
            delta *= found.start * unit(net) / delta.norm();
            const Matrix states =
                plain_run(net, 0, 0, net.starts.col(0) + delta, net.motif_steps[0]);
            const Vector far = (states - planned).colwise().norm().transpose() / unit(net);
            CHECK((far.array() <= found.radius.array() * (1.0 + 1e-9)).all());
            nearest = std::max(nearest, (far.array() / found.radius.array()).tail(10).maxCoeff());
            const Matrix off = plain_output(net, states, net.sample_steps[0]) - output;
            CHECK((off.cwiseAbs().array() <= found.output.array() * (1.0 + 1e-9)).all());
        }
        CHECK(nearest > 0.1);  // The bound is no wild guess.
    }
}

TEST_CASE("tube: outputs are bounded where the slope alone would not bound them") {
    // At the start the ball is exact, and this displacement is the worst to first order.
    const CarriedLibrary net = carried(Response::softplus, 0.5);
    const Tube found = tube(net, 0, 1.0, {.preparation = false});
    const Vector start = net.starts.col(0), channel = net.network.readout.row(0);
    const auto output = [&](const Vector& x) {
        return channel.dot(Vector(x.unaryExpr(
            [](double unit) { return unit_response(Response::softplus, unit).value; })));
    };
    const Vector slope =
        start.unaryExpr([](double unit) { return unit_response(Response::softplus, unit).slope; });
    const Vector steepest = channel.cwiseProduct(slope);
    const Vector delta = unit(net) * steepest.normalized();
    const double up = output(start + delta) - output(start);
    const double down = output(start) - output(start - delta);
    const double first_order = unit(net) * steepest.norm();
    REQUIRE(std::max(up, down) > 1.001 * first_order);
    CHECK(found.output(0, 0) >= std::max(up, down));
    CHECK(found.output(0, 0) < 2.0 * first_order);
}

TEST_CASE("largest_tube: it fits, and a ball a tenth larger does not") {
    const CarriedLibrary net = carried(Response::tanh, 0.1);
    const Tube found = largest_tube(net, 1, 0.2);
    CHECK(found.largest <= 0.2);
    CHECK(found.start > 0.05);
    CHECK_FALSE(tube(net, 1, 1.1 * found.start).largest <= 0.2);
    CHECK(largest_tube(net, 1, 0.0).start == 0.0);
}

TEST_CASE("tube: rectified units have one while none within reach crosses its threshold") {
    const CarriedLibrary net = carried(Response::rectified, 0.05, Vector::Ones(1));
    const Tube near = tube(net, 0, 0.1);
    CHECK(near.certified);
    const CarriedLibrary linear = carried(Response::linear, 0.05, Vector::Ones(1));
    CHECK(near.end / tube(linear, 0, 0.1).end == doctest::Approx(1.0).epsilon(1e-6));
    const Tube far = tube(net, 0, 20.0);
    CHECK(far.end > 100.0 * tube(linear, 0, 20.0).end);
}

TEST_CASE("tube: where slopes vary too much the bound is lost, and it says so") {
    const Tube found = tube(carried(Response::tanh, 1.0), 0, 5.0);
    CHECK_FALSE(found.certified);
    CHECK(std::isinf(found.largest));
    CHECK(found.statement.find("nothing is proven") == 0);
}

TEST_CASE("certify_sequences: a word of 60 motifs obeys every bound that was proven") {
    const CarriedLibrary net = carried(Response::tanh, 0.3);
    const SequenceCertificate proof = certify_sequences(net);
    REQUIRE(proof.proven);
    CHECK((proof.miss + proof.reach).colwise().maxCoeff().transpose().maxCoeff() <=
          proof.ball.maxCoeff());
    std::vector<Vector> ends;
    for (std::size_t i = 0; i < 2; ++i) {
        const auto at = static_cast<Index>(i);
        ends.push_back(plain_run(net, i, at, net.starts.col(at), net.motif_steps[i]).rightCols(1));
    }
    const Random random(3);
    Vector x = ends[0];
    std::size_t before = 0;
    for (std::uint64_t k = 0; k < 60; ++k) {
        const auto j = static_cast<std::size_t>(random.integer(k) % 2);
        const auto to = static_cast<Index>(j), from = static_cast<Index>(before);
        x = plain_run(net, 2, 2 + to, x, net.preparation_steps).rightCols(1);
        const Matrix states = plain_run(net, j, to, x, net.motif_steps[j]);
        x = states.rightCols(1);
        CHECK((x - ends[j]).norm() <= proof.ball(to) * unit(net));
        CHECK(normalised_error(plain_output(net, states, net.sample_steps[j]),
                               net.library.motifs[j].motif.values) <= proof.error(from, to));
        before = j;
    }
    const Survival measured = survival(net, {.points = 0});
    CHECK((proof.error.array() >= measured.transitions.array()).all());
    CHECK((proof.error.array() <= 1.2 * measured.transitions.array() + 1e-3).all());
}

TEST_CASE(
    "certify_sequences: after too short a preparation nothing is proven, and it says of what") {
    Library hasty = small_library();
    hasty.preparation.duration = 0.5 * hasty.network.tau;
    const SequenceCertificate found = certify_sequences(carry_over(hasty, {.amplitude = 0.5}));
    CHECK_FALSE(found.proven);
    CHECK(found.statement.find("not proven: motif '") == 0);
    CHECK(found.statement.find("longer preparation") != std::string::npos);
}

TEST_CASE("certify_sequences: any number of threads gives the same bits") {
    const CarriedLibrary net = carried(Response::tanh, 0.2);
    const SequenceCertificate one = certify_sequences(net, 1), two = certify_sequences(net, 2);
    CHECK(one.reach == two.reach);
    CHECK(one.error == two.error);
}

TEST_CASE("tube: bad arguments are refused by name") {
    const CarriedLibrary net = carried();
    CHECK_THROWS_WITH_AS((void)tube(net, 5, 0.1), doctest::Contains("motif: found number 5"),
                         DomainError);
    CHECK_THROWS_WITH_AS((void)tube(net, 0, -0.1), doctest::Contains("start: found -0.1"),
                         DomainError);
    CHECK_THROWS_WITH_AS((void)largest_tube(net, 0, INFINITY), doctest::Contains("most: found"),
                         DomainError);
    CHECK_THROWS_WITH_AS((void)tube(net, 0, 0.1, {.after = 1, .preparation = false}),
                         doctest::Contains("after: found a motif"), DomainError);
    const Loops wild{1e4 * net.loops[0].u, 1e4 * net.loops[0].v};
    const CarriedLibrary linear = carried(Response::linear);
    CHECK_THROWS_WITH_AS((void)tube(with_loops(linear, 0, wild), 0, 0.1),
                         doctest::Contains("those of motif 'a' are not finite"), DomainError);
}
