#include "heddle/loops/preparation_cost.hpp"

#include <doctest/doctest.h>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvectors.hpp"
#include "heddle/linalg/exponential.hpp"
#include "heddle/linalg/solve.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

constexpr double tau = 0.01;

Loops weak_loops(Index n, Index rank) {
    return {0.1 * examples::random_matrix(n, rank, 3), 0.1 * examples::random_matrix(n, rank, 4)};
}

Matrix random_weight(Index n) {
    const Matrix root = examples::random_matrix(n, 3, 8);
    return root * root.transpose();
}

/// The published formula, from eigenvectors R and L = R⁻¹, γ in 1 / s:
/// tr R (L Lᴴ ∘ F) Rᴴ S / (n τ) + β τ wᵀ R (L Lᴴ ∘ G) Rᴴ w.
double eigenvector_form(const Network& network, const Loops& loops, double beta,
                        const Matrix& weight) {
    const Index n = size(network);
    const EigenDecomposition eigen =
        eigen_decomposition(dense_weights(network) + loops.u * loops.v.transpose());
    const ComplexVector rates = (eigen.values.array() - 1.0) / tau;
    // R⁻¹ through the real embedding of a complex system.
    Matrix embedded(2 * n, 2 * n), unit = Matrix::Zero(2 * n, n);
    embedded << eigen.right.real(), -eigen.right.imag(), eigen.right.imag(), eigen.right.real();
    unit.topRows(n).setIdentity();
    const Matrix parts = solve(embedded, unit);
    ComplexMatrix left(n, n);
    left.real() = parts.topRows(n);
    left.imag() = parts.bottomRows(n);
    ComplexMatrix f = left * left.adjoint(), g(n, n);
    for (Index i = 0; i < n; ++i)
        for (Index j = 0; j < n; ++j) {
            f(i, j) /= -(rates[i] + std::conj(rates[j]));
            g(i, j) = f(i, j) * rates[i] * std::conj(rates[j]);
        }
    const Matrix states = (eigen.right * f * eigen.right.adjoint()).real();
    const Matrix speeds = (eigen.right * g * eigen.right.adjoint()).real();
    const Matrix& c = network.readout;
    return (weight * states).trace() / (static_cast<double>(n) * tau) +
           beta * tau * (c * speeds * c.transpose()).trace();
}

/// Relative error of one directional derivative of ℓ, by the difference quotient of order 4.
double slope_error(const Network& network, const Loops& loops, const PreparationAim& aim,
                   const Loops& along) {
    const auto at = [&](double t) {
        return preparation_cost(network, {loops.u + t * along.u, loops.v + t * along.v}, aim).value;
    };
    const double h = 1e-3;
    const double quotient = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
    const PreparationCost cost = preparation_cost(network, loops, aim);
    const double slope =
        cost.gradient_u.cwiseProduct(along.u).sum() + cost.gradient_v.cwiseProduct(along.v).sum();
    return std::abs(slope / quotient - 1.0);
}

}  // namespace

TEST_CASE("preparation_cost: equal to the published eigenvector form") {
    const Network network = examples::network(40, 2, 5);
    const Loops loops = weak_loops(40, 3);
    for (const double beta : {0.0, 0.01, 2.0})
        for (const Matrix& weight : {Matrix(), random_weight(40)}) {
            const PreparationCost cost = preparation_cost(network, loops, {beta, weight});
            const Matrix s = weight.size() > 0 ? weight : Matrix(Matrix::Identity(40, 40));
            CHECK(cost.value ==
                  doctest::Approx(eigenvector_form(network, loops, beta, s)).epsilon(1e-9));
        }
}

