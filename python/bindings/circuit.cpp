#include "heddle/circuit/circuit.hpp"

#include <nanobind/nanobind.h>

#include <sstream>

#include "circuit_values.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const Population& population) {
    std::ostringstream text;
    text << "Population('" << population.name << "', " << population.size << " "
         << heddle::name_of(population.neuron) << " neurons)";
    return text.str();
}

std::string describe(const Synapse& synapse) {
    std::ostringstream text;
    text << "Synapse(" << name_of(synapse.kind);
    if (synapse.kind != Synapse::Kind::delta) text << ", tau_syn " << synapse.tau_syn << " ms";
    if (synapse.conductance) text << ", conductance, E_rev " << synapse.E_rev << " mV";
    text << ")";
    return text.str();
}

std::string describe(const Projection& projection) {
    return "Projection('" + projection.source + "' → '" + projection.target + "', " +
           name_of(projection.rule) + ")";
}

std::string describe(const Input& input) {
    constexpr const char* kinds[] = {"current", "Poisson", "Ornstein–Uhlenbeck"};
    return std::string("Input(") + kinds[input.drive.index()] + " to '" + input.target + "')";
}

std::string describe(const SpikeReadout& readout) {
    std::ostringstream text;
    text << "SpikeReadout('" << readout.name << "', " << readout.weights.rows() << " of '"
         << readout.source << "', tau " << readout.tau << " ms)";
    return text.str();
}

std::string describe(const Circuit& circuit) {
    std::ostringstream text;
    text << "Circuit(" << circuit.populations.size() << " populations, " << neurons_of(circuit)
         << " neurons, " << circuit.projections.size() << " projections, " << circuit.inputs.size()
         << " inputs, " << circuit.readouts.size() << " readouts)";
    return text.str();
}

void bind_population(nb::module_& module) {
    Value<Population>(module, "Population", R"(Neurons that share a law.

    name        of the population
    size        number of neurons N
    neuron      a LeakyNeuron, EscapeNeuron, ExponentialNeuron or QuadraticNeuron; or "lif", "gif",
                "adex", "qif" with the default parameters
    noise       Noise that each receives; none
    adaptation  list of Adaptation; empty
    quenched    parameters that differ between neurons: {name: Distribution}. Any parameter of the
                law, "sigma", "q_sfa[0]", "tau_stc[1]", … (position among those of its kind), and
                "V_m", the potential at t = 0 (E_L if not given; 0 for the quadratic neuron)

`Circuit` says what is wrong with one.)",
                      [](const Population& population) { return describe(population); })
        .required("name", &Population::name, "Of the population.")
        .required("size", &Population::size, "Number of neurons N.")
        .required("neuron", &Population::neuron, "Their law.")
        .optional("noise", &Population::noise, "Noise that each receives.")
        .optional("adaptation", &Population::adaptation, "List of Adaptation.")
        .optional("quenched", &Population::quenched, "Parameters that differ between neurons.")
        .done();
}

void bind_synapse(nb::module_& module) {
    Value<Synapse>(module, "Synapse", R"(What an arriving spike of weight w does to its target:

    delta        V jumps by w, mV
    exponential  current w exp(−t / tau_syn), pA
    alpha        current w (e t / tau_syn) exp(−t / tau_syn), pA: its peak is w

With `conductance` the same is a conductance, nS, and drives the current g (E_rev − V). Into a
quadratic neuron weights are dimensionless, as V and I are.

    kind         "delta", "exponential" or "alpha"; "exponential"
    tau_syn      ms; 2; not used by delta
    conductance  False; never for delta or into quadratic neurons
    E_rev        mV; 0; used with conductance only)",
                   [](const Synapse& synapse) { return describe(synapse); })
        .optional("kind", &Synapse::kind, "\"delta\", \"exponential\" or \"alpha\".")
        .optional("tau_syn", &Synapse::tau_syn, "ms.")
        .optional("conductance", &Synapse::conductance, "Is it one, or a current?")
        .optional("E_rev", &Synapse::E_rev, "mV.")
        .done();
}

