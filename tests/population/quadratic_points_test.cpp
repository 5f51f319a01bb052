#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "equations/delay_spectrum.hpp"
#include "heddle/core/error.hpp"
#include "heddle/population/quadratic.hpp"
#include "population/quadratic_circuits.hpp"

using namespace heddle;
using std::numbers::pi;

namespace {

/// The coupling and the excitability at which x = π τ r is a fold: G = Δ²/(4 x²) + η + J x/π − x²
/// and its derivative vanish.
struct Fold {
    double j;
    double eta;
};

Fold fold_at(double x, double delta) {
    return {pi * (2.0 * x + delta * delta / (2.0 * x * x * x)),
            -x * x - 0.75 * delta * delta / (x * x)};
}

}  // namespace

TEST_CASE("fixed_points: without coupling r = √(η + √(η² + Δ²)) / (√2 π τ), a stable focus") {
    for (const double eta : {-4.0, 0.0, 3.0}) {
        const double delta = 0.6, tau = 15.0;
        const RateFixedPoints found =
            fixed_points(quadratic_rates(examples::one_population(eta, delta, 0.0, tau)));
        REQUIRE(found.points.size() == 1);
        CHECK(found.complete);
        const RateFixedPoint& point = found.points[0];
        const double x = std::sqrt(0.5 * (eta + std::hypot(eta, delta)));
        CHECK(point.state[0] == doctest::Approx(1e3 * x / (pi * tau)).epsilon(1e-12));
        CHECK(point.residual < 1e-12);
        // (1/τ) [[2v, 2r], [−2 π² τ² r, 2v]]: λ = (2 v ± 2 i x) / τ.
        const Complex expected = 2e3 / tau * Complex(-0.5 * delta / x, x);
        CHECK(std::abs(point.eigenvalues[0] - expected) < 1e-9 * std::abs(expected));
        CHECK(point.stability == "stable");
        CHECK(point.kind == "focus");
    }
}

TEST_CASE("fixed_points: one rests on either side of a fold, three between two folds") {
    const double delta = 1.0;
    for (const double x : {0.5, 1.3}) {
        const Fold fold = fold_at(x, delta);
        // The fold below x* = (3/4 Δ²)^{1/4} ends the upper states' region from the other side.
        const double inside = x * x > std::sqrt(0.75) * delta ? 1e-3 : -1e-3;
        const auto count = [&](double eta) {
            const auto circuit = examples::one_population(eta, delta, fold.j);
            return fixed_points(quadratic_rates(circuit)).points;
        };
        const auto three = count(fold.eta + inside);
        CHECK(count(fold.eta - inside).size() == 1);
        REQUIRE(three.size() == 3);
        CHECK(three[1].kind == "saddle");
        CHECK(three[1].stability == "unstable");
    }
}

TEST_CASE("fixed_points: at a fold an eigenvalue is zero, whatever the delay") {
    const Fold fold = fold_at(1.3, 1.0);
    Circuit circuit = examples::one_population(fold.eta, 1.0, fold.j);
    for (const double delay : {0.1, 5.0}) {
        circuit.projections[0].delay.location = delay;
        double least = 1e9;
        for (const RateFixedPoint& point : fixed_points(quadratic_rates(circuit)).points)
            for (const Complex lambda : point.eigenvalues)
                least = std::min(least, std::abs(lambda));
        CHECK(least < 1e-3);  // 1/s; the others are about 100. A root's square root of rounding.
    }
}

TEST_CASE("fixed_points: with a delay that vanishes node becomes focus where 2 π x = J") {
    // λ τ = 2 v ± √(2 x (J / π − 2 x)).
    for (const double side : {-0.01, 0.01}) {
        const double x = 1.1, delta = 0.4, j = 2.0 * pi * (x + side);
        const double v = -0.5 * delta / x;
        const double eta = x * x - v * v - j * x / pi;
        Circuit circuit = examples::one_population(eta, delta, j);
        circuit.projections[0].delay.location = 1e-7;
        const auto points = fixed_points(quadratic_rates(circuit)).points;
        const RateFixedPoint& point = points.back();
        CHECK(point.state[0] == doctest::Approx(1e3 * x / (pi * 10.0)).epsilon(1e-10));
        const Complex expected = 100.0 * (2.0 * v + std::sqrt(Complex(4.0 * x * side, 0.0)));
        CHECK(std::abs(point.eigenvalues[0] - expected) < 1e-5 * std::abs(expected));
        CHECK(point.kind == (side > 0.0 ? "node" : "focus"));
    }
}

