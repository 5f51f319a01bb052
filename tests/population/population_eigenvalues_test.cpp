#include "heddle/population/population_eigenvalues.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "heddle/core/error.hpp"
#include "heddle/population/age_structured_rates.hpp"
#include "heddle/population/mesoscopic.hpp"
#include "population/escape_circuits.hpp"
#include "population/linear_circuit.hpp"
#include "population/zero_search.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

double nearest(const ComplexVector& values, Complex to) {
    return (values.array() - to).abs().minCoeff();
}

/// E's activity after a while: mesoscopic of N → ∞ in steps of 0.2 ms.
Vector activity_of(const Circuit& circuit, double after, double duration) {
    const double step = 0.2;
    return mesoscopic(circuit, {.duration = duration,
                                .transient = after,
                                .step = step,
                                .finite_size = false,
                                .bin = step,
                                .history = 400.0})
        .activity.row(0);
}

/// How it goes on after a kick at 1000 ms, less how it would have gone on.
Vector ringing(const Circuit& circuit, double after, double duration) {
    const auto run = [&](double current) {
        Circuit kicked = circuit;
        Matrix values(1, 3);
        values << 0.0, current, 0.0;
        for (const char* name : {"E", "I"})
            kicked.inputs.push_back({name, CurrentInput{{0.0, 1000.0, 1002.0}, values}});
        return activity_of(kicked, 1000.0 + after, duration);
    };
    return run(0.5) - run(0.0);
}

/// λ of x(t) = Re(a e^{λt}) from samples a `lag` apart: x(t + 2) = 2 Re(q) x(t + 1) − |q|² x(t).
Complex rate_of(const Vector& x, Index every, double lag) {
    Matrix normal = Matrix::Zero(2, 2);
    Vector right = Vector::Zero(2);
    for (Index k = 0; k + 2 * every < x.size(); ++k) {
        const Eigen::Vector2d row(x[k + every], x[k]);
        normal += row * row.transpose();
        right += row * x[k + 2 * every];
    }
    const double det = normal(0, 0) * normal(1, 1) - normal(0, 1) * normal(1, 0);
    const double sum = (right[0] * normal(1, 1) - right[1] * normal(0, 1)) / det;
    const double product = -(right[1] * normal(0, 0) - right[0] * normal(1, 0)) / det;
    return std::log(Complex(0.5 * sum, std::sqrt(product - 0.25 * sum * sum))) / lag;
}

}  // namespace

TEST_CASE("zeros_in: finds what it counts, also several zeros in one place") {
    const auto f = [](Complex z) {
        return std::pow(z - Complex(0.3, 0.2), 3) * (z + 0.4) * std::exp(z);
    };
    const Zeros zeros = zeros_in(f, {{-1.0, -1.0}, {1.0, 1.0}}, 0.1);
    CHECK(zeros.counted == 4);
    REQUIRE(zeros.found.size() == 4);
    Index together = 0;
    for (const Complex zero : zeros.found)
        if (std::abs(zero - Complex(0.3, 0.2)) < 1e-4) ++together;
    CHECK(together == 3);
    CHECK_THROWS_AS((void)zeros_in(f, {{-0.4, -1.0}, {1.0, 1.0}}, 0.1), NotConverged);
}

TEST_CASE("population_eigenvalues: unconnected neurons have those of their renewal process") {
    // P̂(λ) = 1 for a hazard of 500 Hz after 4 ms: λ = −ν + W_k(ν D e^{νD}) / D, Lambert's W.
    const PopulationEigenvalues found = population_eigenvalues(
        alone(constant_hazard(500.0, 4.0)), {.left = -350.0, .right = 100.0, .highest = 300.0});
    REQUIRE(found.eigenvalues.size() == 3);
    CHECK(nearest(found.eigenvalues, Complex(-231.22, 1231.81)) < 0.01);
    CHECK(nearest(found.eigenvalues, -50.0) < 1e-6);  // The membrane, 1 / τ_m, which nobody resets.
    CHECK(found.residual.maxCoeff() < 1e-6);
    CHECK(found.complete);
    CHECK(found.stable);
}

