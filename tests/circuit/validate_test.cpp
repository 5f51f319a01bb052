#include <doctest/doctest.h>

#include <functional>
#include <limits>
#include <string>

#include "heddle/circuit/circuit.hpp"
#include "heddle/core/error.hpp"

using namespace heddle;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

Circuit sound(const Neuron& neuron = LeakyNeuron{}) {
    Circuit circuit;
    circuit.populations = {{.name = "E", .size = 8, .neuron = neuron},
                           {.name = "I", .size = 2, .neuron = neuron}};
    circuit.projections = {{.source = "E",
                            .target = "I",
                            .rule = FixedIndegree{{.location = 4.0}},
                            .weight = {.location = 25.0},
                            .delay = {.location = 1.5}}};
    circuit.inputs = {{"E", CurrentInput{{0.0, 10.0}, Matrix::Zero(1, 2)}}};
    circuit.readouts = {{.name = "y", .source = "E", .weights = Matrix::Zero(1, 8)}};
    return circuit;
}

template <class Error>
std::string message_of(const Circuit& circuit, double step) {
    try {
        validate(circuit, step);
    } catch (const Error& error) {
        return error.what();
    }
    return "valid";
}

/// What is said of a sound circuit after a change.
std::string message(const std::function<void(Circuit&)>& change,
                    const Neuron& neuron = LeakyNeuron{}, double step = 0.1) {
    Circuit circuit = sound(neuron);
    change(circuit);
    return message_of<Error>(circuit, step);
}

std::string of_population(const std::function<void(Population&)>& change,
                          const Neuron& neuron = LeakyNeuron{}) {
    return message([&](Circuit& circuit) { change(circuit.populations[0]); }, neuron);
}

template <class Law>
std::string of_neuron(const std::function<void(Law&)>& change) {
    return of_population([&](Population& e) { change(std::get<Law>(e.neuron)); }, Law{});
}

std::string of_quenched(const std::string& name, const Distribution& law,
                        const Neuron& neuron = LeakyNeuron{}) {
    return of_population([&](Population& e) { e.quenched[name] = law; }, neuron);
}

std::string of_projection(const std::function<void(Projection&)>& change,
                          const Neuron& neuron = LeakyNeuron{}) {
    return message([&](Circuit& circuit) { change(circuit.projections[0]); }, neuron);
}

std::string of_rule(const Rule& rule) {
    return of_projection([&](Projection& projection) { projection.rule = rule; });
}

template <class Drive>
std::string of_input(const Drive& drive) {
    return message([&](Circuit& circuit) { circuit.inputs[0].drive = drive; });
}

bool contains(const std::string& text, const std::string& part) {
    INFO(text);
    CHECK(text.find(part) != std::string::npos);
    return text.find(part) != std::string::npos;
}

Distribution normal(double mean, double sd) {
    return {.kind = Distribution::Kind::normal, .location = mean, .scale = sd};
}

}  // namespace

TEST_CASE("validate: a sound circuit of every law passes") {
    for (const char* name : {"lif", "gif", "adex", "qif"})
        CHECK(message([](Circuit&) {}, neuron_from(name)) == "valid");
}

TEST_CASE("validate: numbers of neurons, each named with its unit") {
    CHECK(of_neuron<LeakyNeuron>([](auto& n) { n.tau_m = -20.0; }) ==
          "population 'E': tau_m is -20 ms; it must be > 0");
    CHECK(of_neuron<LeakyNeuron>([](auto& n) { n.t_ref = -1.0; }) ==
          "population 'E': t_ref is -1 ms; it must be 0 or more");
    CHECK(of_neuron<LeakyNeuron>([](auto& n) { n.E_L = not_a_number; }) ==
          "population 'E': E_L is nan mV; it must be a finite number");
    CHECK(of_neuron<EscapeNeuron>([](auto& n) { n.Delta_V = 0.0; }) ==
          "population 'E': Delta_V is 0 mV; it must be > 0");
    CHECK(of_neuron<EscapeNeuron>([](auto& n) { n.lambda_floor = -1.0; }) ==
          "population 'E': lambda_floor is -1 Hz; it must be 0 or more");
    CHECK(of_neuron<QuadraticNeuron>([](auto& n) { n.tau_m = 0.0; }) ==
          "population 'E': tau_m is 0 ms; it must be > 0");
}

