#include "equations/program.hpp"

#include <algorithm>
#include <sstream>

namespace heddle {
namespace {

/// The names of delays, as formulas of parameters.
std::string delay_name(std::size_t k) {
    return "delay " + std::to_string(k + 1);
}

}  // namespace

Program::Program(const CodeModel& model, CodeDialect& write, const ProgramStyle& style)
    : model_(model), write_(write), style_(style) {
    model.name(write.names);
    const RateEquations& equations = model.equations;
    for (std::size_t i = 0; i < equations.states.size(); ++i) {
        const std::string& name = equations.states[i].name;
        states_[name] = write.element("x", i);
        changes_[change_name(name)] = write.element("change", i);
    }
    for (std::size_t k = 0; k < model.delayed.size(); ++k) {
        sources_[past(k)] = write.element("past", k);
        write.names.add(delay_name(k), model.delayed[k].name + "_delay");
    }
    for (std::size_t k = 0; k < equations.inputs.size(); ++k)
        sources_[equations.inputs[k].name] = write.element("drive", k);
    for (std::size_t k = 0; k < equations.definitions.size(); ++k)
        definitions_[equations.definitions[k].name] = write.element("d", k);
    sources_.insert(states_.begin(), states_.end());
}

void Program::read_parameters(const std::vector<std::string>& texts) {
    for (std::size_t k = 0; k < texts.size(); ++k)
        sources_[model_.equations.parameters[k].name] = texts[k];
}

std::map<std::string, std::string> Program::values(const CodeOptions& options) {
    const std::string in = "    ";
    std::vector<std::string> head = head_of(model_.equations);
    for (std::string& line : head) line += line.ends_with('\\') ? "." : "";
    return {{"head", comment_lines(head, std::string(style_.comment) + " ")},
            {"populations", listed(population_names(), in)},
            {"states", listed(state_names(), in)},
            {"initial", listed(initial(options), in)},
            {"delays", indented(delays(), in)},
            {"delay_names", list(delay_names())},
            {"definitions", indented(definitions(), in)},
            {"definition_names", list(model_.definition_names())},
            {"changes", indented(changes(), in)},
            {"change_names", list(model_.change_names())},
            {"slopes", indented(slopes(), in)},
            {"now", list(model_.delayed_names())},
            {"now_changes", list(model_.delayed_changes())},
            {"rates", listed(rates(), in + in)},
            {"duration", write_.number(options.duration)},
            {"step", write_.number(options.step)},
            {"silent", options.silent_past ? style_.yes : style_.no}};
}

std::string Program::parameter(const EquationParameter& item, const std::string& line) const {
    std::string meaning = item.unit + (item.unit.empty() || item.meaning.empty() ? "" : ", ");
    meaning += item.meaning;
    if (meaning.empty()) return line + "\n";
    // A backslash would go on with the comment.
    if (meaning.back() == '\\') meaning += ".";
    return comment_lines({line + "  " + style_.comment + " " + meaning}, "");
}

std::string Program::times(const EquationInput& item, const std::string& indent) const {
    std::vector<std::string> texts;
    for (const double time : item.times) texts.push_back(write_.signed_number(time));
    return listed(texts, indent);
}

std::string Program::levels(const EquationInput& item, const std::string& indent) const {
    std::vector<std::string> texts;
    for (const double value : item.values) texts.push_back(write_.signed_number(value));
    return listed(texts, indent);
}

std::string Program::definitions() {
    return write_.block(model_.definitions, sources_);
}

std::string Program::changes() {
    auto sources = sources_;
    sources.insert(definitions_.begin(), definitions_.end());
    return write_.block(model_.changes, sources);
}

std::string Program::slopes() {
    auto sources = sources_;
    sources.insert(definitions_.begin(), definitions_.end());
    sources.insert(changes_.begin(), changes_.end());
    std::vector<Assignment> lines = model_.slopes;
    std::string text = write_.block(lines, sources);
    // What is delayed but appears in no slope is read here.
    std::vector<std::string> wanted = model_.delayed_names();
    const std::vector<std::string> fast = model_.delayed_changes();
    wanted.insert(wanted.end(), fast.begin(), fast.end());
    std::string reads;
    for (const std::string& name : wanted) {
        const auto source = sources.find(name);
        if (source == sources.end()) continue;
        const std::string line = write_.assignment(write_.names.of(name), source->second) + "\n";
        if (text.find(line) == std::string::npos && reads.find(line) == std::string::npos)
            reads += line;
    }
    return reads + text;
}

std::string Program::delays() {
    std::vector<Assignment> lines;
    for (std::size_t k = 0; k < model_.delayed.size(); ++k)
        lines.push_back({delay_name(k), model_.delayed[k].by});
    return write_.block(lines, sources_);
}

std::string Program::list(const std::vector<std::string>& names) const {
    std::vector<std::string> found;
    for (const std::string& name : names) found.push_back(write_.names.of(name));
    return listed(found, "        ");
}

std::vector<std::string> Program::delay_names() const {
    std::vector<std::string> names;
    for (std::size_t k = 0; k < model_.delayed.size(); ++k) names.push_back(delay_name(k));
    return names;
}

std::vector<std::string> Program::rates() const {
    std::vector<std::string> found;
    for (const std::string& rate : model_.equations.rates) {
        const auto state = states_.find(rate);
        found.push_back(state != states_.end() ? state->second : definitions_.at(rate));
    }
    return found;
}

std::vector<std::string> Program::initial(const CodeOptions& options) const {
    std::vector<std::string> found;
    for (std::size_t i = 0; i < model_.equations.states.size(); ++i)
        found.push_back(write_.signed_number(options.state.size() == 0
                                                 ? model_.equations.states[i].initial
                                                 : options.state[static_cast<Index>(i)]));
    return found;
}

std::vector<std::string> Program::state_names() const {
    std::vector<std::string> found;
    for (const EquationState& state : model_.equations.states)
        found.push_back(quoted(state.name, style_.special));
    return found;
}

std::vector<std::string> Program::population_names() const {
    std::vector<std::string> found;
    for (std::string name : model_.equations.populations) {
        std::ranges::replace_if(
            name, [](char c) { return c == ',' || c == '"' || c == '\''; }, '_');
        found.push_back(quoted(name, style_.special));
    }
    return found;
}

std::string helpers_of(const std::string& code,
                       const std::vector<std::pair<std::string, std::string>>& helpers) {
    std::string text;
    for (auto item = helpers.rbegin(); item != helpers.rend(); ++item)
        if ((code + text).find(item->first + "(") != std::string::npos) text = item->second + text;
    return text;
}

std::string indented(const std::string& text, const std::string& indent) {
    std::istringstream lines(text);
    std::string line, out;
    while (std::getline(lines, line)) out += (line.empty() ? "" : indent) + line + "\n";
    return out;
}

}  // namespace heddle