TEST_CASE("population_eigenvalues: delayed self-excitation of Poisson neurons has Lambert's W") {
    // 1 + λτ = g e^{−λd} without refractoriness: λ + 1/τ = y, y d e^{yd} = (g d / τ) e^{d/τ}.
    for (const double gain : {0.5, -8.0, 1.4}) {
        const double delay = 5.0, tau = 20.0;
        const EscapeNeuron neuron = constant_hazard(100.0, 0.0);
        // At rest h = 0: a constant current takes away what excitation brings.
        Circuit circuit = self_exciting(neuron, gain * 2.0 / (0.02 * 100.0), delay);
        auto& law = std::get<EscapeNeuron>(circuit.populations[0].neuron);
        law.I_e = -gain * 2.0 * law.C_m / law.tau_m;
        const Vector rates = Vector::Constant(1, 100.0);
        const PopulationEigenvalues found = population_eigenvalues(
            circuit, {.left = -74.0, .right = 400.0, .highest = 500.0}, {.rates = rates});
        CHECK(found.complete);
        CHECK(found.eigenvalues.size() > 0);
        for (const Complex value : found.eigenvalues) {
            const Complex rate = 1e-3 * value;
            CHECK(std::abs(1.0 + rate * tau - gain * std::exp(-rate * delay)) < 1e-9);
        }
        // Every branch of W has one solution: start Newton's method from its asymptotic place.
        Index inside = 0;
        for (int k = -20; k <= 20; ++k) {
            const Complex z = gain * delay / tau * std::exp(delay / tau);
            Complex w = std::log(z) + Complex(0.0, 2.0 * std::numbers::pi * k);
            if (k == 0 && std::abs(z) < 3.0) w = gain > 0.0 ? Complex(0.3) : Complex(0.0, 1.0);
            for (int n = 0; n < 200; ++n) w -= (w * std::exp(w) - z) / (std::exp(w) * (w + 1.0));
            const Complex value = 1e3 * (w / delay - 1.0 / tau);
            if (value.real() < -74.0 || std::abs(value.imag()) > 1000.0 * std::numbers::pi)
                continue;
            ++inside;
            CHECK(nearest(found.eigenvalues, value) < 1e-6);
        }
        CHECK(inside == found.eigenvalues.size());
        CHECK(found.stable == (gain == 0.5));
    }
}

TEST_CASE("population_eigenvalues: a kicked E–I circuit rings with its leading eigenvalue") {
    const Circuit circuit = published_circuit(1000, 5.0);
    const PopulationEigenvalues found = population_eigenvalues(circuit);
    CHECK(found.stable);
    CHECK(found.complete);
    CHECK(found.counted == found.eigenvalues.size());
    const Complex leading = found.eigenvalues[0];
    const Complex seen = 1e3 * rate_of(ringing(circuit, 200.0, 300.0), 50, 10.0);
    INFO(leading << " and " << seen);
    CHECK(std::abs(seen - leading) < 2e-3 * std::abs(leading));
}

TEST_CASE("population_eigenvalues: where one is right of 0 mesoscopic goes on oscillating") {
    // Delays of 12 ms; more inhibition. What grows ends in a cycle of about its frequency.
    for (const double inhibition : {1.1, 1.5}) {
        const Circuit circuit = published_circuit(1000, 12.0, inhibition);
        const PopulationEigenvalues found = population_eigenvalues(circuit);
        const Vector late = activity_of(circuit, 6000.0, 1000.0);
        const double swing = late.maxCoeff() - late.minCoeff();
        INFO(found.statement << "; swing " << swing << " around " << late.mean());
        CHECK(found.stable == (inhibition < 1.2));
        if (found.stable) {
            CHECK(swing < 0.01 * late.mean());
            continue;
        }
        CHECK(found.unstable == 2);
        const PopulationEigenvalues few = population_eigenvalues(circuit, {.highest = 10.0});
        CHECK(!few.complete);
        CHECK(few.statement.find("2 of the unstable ones lie outside") != std::string::npos);
        CHECK(swing > 0.5 * late.mean());
        Index rises = 0;
        for (Index k = 1; k < late.size(); ++k)
            if (late[k - 1] < late.mean() && late[k] >= late.mean()) ++rises;
        const double frequency = std::abs(found.eigenvalues[0].imag()) / (2.0 * std::numbers::pi);
        CHECK(std::abs(static_cast<double>(rises) - frequency) < 0.12 * frequency);
    }
}

