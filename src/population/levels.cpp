#include "heddle/population/levels.hpp"

#include <algorithm>
#include <functional>

#include "heddle/core/error.hpp"
#include "heddle/core/similar.hpp"
#include "heddle/population/cascade_rates.hpp"
#include "heddle/population/quadratic.hpp"
#include "heddle/population/quadratic_equations.hpp"
#include "heddle/population/rate_units.hpp"
#include "population/diffusion_checks.hpp"
#include "population/diffusion_drive.hpp"
#include "population/diffusion_input.hpp"
#include "population/mesoscopic_checks.hpp"
#include "population/quadratic_checks.hpp"
#include "population/quenched_input.hpp"
#include "population/rate_unit.hpp"

namespace heddle {
namespace {

struct Entry {
    const char* name;
    const char* title;
    const char* function;
    std::function<void(const Circuit&)> check;             ///< Throws what does not fit.
    std::function<RateEquations(const Circuit&)> derived;  ///< Empty: no equations.
};

/// What `linear_response` takes: leaky neurons in noise, or neurons told by their ages.
void check_linear(const Circuit& circuit) {
    const auto leaky = [](const Population& one) {
        return std::holds_alternative<LeakyNeuron>(one.neuron);
    };
    if (std::ranges::all_of(circuit.populations, leaky))
        (void)diffusion_input(circuit, NoiseTheory::shifted);
    else
        check_age_structured(circuit);
}

/// With noise of each neuron's own where there is some.
void check_with_own_noise(const Circuit& circuit) {
    try {
        check_mesoscopic(circuit, {});
    } catch (const DomainError&) {
        check_mesoscopic(circuit, {.own_noise = true});
    }
}

const std::vector<Entry>& entries() {
    static const std::vector<Entry> list{
        {"mesoscopic", "finite populations by the ages of their neurons", "mesoscopic",
         check_with_own_noise, nullptr},
        {"ages", "infinite populations by the ages of their neurons, at rest",
         "age_structured_rates", [](const Circuit& one) { check_age_structured(one); }, nullptr},
        {"linear", "responses, spectra and stability where signals are small", "linear_response",
         check_linear, nullptr},
        {"densities", "densities of potentials in white noise", "fokker_planck",
         [](const Circuit& circuit) { check_diffusion_drive(circuit, 0.1, "fokker_planck"); },
         nullptr},
        {"cascade", "rate models made from densities", "cascade_rates",
         [](const Circuit& circuit) { check_cascade(circuit); }, nullptr},
        {"quadratic", "exact firing-rate equations of quadratic neurons", "quadratic_rates",
         [](const Circuit& circuit) { check_quadratic(circuit); },
         [](const Circuit& circuit) { return rate_equations(quadratic_rates(circuit)); }},
        {"noisy-quadratic", "quadratic neurons with independent noise, nearly exact",
         "quadratic_equations", [](const Circuit& circuit) { check_quadratic(circuit, true); },
         [](const Circuit& circuit) { return quadratic_equations(circuit); }},
        {"rate-units", "one artificial unit for each population", "rate_unit_equations",
         [](const Circuit& circuit) { check_rate_units(circuit); },
         [](const Circuit& circuit) { return rate_unit_equations(circuit); }},
        {"distributions", "how stationary rates differ between neurons", "stationary_distributions",
         [](const Circuit& circuit) { (void)quenched_circuit(circuit, {}); }, nullptr},
        {"stationary", "stationary rates of leaky neurons in noise", "stationary_rates",
         [](const Circuit& circuit) { (void)diffusion_input(circuit, NoiseTheory::shifted); },
         nullptr}};
    return list;
}

std::string refusal(const Entry& entry, const Circuit& circuit) {
    try {
        entry.check(circuit);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

std::string listed(const std::vector<Level>& levels) {
    std::string text;
    for (const Level& level : levels)
        if (level.describes) text += (text.empty() ? "`" : ", `") + level.function + "`";
    return text.empty() ? "no level describes it; `simulate` its neurons"
                        : "what describes it: " + text;
}

}  // namespace

std::vector<Level> levels_of(const Circuit& circuit) {
    validate(circuit);
    std::vector<Level> levels;
    for (const Entry& entry : entries()) {
        const std::string reason = refusal(entry, circuit);
        levels.push_back({entry.name, entry.title, entry.function, entry.derived != nullptr,
                          reason.empty(), reason});
    }
    return levels;
}

RateEquations reduce(const Circuit& circuit, const std::string& level) {
    const std::vector<Level> levels = levels_of(circuit);
    std::vector<std::string> names;
    for (std::size_t k = 0; k < levels.size(); ++k) {
        if (!levels[k].equations) continue;
        names.push_back(levels[k].name);
        if (level.empty() ? !levels[k].describes : level != levels[k].name) continue;
        if (levels[k].describes) return entries()[k].derived(circuit);
        throw DomainError("level '" + level + "' does not describe the circuit: " +
                          levels[k].reason + "; " + listed(levels));
    }
    if (level.empty()) {
        std::string reasons;
        for (const Level& one : levels)
            if (one.equations) reasons += "; " + one.name + ": " + one.reason;
        throw DomainError("no level has rate equations for this circuit" + reasons + "; " +
                          listed(levels));
    }
    const auto other = std::ranges::find(levels, level, &Level::name);
    if (other != levels.end())
        throw DomainError("level '" + level + "' has no equations to write; call " +
                          other->function);
    throw DomainError("level is '" + level + "'" + did_you_mean(level, names));
}

}  // namespace heddle