void bind_projection(nb::module_& module) {
    Value<Projection>(module, "Projection", R"(Synapses from one population onto another.

    J_ij = χ_ij + (1 / N_source) Σ_m left[i, m] right[j, m] ,   χ_ij drawn from `weight`

    source    name of a population
    target    name of a population
    rule      "all_to_all", "one_to_one", FixedIndegree, FixedOutdegree, FixedTotal, Bernoulli,
              CorrelatedDegrees or Edges
    weight    χ: a number or a Distribution, in the unit of the synapse (mV, pA or nS); not used if
              the rule is Edges with weights of their own
    delay     ms: a number or a Distribution; rounded to the time step, at least one
    synapse   a Synapse, or its kind; exponential with 2 ms
    left      shape (N_target, rank); none
    right     shape (N_source, rank); none
    autapses  may a neuron connect to itself? False)",
                      [](const Projection& projection) { return describe(projection); })
        .required("source", &Projection::source, "Name of a population.")
        .required("target", &Projection::target, "Name of a population.")
        .required("rule", &Projection::rule, "Which neurons connect.")
        .required("weight", &Projection::weight, "χ, in the unit of the synapse.")
        .required("delay", &Projection::delay, "ms.")
        .optional("synapse", &Projection::synapse, "What a spike does to its target.")
        .optional("left", &Projection::left, "Shape (N_target, rank); may be empty.")
        .optional("right", &Projection::right, "Shape (N_source, rank).")
        .optional("autapses", &Projection::autapses, "May a neuron connect to itself?")
        .done();
}

void bind_readout(nb::module_& module) {
    Value<SpikeReadout>(module, "SpikeReadout", R"(Filtered spike trains of one population, Hz:

    y(t) = Σ_j weights[:, j] (ε ∗ S_j)(t) ,   ε = exp(−t / tau) / tau

    name     of the readout
    source   name of a population
    weights  shape (d, N)
    tau      ms; 100)",
                        [](const SpikeReadout& readout) { return describe(readout); })
        .required("name", &SpikeReadout::name, "Of the readout.")
        .required("source", &SpikeReadout::source, "Name of a population.")
        .required("weights", &SpikeReadout::weights, "Shape (d, N).")
        .optional("tau", &SpikeReadout::tau, "ms.")
        .done();
    Value<Input>(module, "Input", R"(What reaches a population from outside.

    target  name of a population
    drive   a CurrentInput, PoissonInput or OrnsteinUhlenbeckInput)",
                 [](const Input& input) { return describe(input); })
        .required("target", &Input::target, "Name of a population.")
        .required("drive", &Input::drive, "What it is.")
        .done();
}

void bind_value(nb::module_& module) {
    Value<Circuit>(module, "Circuit", R"(Populations of spiking neurons, a plain value.

    populations  list of Population
    projections  list of Projection; none
    inputs       list of Input; none
    readouts     list of SpikeReadout; none

Raises ShapeError or DomainError, naming the population, projection or input and the key.)",
                   [](const Circuit& circuit) { return describe(circuit); })
        .required("populations", &Circuit::populations, "List of Population.")
        .optional("projections", &Circuit::projections, "List of Projection.")
        .optional("inputs", &Circuit::inputs, "List of Input.")
        .optional("readouts", &Circuit::readouts, "List of SpikeReadout.")
        .check([](Circuit& circuit) { validate(circuit); })
        .done()
        .def_prop_ro("size", &neurons_of, "Number of neurons, of all populations.")
        .def(
            "index",
            [](const Circuit& circuit, const std::string& name) {
                return population_index(circuit, name);
            },
            "name"_a, "Position of a population. Raises DomainError with a did-you-mean.")
        .def(
            "validate", [](const Circuit& circuit, double step) { validate(circuit, step); },
            "step"_a,
            "Raises DomainError for what a time step (ms) cannot resolve: delays below it, time "
            "constants below it.")
        .def(
            "ports",
            [](const Circuit& circuit, const std::string& name) {
                return ports_of(circuit, population_index(circuit, name));
            },
            "name"_a,
            "The distinct synapses onto a population, from projections first, then Poisson "
            "inputs.");
}

}  // namespace

void bind_circuit(nb::module_& module) {
    bind_population(module);
    bind_synapse(module);
    bind_projection(module);
    bind_readout(module);
    bind_value(module);
}

}  // namespace heddle::python
