#include "heddle/population/rate_units.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "heddle/core/error.hpp"
#include "population/in_weights.hpp"
#include "population/rate_unit.hpp"

using namespace heddle;

namespace {

EscapeNeuron unit_neuron(Hazard hazard) {
    return {.V_T_star = 0.0,
            .t_ref = 0.0,
            .Delta_V = 1.5,
            .lambda_0 = 7.0,
            .lambda_floor = 2.0,
            .hazard = hazard,
            .reset = false};
}

/// The same integral, by a rule of another kind: Simpson's, on a far finer grid.
double by_simpson(const EscapeNeuron& neuron, double mean, double variance) {
    const auto f = [&](double z) {
        const double u = (mean + std::sqrt(variance) * z) / neuron.Delta_V;
        const double shape = neuron.hazard == Hazard::exponential ? std::exp(u)
                             : neuron.hazard == Hazard::softplus  ? std::log1p(std::exp(u))
                             : neuron.hazard == Hazard::sigmoid   ? 1.0 / (1.0 + std::exp(-u))
                                                                  : std::max(u, 0.0);
        const double floor = neuron.hazard == Hazard::rectified ? neuron.lambda_floor : 0.0;
        return (neuron.lambda_0 * shape + floor) * std::exp(-0.5 * z * z) / std::sqrt(2.0 * M_PI);
    };
    constexpr int intervals = 400'000;
    const double end = 14.0, h = 2.0 * end / intervals;
    double sum = f(-end) + f(end);
    for (int k = 1; k < intervals; ++k) sum += (k % 2 == 1 ? 4.0 : 2.0) * f(-end + k * h);
    return sum * h / 3.0;
}

Circuit one_population() {
    Circuit circuit;
    circuit.populations.push_back({"A", 100, unit_neuron(Hazard::softplus)});
    circuit.projections.push_back({.source = "A",
                                   .target = "A",
                                   .rule = Bernoulli{0.2},
                                   .synapse = {},
                                   .weight = {.location = 5.0},
                                   .delay = {.location = 1.0}});
    circuit.inputs.push_back(
        {"A", CurrentInput{.times = {0.0}, .values = Matrix::Constant(1, 1, 30.0)}});
    return circuit;
}

std::string refusal(const std::function<void(Circuit&)>& change) {
    Circuit circuit = one_population();
    change(circuit);
    try {
        (void)rate_units(circuit, {.duration = 10.0});
    } catch (const DomainError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE(
    "effective_transfer: every hazard agrees with Simpson's rule, its gain with a difference") {
    for (const Hazard hazard :
         {Hazard::exponential, Hazard::softplus, Hazard::sigmoid, Hazard::rectified})
        for (const double mean : {-6.0, -0.3, 4.0})
            for (const double variance : {0.0, 0.2, 3.0, 40.0}) {
                const EscapeNeuron neuron = unit_neuron(hazard);
                const EffectiveTransfer found = effective_transfer(neuron, mean, variance);
                CHECK(found.rate ==
                      doctest::Approx(by_simpson(neuron, mean, variance)).epsilon(1e-8));
                const double h = 1e-4;
                const double difference = (effective_transfer(neuron, mean + h, variance).rate -
                                           effective_transfer(neuron, mean - h, variance).rate) /
                                          (2.0 * h);
                CHECK(found.gain == doctest::Approx(difference).epsilon(1e-6));
            }
    CHECK_THROWS_AS((void)effective_transfer(unit_neuron(Hazard::sigmoid), 0.0, -1.0), DomainError);
}

TEST_CASE("in_weights: moments of the sums of what a small circuit draws") {
    Circuit circuit = one_population();
    Projection& projection = circuit.projections[0];
    projection.autapses = true;
    projection.weight = {.kind = Distribution::Kind::normal, .location = 5.0, .scale = 2.0};
    const InWeights sums = in_weights(circuit, 0);
    CHECK(sums.mean == doctest::Approx(20.0 * 5.0));
    CHECK(sums.random == doctest::Approx(20.0 * 4.0 + 16.0 * 25.0));
    CHECK(sums.variance == 0.0);
    CHECK(sums.squares == doctest::Approx(20.0 * 29.0));
    projection.rule = AllToAll{};
    projection.weight = {.location = 0.0};
    projection.left = Matrix::Random(100, 2);
    projection.right = Matrix::Random(100, 2);
    const Vector each =
        projection.left * projection.right.transpose() * Vector::Constant(100, 1.0 / 100.0);
    const InWeights low = in_weights(circuit, 0);
    CHECK(low.mean == doctest::Approx(each.mean()));
    CHECK(low.variance == doctest::Approx((each.array() - each.mean()).square().mean()));
}

TEST_CASE("in_weights: given edges are counted one by one") {
    Circuit circuit = one_population();
    circuit.populations[0].size = 3;
    circuit.projections[0].rule =
        Edges{.source = {0, 1, 2}, .target = {0, 0, 1}, .weight = {1.0, 2.0, 4.0}, .delay = {}};
    const InWeights sums = in_weights(circuit, 0);  // 3, 4, 0
    CHECK(sums.mean == doctest::Approx(7.0 / 3.0));
    CHECK(sums.random == doctest::Approx(25.0 / 3.0 - 49.0 / 9.0));
    CHECK(sums.squares == doctest::Approx(21.0 / 3.0));
}

TEST_CASE("rate_unit_equations: rates that differ lognormally are spread by exp(L / Delta_V²)") {
    Circuit circuit = one_population();
    circuit.populations[0].neuron = unit_neuron(Hazard::exponential);
    const RateEquations equations = rate_unit_equations(circuit);
    const auto position = [](const auto& list, const std::string& name) {
        return std::ranges::find(list, name, [](const auto& item) { return item.name; }) -
               list.begin();
    };
    for (const double rate : {0.0, 3.0, 15.0}) {
        Vector state = Vector::Zero(static_cast<Index>(equations.states.size()));
        state[position(equations.states, "y_A")] = rate;
        const Vector found = steady_definitions(equations, state);
        const double lasting = found[position(equations.definitions, "L_A")];
        CHECK((lasting > 0.0) == (rate > 0.0));
        CHECK(1.0 + found[position(equations.definitions, "Q_A")] ==
              doctest::Approx(std::exp(lasting / (1.5 * 1.5))).epsilon(1e-7));
    }
}

TEST_CASE("rate_units: a population may have a space in its name") {
    Circuit circuit = one_population();
    const RateUnitRecording plain = rate_units(circuit, {.duration = 10.0});
    circuit.populations[0].name = circuit.projections[0].source = circuit.projections[0].target =
        circuit.inputs[0].target = "layer 4 E";
    const RateUnitRecording found = rate_units(circuit, {.duration = 10.0});
    CHECK(found.names[0] == "layer 4 E");
    CHECK(found.activity == plain.activity);
    CHECK(rate_unit_equations(circuit).rates[0] == "A_layer_4_E");
}

TEST_CASE("rate_units: without differences and adaptation the rate obeys A = f(m(A))") {
    Circuit circuit = one_population();
    circuit.projections[0].rule = AllToAll{};
    const RateUnitRecording recording =
        rate_units(circuit, {.duration = 10.0, .transient = 2000.0, .closure = Closure::mean});
    const double rate = recording.activity(0, 0);
    const double per_hz = 99.0 * 5.0 * 20.0 * 2.0 / 250.0 * 1e-3;
    const double mean = 30.0 * 20.0 / 250.0 + per_hz * rate;
    CHECK(recording.mean(0, 0) == doctest::Approx(mean).epsilon(1e-9));
    CHECK(
        rate ==
        doctest::Approx(
            effective_transfer(unit_neuron(Hazard::softplus), mean, recording.variance(0, 0)).rate)
            .epsilon(1e-9));
}

TEST_CASE(
    "rate_units: means over bins are of second order in the step, and their error is reported") {
    Circuit circuit = one_population();
    circuit.populations[0].adaptation = {{.tau = 100.0, .q = 1.0}, {.tau = 30.0, .q = 0.5}};
    const auto run = [&](double step) {
        return rate_units(circuit, {.duration = 100.0, .step = step, .bin = 1.0});
    };
    const RateUnitRecording coarse = run(0.5), fine = run(0.25), truth = run(0.03125);
    const double one = (coarse.activity - truth.activity).cwiseAbs().maxCoeff();
    const double half = (fine.activity - truth.activity).cwiseAbs().maxCoeff();
    CHECK(std::log2(one / half) == doctest::Approx(2.0).epsilon(0.1));
    CHECK(coarse.step_error == doctest::Approx(0.75 * one).epsilon(0.2));
}

TEST_CASE("rate_units: stationary differences of input shrink by the square of 1 + b G") {
    Circuit circuit = one_population();
    circuit.projections.clear();
    circuit.populations[0].adaptation = {{.tau = 200.0, .q = 2.0}};
    circuit.populations[0].quenched["V_T_star"] = {
        .kind = Distribution::Kind::normal, .location = 0.0, .scale = 2.0};
    const RateUnitRecording recording =
        rate_units(circuit, {.duration = 10.0, .transient = 5000.0});
    const double variance = recording.variance(0, 0);
    const EffectiveTransfer a =
        effective_transfer(unit_neuron(Hazard::softplus), recording.mean(0, 0), variance);
    const double b = 0.4;  // mV s
    const double divided = 1.0 + b * a.gain;
    CHECK(variance ==
          doctest::Approx(4.0 / (divided * divided) + b * b * a.rate / (2.0 * 0.2 * divided))
              .epsilon(1e-6));
}

TEST_CASE("rate_units: units start at the mean of a quenched rest, not at the number it replaces") {
    Circuit circuit = one_population();
    circuit.projections.clear();
    circuit.inputs.clear();
    circuit.populations[0].quenched["E_L"] = {
        .kind = Distribution::Kind::normal, .location = -5.0, .scale = 1.0};
    const RateUnitRecording recording = rate_units(circuit, {.duration = 20.0});
    CHECK(recording.mean(0, 0) == doctest::Approx(-5.0));
    CHECK(recording.mean(0, 19) == doctest::Approx(-5.0));
    CHECK(recording.variance(0, 19) == doctest::Approx(1.0));
}

TEST_CASE("rate_units: what a rate unit cannot describe is refused by name") {
    const auto contains = [](const std::string& text, const char* part) {
        CHECK_MESSAGE(text.find(part) != std::string::npos, text);
    };
    contains(refusal([](Circuit& c) { c.populations[0].neuron = LeakyNeuron{}; }), "lif neurons");
    contains(refusal([](Circuit& c) { c.projections[0].synapse.conductance = true; }),
             "'A' → 'A': a conductance");
    contains(refusal([](Circuit& c) { c.projections[0].synapse.kind = Synapse::Kind::alpha; }),
             "alpha");
    contains(refusal([](Circuit& c) {
                 c.projections[0].delay = {
                     .kind = Distribution::Kind::uniform, .low = 1.0, .high = 2.0};
             }),
             "delays differ");
    contains(refusal([](Circuit& c) {
                 c.populations[0].quenched["tau_m"] = {
                     .kind = Distribution::Kind::uniform, .low = 10.0, .high = 20.0};
             }),
             "quenched tau_m");
    contains(refusal([](Circuit& c) { c.inputs[0].drive = OrnsteinUhlenbeckInput{}; }),
             "fluctuates");
    contains(refusal([](Circuit& c) {
                 c.projections[0].weight = {.kind = Distribution::Kind::lorentzian, .scale = 1.0};
             }),
             "'A' → 'A'");
}