TEST_CASE("fixed_points: the stable ones are where solutions go, with widths and adaptation") {
    Circuit circuit = examples::one_population(-5.0, 1.0, 15.0);
    circuit.projections[0].synapse = {.kind = Synapse::Kind::alpha, .tau_syn = 3.0};
    circuit.projections[0].weight =
        examples::lorentzian(0.015 * 10.0 / (std::numbers::e * 3.0), 0.0004);
    circuit.populations[0].adaptation = {
        {.kind = Adaptation::Kind::current, .tau = 20.0, .q = 0.02}};
    const QuadraticRates equations = quadratic_rates(circuit);
    const RateFixedPoints found = fixed_points(equations);
    REQUIRE(found.points.size() == 3);
    for (const std::size_t k : {0U, 2U}) {
        const RateFixedPoint& point = found.points[k];
        CHECK(point.stability == "stable");
        Vector start = point.state;
        start[0] *= 1.05;
        const RateTrajectory run =
            solve(equations, {.duration = 1500.0, .step = 0.2, .initial = start});
        CHECK((run.states.rightCols<1>() - point.state).cwiseAbs().maxCoeff() < 1e-6);
    }
    Vector start = found.points[1].state;
    start[0] *= 1.001;
    const RateTrajectory run =
        solve(equations, {.duration = 1500.0, .step = 0.2, .initial = start});
    CHECK((run.states.rightCols<1>() - found.points[2].state).cwiseAbs().maxCoeff() < 1e-5);
}

TEST_CASE("fixed_points: two populations apart rest in every pair of states of the two") {
    Circuit circuit = examples::one_population(-5.0, 1.0, 15.0);
    const auto alone = fixed_points(quadratic_rates(circuit)).points;
    circuit.populations.push_back(examples::quadratic("F", -5.0, 1.0));
    circuit.projections.push_back(examples::all_to_all("F", "F", 0.015));
    const RateFixedPoints found = fixed_points(quadratic_rates(circuit));
    CHECK(found.complete);
    REQUIRE(found.points.size() == 9);
    std::size_t matched = 0;
    for (const RateFixedPoint& point : found.points) {
        CHECK(point.residual < 1e-9);
        for (const RateFixedPoint& e : alone)
            for (const RateFixedPoint& f : alone)
                matched += std::abs(point.state[0] / e.state[0] - 1.0) < 1e-8 &&
                           std::abs(point.state[2] / f.state[0] - 1.0) < 1e-8;
    }
    CHECK(matched == 9);
}

TEST_CASE("fixed_points: currents are held at the time asked for") {
    const QuadraticRates equations = quadratic_rates(examples::two_populations());
    const RateFixedPoints early = fixed_points(equations, {.time = 0.0});
    const RateFixedPoints late = fixed_points(equations, {.time = 50.0});
    REQUIRE(early.points.size() == 1);
    REQUIRE(late.points.size() == 1);
    CHECK(late.points[0].state[0] > early.points[0].state[0]);
    const RateTrajectory run = solve(equations, {.duration = 1500.0, .step = 0.2});
    CHECK((run.states.rightCols<1>() - late.points[0].state).cwiseAbs().maxCoeff() < 1e-6);
}

