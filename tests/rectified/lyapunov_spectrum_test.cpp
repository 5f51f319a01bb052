#include "heddle/rectified/lyapunov_spectrum.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/network/generators.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

constexpr double tau = 0.01;

Network random_network(Index n, double g, Response response) {
    return make_network(gaussian_weights(n, g, 3), 0, 0, tau, response);
}

/// Re λ of (W − 1) / τ, largest first.
Vector rates_of(const Matrix& w) {
    Vector rates = (eigenvalues(w).real().array() - 1.0) / tau;
    std::sort(rates.begin(), rates.end(), std::greater<>());
    return rates;
}

/// CTLN of the 3-cycle 0 → 1 → 2 → 0 with ε = 0.25, δ = 0.5, θ = 1.
Network three_cycle() {
    Matrix w(3, 3);
    w << 0, -1.5, -0.75, -0.75, 0, -1.5, -1.5, -0.75, 0;
    Network network = make_network(w, 0, 0, tau, Response::rectified);
    network.bias.setOnes();
    return network;
}

}  // namespace

TEST_CASE("lyapunov_spectrum: a linear network has the real parts of (W − 1) / τ (closed form)") {
    const Network network = random_network(12, 0.8, Response::linear);
    LyapunovOptions options;
    options.count = 12;
    options.duration = 20.0;
    const LyapunovSpectrum found = lyapunov_spectrum(network, options);
    CHECK(found.trusted);
    CHECK((found.exponents - rates_of(dense_weights(network))).cwiseAbs().maxCoeff() < 0.2);
    CHECK(std::abs(*found.sum_residual) < 1e-5 / tau);
    CHECK(*found.kaplan_yorke == 0.0);
}

TEST_CASE(
    "lyapunov_spectrum: at a fixed point of a tanh network, g < 1, they are those of the "
    "linear one (limit case)") {
    const Network network = random_network(12, 0.7, Response::tanh);
    LyapunovOptions options;
    options.count = 3;
    options.duration = 20.0;
    options.transient = 10.0;
    const LyapunovSpectrum found = lyapunov_spectrum(network, options);
    CHECK((found.exponents - rates_of(dense_weights(network)).head(3)).cwiseAbs().maxCoeff() <
          0.05);
    CHECK(found.exponents[0] < 0.0);
}

TEST_CASE(
    "lyapunov_spectrum: a random tanh network with g = 3 is chaotic, and its exponents add "
    "up to ⟨tr J⟩ (residual identity)") {
    const Network network = random_network(80, 3.0, Response::tanh);
    LyapunovOptions options;
    options.count = 80;
    options.duration = 5.0;
    const LyapunovSpectrum found = lyapunov_spectrum(network, options);
    CHECK(found.exponents[0] > 5.0 * found.standard_errors[0]);
    CHECK(std::abs(*found.sum_residual) < 80 * 1e-6 / tau);
    CHECK(*found.kaplan_yorke > 1.0);
    CHECK(*found.kaplan_yorke < 80.0);
    CHECK(found.condition < 1e8);
    // φ is odd and b = 0: from −x(0) everything is mirrored, to the last bit.
    Vector start(80);
    start.setLinSpaced(-1.0, 2.0);
    options.duration = 1.0;
    options.start = start;
    const Vector one = lyapunov_spectrum(network, options).exponents;
    options.start = -start;
    CHECK(lyapunov_spectrum(network, options).exponents == one);
}

TEST_CASE("lyapunov_spectrum: structured, sparse and dense weights agree (slow twin)") {
    StructuredWeights structured{SparseMatrix(50, 50),
                                 3.0 * examples::random_matrix(50, 3, 1) / 5,
                                 examples::random_matrix(50, 3, 2) / 5,
                                 {}};
    for (Index i = 0; i < 50; ++i) structured.sparse.insert(i, (i + 7) % 50) = 1.5;
    const Matrix w = dense(structured);
    LyapunovOptions options;
    options.count = 5;
    options.duration = 0.3;
    options.transient = 0.05;
    Network network = make_network(structured, 0, 0, tau, Response::softplus);
    const LyapunovSpectrum found = lyapunov_spectrum(network, options);
    for (const Weights& other : {Weights(w), Weights(SparseMatrix(w.sparseView()))}) {
        network.weights = other;
        const LyapunovSpectrum twin = lyapunov_spectrum(network, options);
        CHECK((found.exponents - twin.exponents).cwiseAbs().maxCoeff() < 1e-6 / tau);
        CHECK(*found.mean_trace == doctest::Approx(*twin.mean_trace).epsilon(1e-9));
    }
}

