#include <cmath>
#include <set>

#include "equations/system.hpp"
#include "heddle/core/error.hpp"
#include "heddle/core/similar.hpp"
#include "heddle/equations/rate_equations.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

/// Collects names, and checks formulas against those that are known so far.
class Names final {
  public:
    void add(const char* kind, const std::string& name) {
        if (name.empty() || name.find(' ') != std::string::npos)
            throw DomainError(std::string(kind) + " '" + name +
                              "': a name has at least one character and no space");
        if (!known_.insert(name).second)
            throw DomainError(std::string(kind) + " '" + name +
                              "': the name is taken; give each its own");
    }

    /// \param list  those a formula may be made of.
    void check(const Expression& formula, const std::string& where,
               const std::set<std::string>& list) const {
        for (const Expression& leaf : leaves_of({formula})) {
            const Expression::Node& node = leaf.node();
            const bool is_delayed = node.operation == Operation::delayed;
            const auto& allowed = is_delayed ? delayable_ : list;
            if (!allowed.contains(node.name))
                throw DomainError(where + ": '" + node.name + "' is unknown" +
                                  (known_.contains(node.name) ? " there" : "") +
                                  did_you_mean(node.name, {allowed.begin(), allowed.end()}));
            if (is_delayed) check_delay(node, where);
        }
    }

    [[nodiscard]] const std::set<std::string>& known() const { return known_; }
    void may_be_delayed(const std::string& name) { delayable_.insert(name); }
    void is_parameter(const std::string& name) { parameters_.insert(name); }

  private:
    void check_delay(const Expression::Node& node, const std::string& where) const {
        for (const Expression& leaf : leaves_of({node.parts[0]}))
            if (!parameters_.contains(leaf.node().name))
                throw DomainError(where + ": the delay of '" + node.name + "' depends on '" +
                                  leaf.node().name + "'; make it of parameters and numbers");
    }

    std::set<std::string> known_;
    std::set<std::string> delayable_;
    std::set<std::string> parameters_;
};

void check_input(const EquationInput& input) {
    const std::string where = "input '" + input.name + "'";
    if (static_cast<Index>(input.times.size()) != input.values.size())
        throw ShapeError(where + ": values", "(" + std::to_string(input.times.size()) + ",)",
                         "(" + std::to_string(input.values.size()) + ",)");
    for (std::size_t k = 0; k < input.times.size(); ++k)
        if (!std::isfinite(input.times[k]) || (k > 0 && !(input.times[k] > input.times[k - 1])))
            throw DomainError(where + ": times must be finite and increase");
    if (!input.values.allFinite())
        throw DomainError(where + ": values hold NaN or infinity; give finite numbers");
}

void check_number(const char* kind, const std::string& name, double value) {
    if (!std::isfinite(value))
        throw DomainError(std::string(kind) + " '" + name + "' is " + number_text(value) +
                          "; it must be a finite number");
}

void check_rates(const RateEquations& equations, const std::set<std::string>& known) {
    if (equations.rates.size() != equations.populations.size())
        throw ShapeError("rates", "(" + std::to_string(equations.populations.size()) + ",)",
                         "(" + std::to_string(equations.rates.size()) + ",)");
    for (const std::string& rate : equations.rates)
        if (!known.contains(rate))
            throw DomainError("rates: '" + rate + "' is neither a state nor a definition" +
                              did_you_mean(rate, {known.begin(), known.end()}));
}

void check_delays(const RateEquations& equations) {
    for (const DelayedValue& item : delayed_values(equations))
        if (!(item.delay > 0.0))
            throw DomainError("the delay of '" + item.name + "' is " + number_text(item.delay) +
                              " ms; it must be > 0");
}

}  // namespace

void validate(const RateEquations& equations) {
    if (equations.states.empty()) throw DomainError("states is empty; equations need one to move");
    Names names;
    for (const EquationParameter& parameter : equations.parameters) {
        names.add("parameter", parameter.name);
        names.is_parameter(parameter.name);
        check_number("parameter", parameter.name, parameter.value);
    }
    for (const EquationInput& input : equations.inputs) {
        names.add("input", input.name);
        check_input(input);
    }
    for (const EquationState& state : equations.states) {
        names.add("state", state.name);
        names.may_be_delayed(state.name);
        check_number("the initial value of", state.name, state.initial);
    }
    for (const EquationDefinition& definition : equations.definitions)
        names.may_be_delayed(definition.name);
    for (const EquationDefinition& definition : equations.definitions) {
        names.check(definition.value, "definition '" + definition.name + "'", names.known());
        names.add("definition", definition.name);
    }
    std::set<std::string> observable;
    for (const EquationState& state : equations.states) {
        names.check(state.rate, "state '" + state.name + "'", names.known());
        observable.insert(state.name);
    }
    for (const EquationDefinition& definition : equations.definitions)
        observable.insert(definition.name);
    check_rates(equations, observable);
    for (const WrittenOut::Delayed& item : WrittenOut(equations).delayed)
        for (const Expression& leaf : leaves_of({item.value}))
            if (leaf.node().name.starts_with("past "))
                throw DomainError("'" + item.name +
                                  "' is delayed and depends on delayed values itself; give it a "
                                  "state of its own");
    check_delays(equations);
}

}  // namespace heddle