TEST_CASE("preparation_cost: both parts are time integrals along the network's own motion") {
    const Network network = examples::network(12, 2, 3);
    const Loops loops = weak_loops(12, 2);
    const PreparationCost cost = preparation_cost(network, loops, {1.0, {}});
    const Matrix a =
        dense_weights(network) + loops.u * loops.v.transpose() - Matrix::Identity(12, 12);
    const double h = 0.02;
    const Matrix step = exponential(a * h);
    Matrix state = Matrix::Identity(12, 12);
    double decay = 0.0, readout = 0.0;
    for (int i = 0; i <= 10000; ++i) {  // The trapezoidal rule up to 200 τ.
        const double part = i == 0 ? 0.5 * h : h;
        decay += part * state.squaredNorm() / 12.0;
        readout += part * (network.readout * a * state).squaredNorm();
        state = step * state;
    }
    CHECK(cost.decay == doctest::Approx(decay).epsilon(1e-3));
    CHECK(cost.readout == doctest::Approx(readout).epsilon(1e-3));
    CHECK(cost.value == cost.decay + cost.readout);
}

TEST_CASE("preparation_cost: the gradient is that of difference quotients to 1e-6") {
    const Network network = examples::network(60, 3, 2);
    const Loops loops = weak_loops(60, 4);
    for (const double beta : {0.0, 0.5})
        for (const Matrix& weight : {Matrix(), random_weight(60)})
            for (const std::uint64_t seed : {20, 30}) {
                const Matrix du = 0.1 * examples::random_matrix(60, 4, seed);
                const Matrix dv = 0.1 * examples::random_matrix(60, 4, seed + 1);
                const Matrix none = Matrix::Zero(60, 4);
                CHECK(slope_error(network, loops, {beta, weight}, {du, none}) < 1e-6);
                CHECK(slope_error(network, loops, {beta, weight}, {none, dv}) < 1e-6);
            }
}

TEST_CASE("preparation_cost: infinite from the stability limit on, never negative") {
    Network network = examples::network(50, 1, 4);
    const Loops none{Matrix(50, 0), Matrix(50, 0)};
    const double rightmost = preparation_cost(network, none).abscissa;
    double before = 0.0;
    for (const double margin : {1e-1, 1e-3, 1e-5, 0.0, -1e-5, -1.0}) {
        Network shifted = network;
        std::get<Matrix>(shifted.weights).diagonal().array() += 1.0 - margin - rightmost;
        const PreparationCost cost = preparation_cost(shifted, none);
        CHECK(cost.value >= before);
        if (margin != 0.0) {  // At the limit itself, rounding decides.
            CHECK(cost.stable == (margin > 0.0));
            CHECK(std::isinf(cost.value) == (margin < 0.0));
            CHECK(cost.abscissa == doctest::Approx(1.0 - margin).epsilon(1e-9));
        }
        before = cost.value;
    }
}

TEST_CASE("preparation_cost: the time constant does not change it") {
    Network network = examples::network(30, 1, 6);
    const double value = preparation_cost(network, weak_loops(30, 2)).value;
    network.tau = 3.0;
    CHECK(preparation_cost(network, weak_loops(30, 2)).value == value);
}

TEST_CASE("preparation_cost: what cannot be meant is refused by name") {
    const Network network = examples::network(10, 1);
    const Loops loops = weak_loops(10, 2);
    CHECK_THROWS_WITH_AS((void)preparation_cost(network, loops, {-1.0, {}}),
                         doctest::Contains("beta is -1"), DomainError);
    CHECK_THROWS_AS((void)preparation_cost(network, loops, {0.0, Matrix::Identity(9, 9)}),
                    ShapeError);
    CHECK_THROWS_WITH_AS(
        (void)preparation_cost(network, loops, {0.0, examples::random_matrix(10, 10, 1)}),
        doctest::Contains("not symmetric"), DomainError);
    CHECK_THROWS_AS((void)preparation_cost(network, weak_loops(9, 2)), ShapeError);
    Network bent = network;
    bent.response = Response::tanh;
    CHECK_THROWS_WITH_AS((void)preparation_cost(bent, loops), doctest::Contains("'tanh'"),
                         DomainError);
}
