#include "heddle/rectified/contraction.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/solve.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

Network with_response(const Matrix& w, Response response) {
    return make_network(w, 0, 0, 0.01, response);
}

/// The logarithmic norm of `a` in the weighted norm.
double log_norm(const Matrix& a, const std::string& norm, const Vector& eta) {
    const Matrix scaled =
        norm == "linf"
            ? Matrix(eta.cwiseInverse().asDiagonal() * a * eta.asDiagonal())
            : Matrix((eta.asDiagonal() * a * eta.cwiseInverse().asDiagonal()).transpose());
    Matrix absolute = scaled.cwiseAbs();
    absolute.diagonal() = scaled.diagonal();
    return absolute.rowwise().sum().maxCoeff();
}

/// −1 + W D or −1 + D W.
Matrix jacobian(const Matrix& w, const Vector& slopes, const std::string& form) {
    Matrix j = form == "input" ? Matrix(w * slopes.asDiagonal()) : Matrix(slopes.asDiagonal() * w);
    j.diagonal().array() -= 1.0;
    return j;
}

ThresholdLinear random_loops(double gain, std::uint64_t seed) {
    const Network network = examples::network(14, 1, seed, 0.6);
    const Loops loops{gain * examples::random_matrix(14, 3, seed + 1),
                      gain * examples::random_matrix(14, 3, seed + 2)};
    return rectified_loops(network, loops, Vector::Ones(3));
}

}  // namespace

TEST_CASE("perron_root: it is the spectral abscissa of a Metzler matrix (residual identity)") {
    for (const std::uint64_t seed : {1, 2, 3}) {
        Matrix m = examples::random_matrix(25, 25, seed).cwiseAbs();
        m.diagonal() = -3.0 * examples::random_matrix(25, 1, seed).cwiseAbs();
        const PerronRoot root = perron_root(m);
        const double exact = spectral_abscissa(eigenvalues(m));
        CHECK(std::abs(root.upper - exact) < 1e-8 * exact);
        CHECK(root.lower <= root.upper);
        CHECK(root.weights.minCoeff() > 0.0);
    }
}

TEST_CASE("perron_root: reducible matrices keep positive weights near the root (limit case)") {
    Matrix m = Matrix::Zero(3, 3);
    m(0, 1) = 5.0;
    m(2, 2) = 0.5;
    const PerronRoot root = perron_root(m);
    CHECK(root.weights.minCoeff() > 0.0);
    CHECK(root.upper < 0.51);
    CHECK(root.upper >= 0.5);
}

TEST_CASE(
    "norm_contraction: no slopes exceed the rate, and the worst corner attains it (slow "
    "twin)") {
    const Matrix w = 0.9 * examples::random_matrix(5, 5, 3);
    for (const Response& response : {Response::tanh, Response::linear})
        for (const std::string norm : {"l1", "linf"})
            for (const std::string form : {"input", "rate"}) {
                const NormContraction found =
                    norm_contraction(with_response(w, response), norm, form);
                double worst = -1e300;
                for (unsigned corner = 0; corner < 32; ++corner) {
                    Vector slopes = Vector::Ones(5);
                    if (response == Response::tanh)
                        for (Index j = 0; j < 5; ++j) slopes[j] = (corner >> j) & 1U ? 1.0 : 0.0;
                    worst =
                        std::max(worst, log_norm(jacobian(w, slopes, form), norm, found.weights));
                }
                CHECK(found.rate * 0.01 <= -worst + 1e-14);
                CHECK(found.rate * 0.01 == doctest::Approx(-worst).epsilon(1e-8));
                for (std::uint64_t other = 0; other < 50; ++other) {
                    const Vector eta = examples::random_matrix(5, 1, 100 + other).array().exp();
                    double by_other = -1e300;
                    for (unsigned corner = 0; corner < 32; ++corner) {
                        Vector slopes = Vector::Ones(5);
                        if (response == Response::tanh)
                            for (Index j = 0; j < 5; ++j)
                                slopes[j] = (corner >> j) & 1U ? 1.0 : 0.0;
                        by_other =
                            std::max(by_other, log_norm(jacobian(w, slopes, form), norm, eta));
                    }
                    CHECK(-by_other <= found.best * 0.01 + 1e-9);
                }
            }
}

TEST_CASE("norm_contraction: a network with two stable states is never certified (limit case)") {
    const Network network = with_response(Matrix::Constant(1, 1, 1.01), Response::tanh);
    for (const char* norm : {"l1", "linf"})
        for (const char* form : {"input", "rate"})
            CHECK_FALSE(norm_contraction(network, norm, form).certified);
    const Network single = with_response(Matrix::Constant(1, 1, 0.99), Response::tanh);
    CHECK(norm_contraction(single, "l1").rate == doctest::Approx(1.0).epsilon(1e-9));
}