TEST_CASE("validate: thresholds at or below the reset") {
    CHECK(of_neuron<LeakyNeuron>([](auto& n) { n.V_th = n.V_reset; }) ==
          "population 'E': V_th is -70 mV, not above V_reset -70 mV; a neuron would spike without "
          "end");
    CHECK(of_neuron<ExponentialNeuron>([](auto& n) { n.V_reset = 5.0; }) ==
          "population 'E': V_reset is 5 mV, not below V_peak 0 mV; a neuron would spike without "
          "end");
}

TEST_CASE("validate: hazards that overflow, with the exponent, at rest, reset or where driven") {
    contains(of_neuron<EscapeNeuron>([](auto& n) { n.Delta_V = 0.01, n.E_L = 30.0; }),
             "population 'E': the hazard lambda_0 exp((V - V_T_star) / Delta_V) overflows at rest, "
             "V = 30 mV: the exponent is 1500, at most 700 will do");
    contains(of_neuron<EscapeNeuron>([](auto& n) { n.I_e = 1e6; }),
             "overflows at the potential that input drives it to, V = 80000 mV");
    const auto driven = [](Circuit& circuit) {
        circuit.inputs[0].drive = CurrentInput{{0.0}, Matrix::Constant(1, 1, 1e6)};
    };
    contains(message(driven, EscapeNeuron{}), "V = 80000 mV: the exponent is 39992.5");
    CHECK(message(driven, EscapeNeuron{.hazard = Hazard::softplus}) == "valid");
}

TEST_CASE("validate: hazards that overflow in the tails of quenched laws, five deviations out") {
    // (0 - (15 - 5 · 280)) / 2 = 692.5 will do, 5 mV more will not.
    CHECK(of_quenched("V_T_star", normal(15.0, 280.0), EscapeNeuron{}) == "valid");
    contains(of_quenched("V_T_star", normal(15.0, 284.0), EscapeNeuron{}),
             "overflows at rest, V = 0 mV: the exponent is 702.");
    contains(of_quenched("V_T_star", normal(15.0, 284.0), EscapeNeuron{}),
             "(of quenched laws five standard deviations count; a low and a high narrow them)");
    Distribution law = normal(15.0, 284.0);
    law.low = 0.0;
    CHECK(of_quenched("V_T_star", law, EscapeNeuron{}) == "valid");
    contains(of_quenched("V_m", normal(0.0, 300.0), EscapeNeuron{}),
             "overflows at the initial potential");
    contains(of_quenched("V_reset", normal(0.0, 300.0), EscapeNeuron{}), "overflows at the reset");
    contains(of_quenched("I_e", normal(0.0, 4000.0), EscapeNeuron{}),
             "overflows at the potential that input drives it to");
    law = {Distribution::Kind::uniform, 0.0, 0.0, 0.01, 2.0};
    contains(of_quenched("Delta_V", law, EscapeNeuron{.E_L = 30.0}), "the exponent is 14");
}

