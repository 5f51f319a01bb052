#include <algorithm>
#include <set>

#include "equations/integrate.hpp"
#include "equations/system.hpp"
#include "heddle/core/error.hpp"
#include "heddle/equations/code.hpp"

namespace heddle {
namespace {

std::set<std::string> names_of(const RateEquations& equations) {
    std::set<std::string> names;
    const auto add = [&](const auto& list) {
        for (const auto& item : list) names.insert(item.name);
    };
    add(equations.states);
    add(equations.definitions);
    add(equations.parameters);
    add(equations.inputs);
    return names;
}

std::string unit_of(const RateEquations& equations, const std::string& name) {
    for (const EquationState& state : equations.states)
        if (state.name == name) return state.unit;
    return std::ranges::find(equations.definitions, name, &EquationDefinition::name)->unit;
}

/// What the delayed values are at the start.
std::vector<double> start_values(const RateEquations& equations) {
    EquationSystem system(equations);
    const Vector initial = initial_state(equations);
    Vector inputs(static_cast<Index>(equations.inputs.size()));
    mean_inputs(equations, 0.0, 0.0, inputs.data());
    std::vector<double> values(system.delays().size());
    // What is delayed depends on no delayed value.
    const Vector none = Vector::Zero(static_cast<Index>(values.size()));
    system.present(initial.data(), inputs.data(), none.data(), values.data());
    return values;
}

/// Writes chains, and knows where they end.
class Chains final {
  public:
    Chains(const RateEquations& equations, Index stages)
        : names_(names_of(equations)), stages_(stages) {}

    void add(const WrittenOut::Delayed& item, const std::string& unit, double initial,
             RateEquations& out) {
        const Expression rate = static_cast<double>(stages_) / item.by;
        Expression before = symbol(item.name);
        for (Index j = 1; j <= stages_; ++j) {
            const Expression now = symbol(fresh(item.name + "_ago" + std::to_string(j)));
            out.states.push_back({now.node().name, unit, initial, rate * (before - now)});
            before = now;
        }
        ends_.push_back({item.name, item.by, before});
    }

    /// With ends of chains for delayed values.
    [[nodiscard]] Expression in(const Expression& formula) const {
        return with_leaves(formula, [&](const Expression& leaf) {
            const Expression::Node& node = leaf.node();
            if (node.operation != Operation::delayed) return leaf;
            return std::ranges::find_if(ends_,
                                        [&](const End& end) {
                                            return end.name == node.name &&
                                                   equal(end.by, node.parts[0]);
                                        })
                ->state;
        });
    }

  private:
    struct End {
        std::string name;
        Expression by, state;
    };

    std::string fresh(const std::string& name) {
        std::string found = name;
        for (int k = 2; !names_.insert(found).second; ++k) found = name + "_" + std::to_string(k);
        return found;
    }

    std::set<std::string> names_;
    Index stages_;
    std::vector<End> ends_;
};

}  // namespace

RateEquations without_delays(const RateEquations& equations, Index stages, bool silent_past) {
    validate(equations);
    if (stages < 1)
        throw DomainError("stages is " + std::to_string(stages) + "; it must be at least 1");
    const WrittenOut written(equations);
    if (written.delayed.empty()) return equations;
    const std::vector<double> values = start_values(equations);
    RateEquations out = equations;
    Chains chains(equations, stages);
    for (std::size_t k = 0; k < values.size(); ++k)
        chains.add(written.delayed[k], unit_of(equations, written.delayed[k].name),
                   silent_past ? 0.0 : values[k], out);
    for (EquationState& state : out.states) state.rate = chains.in(state.rate);
    for (EquationDefinition& item : out.definitions) item.value = chains.in(item.value);
    out.assumptions.push_back("each delay is spread with a coefficient of variation of 1/√" +
                              std::to_string(stages));
    return out;
}

}  // namespace heddle
