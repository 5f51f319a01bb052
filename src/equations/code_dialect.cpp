#include "equations/code_dialect.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>

#include "heddle/core/error.hpp"

namespace heddle {

CodeDialect::CodeDialect(const Identifiers::Rules& rules, const FunctionNames& functions)
    : names(rules), functions_(functions) {}

std::string CodeDialect::symbol(const std::string& name) const {
    return names.of(name);
}

std::string CodeDialect::delayed(const std::string& name, const std::string& by) const {
    return "delay(" + names.of(name) + ", " + by + ")";
}

std::string CodeDialect::number(double positive) const {
    return exact_digits(positive);
}

std::string CodeDialect::power(const std::string& base, double exponent) const {
    const bool whole = exponent == std::round(exponent) && exponent < 1e6;
    return base + power_sign() +
           (whole ? std::to_string(static_cast<long>(exponent)) : number(exponent));
}

std::string CodeDialect::root(const std::string& inner) const {
    return std::string(functions_.root) + "(" + inner + ")";
}

std::string CodeDialect::call(Operation operation, int order,
                              const std::vector<std::string>& parts) const {
    std::string text = std::string(function(operation)) + "(";
    if (parts.size() == 2) text += std::to_string(order) + ", ";
    text += parts[0];
    if (parts.size() == 2) text += ", " + parts[1];
    return text + ")";
}

std::string CodeDialect::product(const std::vector<std::string>& factors) const {
    std::string text = factors[0];
    for (std::size_t i = 1; i < factors.size(); ++i) text += " * " + factors[i];
    return text;
}

std::string CodeDialect::fraction(const std::string& above, const std::string& below,
                                  bool many_below) const {
    return above + " / " + (many_below ? "(" + below + ")" : below);
}

std::string CodeDialect::signed_number(double value) const {
    return (std::signbit(value) ? "-" : "") + number(std::abs(value));
}

std::string CodeDialect::assignment(const std::string& name, const std::string& value) const {
    return name + " = " + value;
}

std::string CodeDialect::element(const std::string& array, std::size_t i) const {
    return array + "[" + std::to_string(i) + "]";
}

std::string CodeDialect::block(const std::vector<Assignment>& assignments,
                               const std::map<std::string, std::string>& sources,
                               std::vector<std::string>* locals) {
    const std::vector<Assignment> lines = straight_line(assignments);
    std::set<std::string> made;
    std::vector<Expression> values;
    for (const Assignment& line : lines) {
        if (line.name.starts_with("part ") && !names.knows(line.name)) names.add(line.name);
        made.insert(line.name);
        values.push_back(line.value);
    }
    std::string text;
    const auto add = [&](const std::string& name, const std::string& value) {
        text += assignment(names.of(name), value) + "\n";
        if (locals != nullptr) locals->push_back(names.of(name));
    };
    for (const Expression& leaf : leaves_of(values)) {
        const std::string& name = leaf.node().name;
        if (!made.contains(name) && sources.at(name) != names.of(name)) add(name, sources.at(name));
    }
    for (const Assignment& line : lines) add(line.name, print(line.value, *this));
    return text;
}

const char* CodeDialect::function(Operation operation) const {
    switch (operation) {
        case Operation::exponential:
            return functions_.exponential;
        case Operation::logarithm:
            return functions_.logarithm;
        case Operation::hyperbolic_tangent:
            return functions_.hyperbolic_tangent;
        case Operation::absolute:
            return functions_.absolute;
        case Operation::sign:
            return functions_.sign;
        case Operation::normal_below:
            return functions_.normal_below;
        case Operation::softplus_mean:
            return functions_.softplus_mean;
        default:
            return functions_.rectified_mean;
    }
}

std::string exact_digits(double value) {
    if (!std::isfinite(value))
        throw DomainError("a formula holds a number that is not finite; no language can say it");
    std::array<char, 40> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    std::string text(buffer.data(), end);
    if (text.find_first_of(".e") == std::string::npos) text += ".0";
    return text;
}

std::string quoted(const std::string& text, const std::string& special) {
    std::string out = "\"";
    for (const char c : text) {
        if (special.find(c) != std::string::npos) out += '\\';
        out += static_cast<unsigned char>(c) < 32 ? ' ' : c;
    }
    return out + "\"";
}

std::string listed(const std::vector<std::string>& items, const std::string& indent) {
    constexpr std::size_t width = 90;
    std::string text;
    std::size_t column = indent.size();
    for (std::size_t i = 0; i < items.size(); ++i) {
        const std::string item = items[i] + (i + 1 < items.size() ? "," : "");
        if (i > 0 && column + item.size() > width) {
            text += "\n" + indent;
            column = indent.size();
        } else if (i > 0) {
            text += " ";
        }
        text += item;
        column += item.size() + 1;
    }
    return text;
}

std::string comment_lines(const std::vector<std::string>& lines, const std::string& prefix) {
    std::string text;
    for (std::string line : lines) {
        std::ranges::replace_if(
            line, [](char c) { return static_cast<unsigned char>(c) < 32; }, ' ');
        text +=
            (line.empty() ? prefix.substr(0, prefix.find_last_not_of(' ') + 1) : prefix + line) +
            "\n";
    }
    return text;
}

std::vector<std::string> head_of(const RateEquations& equations) {
    std::vector<std::string> lines{equations.title + "."};
    lines.emplace_back("Rates in Hz, times in ms, potentials in mV; change of states per ms.");
    if (!equations.assumptions.empty()) lines.emplace_back("What the equations assume:");
    for (const std::string& line : equations.assumptions) lines.push_back("- " + line);
    return lines;
}

std::string filled(const std::string& text, const std::map<std::string, std::string>& values) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t open = text.find('@', at);
        const std::size_t close = open == std::string::npos ? open : text.find('@', open + 1);
        if (close == std::string::npos) return out + text.substr(at);
        out += text.substr(at, open - at) + values.at(text.substr(open + 1, close - open - 1));
        at = close + 1;
    }
    return out;
}

}  // namespace heddle
