#include "population/age_circuit.hpp"

#include <algorithm>
#include <cmath>

#include "circuit/checks.hpp"
#include "population/mesoscopic_checks.hpp"

namespace heddle {
namespace {

/// What keeps a state from being stationary.
struct ConstancyCheck {
    const Subject& subject;

    void operator()(const PoissonInput&) const {}
    void operator()(const CurrentInput& input) const {
        const Matrix& values = input.values;
        subject.require((values.array() == values(0, 0)).all() &&
                            (input.times.front() <= 0.0 || values(0, 0) == 0.0),
                        "its current changes, and a stationary state has constant input; give one "
                        "value from 0 ms on, or take `mesoscopic`, which follows it in time");
    }
    void operator()(const OrnsteinUhlenbeckInput& input) const {
        subject.require(input.sigma == 0.0,
                        "its noise moves all neurons together, and a stationary state has constant "
                        "input; give sigma = 0, or take `mesoscopic`, which follows it in time");
    }
};

void check(const Circuit& circuit) {
    check_age_structured(circuit);
    for (std::size_t k = 0; k < circuit.inputs.size(); ++k) {
        const Input& input = circuit.inputs[k];
        const Subject subject("input " + std::to_string(k) + " (to '" + input.target + "')");
        std::visit(ConstancyCheck{subject}, input.drive);
    }
}

const EscapeNeuron& neuron_of(const Circuit& circuit, Index population) {
    return std::get<EscapeNeuron>(circuit.populations[static_cast<std::size_t>(population)].neuron);
}

}  // namespace

AgeDensity AgeCircuit::density(Index population, const Vector& rates) const {
    return age_density(circuit.populations[static_cast<std::size_t>(population)],
                       potential(rates)[population], rates[population]);
}

MapValue AgeCircuit::value_at(const Vector& rates) const {
    const Index n = rates.size();
    MapValue value{rates, Vector(n), Matrix(n, n), 0.0};
    for (Index a = 0; a < n; ++a) {
        const AgeDensity here = density(a, rates);
        const AgeSlopes slopes = slopes_of(here);
        value.change[a] = here.rate() - rates[a];
        value.jacobian.row(a) = slopes.by_potential * coupling.row(a);
        value.jacobian(a, a) += slopes.by_rate;
    }
    value.residual = value.change.norm();
    return value;
}

Vector AgeCircuit::ceiling() const {
    Vector most(rest.size());
    for (Index a = 0; a < most.size(); ++a) {
        const EscapeNeuron& neuron = neuron_of(circuit, a);
        most[a] = 1e3 / (neuron.t_ref + 0.1 * neuron.tau_m);
    }
    return most;
}

bool AgeCircuit::bounded() const {
    return std::ranges::all_of(circuit.populations, [](const Population& one) {
        return std::get<EscapeNeuron>(one.neuron).t_ref > 0.0;
    });
}

AgeCircuit age_circuit(const Circuit& circuit) {
    validate(circuit);
    AgeCircuit found{without_constant_laws(circuit), {}, {}};
    check(found.circuit);
    found.coupling = Coupling(found.circuit).at_rest();
    found.rest.resize(found.coupling.rows());
    for (Index a = 0; a < found.rest.size(); ++a) {
        const EscapeNeuron& neuron = neuron_of(found.circuit, a);
        const double current =
            neuron.I_e + constant_current(found.circuit, static_cast<std::size_t>(a));
        found.rest[a] = neuron.E_L + neuron.tau_m / neuron.C_m * current;
    }
    return found;
}

std::vector<std::string> age_assumptions(const Circuit& circuit) {
    std::vector<std::string> out;
    for (const Population& population : circuit.populations) of_adaptation(population, out);
    for (std::size_t k = 0; k < circuit.projections.size(); ++k) of_connections(circuit, k, out);
    return out;
}

}  // namespace heddle
