#include "heddle/equations/rate_equations.hpp"

#include <algorithm>

#include "equations/system.hpp"
#include "heddle/core/error.hpp"
#include "heddle/core/similar.hpp"

namespace heddle {
namespace {

void check_length(const char* name, Index found, std::size_t expected) {
    if (found != static_cast<Index>(expected))
        throw ShapeError(name, "(" + std::to_string(expected) + ",)",
                         "(" + std::to_string(found) + ",)");
}

}  // namespace

std::size_t parameter_index(const RateEquations& equations, const std::string& name) {
    std::vector<std::string> known;
    for (const EquationParameter& parameter : equations.parameters) known.push_back(parameter.name);
    const auto found = std::ranges::find(known, name);
    if (found == known.end())
        throw DomainError("'" + name + "' is no parameter" + did_you_mean(name, known));
    return static_cast<std::size_t>(found - known.begin());
}

std::vector<DelayedValue> delayed_values(const RateEquations& equations) {
    const WrittenOut written(equations);
    const std::vector<double> delays = delays_of(equations, written);
    std::vector<DelayedValue> found;
    for (std::size_t k = 0; k < delays.size(); ++k)
        found.push_back({written.delayed[k].name, delays[k]});
    return found;
}

Vector velocity(const RateEquations& equations, const VectorView& state,
                const EquationDrive& drive) {
    EquationSystem system(equations);
    check_length("state", state.size(), system.states());
    check_length("inputs", drive.inputs.size(), system.inputs());
    check_length("delayed", drive.delayed.size(), system.delays().size());
    Vector change(state.size());
    system.velocity(state.data(), drive.inputs.data(), drive.delayed.data(), change.data());
    return change;
}

Vector steady_velocity(const RateEquations& equations, const VectorView& state, double time) {
    check_length("state", state.size(), equations.states.size());
    return SteadySystem(equations, time).velocity(state);
}

Vector steady_definitions(const RateEquations& equations, const VectorView& state, double time) {
    check_length("state", state.size(), equations.states.size());
    return SteadySystem(equations, time).definitions(state);
}

EquationSlopes steady_slopes(const RateEquations& equations, const VectorView& state, double time) {
    check_length("state", state.size(), equations.states.size());
    return SteadySystem(equations, time).slopes(state);
}

}  // namespace heddle
