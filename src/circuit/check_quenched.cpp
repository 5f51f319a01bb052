#include <algorithm>
#include <cmath>

#include "circuit/checks.hpp"
#include "heddle/core/similar.hpp"

namespace heddle {
namespace {

enum class Range { any, not_negative, positive };

/// A number that a quenched law may replace.
struct Quenchable {
    std::string name;
    const char* unit;
    Range range;
};

void add_parameters(const Neuron& neuron, std::vector<Quenchable>& list) {
    std::visit(
        [&]<class Law>(const Law&) {
            for (const NeuronParameter<Law>& entry : parameters_of<Law>()) {
                const std::string name = entry.name;
                const bool from_zero = name == "t_ref" || name == "lambda_floor";
                list.push_back({name, entry.unit,
                                entry.positive ? Range::positive
                                : from_zero    ? Range::not_negative
                                               : Range::any});
            }
        },
        neuron);
}

void add_adaptation(const std::vector<Adaptation>& adaptation, std::vector<Quenchable>& list) {
    std::size_t thresholds = 0;
    std::size_t currents = 0;
    for (const Adaptation& one : adaptation) {
        const bool moves = one.kind == Adaptation::Kind::threshold;
        const std::size_t position = moves ? thresholds++ : currents++;
        const std::string ending = (moves ? "_sfa[" : "_stc[") + std::to_string(position) + "]";
        list.push_back({"tau" + ending, "ms", Range::positive});
        list.push_back({"q" + ending, moves ? "mV" : "pA", Range::any});
    }
}

std::vector<Quenchable> quenchable(const Population& population) {
    const bool dimensionless = std::holds_alternative<QuadraticNeuron>(population.neuron);
    std::vector<Quenchable> list;
    add_parameters(population.neuron, list);
    add_adaptation(population.adaptation, list);
    list.push_back({"sigma", dimensionless ? "" : "mV", Range::not_negative});
    list.push_back({"V_m", dimensionless ? "" : "mV", Range::any});
    return list;
}

void check_law(const Subject& subject, const Quenchable& number, const Distribution& law) {
    const std::string key = "quenched " + number.name;
    subject.valid(law, key);
    if (number.range == Range::positive) subject.positive(law, key, number.unit);
    if (number.range == Range::not_negative) subject.not_negative(law, key, number.unit);
}

/// Whatever is drawn, is `upper` above `lower`?
void check_order(const Subject& subject, const Population& population, const char* upper,
                 const char* lower) {
    if (!population.quenched.contains(upper) && !population.quenched.contains(lower)) return;
    const double bottom = least(law_of(population, upper));
    const double top = most(law_of(population, lower));
    subject.require(bottom > top, std::string(upper) + " may be drawn as low as " +
                                      quantity(bottom, "mV") + ", not above the highest " + lower +
                                      ", " + quantity(top, "mV") +
                                      "; give quenched laws a low and a high that part them");
}

}  // namespace

Distribution law_of(const Population& population, const std::string& name) {
    const auto found = population.quenched.find(name);
    if (found != population.quenched.end()) return found->second;
    Neuron neuron = population.neuron;
    return {.location = parameter(neuron, name)};
}

void check_quenched(const Subject& subject, const Population& population) {
    const std::vector<Quenchable> known = quenchable(population);
    std::vector<std::string> names;
    for (const Quenchable& number : known) names.push_back(number.name);
    for (const auto& [name, law] : population.quenched) {
        const auto found = std::find(names.begin(), names.end(), name);
        subject.require(found != names.end(), std::string(name_of(population.neuron)) +
                                                  " neurons have no parameter '" + name +
                                                  "' to be quenched" + did_you_mean(name, names));
        check_law(subject, known[static_cast<std::size_t>(found - names.begin())], law);
    }
    if (std::holds_alternative<LeakyNeuron>(population.neuron))
        check_order(subject, population, "V_th", "V_reset");
    if (!std::holds_alternative<ExponentialNeuron>(population.neuron)) return;
    check_order(subject, population, "V_peak", "V_th");
    check_order(subject, population, "V_peak", "V_reset");
}

}  // namespace heddle
