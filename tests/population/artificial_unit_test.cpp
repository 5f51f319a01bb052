#include "heddle/population/artificial_unit.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "population/unit_examples.hpp"

using namespace heddle;
using namespace heddle::examples;

namespace {

/// Distance of `value` from the nearest of a list.
double nearest(const ComplexVector& list, Complex value) {
    return (list.array() - value).abs().minCoeff();
}

ComplexVector rates_of(const RateEquations& equations) {
    const auto n = static_cast<Index>(equations.states.size());
    return 1e3 * eigenvalues(steady_slopes(equations, Vector::Zero(n)).a);
}

std::string refusal(const Circuit& circuit, std::optional<double> scale = std::nullopt) {
    try {
        (void)artificial_unit(circuit, scale);
    } catch (const DomainError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("artificial_unit: neurons with exponential hazards respond exponentially") {
    const double scale = 0.7, width = 2.0;
    const ArtificialUnit unit = artificial_unit(population(Hazard::exponential), scale);
    const double v = threshold_spread * threshold_spread, m = 50.0 * 10.0 / 250.0 - 1.0;
    const double rate = 20.0 * std::exp(m / width + v / (2.0 * width * width));
    CHECK(unit.potential == doctest::Approx(m));
    CHECK(unit.variance == doctest::Approx(v));
    CHECK(unit.rate == doctest::Approx(rate));
    CHECK(unit.gain == doctest::Approx(rate / width));
    CHECK(unit.noise == doctest::Approx(width * width / (400.0 * rate * scale * scale)));
    CHECK(unit.unique);
    CHECK(std::isinf(unit.steepest));
    for (const double x : {-3.0, 0.0, 0.5, 4.0}) {
        const UnitResponse found = unit_response(unit, x);
        CHECK(found.value ==
              doctest::Approx(std::expm1(scale * x / width) * width / scale).epsilon(1e-10));
        CHECK(found.slope == doctest::Approx(std::exp(scale * x / width)));
    }
    CHECK(artificial_unit(population(Hazard::exponential)).scale == doctest::Approx(width));
}

TEST_CASE("artificial_unit: no slope of φ is above the steepest, which is reached") {
    for (const Hazard hazard : {Hazard::softplus, Hazard::sigmoid, Hazard::rectified}) {
        const ArtificialUnit unit = artificial_unit(population(hazard), 1.0);
        double most = 0.0;
        for (double x = -60.0; x < 60.0; x += 0.05) {
            const double slope = unit_response(unit, x).slope;
            CHECK(slope >= 0.0);
            most = std::max(most, slope);
        }
        CHECK(most <= unit.steepest * (1.0 + 1e-9));
        CHECK(most == doctest::Approx(unit.steepest).epsilon(1e-3));
    }
}

TEST_CASE("artificial_unit: its lasting gain is how the operating point moves with the current") {
    Circuit circuit = population(Hazard::softplus, two_thresholds);
    const ArtificialUnit unit = artificial_unit(circuit);
    const auto rate_at = [&](double current) {
        std::get<EscapeNeuron>(circuit.populations[0].neuron).I_e = current;
        return artificial_unit(circuit).rate;
    };
    const double h = 0.05, per_current = 10.0 / 250.0;
    const double measured = (rate_at(50.0 + h) - rate_at(50.0 - h)) / (2.0 * h * per_current);
    CHECK(unit.true_slow_gain == doctest::Approx(measured).epsilon(1e-5));
    CHECK(unit.slow_gain == doctest::Approx(unit.true_slow_gain).epsilon(0.1));
    CHECK(unit.slow_gain < 0.8 * unit.gain);
    CHECK(unit.residual < 1e-9);
}

TEST_CASE("network_equations: units move as their formulas say, far from rest too") {
    const ArtificialUnit unit = artificial_unit(population(Hazard::sigmoid, two_thresholds));
    Network network = network_of(3, 0.05);
    network.bias = Vector{{0.3, -0.2, 0.1}};
    const RateEquations equations = network_equations(network, unit);
    Vector state(12);  // x, y and two thresholds of each unit
    for (Index i = 0; i < 12; ++i) state[i] = std::sin(1.0 + 2.0 * static_cast<double>(i));
    Vector phi(3), expected(12);
    for (Index i = 0; i < 3; ++i)
        phi[i] = unit_response(unit, state[4 * i + 1] - state[4 * i + 2] - state[4 * i + 3]).value;
    const Vector input = dense_weights(network) * phi + network.bias;
    for (Index i = 0; i < 3; ++i) {
        expected[4 * i] = (input[i] - state[4 * i]) / 50.0;
        expected[4 * i + 1] = (state[4 * i] - state[4 * i + 1]) / 10.0;
        for (Index l = 0; l < 2; ++l)
            expected[4 * i + 2 + l] =
                (unit.beta[l] * phi[i] - state[4 * i + 2 + l]) / unit.adaptation[l];
    }
    CHECK((steady_velocity(equations, state) - expected).cwiseAbs().maxCoeff() < 1e-10);
}

TEST_CASE(
    "network_equations: around rest, units without adaptation are those of a linear network") {
    const Network network = network_of(8);
    const Loops loops{Matrix::Random(8, 2), Matrix::Random(8, 2)};
    for (const Hazard hazard : {Hazard::exponential, Hazard::softplus, Hazard::sigmoid}) {
        const ArtificialUnit unit = artificial_unit(population(hazard));
        const ComplexVector found =
            rates_of(network_equations(network, unit, {loops}, Carrier::membrane));
        const ComplexVector linear =
            eigenvalues(dense_weights(network) + loops.u * loops.v.transpose());
        REQUIRE(found.size() == 8);
        for (const Complex value : linear)
            CHECK(nearest(found, (value - 1.0) / network.tau) * network.tau < 1e-8);
    }
}

TEST_CASE(
    "compensated_targets: every rate of adapting units is one that an eigenvalue of W gives") {
    const Network network = network_of(5, 0.05);
    const ComplexVector weights = eigenvalues(dense_weights(network));
    const ArtificialUnit unit = artificial_unit(population(Hazard::softplus, two_thresholds));
    const ComplexVector rates = rates_of(network_equations(network, unit));
    REQUIRE(rates.size() == 20);
    const ComplexVector needed =
        compensated_targets(unit, ((rates * network.tau).array() + 1.0).matrix(), network.tau);
    for (const Complex value : needed) CHECK(nearest(weights, value) < 1e-7);
    const ComplexVector pole = ComplexVector::Constant(1, 0.5);  // ρ = −10 / s
    CHECK_THROWS_WITH_AS((void)compensated_targets(unit, pole, 0.05),
                         doctest::Contains("the rate at which adaptation itself decays"),
                         DomainError);
    CHECK_THROWS_AS((void)unit_response(unit, std::nan("")), DomainError);
}

TEST_CASE("network_equations: thalamic units have states, delays and gates") {
    const Network network = network_of(4);
    Loops loops{Matrix::Random(4, 2), Matrix::Random(4, 2), 0.004};
    const ArtificialUnit unit = artificial_unit(population(Hazard::softplus));
    const auto equations = [&] {
        return network_equations(network, unit, {loops}, Carrier::membrane);
    };
    Matrix whole(6, 6);
    whole << dense_weights(network) - Matrix::Identity(4, 4), loops.u, loops.v.transpose() * 2.5,
        -2.5 * Matrix::Identity(2, 2);
    const ComplexVector found = rates_of(equations());
    for (const Complex value : eigenvalues(whole))
        CHECK(nearest(found, value / network.tau) * network.tau < 1e-8);
    loops.delay = 0.002;
    const auto delays = delayed_values(equations());
    REQUIRE(delays.size() == 2);
    CHECK(delays[1].delay == doctest::Approx(2.0));
    loops.thalamic_tau = 0.0;
    RateEquations closed = equations();
    closed.parameters[parameter_index(closed, "gate_1")].value = 0.0;
    const EquationSlopes slopes = steady_slopes(closed, Vector::Zero(4));
    CHECK(slopes.b.cwiseAbs().maxCoeff() == 0.0);
}

TEST_CASE("artificial_unit: what is no unit is refused by name") {
    const auto contains = [](const std::string& text, const char* part) {
        CHECK_MESSAGE(text.find(part) != std::string::npos, text);
    };
    Circuit circuit = population(Hazard::softplus);
    contains(refusal(circuit, -1.0), "population 'A': scale is -1 mV; it must be > 0");
    circuit.inputs.push_back(
        {"A", CurrentInput{.times = {0.0, 10.0}, .values = Matrix::Constant(1, 2, 30.0)}});
    contains(refusal(circuit), "population 'A': its input I_ext_A changes in time");
    circuit.inputs.clear();
    circuit.projections.push_back({.source = "A",
                                   .target = "A",
                                   .rule = AllToAll{},
                                   .synapse = {},
                                   .weight = {.location = 5.0},
                                   .delay = {.location = 1.0}});
    contains(refusal(circuit), "leave them to the network's weights");
    circuit.projections.clear();
    circuit.populations.push_back(circuit.populations[0]);
    circuit.populations[1].name.push_back('B');
    contains(refusal(circuit), "has 2 populations");
    Circuit silent = population(Hazard::rectified);
    silent.populations[0].quenched.clear();
    std::get<EscapeNeuron>(silent.populations[0].neuron).I_e = -50.0;
    contains(refusal(silent), "its gain is 0 Hz/mV");
    const ArtificialUnit unit = artificial_unit(population(Hazard::softplus));
    CHECK_THROWS_WITH_AS((void)network_equations(network_of(2, 0.02), unit, {}, Carrier::membrane),
                         doctest::Contains("a membrane of 10 ms for a network of 20 ms"),
                         DomainError);
    CHECK_THROWS_AS((void)network_equations(network_of(2), unit, {Loops{Matrix(3, 1), {}}}),
                    ShapeError);
}