TEST_CASE(
    "validate: hazards that overflow where Poisson spikes drive neurons, by kind of synapse") {
    const auto with = [](double rate, double weight, const Synapse& synapse, double stop = 1e9) {
        return message(
            [&](Circuit& circuit) {
                circuit.inputs[0].drive =
                    PoissonInput{.rate = rate, .weight = weight, .synapse = synapse, .stop = stop};
            },
            EscapeNeuron{});
    };
    using enum Synapse::Kind;
    // 1 kHz of 10 nA · 2 ms: 20 nA, and 0.08 mV / pA; with alpha e times that.
    contains(with(1000.0, 1e4, {exponential, 2.0}), "V = 1600 mV");
    CHECK(with(1000.0, 8e3, {exponential, 2.0}) == "valid");
    contains(with(1000.0, 8e3, {alpha, 2.0}), "V = 3479.");
    // 1 kHz of 80 mV, each kept for 20 ms.
    contains(with(1000.0, 80.0, {delta}), "V = 1600 mV");
    // Conductances drive it to between rest and their reversal: 12.5 nS and 25 nS.
    contains(with(1000.0, 12.5, {exponential, 2.0, true, 2400.0}), "V = 1600 mV");
    CHECK(with(1000.0, 12.5, {exponential, 2.0, true, 1400.0}) == "valid");
    // Inhibition that is always there counts, and that which ends does not.
    const auto balanced = [&](double stop) {
        return message(
            [&](Circuit& circuit) {
                const Synapse synapse{exponential, 2.0};
                circuit.inputs = {{"E", PoissonInput{1000.0, 1e4, synapse}},
                                  {"E", PoissonInput{1000.0, -1e4, synapse, 0.0, stop}}};
            },
            EscapeNeuron{});
    };
    CHECK(balanced(std::numeric_limits<double>::infinity()) == "valid");
    contains(balanced(500.0), "V = 1600 mV");
}

TEST_CASE("validate: adaptive exponential neurons that cannot rest or fire, by parameter") {
    const auto adex = [](auto change) { return of_neuron<ExponentialNeuron>(change); };
    contains(adex([](auto& n) { n.V_peak = -55.0; }),
             "population 'E': V_peak is -55 mV, not above V_th -50.4 mV");
    contains(adex([](auto& n) { n.a = -30.0; }),
             "population 'E': a is -30 nS, not above -g_L = -30 nS: no potential is stable");
    contains(adex([](auto& n) { n.Delta_T = 0.01; }),
             "exp((V_peak - V_th) / Delta_T) overflows: the exponent is 5040, at most 700");
    CHECK(adex([](auto& n) { n.V_reset = -46.0; }) == "valid");  // Bursts.
}

TEST_CASE("validate: populations: sizes, names, noise and adaptation") {
    CHECK(of_population([](auto& e) { e.size = -3; }) ==
          "population 'E': size is -3; it must be at least 1");
    CHECK(of_population([](auto& e) { e.name = "I"; }) ==
          "population 'I': two have this name; give each its own");
    contains(of_population([](auto& e) { e.name = ""; }), "every population needs a name");
    CHECK(of_population([](auto& e) { e.noise.sigma = -1.0; }) ==
          "population 'E': noise sigma is -1 mV; it must be 0 or more");
    CHECK(of_population([](auto& e) { e.adaptation = {{.tau = 0.0}}; }) ==
          "population 'E': adaptation[0] tau is 0 ms; it must be > 0");
    for (const char* name : {"adex", "qif"})
        contains(of_population([](auto& e) { e.adaptation = {{}}; }, neuron_from(name)),
                 "adaptation[0] moves a threshold, which " + std::string(name) +
                     " neurons do not have; use a current");
    CHECK(message([](Circuit& circuit) { circuit = {}; }) ==
          "circuit: it has no population; give at least one");
}

