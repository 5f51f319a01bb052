#include "heddle/population/quadrature_populations.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "heddle/core/error.hpp"
#include "heddle/population/rate_units.hpp"
#include "population/in_weights.hpp"

using namespace heddle;

namespace {

EscapeNeuron plain() {
    return {.V_T_star = 0.0, .t_ref = 0.0, .Delta_V = 1.5, .lambda_0 = 7.0, .reset = false};
}

Circuit recurrent(Index size = 1000) {
    Circuit circuit;
    circuit.populations.push_back({"A", size, plain()});
    circuit.projections.push_back({.source = "A",
                                   .target = "A",
                                   .rule = AllToAll{},
                                   .synapse = {},
                                   .weight = {.location = -0.2},
                                   .delay = {.location = 1.0}});
    return circuit;
}

std::string refusal(const std::function<void(Circuit&)>& change,
                    const QuadratureOptions& options = {}) {
    Circuit circuit = recurrent();
    circuit.populations[0].quenched["V_T_star"] = {Distribution::Kind::normal, 1.0, 2.0};
    change(circuit);
    try {
        (void)quadrature_populations(circuit, options);
    } catch (const DomainError& error) {
        return error.what();
    }
    return "";
}

double threshold(const Population& population) {
    return std::get<EscapeNeuron>(population.neuron).V_T_star;
}

/// Σ_q ω_q f(population q).
double average(const QuadraturePopulations& split,
               const std::function<double(const Population&)>& f) {
    double sum = 0.0;
    for (std::size_t q = 0; q < split.circuit.populations.size(); ++q)
        sum += split.weights(0, static_cast<Index>(q)) * f(split.circuit.populations[q]);
    return sum;
}

/// The sum of weights that a neuron of a part gets from all parts.
double in_weight(const QuadraturePopulations& split, const std::string& target) {
    double sum = 0.0;
    for (const Projection& one : split.circuit.projections)
        if (one.target == target)
            sum += one.weight.location *
                   static_cast<double>(
                       split.circuit.populations[population_index(split.circuit, one.source)].size);
    return sum;
}

}  // namespace

TEST_CASE("quadrature_populations: parts have a normal parameter's moments, and its neurons") {
    Circuit circuit = recurrent(1003);
    circuit.populations[0].quenched["V_T_star"] = {Distribution::Kind::normal, 1.0, 2.0};
    const QuadraturePopulations split = quadrature_populations(circuit, {.nodes = 7});
    REQUIRE(split.circuit.populations.size() == 7);
    const auto moment = [&](int k) {
        return average(split, [&](const Population& one) {
            return std::pow(0.5 * (threshold(one) - 1.0), k);
        });
    };
    const double normal[] = {1.0, 0.0, 1.0, 0.0, 3.0, 0.0, 15.0, 0.0, 105.0};
    for (int k = 0; k < 9; ++k) CHECK(moment(k) == doctest::Approx(normal[k]).epsilon(1e-9));
    Index neurons = 0;
    for (const Population& one : split.circuit.populations) {
        CHECK(one.quenched.empty());
        CHECK(one.size >= 1);
        neurons += one.size;
    }
    CHECK(neurons == 1003);
    CHECK(split.labels == std::vector<std::string>{"A: quenched V_T_star"});
}

TEST_CASE("quadrature_populations: what does not differ stays as it is") {
    Circuit circuit = recurrent();
    circuit.populations[0].quenched["V_m"] = {Distribution::Kind::normal, 1.0, 2.0};
    const QuadraturePopulations split = quadrature_populations(circuit);
    CHECK(split.weights == Matrix::Ones(1, 1));
    CHECK(split.circuit.populations[0].name == "A");
    CHECK(split.circuit.populations[0].quenched.contains("V_m"));
    CHECK(split.circuit.projections[0].weight == circuit.projections[0].weight);
    CHECK(split.labels.empty());
}

