#include <doctest/doctest.h>

#include "heddle/core/error.hpp"
#include "heddle/population/mesoscopic.hpp"

using namespace heddle;

namespace {

Circuit pair() {
    Circuit circuit;
    for (const char* name : {"E", "I"})
        circuit.populations.push_back({.name = name,
                                       .size = 100,
                                       .neuron = EscapeNeuron{},
                                       .noise = {},
                                       .adaptation = {},
                                       .quenched = {}});
    circuit.projections.push_back({.source = "E",
                                   .target = "I",
                                   .rule = AllToAll{},
                                   .synapse = {},
                                   .weight = {.location = 1.0},
                                   .delay = {.location = 1.0},
                                   .left = {},
                                   .right = {}});
    return circuit;
}

Circuit with(const Neuron& neuron) {
    Circuit circuit = pair();
    circuit.populations[0].neuron = neuron;
    return circuit;
}

Circuit driven(const std::variant<CurrentInput, PoissonInput, OrnsteinUhlenbeckInput>& drive) {
    Circuit circuit = pair();
    circuit.inputs = {{"E", drive}};
    return circuit;
}

std::string message_of(const Circuit& circuit, const MesoscopicOptions& options = {}) {
    try {
        (void)mesoscopic(circuit, options);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

bool starts(const std::string& text, const std::string& with) {
    return text.rfind(with, 0) == 0;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("mesoscopic: neurons without a hazard are refused, with what describes them") {
    CHECK(message_of(with(LeakyNeuron{})) ==
          "population 'E': lif neurons have no hazard that is a function of the mean input; give "
          "them escape noise (neuron 'gif'), or simulate them");
    CHECK(has(message_of(with(ExponentialNeuron{})), "adex neurons have no hazard"));
    const auto quadratic = message_of(with(QuadraticNeuron{}));
    CHECK(has(quadratic, "qif neurons have no hazard"));
    CHECK(has(quadratic, "quadratic_rates has their exact equations"));
}

TEST_CASE("mesoscopic: what differs between neurons is refused by name") {
    Circuit circuit = pair();
    circuit.populations[0].noise.sigma = 1.5;
    CHECK(starts(message_of(circuit),
                 "population 'E': noise sigma is 1.5 mV: with noise of its own no two neurons"));
    circuit = pair();
    circuit.populations[1].quenched["tau_m"] = {Distribution::Kind::uniform, 0.0, 0.0, 15.0, 25.0};
    CHECK(starts(message_of(circuit),
                 "population 'I': quenched tau_m differs between neurons, and a population is one "
                 "here; split it into populations with a value each, or simulate"));
    circuit = pair();
    circuit.populations[1].quenched["V_m"] = {Distribution::Kind::uniform, 0.0, 0.0, 0.0, 5.0};
    CHECK(message_of(circuit).empty());
}

TEST_CASE("mesoscopic: currents of adaptation in neurons that are reset are refused") {
    Circuit circuit = pair();
    circuit.populations[0].adaptation = {{Adaptation::Kind::threshold, 100.0, 1.0},
                                         {Adaptation::Kind::current, 100.0, 1.0}};
    const auto message = message_of(circuit);
    CHECK(starts(message, "population 'E': adaptation[1] is a current"));
    CHECK(has(message, "move the threshold instead"));
    circuit.populations[0].neuron = EscapeNeuron{.reset = false};
    CHECK(message_of(circuit).empty());
}

TEST_CASE("mesoscopic: thresholds that one spike lowers by many Delta_V are refused") {
    Circuit circuit = pair();
    circuit.populations[0].adaptation = {{Adaptation::Kind::threshold, 50.0, -12.0}};
    CHECK(starts(message_of(circuit),
                 "population 'E': a spike lowers the threshold by 12 mV, 6 Delta_V"));
    circuit.populations[0].adaptation[0].q = -2.0;
    CHECK(message_of(circuit).empty());
}

TEST_CASE("mesoscopic: connections that a mean does not describe are refused by name") {
    const std::string who = "projection 'E' → 'I': ";
    Circuit circuit = pair();
    Projection& projection = circuit.projections[0];
    projection.synapse = {.conductance = true, .E_rev = 60.0};
    CHECK(starts(message_of(circuit), who + "its synapses are conductances"));
    projection.synapse = {};
    projection.delay = {Distribution::Kind::uniform, 0.0, 0.0, 1.0, 2.0};
    CHECK(starts(message_of(circuit), who + "the delay differs between synapses"));
    projection.delay = {.location = 1.0};
    projection.left = Matrix::Ones(100, 1);
    projection.right = Matrix::Ones(100, 1);
    CHECK(starts(message_of(circuit), who + "left and right give every neuron an input"));
    projection.left = projection.right = {};
    projection.rule = Edges{{0, 1}, {2, 3}, {}, {1.0, 2.5}};
    CHECK(starts(message_of(circuit), who + "delays of the edges reach from 1 ms to 2.5 ms"));
    projection.rule = Edges{{0, 1}, {2, 3}, {1.0, 2.0}, {1.5, 1.5}};
    CHECK(message_of(circuit).empty());
    projection.rule = AllToAll{};
    projection.weight = {.kind = Distribution::Kind::lorentzian, .location = 1.0, .scale = 1.0};
    CHECK(starts(message_of(circuit), who + "weights enter by their mean: "));
}

TEST_CASE("mesoscopic: private inputs are refused with the current that has their mean") {
    // 2 kHz of 5 pA that last 3 ms.
    const auto poisson = message_of(
        driven(PoissonInput{.rate = 2000.0, .weight = 5.0, .synapse = {.tau_syn = 3.0}}));
    CHECK(starts(poisson, "input 0 (to 'E'): Poisson spikes come to each neuron by itself"));
    CHECK(has(poisson, "give a CurrentInput of 30 pA"));
    // 1 kHz of 0.1 mV: 0.1 mV / ms times 250 pF.
    CHECK(has(message_of(driven(PoissonInput{
                  .rate = 1000.0, .weight = 0.1, .synapse = {.kind = Synapse::Kind::delta}})),
              "a CurrentInput of 25 pA"));
    const auto noise =
        message_of(driven(OrnsteinUhlenbeckInput{.mean = 40.0, .sigma = 10.0, .tau = 5.0}));
    CHECK(has(noise, "share it, where only its mean matters give a CurrentInput of 40 pA"));
    CHECK(message_of(driven(OrnsteinUhlenbeckInput{40.0, 10.0, 5.0, true})).empty());
    CHECK(has(message_of(driven(CurrentInput{{0.0}, Matrix::Ones(100, 1)})),
              "values has a row for each neuron"));
}

TEST_CASE("mesoscopic: neurons that spike several times in a step are refused") {
    const EscapeNeuron neuron{.V_reset = 25.0, .t_ref = 0.0};
    // 10 exp(5) = 1484 Hz.
    const auto message = message_of(with(neuron), {.step = 1.0});
    CHECK(starts(message, "population 'E': the hazard at V_reset is 1484.13 Hz"));
    CHECK(has(message, "a step of 0.336"));
    CHECK(message_of(with(neuron), {.step = 0.25}).empty());
}

TEST_CASE("mesoscopic: bad options are refused by name") {
    CHECK(message_of(pair(), {.duration = -1.0}) ==
          "mesoscopic: duration is -1 ms; it must be 0 or more");
    CHECK(message_of(pair(), {.step = 0.0}) == "mesoscopic: step is 0 ms; it must be > 0");
    CHECK(message_of(pair(), {.bin = 0.7}) ==
          "mesoscopic: bin is 0.7 ms; it must be a multiple of the step, 0.5 ms");
    CHECK(starts(message_of(pair(), {.history = 2.0}),
                 "population 'E': t_ref is 4 ms, beyond the history of 2 ms"));
    CHECK(has(message_of(pair(), {.step = 1.5, .bin = 1.5}), "below the time step"));
}
