#include <algorithm>
#include <numbers>

#include "circuit/checks.hpp"
#include "circuit/expected_synapses.hpp"
#include "heddle/population/quadratic.hpp"
#include "network/checks.hpp"
#include "population/quadratic_checks.hpp"
#include "population/quadratic_flow.hpp"

namespace heddle {
namespace {

constexpr double per_ms = 1e-3;  // 1 Hz.

Index index_of(const Circuit& circuit, const std::string& name) {
    return static_cast<Index>(population_index(circuit, name));
}

/// q: what a spike of weight 1 brings, ms.
double charge_of(const Synapse& synapse, double tau_m) {
    switch (synapse.kind) {
        case Synapse::Kind::delta:
            return tau_m;
        case Synapse::Kind::exponential:
            return synapse.tau_syn;
        case Synapse::Kind::alpha:
            return std::numbers::e * synapse.tau_syn;
    }
    return 0.0;
}

/// The filter, added unless there is one that does the same.
Index filter_for(QuadraticRates& equations, const RateFilter& filter) {
    const auto same = [&](const RateFilter& other) {
        return other.source == filter.source && other.synapse == filter.synapse &&
               other.delay == filter.delay;
    };
    const auto found = std::ranges::find_if(equations.filters, same);
    const Index position = found - equations.filters.begin();
    if (found == equations.filters.end()) equations.filters.push_back(filter);
    return position;
}

void add_populations(const Circuit& circuit, QuadraticRates& equations) {
    const auto count = static_cast<Index>(circuit.populations.size());
    for (Vector* column : {&equations.tau, &equations.eta, &equations.delta}) column->resize(count);
    for (Index a = 0; a < count; ++a) {
        const Population& population = circuit.populations[static_cast<std::size_t>(a)];
        const Distribution eta = law_of(population, "eta");
        equations.names.push_back(population.name);
        equations.tau[a] = std::get<QuadraticNeuron>(population.neuron).tau_m;
        equations.eta[a] = eta.location;
        equations.delta[a] = eta.scale;
        for (const Adaptation& item : population.adaptation)
            equations.adaptations.push_back({a, item.tau, per_ms * item.q * item.tau});
    }
}

void add_projection(const Circuit& circuit, std::size_t k, QuadraticRates& equations) {
    const Projection& projection = circuit.projections[k];
    const Index source = index_of(circuit, projection.source);
    const Index target = index_of(circuit, projection.target);
    const auto size =
        static_cast<double>(circuit.populations[static_cast<std::size_t>(target)].size);
    const double indegree = expected_synapses(circuit, k) / size;
    const double charge = per_ms * charge_of(projection.synapse, equations.tau[target]);
    const Distribution& weight = projection.weight;
    const bool spread = weight.kind == Distribution::Kind::lorentzian;
    const Index filter =
        filter_for(equations, {source, projection.synapse, projection.delay.location});
    equations.couplings.push_back({target, filter, indegree * weight.location * charge,
                                   spread ? indegree * weight.scale * charge : 0.0});
}

void add_input(const Circuit& circuit, const Input& input, QuadraticRates& equations) {
    const Index target = index_of(circuit, input.target);
    if (const auto* current = std::get_if<CurrentInput>(&input.drive))
        equations.currents.push_back({target, current->times, current->values.row(0)});
    if (const auto* steady = std::get_if<OrnsteinUhlenbeckInput>(&input.drive))
        equations.currents.push_back({target, {0.0}, Vector::Constant(1, steady->mean)});
}

/// r and v from where the neurons start; a Lorentzian law of half width w fires at w / (π τ).
void set_start(const Circuit& circuit, QuadraticRates& equations) {
    equations.initial = Vector::Zero(RateLayout(equations).size());
    for (Index a = 0; a < equations.tau.size(); ++a) {
        const auto& quenched = circuit.populations[static_cast<std::size_t>(a)].quenched;
        const auto found = quenched.find("V_m");
        if (found == quenched.end()) continue;
        equations.initial[RateLayout::potential(a)] = found->second.location;
        if (found->second.kind == Distribution::Kind::lorentzian)
            equations.initial[RateLayout::rate(a)] =
                found->second.scale / (per_ms * std::numbers::pi * equations.tau[a]);
    }
}

void name_states(QuadraticRates& equations) {
    const auto add = [&](const std::string& name, const char* unit) {
        equations.state_names.push_back(name);
        equations.units.emplace_back(unit);
    };
    for (const std::string& name : equations.names) {
        add("r_" + name, "Hz");
        add("v_" + name, "");
    }
    for (std::size_t k = 0; k < equations.filters.size(); ++k) {
        const Synapse::Kind kind = equations.filters[k].synapse.kind;
        if (kind == Synapse::Kind::alpha) add("x_" + filter_label(equations, k), "Hz");
        if (kind != Synapse::Kind::delta) add("s_" + filter_label(equations, k), "Hz");
    }
    for (std::size_t k = 0; k < equations.adaptations.size(); ++k)
        add("a_" + adaptation_label(equations, k), "");
}

void state_assumptions(const Circuit& circuit, QuadraticRates& equations) {
    auto& list = equations.assumptions;
    list.emplace_back(
        "Populations are infinitely large: fluctuations of order 1 / √N are left out.");
    for (std::size_t k = 0; k < circuit.projections.size(); ++k) {
        const Projection& item = circuit.projections[k];
        if (std::holds_alternative<AllToAll>(item.rule)) continue;
        const auto size =
            static_cast<double>(circuit.populations[population_index(circuit, item.target)].size);
        list.push_back("Projection '" + item.source + "' → '" + item.target +
                       "': every neuron gets the input of the mean in-degree, " +
                       number_text(expected_synapses(circuit, k) / size) +
                       "; what differs between neurons and in time, of order 1 / √K, is left "
                       "out.");
    }
    for (const Population& population : circuit.populations)
        if (!population.adaptation.empty())
            list.push_back("Population '" + population.name +
                           "': every neuron adapts by the population's rate, while the circuit's "
                           "neurons adapt by their own spikes: an approximation, not a limit.");
}

}  // namespace

QuadraticRates quadratic_rates(const Circuit& circuit) {
    check_quadratic(circuit);
    QuadraticRates equations;
    add_populations(circuit, equations);
    for (std::size_t k = 0; k < circuit.projections.size(); ++k)
        add_projection(circuit, k, equations);
    for (const Input& input : circuit.inputs) add_input(circuit, input, equations);
    set_start(circuit, equations);
    name_states(equations);
    state_assumptions(circuit, equations);
    return equations;
}

}  // namespace heddle
