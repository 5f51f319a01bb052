#include "heddle/population/artificial_unit.hpp"

#include <algorithm>
#include <cmath>

#include "circuit/checks.hpp"
#include "heddle/core/error.hpp"
#include "heddle/equations/rate_solution.hpp"
#include "heddle/linalg/solve.hpp"
#include "population/rate_unit.hpp"
#include "population/unit_carrier.hpp"

namespace heddle {
namespace {

void check_alone(const Circuit& circuit) {
    const Subject subject("artificial_unit");
    const std::size_t found = circuit.populations.size();
    subject.require(found == 1, "the circuit has " + std::to_string(found) +
                                    " populations; a unit is one, without the others");
    if (!circuit.projections.empty())
        subject_of(circuit.projections[0])
            .refuse("a unit has no connections of its own; leave them to the network's weights");
    check_rate_units(circuit);
    check_forgetful(circuit.populations[0], "a unit of a network");
    for (const Adaptation& law : circuit.populations[0].adaptation)
        subject_of(circuit.populations[0])
            .require(law.kind == Adaptation::Kind::threshold,
                     "it adapts by a current, and the units of a network have no membrane to "
                     "follow it; give a moving threshold, or take rate_unit_equations of the whole "
                     "circuit");
}

Index position_of(const std::string& name, const auto& list) {
    return std::ranges::find(list, name, [](const auto& item) { return item.name; }) - list.begin();
}

/// The only stable state of the population by itself.
RateFixedPoint rest_of(const Subject& subject, const RateEquations& equations, bool& unique) {
    if (!equations.inputs.empty())
        subject.refuse("its input " + equations.inputs[0].name +
                       " changes in time; an operating point needs one that lasts");
    const RateFixedPoints found = fixed_points(equations);
    const auto stable = [](const RateFixedPoint& point) { return point.stability == "stable"; };
    const auto many = std::ranges::count_if(found.points, stable);
    subject.require(many == 1, "by itself it has " + std::to_string(many) +
                                   " stable states below 1000 Hz, and a unit has one; change its "
                                   "input or adaptation");
    unique = found.complete && found.points.size() == 1;
    return *std::ranges::find_if(found.points, stable);
}

/// dA / dμ of the full closure at rest, from that of a threshold, which is b A there.
double slow_gain_of(const RateEquations& equations, const RateFixedPoint& point,
                    const RateUnit& unit, double without) {
    const auto adapts =
        std::ranges::find_if(unit.adaptations, [](const auto& law) { return law.b != 0.0; });
    if (adapts == unit.adaptations.end()) return without;
    const Matrix slopes = steady_slopes(equations, point.state).a;
    Vector drive = Vector::Zero(slopes.rows());
    drive[position_of("mu_" + unit.name, equations.states)] = -1.0 / unit.neuron.tau_m;
    const auto which = adapts - unit.adaptations.begin();
    const std::string name = "a_" + unit.name + (which == 0 ? "" : "_" + std::to_string(which + 1));
    const Matrix moved = solve(slopes, drive);
    return moved(position_of(name, equations.states), 0) / adapts->b;
}

void set_adaptation(const RateUnit& from, ArtificialUnit& unit) {
    const auto many = static_cast<Index>(from.adaptations.size());
    unit.adaptation.resize(many);
    unit.beta.resize(many);
    for (Index l = 0; l < many; ++l) {
        unit.adaptation[l] = from.adaptations[static_cast<std::size_t>(l)].tau;
        unit.beta[l] = from.adaptations[static_cast<std::size_t>(l)].b * unit.gain;
    }
    unit.slow_gain = unit.gain / (1.0 + unit.beta.sum());
}

void set_scale(const Subject& subject, std::optional<double> scale, ArtificialUnit& unit) {
    subject.require(unit.gain > 0.0, "its gain is 0 Hz/mV at " + quantity(unit.rate, "Hz") +
                                         "; drive it to where its rate answers to input");
    unit.scale = scale.value_or(unit.rate / unit.gain);
    subject.positive(unit.scale, "scale", "mV");
    subject.finite(unit.scale, "scale", "mV");
    const double full = unit.scale * unit.gain;
    unit.noise = unit.rate / (static_cast<double>(unit.size) * full * full);
    unit.steepest = steepest(response_of(unit, true));
}

}  // namespace

ArtificialUnit artificial_unit(const Circuit& circuit, std::optional<double> scale) {
    check_alone(circuit);
    const RateEquations equations = rate_unit_equations(circuit);
    const RateUnit from(circuit, 0);
    const Subject subject = subject_of(circuit.populations[0]);
    ArtificialUnit unit{};
    const RateFixedPoint point = rest_of(subject, equations, unit.unique);
    const auto at_rest = [&](const char* letter) {
        return point.definitions[position_of(letter + from.name, equations.definitions)];
    };
    unit.name = from.name;
    unit.neuron = from.neuron;
    unit.potential = at_rest("m_");
    unit.variance = std::max(at_rest("v_"), 0.0);
    unit.rate = at_rest("A_");
    unit.gain = effective_transfer(from.neuron, unit.potential, unit.variance).gain;
    unit.size = circuit.populations[0].size;
    set_scale(subject, scale, unit);
    set_adaptation(from, unit);
    unit.true_slow_gain = slow_gain_of(equations, point, from, unit.gain);
    unit.residual = point.residual;
    unit.assumptions = equations.assumptions;
    unit.assumptions.emplace_back(
        "the variance over neurons stays what it is at the operating point");
    return unit;
}

UnitResponse unit_response(const ArtificialUnit& unit, double x) {
    return unit_response(response_of(unit, true), x);
}

TransferResponse response_of(const ArtificialUnit& unit, bool hold_adaptation) {
    const bool adapts = (unit.beta.array() != 0.0).any();
    if (adapts && !hold_adaptation)
        throw DomainError("unit '" + unit.name +
                          "': it adapts with tau = " + quantity(unit.adaptation.minCoeff(), "ms") +
                          ", and a network has no states for that; network_equations has, or hold "
                          "adaptation where it rests, which describes what is over before");
    const EscapeNeuron& neuron = unit.neuron;
    const double floor = neuron.hazard == Hazard::rectified ? neuron.lambda_floor : 0.0;
    return {neuron.hazard, neuron.Delta_V, neuron.lambda_0, floor,
            neuron.tau_m,  unit.potential, unit.variance,   unit.scale};
}

ComplexVector compensated_targets(const ArtificialUnit& unit, const ComplexVectorView& targets,
                                  double tau, Carrier carrier) {
    const double filter = filter_time(unit, tau, carrier) * 1e-3;
    ComplexVector found(targets.size());
    for (Index i = 0; i < targets.size(); ++i) {
        const Complex rate = (targets[i] - 1.0) / tau;
        Complex feedback = 1.0;
        for (Index l = 0; l < unit.beta.size(); ++l)
            feedback += unit.beta[l] / (1.0 + 1e-3 * unit.adaptation[l] * rate);
        found[i] = targets[i] * (1.0 + filter * rate) * feedback;
        if (!std::isfinite(found[i].real()) || !std::isfinite(found[i].imag()))
            throw DomainError("targets: number " + std::to_string(i) +
                              " asks for the rate at which adaptation itself decays, which no "
                              "weight moves; ask for another");
    }
    return found;
}

}  // namespace heddle
