#include "equations/code_model.hpp"

#include <algorithm>
#include <set>

namespace heddle {
namespace {

/// Definitions that the listed ones are made of, themselves included.
std::set<std::string> needed(const std::vector<Assignment>& definitions,
                             std::set<std::string> names) {
    for (std::size_t k = definitions.size(); k-- > 0;)
        if (names.contains(definitions[k].name))
            for (const Expression& leaf : leaves_of({definitions[k].value}))
                names.insert(leaf.node().name);
    return names;
}

template <class Item>
bool has(const std::vector<Item>& list, const std::string& name) {
    return std::ranges::find(list, name, &Item::name) != list.end();
}

}  // namespace

std::string change_name(const std::string& name) {
    return "change of " + name;  // No name has a space.
}

CodeModel::CodeModel(const RateEquations& of) : equations(of), delayed(WrittenOut(of).delayed) {
    const auto with_pasts = [&](const Expression& formula) {
        return with_leaves(formula, [&](const Expression& leaf) {
            for (std::size_t k = 0; k < delayed.size(); ++k)
                if (leaf.node().operation == Operation::delayed &&
                    leaf.node().name == delayed[k].name &&
                    equal(leaf.node().parts[0], delayed[k].by))
                    return symbol(past(k));
            return leaf;
        });
    };
    for (const EquationDefinition& item : of.definitions)
        definitions.push_back({item.name, with_pasts(item.value)});
    for (const EquationState& state : of.states)
        changes.push_back({change_name(state.name), with_pasts(state.rate)});
    std::set<std::string> names;
    for (const WrittenOut::Delayed& item : delayed) names.insert(item.name);
    names = needed(definitions, names);
    for (const Assignment& item : definitions) {
        if (!names.contains(item.name)) continue;
        Expression slope = 0.0;
        for (const Expression& leaf : leaves_of({item.value})) {
            const std::string& name = leaf.node().name;
            if (has(of.states, name) || has(of.definitions, name))
                slope += derivative(item.value, name) * symbol(change_name(name));
        }
        slopes.push_back({change_name(item.name), slope});
    }
}

std::vector<std::string> CodeModel::definition_names() const {
    std::vector<std::string> names;
    for (const Assignment& item : definitions) names.push_back(item.name);
    return names;
}

std::vector<std::string> CodeModel::change_names() const {
    std::vector<std::string> names;
    for (const Assignment& item : changes) names.push_back(item.name);
    return names;
}

std::vector<std::string> CodeModel::delayed_names() const {
    std::vector<std::string> names;
    for (const WrittenOut::Delayed& item : delayed) names.push_back(item.name);
    return names;
}

std::vector<std::string> CodeModel::delayed_changes() const {
    std::vector<std::string> names;
    for (const WrittenOut::Delayed& item : delayed) names.push_back(change_name(item.name));
    return names;
}

void CodeModel::name(Identifiers& names) const {
    const auto all = [&](const auto& list) {
        for (const auto& item : list) names.add(item.name);
    };
    all(equations.states);
    all(equations.definitions);
    all(equations.parameters);
    all(equations.inputs);
    for (std::size_t k = 0; k < delayed.size(); ++k) names.add(past(k), delayed[k].name + "_ago");
    for (const EquationState& item : equations.states)
        names.add(change_name(item.name), item.name + "_change");
    for (const EquationDefinition& item : equations.definitions)
        names.add(change_name(item.name), item.name + "_change");
}

}  // namespace heddle