TEST_CASE(
    "norm_contraction: of populations, slopes up to the steepest are what the rate allows for "
    "(closed form)") {
    const TransferResponse sigmoid{
        .hazard = Hazard::sigmoid, .potential = 2.0, .variance = 1.0, .scale = 1.0};
    const double most = steepest(sigmoid);
    CHECK(most > 1.05);
    const auto rate = [&](double w) {
        return norm_contraction(with_response(Matrix::Constant(1, 1, w), sigmoid), "l1").rate;
    };
    CHECK(rate(0.9 / most) == doctest::Approx((1.0 - 0.9) / 0.01));
    // Stable at x = 0, where the slope is 1, and not where the population is steepest.
    CHECK(rate(0.5 * (1.0 + 1.0 / most)) < 0.0);
    CHECK(slope_bound(with_response(Matrix::Zero(1, 1), Response::tanh)) == 1.0);
}

TEST_CASE("norm_contraction: exponential hazards are refused, since their slopes have no bound") {
    const TransferResponse exponential{.hazard = Hazard::exponential};
    CHECK_THROWS_WITH_AS(norm_contraction(with_response(Matrix::Zero(2, 2), exponential), "l1"),
                         doctest::Contains("whose slope has no bound"), DomainError);
}

TEST_CASE("frequency_test: its margin is the least over a fine grid of frequencies (slow twin)") {
    for (const std::uint64_t seed : {1, 2, 5, 8}) {
        const ThresholdLinear system = random_loops(0.22, 10 * seed);
        const Vector multipliers = examples::random_matrix(3, 1, seed).array().abs() + 0.3;
        const FrequencyTest test = frequency_test(system, multipliers);
        double least = 2.0 * multipliers.minCoeff();
        for (int i = 0; i < 4000; ++i) {
            const double omega = std::tan(0.5 * M_PI * i / 4000.0);
            const ComplexMatrix shifted =
                Complex(0.0, omega) * ComplexMatrix::Identity(14, 14) - system.linear;
            const ComplexMatrix g =
                system.inputs * solve_complex(shifted, system.outputs.cast<Complex>());
            const ComplexMatrix half =
                multipliers.cast<Complex>().asDiagonal() * (ComplexMatrix::Identity(3, 3) - g);
            const ComplexMatrix h = half + half.adjoint();
            Matrix real(6, 6);
            real << h.real(), -h.imag(), h.imag(), h.real();
            least = std::min(least, -eigenvalues(Matrix(-real)).real().maxCoeff());
        }
        CHECK(test.margin <= least);
        CHECK(test.margin == doctest::Approx(least).epsilon(1e-3));
        CHECK(test.certified == (test.margin > 0.0));
    }
}

TEST_CASE(
    "frequency_test: in a system that passes all trajectories approach each other (slow twin)") {
    const ThresholdLinear system = random_loops(0.15, 10);
    REQUIRE(frequency_test(system, Vector::Ones(3), 5.0).certified);
    Vector x = 5.0 * examples::random_matrix(14, 1, 31),
           y = 5.0 * examples::random_matrix(14, 1, 32);
    const double before = (x - y).norm();
    for (int i = 0; i < 30000; ++i) {
        x += 1e-3 * velocity(system, x);
        y += 1e-3 * velocity(system, y);
    }
    // e^{−5 · 0.3} of a norm that the test proves, whose condition is not 20.
    CHECK((x - y).norm() < 20.0 * std::exp(-1.5) * before);
    CHECK((x - y).norm() < 1e-3 * before);
}

TEST_CASE("frequency_test: a loop of gain above 1 has two stable states and fails (limit case)") {
    ThresholdLinear system{-Matrix::Identity(1, 1), Matrix::Ones(1, 1),       Matrix::Ones(1, 1),
                           Vector::Zero(1),         Vector::Constant(1, 0.0), 0.01};
    system.outputs(0, 0) = 0.99;
    CHECK(frequency_test(system, Vector::Ones(1)).certified);
    system.outputs(0, 0) = 1.01;
    CHECK_FALSE(frequency_test(system, Vector::Ones(1)).certified);
}

TEST_CASE("frequency_test: the passed rate of one unit is (1 − w) / τ (closed form)") {
    const ThresholdLinear system{-Matrix::Identity(1, 1), Matrix::Constant(1, 1, 0.6),
                                 Matrix::Ones(1, 1),      Vector::Zero(1),
                                 Vector::Zero(1),         0.01};
    CHECK(frequency_test(system, Vector::Ones(1), 39.9).certified);
    CHECK_FALSE(frequency_test(system, Vector::Ones(1), 40.1).certified);
}

TEST_CASE("contraction: other norms, multipliers and rates are refused by name") {
    const Network network = with_response(Matrix::Zero(2, 2), Response::tanh);
    CHECK_THROWS_WITH_AS(norm_contraction(network, "l3"), doctest::Contains("l1 or linf"),
                         DomainError);
    CHECK_THROWS_WITH_AS(norm_contraction(network, "l1", "x"), doctest::Contains("input or rate"),
                         DomainError);
    const ThresholdLinear system = random_loops(0.1, 1);
    CHECK_THROWS_WITH_AS(frequency_test(system, Vector::Zero(3)), doctest::Contains("multipliers"),
                         DomainError);
    CHECK_THROWS_WITH_AS(frequency_test(system, Vector::Ones(2)), doctest::Contains("multipliers"),
                         ShapeError);
    CHECK_THROWS_WITH_AS(frequency_test(system, Vector::Ones(3), -1.0), doctest::Contains("rate"),
                         DomainError);
}