TEST_CASE("rightmost_eigenvalues: ẏ = −y(t − π/2) oscillates for ever; ẏ = −a y + b y(t − d)") {
    const EquationSlopes neutral{Matrix::Zero(1, 1), Matrix::Constant(1, 1, -1.0),
                                 Matrix::Ones(1, 1), Vector{{pi / 2.0}}};
    const ComplexVector pair = rightmost_eigenvalues(neutral);
    REQUIRE(pair.size() == 2);
    CHECK(std::abs(pair[0] - Complex(0.0, 1.0)) < 1e-12);
    // Residual identity: λ = −a + b e^{−λ d}, and the real root is found by bisection.
    const double a = 0.4, b = 0.3, d = 3.0;
    const EquationSlopes decay{Matrix::Constant(1, 1, -a), Matrix::Constant(1, 1, b),
                               Matrix::Ones(1, 1), Vector{{d}}};
    const Complex lambda = rightmost_eigenvalues(decay)[0];
    CHECK(std::abs(lambda + a - b * std::exp(-lambda * d)) < 1e-14);
    double low = -1.0, high = 0.0;
    while (high - low > 1e-14) {
        const double middle = 0.5 * (low + high);
        (middle + a - b * std::exp(-middle * d) < 0.0 ? low : high) = middle;
    }
    CHECK(std::abs(lambda - low) < 1e-12);
}

TEST_CASE("rightmost_eigenvalues: roots whose phase turns many times within the delay are right") {
    // An oscillator of frequency 1 that drives itself 60 later. Newton's method from many starts
    // right of the roots finds none further right.
    const Matrix a{{-0.1, 1.0}, {-1.0, -0.1}};
    const EquationSlopes equation{a, Matrix{{0.05}, {0.02}}, Matrix{{1.0, 0.0}}, Vector{{60.0}}};
    const auto characteristic = [&](Complex z) {
        const Complex e = std::exp(-60.0 * z);
        return (z + 0.1 - 0.05 * e) * (z + 0.1) + (1.0 - 0.02 * e);
    };
    const ComplexVector found = rightmost_eigenvalues(equation);
    REQUIRE(found.size() == 2);
    CHECK(std::abs(characteristic(found[0])) < 1e-11);
    double rightmost = -1.0;
    for (double omega = 0.0; omega < 3.0; omega += 0.02) {
        Complex z(0.02, omega);
        for (int i = 0; i < 50; ++i)
            z -= characteristic(z) * 2e-6 / (characteristic(z + 1e-6) - characteristic(z - 1e-6));
        if (std::abs(characteristic(z)) < 1e-9) rightmost = std::max(rightmost, z.real());
    }
    CHECK(found[0].real() == doctest::Approx(rightmost).epsilon(1e-7));
}

TEST_CASE("fixed_points: under delayed inhibition a perturbation grows as the leading pair says") {
    Circuit circuit = examples::one_population(10.0, 1.0, -20.0);
    circuit.projections[0].delay.location = 3.0;
    const QuadraticRates equations = quadratic_rates(circuit);
    const RateFixedPoint point = fixed_points(equations).points.at(0);
    CHECK(point.stability == "unstable");
    CHECK(point.kind == "focus");
    const double step = 0.02;
    Vector start = point.state;
    start[0] += 1e-7;
    const RateTrajectory run =
        solve(equations, {.duration = 130.0, .step = step, .initial = start});
    const double period = 2e3 * pi / point.eigenvalues[0].imag() / step;
    const auto largest_from = [&](double first) {
        return (run.states.row(0)
                    .segment(static_cast<Index>(first), static_cast<Index>(period))
                    .array() -
                point.state[0])
            .abs()
            .maxCoeff();
    };
    const double begin = 40.0 / step;
    const double growth =
        std::log(largest_from(begin + 4.0 * period) / largest_from(begin)) / (4.0 * period * step);
    CHECK(1e3 * growth == doctest::Approx(point.eigenvalues[0].real()).epsilon(1e-3));
}

TEST_CASE("fixed_points: options out of range are named") {
    const QuadraticRates equations = quadratic_rates(examples::two_populations());
    CHECK_THROWS_WITH_AS((void)fixed_points(equations, {.starts = 0}),
                         "starts is 0; it must be at least 1", DomainError);
    CHECK_THROWS_AS((void)fixed_points(equations, {.time = NAN}), DomainError);
}