TEST_CASE("quadrature_populations: in-weights over parts have the cumulants of drawn synapses") {
    for (const bool skewed : {false, true}) {
        Circuit circuit = recurrent();
        circuit.projections[0].rule = Bernoulli{0.1};
        circuit.projections[0].weight = {Distribution::Kind::lognormal, -2.0, 3.0};
        const QuadraturePopulations split =
            quadrature_populations(circuit, {.nodes = 5, .skewed = skewed});
        const InWeights drawn = in_weights(circuit, 0);
        const auto central = [&](int k) {
            return average(split, [&](const Population& one) {
                return std::pow(in_weight(split, one.name) - drawn.mean, k);
            });
        };
        CHECK(std::abs(central(1)) < 1e-10 * std::abs(drawn.mean));
        CHECK(central(2) == doctest::Approx(drawn.variance + drawn.random).epsilon(1e-9));
        // κ₃ = N (p ⟨w³⟩ − 3 p² ⟨w⟩ ⟨w²⟩ + 2 p³ ⟨w⟩³); ⟨w³⟩ = w³ (1 + CV²)³.
        const double w = -2.0, w2 = 13.0, w3 = w * w * w * std::pow(13.0 / 4.0, 3);
        const double third = 999.0 * (0.1 * w3 - 0.03 * w * w2 + 0.002 * w * w * w);
        CHECK(central(3) == doctest::Approx(skewed ? third : 0.0)
                                .epsilon(1e-8)
                                .scale(skewed ? 0.0 : std::abs(third)));
    }
}

TEST_CASE("quadrature_populations: low-rank in-weights are those of `left` and the mean `right`") {
    Circuit circuit = recurrent(50);
    circuit.projections[0].weight = {.location = 0.0};
    circuit.projections[0].autapses = true;
    circuit.projections[0].left = Matrix::Random(50, 2);
    circuit.projections[0].right = Matrix::Random(50, 2);
    const Vector each =
        circuit.projections[0].left * circuit.projections[0].right.colwise().mean().transpose();
    const QuadraturePopulations split = quadrature_populations(circuit, {.nodes = 3});
    const auto moment = [&](int k) {
        return average(
            split, [&](const Population& one) { return std::pow(in_weight(split, one.name), k); });
    };
    for (int k = 1; k <= 3; ++k)
        CHECK(moment(k) == doctest::Approx(each.array().pow(k).mean()).epsilon(1e-9));
}

TEST_CASE("quadrature_populations: exponential neurons with normal thresholds add up exactly") {
    Circuit circuit = recurrent();
    circuit.projections.clear();
    circuit.populations[0].quenched["V_T_star"] = {Distribution::Kind::normal, 1.0, 2.0};
    circuit.populations[0].quenched["I_e"] = {Distribution::Kind::normal, 5.0, 10.0};
    const QuadraturePopulations split = quadrature_populations(circuit, {.nodes = 12});
    CHECK(split.circuit.populations.size() == 144);
    const RateUnitRecording parts =
        rate_units(split.circuit, {.duration = 10.0, .transient = 500.0});
    const double rate = (split.weights * parts.activity)(0, 0);
    const double variance = 4.0 + 0.64;  // mV²: 10 pA make 0.8 mV.
    CHECK(
        rate ==
        doctest::Approx(7.0 * std::exp((0.4 - 1.0) / 1.5 + variance / (2.0 * 2.25))).epsilon(1e-6));
}

TEST_CASE("quadrature_populations: what cannot be split is refused by name and number") {
    const auto contains = [](const std::string& text, const char* part) {
        CHECK_MESSAGE(text.find(part) != std::string::npos, text);
    };
    contains(refusal([](Circuit& c) {
                 for (const char* name : {"E_L", "I_e"})
                     c.populations[0].quenched[name] = {Distribution::Kind::normal, 1.0, 2.0};
             }),
             "9 nodes of each make 729 populations");
    contains(refusal([](Circuit& c) { c.populations[0].size = 8; }), "of 8 neurons; give fewer");
    contains(refusal([](Circuit& c) { c.projections[0].rule = OneToOne{}; }), "join given neurons");
    contains(
        refusal([](Circuit& c) { c.projections[0].rule = CorrelatedDegrees{0.1, 0.3, 0.3, 0.5}; }),
        "in- and out-degrees go together");
    contains(refusal([](Circuit& c) {
                 c.inputs.push_back({"A", OrnsteinUhlenbeckInput{.sigma = 1.0, .shared = true}});
             }),
             "its noise is shared");
    contains(refusal([](Circuit& c) {
                 c.inputs.push_back({"A", CurrentInput{{0.0, 5.0}, Matrix::Random(1000, 2)}});
             }),
             "changes in time and differs");
    contains(refusal([](Circuit& c) {
                 c.projections[0].weight = {.kind = Distribution::Kind::lorentzian, .scale = 1.0};
             }),
             "weight or degree");
    contains(refusal([](Circuit&) {}, {.nodes = 1}), "nodes is 1");
    contains(refusal([](Circuit&) {}, {.spread = 0.5}), "spread is 0.5");
    contains(refusal([](Circuit&) {}, {.most = 0}), "most is 0");
}
