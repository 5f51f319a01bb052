#include <doctest/doctest.h>

#include "heddle/linalg/solve.hpp"
#include "heddle/population/rate_units.hpp"
#include "population/escape_circuits.hpp"

using namespace heddle;

namespace {

const EscapeNeuron cell{.tau_m = 20.0,
                        .V_T_star = 0.0,
                        .t_ref = 0.0,
                        .Delta_V = 1.5,
                        .lambda_0 = 7.0,
                        .I_e = 30.0,
                        .hazard = Hazard::softplus,
                        .reset = false};

/// Neurons whose thresholds differ by 2 mV.
Circuit differing(std::vector<Adaptation> adaptation) {
    Circuit circuit = test::alone(cell, 100, std::move(adaptation));
    circuit.populations[0].quenched["V_T_star"] = {
        .kind = Distribution::Kind::normal, .location = 0.0, .scale = 2.0};
    return circuit;
}

RateUnitRecording at_rest(const Circuit& circuit) {
    return rate_units(circuit, {.duration = 10.0, .transient = 8000.0});
}

Adaptation current(double tau, double q) {
    return {.kind = Adaptation::Kind::current, .tau = tau, .q = q};
}

}  // namespace

TEST_CASE("rate_units: adaptation currents and thresholds rest where Lyapunov's equation says") {
    const RateUnitRecording found =
        at_rest(differing({current(150.0, 12.0), current(20.0, 9.0), {.tau = 200.0, .q = 0.4}}));
    const EffectiveTransfer phi = effective_transfer(cell, found.mean(0, 0), found.variance(0, 0));
    const double resistance = cell.tau_m / cell.C_m, hz = 1e-3;
    // Two currents, a threshold, the membrane: ż = −D z + e × spikes, of which u = h − g z.
    const Vector taus{{150.0, 20.0, 200.0, cell.tau_m}};
    const Vector e{{12.0 * resistance, 9.0 * resistance, 0.4, 0.0}}, g{{0.0, 0.0, 1.0, 1.0}};
    Matrix drift = -taus.cwiseInverse().asDiagonal().toDenseMatrix();
    drift(3, 0) = drift(3, 1) = 1.0 / cell.tau_m;
    const Vector mean = solve(drift, Vector(-hz * phi.rate * e));
    CHECK(found.mean(0, 0) == doctest::Approx(30.0 * resistance - g.dot(mean)).epsilon(1e-7));
    const Matrix closed = drift - hz * phi.gain * e * g.transpose();
    const Vector with_input = solve(closed, Vector(-hz * phi.gain * 4.0 * e));
    const Matrix forced =
        hz * phi.gain * (e * with_input.transpose() + with_input * e.transpose()) +
        hz * phi.rate * e * e.transpose();
    const Matrix among = solve_lyapunov(closed, forced);
    const double expected = 4.0 - 2.0 * g.dot(with_input) + g.dot(among * g);
    CHECK(found.variance(0, 0) == doctest::Approx(expected).epsilon(1e-7));
    CHECK(found.variance(0, 0) < 3.0);
}

TEST_CASE("rate_units: a current as slow as the membrane is no special case") {
    const auto activity = [](double tau) {
        return rate_units(differing({current(tau, 12.0)}), {.duration = 100.0}).activity;
    };
    CHECK((activity(20.0) - activity(20.0 + 1e-7)).norm() < 1e-6 * activity(20.0).norm());
}

TEST_CASE("rate_units: a current that no membrane filters is a threshold") {
    Circuit circuit = differing({});
    auto& neuron = std::get<EscapeNeuron>(circuit.populations[0].neuron);
    neuron.tau_m = 0.05;
    neuron.C_m = 0.625;  // As R is.
    const RateUnitOptions options{.duration = 300.0, .step = 0.02, .bin = 10.0};
    circuit.populations[0].adaptation = {current(150.0, 12.0)};
    const Matrix filtered = rate_units(circuit, options).activity;
    circuit.populations[0].adaptation = {{.tau = 150.0, .q = 12.0 * neuron.tau_m / neuron.C_m}};
    const Matrix threshold = rate_units(circuit, options).activity;
    CHECK((filtered - threshold).cwiseAbs().maxCoeff() < 2e-3 * threshold.maxCoeff());
}