TEST_CASE("validate: quenched laws: unknown names, and what they may draw") {
    CHECK(of_quenched("V_thh", normal(1.0, 1.0)) ==
          "population 'E': lif neurons have no parameter 'V_thh' to be quenched; did you mean "
          "'V_th'?");
    contains(of_quenched("t_ref", normal(2.0, 1.0), QuadraticNeuron{}),
             "qif neurons have no parameter 't_ref' to be quenched");
    contains(of_quenched("q_sfa[0]", normal(2.0, 1.0)), "no parameter 'q_sfa[0]'");
    CHECK(of_quenched("tau_m", normal(20.0, 1.0)) ==
          "population 'E': quenched tau_m may be drawn at or below 0 ms; give its law a low > 0");
    CHECK(
        of_quenched("t_ref", normal(20.0, 1.0)) ==
        "population 'E': quenched t_ref may be drawn below 0 ms; give its law a low of 0 or more");
    CHECK(of_quenched("tau_m", {.location = -1.0}) ==
          "population 'E': quenched tau_m is -1 ms; it must be > 0");
    // The number that a law replaces, here a V_th of −55 mV below V_reset, does not matter.
    const Distribution above{.kind = Distribution::Kind::uniform, .low = 14.0, .high = 16.0};
    const auto replaced = [&](Population& e) {
        e.neuron = LeakyNeuron{.V_reset = 0.0};
        e.quenched["V_th"] = above;
    };
    CHECK(of_population(replaced) == "valid");
    contains(of_quenched("V_th", normal(-55.0, 1.0)),
             "V_th may be drawn as low as -inf mV, not above the highest V_reset, -70 mV");
    contains(of_quenched("I_e", normal(0.0, -1.0)), "quenched I_e");
    Distribution lognormal = normal(20.0, 5.0);
    lognormal.kind = Distribution::Kind::lognormal;
    lognormal.low = 1.0;
    CHECK(of_quenched("tau_m", lognormal) == "valid");
    CHECK(of_quenched("V_m", normal(-65.0, 5.0)) == "valid");
    CHECK(of_quenched("V_T_star", normal(15.0, 1.0), EscapeNeuron{}) == "valid");
    const auto adapts = [](Population& e) {
        e.adaptation = {{Adaptation::Kind::current}, {Adaptation::Kind::threshold}};
        e.quenched["q_sfa[0]"] = e.quenched["q_stc[0]"] = normal(1.0, 1.0);
    };
    CHECK(of_population(adapts) == "valid");
}

TEST_CASE("validate: projections: unknown populations, degrees, probabilities and edges") {
    CHECK(of_projection([](auto& p) { p.target = "J"; }) ==
          "projection 'E' → 'J': there is no population 'J'; it has E, I");
    CHECK(of_rule(FixedIndegree{{.location = 9.0}}) ==
          "projection 'E' → 'I': indegree is 9, but 'E' has 8 neurons to choose from; give at most "
          "8, or multapses");
    CHECK(of_rule(FixedIndegree{{.location = 9.0}, true}) == "valid");
    contains(of_rule(FixedIndegree{normal(4.0, 1.0)}), "indegree may be drawn below 0");
    contains(of_rule(FixedOutdegree{{.location = 3.0}}), "outdegree is 3, but 'I' has 2 neurons");
    CHECK(of_projection([](auto& p) {
              p.target = "E";
              p.rule = FixedIndegree{{.location = 8.0}};
          }) ==
          "projection 'E' → 'E': indegree is 8, but 'E' has 7 neurons to choose from; give "
          "at most 7, or multapses");
    CHECK(of_rule(FixedTotal{-1}) == "projection 'E' → 'I': synapses is -1; it must be 0 or more");
    CHECK(of_rule(Bernoulli{1.5}) ==
          "projection 'E' → 'I': p is 1.5; it must be a probability, 0 to 1");
    contains(of_rule(CorrelatedDegrees{0.1, 0.5, 0.5, 0.3}), "needs one population");
    contains(of_rule(CorrelatedDegrees{0.1, -0.5, 0.5, 0.0}), "in_cv is -0.5");
    contains(of_rule(CorrelatedDegrees{0.1, 0.5, 0.5, 2.0}), "correlation is 2; it must be in");
    contains(of_rule(OneToOne{}), "one_to_one needs populations of one size; found 8 and 2");
    contains(of_rule(Edges{{8}, {0}, {}, {}}), "names neuron 8; 'E' has neurons 0 to 7");
    contains(of_rule(Edges{{0}, {2}, {}, {}}), "names neuron 2; 'I' has neurons 0 to 1");
    contains(of_rule(Edges{{0, 1}, {0}, {}, {}}), "the edges' target has shape 1; expected 2.");
    contains(of_rule(Edges{{0}, {0}, {1.0, 2.0}, {}}), "the edges' weight has shape 2");
    contains(of_rule(Edges{{0}, {0}, {}, {-1.0}}), "the delay of an edge is -1 ms");
}