TEST_CASE(
    "population_eigenvalues: the difference of E and I, who receive the same, is a renewal "
    "process") {
    const Circuit circuit = published_circuit();
    const PopulationEigenvalues found = population_eigenvalues(circuit);
    const double h = age_structured_rates(circuit).branches.at(0).potential[0];
    const Circuit uncoupled = alone(EscapeNeuron{.Delta_V = 2.5, .I_e = 12.5 * h});
    const PopulationEigenvalues alone_found =
        population_eigenvalues(uncoupled, {.left = found.left + 1.0});
    for (const Complex value : alone_found.eigenvalues)
        CHECK(nearest(found.eigenvalues, value) < 1e-6);
    CHECK(alone_found.eigenvalues.size() == 2);
}

TEST_CASE("population_eigenvalues: of leaky neurons each makes det(1 − M) vanish") {
    Circuit circuit;
    circuit.populations = {
        {.name = "A",
         .size = 500,
         .neuron =
             LeakyNeuron{.tau_m = 20.0, .E_L = 0.0, .V_th = 20.0, .V_reset = 10.0, .I_e = 400.0},
         .noise = {.sigma = 3.0}}};
    circuit.projections = {{.source = "A",
                            .target = "A",
                            .rule = FixedIndegree{{.location = 100.0}},
                            .synapse = {.kind = Synapse::Kind::delta},
                            .weight = {.location = -0.2},
                            .delay = {.location = 5.0}}};
    const PopulationEigenvalues found = population_eigenvalues(circuit, {.highest = 600.0});
    CHECK(found.complete);
    CHECK(found.unstable > 0);
    const LinearCircuit linear(circuit, {});
    for (const Complex value : found.eigenvalues)
        CHECK(std::abs(linear.characteristic(1e-3 * value)) < 1e-8);
    circuit.projections[0].weight.location = -0.005;
    CHECK(population_eigenvalues(circuit).stable);
}

TEST_CASE("population_eigenvalues: transforms of leaky neurons are analytic across the axis") {
    // The mean over a circle is the value at its centre.
    const SiegertPoint point{.mu = 18.0,
                             .sigma = 4.0,
                             .tau_m = 20.0,
                             .V_th = 20.0,
                             .V_reset = 10.0,
                             .t_ref = 2.0,
                             .tau_s = 0.5};
    const double rate = siegert_at(point).rate;
    const double radius = 0.75 * escape_rate(point, rate);
    CHECK(radius > 1e-3 * rate / 2.0);
    for (const Complex centre : {Complex(0.0, 0.0), Complex(0.0, 0.4), Complex(0.3, 1.0)}) {
        SiegertResponse sum{0.0, 0.0};
        constexpr int count = 96;
        for (int k = 0; k < count; ++k) {
            const Complex at =
                centre + std::polar(radius, 2.0 * std::numbers::pi * (k + 0.5) / count);
            const auto [survival, susceptibility] = response_at(point, rate, at);
            sum.survival += survival / static_cast<double>(count);
            sum.susceptibility += susceptibility * survival / static_cast<double>(count);
        }
        const auto [survival, susceptibility] = response_at(point, rate, centre);
        CHECK(std::abs(sum.survival - survival) < 1e-8 * std::abs(survival));
        const Complex drive = susceptibility * survival;
        CHECK(std::abs(sum.susceptibility - drive) < 1e-8 * std::abs(drive));
    }
    CHECK(response_at(point, rate, 0.0).survival.real() == doctest::Approx(1e3 / rate));
}

TEST_CASE("population_eigenvalues: regions that are empty, or go too far left, are refused") {
    const Circuit circuit = published_circuit();
    CHECK_THROWS_WITH_AS((void)population_eigenvalues(circuit, {.left = -90.0}),
                         doctest::Contains("left is -90 1/s, and what a circuit does there is "
                                           "known right of -54.12"),
                         DomainError);
    CHECK_THROWS_WITH_AS((void)population_eigenvalues(circuit, {.left = 10.0, .right = 5.0}),
                         "right is 5 1/s; it must be finite and above left, 10 1/s", DomainError);
    CHECK_THROWS_WITH_AS((void)population_eigenvalues(circuit, {.highest = 0.0}),
                         "highest is 0 Hz; it must be finite and above 0", DomainError);
}