TEST_CASE("lyapunov_spectrum: any number of threads gives the same bits") {
    Network network = random_network(600, 2.0, Response::tanh);
    LyapunovOptions options;
    options.count = 70;
    options.duration = 0.2;
    options.transient = 0.02;
    options.step = 0.005;
    options.threads = 1;
    const LyapunovSpectrum one = lyapunov_spectrum(network, options);
    options.threads = 3;
    const LyapunovSpectrum three = lyapunov_spectrum(network, options);
    CHECK(one.exponents == three.exponents);
    CHECK(one.final_state == three.final_state);
}

TEST_CASE(
    "lyapunov_spectrum: on the limit cycle of the 3-cycle's CTLN the largest is 0 and they "
    "add up to −3 / τ (closed form)") {
    LyapunovOptions options;
    options.count = 3;
    options.duration = 10.0;
    const LyapunovSpectrum found = lyapunov_spectrum(rate_form(three_cycle()), options);
    CHECK(found.trusted);
    CHECK(std::abs(found.exponents[0]) < 1e-3 / tau);
    CHECK(std::abs(found.exponents[0]) < 3.0 * found.standard_errors[0]);
    CHECK(found.standard_errors[0] < 2e-3 / tau);
    CHECK(found.exponents[1] < -0.05 / tau);
    CHECK(*found.mean_trace == doctest::Approx(-3.0 / tau).epsilon(1e-12));
    CHECK(std::abs(*found.sum_residual) < 1e-9 / tau);
    CHECK(std::abs(*found.kaplan_yorke - 1.0) < 1e-2);
}

TEST_CASE(
    "lyapunov_spectrum: the exact flow and small Runge–Kutta steps agree on rectified "
    "networks (slow twin)") {
    LyapunovOptions options;
    options.count = 3;
    options.duration = 10.0;
    const LyapunovSpectrum exact = lyapunov_spectrum(input_form(three_cycle()), options);
    options.step = tau / 40;
    const LyapunovSpectrum stepped = lyapunov_spectrum(three_cycle(), options);
    CHECK((exact.exponents - stepped.exponents).cwiseAbs().maxCoeff() < 0.01 / tau);
}

TEST_CASE("lyapunov_spectrum: the tent map z' = 2 z − 4 [z − ½]₊ has log 2 (closed form)") {
    ThresholdMap tent{Matrix::Constant(1, 1, 1.99), Matrix::Constant(1, 1, -3.98),
                      Matrix::Ones(1, 1), Vector::Constant(1, -0.5), Vector::Zero(1)};
    LyapunovOptions options;
    options.start = Vector::Constant(1, 0.3);
    const LyapunovSpectrum found = lyapunov_spectrum(tent, options);
    CHECK(found.exponents[0] == doctest::Approx(std::log(1.99)).epsilon(1e-12));
    CHECK(std::abs(*found.sum_residual) < 1e-12);
}

TEST_CASE("lyapunov_spectrum: directions that a ReLU network's map collapses have −∞") {
    Matrix w(2, 2);
    w << 0.5, 0.25, -0.5, -0.5;
    const ThresholdMap map = relu_rnn(w, Vector::Ones(2) - 1.5 * Vector::Unit(2, 1));
    LyapunovOptions options;
    options.duration = 200.0;
    const LyapunovSpectrum found = lyapunov_spectrum(map, options);
    CHECK(found.exponents[0] == doctest::Approx(std::log(0.5)));
    CHECK(std::isinf(found.exponents[1]));
    CHECK(found.exponents[1] < 0.0);
}

TEST_CASE("lyapunov_spectrum: a network that grows without bound is called so") {
    Network network = random_network(5, 0.0, Response::rectified);
    std::get<Matrix>(network.weights).setConstant(2.0);
    network.bias.setOnes();
    for (const LyapunovSpectrum& found :
         {lyapunov_spectrum(network), lyapunov_spectrum(input_form(network))}) {
        CHECK(!found.trusted);
        CHECK(found.statement.find("without bound") != std::string::npos);
    }
}

TEST_CASE("lyapunov_spectrum: refuses what it cannot do, naming it") {
    const Network network = random_network(5, 0.5, Response::tanh);
    LyapunovOptions options;
    options.count = 0;
    CHECK_THROWS_WITH_AS(static_cast<void>(lyapunov_spectrum(network, options)),
                         doctest::Contains("count"), DomainError);
    options = {};
    options.duration = 0.01;
    CHECK_THROWS_WITH_AS(static_cast<void>(lyapunov_spectrum(network, options)),
                         doctest::Contains("duration"), DomainError);
    options = {};
    options.start = Vector::Zero(4);
    CHECK_THROWS_WITH_AS(static_cast<void>(lyapunov_spectrum(network, options)),
                         doctest::Contains("start"), ShapeError);
}