TEST_CASE("validate: weights, delays and low rank") {
    const auto conductance = [](Projection& p) {
        p.synapse.conductance = true;
        p.weight.location = -1.0;
    };
    contains(of_projection(conductance), "weight may be negative, -1 nS, but a conductance cannot");
    contains(of_projection([](auto& p) { p.weight = {Distribution::Kind::lognormal, 0.0, 1.0}; }),
             "weight");
    CHECK(of_projection([](auto& p) { p.delay.location = 0.0; }) ==
          "projection 'E' → 'I': delay is 0 ms; it must be > 0");
    contains(of_projection([](auto& p) { p.delay = normal(1.0, 0.5); }),
             "delay may be drawn at or below 0 ms; give its law a low > 0");
    contains(
        of_projection([](auto& p) { p.left = Matrix::Ones(3, 1), p.right = Matrix::Ones(8, 1); }),
        "left has shape 3 × 1; expected 2 rows, one for each neuron of 'I'");
    contains(
        of_projection([](auto& p) { p.left = Matrix::Ones(2, 1), p.right = Matrix::Ones(8, 2); }),
        "right has shape 8 × 2; expected 8 × 1");
}

TEST_CASE("validate: synapses: time constants, and conductances where there can be none") {
    CHECK(of_projection([](auto& p) { p.synapse.tau_syn = -1.0; }) ==
          "projection 'E' → 'I': tau_syn is -1 ms; it must be > 0");
    contains(of_projection([](auto& p) { p.synapse = {Synapse::Kind::delta, 2.0, true}; }),
             "a delta synapse cannot be a conductance");
    contains(of_projection([](auto& p) { p.synapse.conductance = true; }, QuadraticNeuron{}),
             "quadratic neurons are dimensionless and take no conductance");
}

TEST_CASE("validate: inputs and readouts") {
    contains(message([](Circuit& circuit) { circuit.inputs[0].target = "X"; }),
             "input 0: there is no population 'X'");
    contains(of_input(CurrentInput{}), "times is empty");
    contains(of_input(CurrentInput{{1.0, 1.0}, Matrix::Zero(1, 2)}),
             "input 0 (to 'E'): times must increase; found 1 ms after 1 ms");
    contains(of_input(CurrentInput{{1.0}, Matrix::Zero(3, 1)}),
             "values has shape 3 × 1; expected 1 × 1 or 8 × 1");
    contains(of_input(PoissonInput{.rate = -5.0}), "rate is -5 Hz; it must be 0 or more");
    contains(of_input(PoissonInput{.weight = not_a_number}), "weight is nan");
    contains(of_input(PoissonInput{.stop = 0.0}), "stop is 0 ms, not after start 0 ms");
    contains(of_input(PoissonInput{.weight = -1.0, .synapse = {.conductance = true}}),
             "weight is -1 nS, but a conductance cannot be negative");
    contains(of_input(OrnsteinUhlenbeckInput{.tau = 0.0}), "tau is 0 ms; it must be > 0");
    contains(message([](Circuit& circuit) { circuit.readouts[0].source = "X"; }),
             "readout 'y': there is no population 'X'");
    contains(message([](Circuit& circuit) { circuit.readouts[0].weights = Matrix::Zero(1, 3); }),
             "readout 'y': weights has shape 1 × 3; expected 8 columns");
}

TEST_CASE("validate: a time step longer than delays or time constants") {
    const auto at = [](double step) { return message([](Circuit&) {}, LeakyNeuron{}, step); };
    contains(at(0.0), "step is 0 ms; it must be > 0");
    contains(at(11.0), "population 'E': tau_m is 10 ms, below the time step 11 ms");
    contains(at(2.0), "projection 'E' → 'I': delay is 1.5 ms, below the time step 2 ms");
    CHECK(at(1.5) == "valid");
    const auto brief = [](Circuit& circuit) { circuit.projections[0].synapse.tau_syn = 0.05; };
    contains(message(brief), "tau_syn is 0.05 ms, below the time step 0.1 ms");
}
