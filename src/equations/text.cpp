#include "heddle/equations/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

#include "equations/printer.hpp"

namespace heddle {
namespace {

enum class Format { text, latex, html };

struct Letter {
    const char* name;
    const char* unicode;
    const char* latex;
};
constexpr std::array letters{Letter{"tau", "τ", "\\tau"},     Letter{"eta", "η", "\\eta"},
                             Letter{"mu", "μ", "\\mu"},       Letter{"nu", "ν", "\\nu"},
                             Letter{"mu0", "μ⁰", "\\mu^0"},   Letter{"theta", "ϑ", "\\vartheta"},
                             Letter{"Delta", "Δ", "\\Delta"}, Letter{"lambda", "λ", "\\lambda"},
                             Letter{"sigma", "σ", "\\sigma"}, Letter{"sigma2", "σ²", "\\sigma^2"},
                             Letter{"pi", "π", "\\pi"},       Letter{"omega", "ω", "\\omega"},
                             Letter{"kappa", "κ", "\\kappa"}, Letter{"Gamma", "Γ", "\\Gamma"},
                             Letter{"rho", "ρ", "\\rho"},     Letter{"phi", "φ", "\\varphi"},
                             Letter{"beta", "β", "\\beta"},   Letter{"Phi", "Φ", "\\Phi"}};

/// Letters that have a character of their own with a dot.
struct Dotted {
    const char* letter;
    const char* with_dot;
};
constexpr std::array dotted_letters{Dotted{"a", "ȧ"}, Dotted{"c", "ċ"}, Dotted{"m", "ṁ"},
                                    Dotted{"r", "ṙ"}, Dotted{"s", "ṡ"}, Dotted{"w", "ẇ"},
                                    Dotted{"x", "ẋ"}, Dotted{"y", "ẏ"}};

/// Mathematics for people: "tau_m_E" is τ with the index m,E.
class Mathematics final : public Dialect {
  public:
    explicit Mathematics(Format format) : format_(format) {}
    Mathematics(Format format, const RateEquations& equations) : format_(format) {
        for (const EquationInput& input : equations.inputs) inputs_.insert(input.name);
    }

    [[nodiscard]] std::string symbol(const std::string& name) const override {
        return indexed(name, "") + (inputs_.contains(name) ? "(t)" : "");
    }
    [[nodiscard]] std::string dotted(const std::string& name) const { return indexed(name, "dot"); }
    [[nodiscard]] std::string delayed(const std::string& name,
                                      const std::string& by) const override {
        return symbol(name) + "(t " + minus() + " " + by + ")";
    }
    [[nodiscard]] std::string number(double value) const override {
        std::string text = digits_of(value, 6, false);
        const auto exponent = text.find('e');
        if (exponent == std::string::npos || format_ == Format::text) return text;
        const std::string power = std::to_string(std::stoi(text.substr(exponent + 1)));
        text.resize(exponent);
        return format_ == Format::latex ? text + " \\cdot 10^{" + power + "}"
                                        : text + "·10<sup>" + power + "</sup>";
    }
    [[nodiscard]] std::string power(const std::string& base, double exponent) const override {
        if (format_ == Format::text && (exponent == 2.0 || exponent == 3.0))
            return base + (exponent == 2.0 ? "²" : "³");
        const std::string text = digits_of(exponent, 6, false);
        switch (format_) {
            case Format::latex:
                return base + "^{" + text + "}";
            case Format::html:
                return base + "<sup>" + text + "</sup>";
            default:
                return base + "^" + text;
        }
    }
    [[nodiscard]] std::string root(const std::string& inner) const override {
        return format_ == Format::latex ? "\\sqrt{" + inner + "}" : "√(" + inner + ")";
    }
    [[nodiscard]] std::string call(Operation operation, int order,
                                   const std::vector<std::string>& parts) const override {
        const auto named = [&](const char* name) {
            return (format_ == Format::latex ? "\\" + std::string(name) : name) + "(" + parts[0] +
                   ")";
        };
        switch (operation) {
            case Operation::exponential:
                return named("exp");
            case Operation::logarithm:
                return named("log");
            case Operation::hyperbolic_tangent:
                return named("tanh");
            case Operation::absolute:
                return "|" + parts[0] + "|";
            case Operation::sign:
                return upright("sign") + "(" + parts[0] + ")";
            case Operation::normal_below:
                return (format_ == Format::latex ? "\\Phi(" : "Φ(") + parts[0] + ")";
            default:
                return mean(operation, order, parts);
        }
    }
    [[nodiscard]] std::string product(const std::vector<std::string>& factors) const override {
        std::string text = factors[0];
        for (std::size_t i = 1; i < factors.size(); ++i)
            text += (format_ == Format::latex ? " \\, " : " ") + factors[i];
        return text;
    }
    [[nodiscard]] std::string fraction(const std::string& above, const std::string& below,
                                       bool many_below) const override {
        if (format_ == Format::latex) return "\\frac{" + above + "}{" + below + "}";
        return above + " / " + (many_below ? "(" + below + ")" : below);
    }
    [[nodiscard]] std::string minus() const override {
        return format_ == Format::latex ? "-" : "−";
    }

  private:
    [[nodiscard]] std::string upright(const std::string& word) const {
        return format_ == Format::latex ? "\\mathrm{" + word + "}" : word;
    }

    [[nodiscard]] std::string mean(Operation operation, int order,
                                   const std::vector<std::string>& parts) const {
        static constexpr std::array smooth{"softplus", "logistic"};
        static constexpr std::array sharp{"relu", "step"};
        const auto k = static_cast<std::size_t>(std::min(order, 1));
        std::string name = operation == Operation::softplus_mean ? smooth[k] : sharp[k];
        name = upright(name) + std::string(static_cast<std::size_t>(std::max(order - 1, 0)), '\'');
        const bool none = parts[1] == "0";
        if (none) return name + "(" + parts[0] + ")";
        const char* left = format_ == Format::latex ? "\\langle " : "⟨";
        const char* right = format_ == Format::latex ? " \\rangle(" : "⟩(";
        return left + name + right + parts[0] + "; " + parts[1] + ")";
    }

    [[nodiscard]] std::string escaped(const std::string& label) const {
        std::string out;
        for (const char c : label) {
            const bool special = std::string("#$%&{}").find(c) != std::string::npos;
            if (format_ == Format::html && (c == '<' || c == '&'))
                out += c == '<' ? "&lt;" : "&amp;";
            else
                out += (format_ == Format::latex && special ? "\\" : "") + std::string(1, c);
        }
        return out;
    }

    [[nodiscard]] std::string letter_of(const std::string& letter, bool dot) const {
        const auto* found = std::ranges::find(letters, letter, &Letter::name);
        const bool known = found != letters.end();
        if (format_ == Format::latex) {
            const std::string body = known               ? found->latex
                                     : letter.size() > 1 ? "\\mathit{" + letter + "}"
                                                         : letter;
            return dot ? "\\dot{" + body + "}" : body;
        }
        std::string body = known ? found->unicode : letter;
        const auto* whole = std::ranges::find(dotted_letters, body, &Dotted::letter);
        if (dot && whole != dotted_letters.end()) {
            body = whole->with_dot;
        } else if (dot) {
            // The dot belongs to the first character.
            std::size_t first = 1;
            while (first < body.size() &&
                   (static_cast<unsigned char>(body[first]) & 0xC0U) == 0x80U)
                ++first;
            body.insert(first, "\xCC\x87");
        }
        return format_ == Format::html ? "<i>" + body + "</i>" : body;
    }

    [[nodiscard]] std::string indexed(const std::string& name, const std::string& mark) const {
        const auto cut = name.find('_');
        const std::string letter = letter_of(name.substr(0, cut), mark == "dot");
        if (cut == std::string::npos) return letter;
        std::string index = name.substr(cut + 1);
        std::ranges::replace(index, '_', ',');
        switch (format_) {
            case Format::latex:
                return letter + "_{\\mathrm{" + escaped(index) + "}}";
            case Format::html:
                return letter + "<sub>" + escaped(index) + "</sub>";
            default:
                return letter + "_" + index;
        }
    }

    Format format_;
    std::set<std::string> inputs_;
};

constexpr std::size_t longest = 100;  // Numbers and symbols of a formula that people read.

/// How many numbers and symbols a formula would be printed with, or `longest` + 1.
std::size_t length_of(const Expression& formula, std::size_t before = 0) {
    const Expression::Node& node = formula.node();
    if (node.parts.empty()) return before + 1;
    for (std::size_t i = 0; i < node.parts.size() && before <= longest; ++i)
        before = length_of(node.parts[i], before);
    return std::min(before, longest + 1);
}

bool abbreviated(const EquationDefinition& item) {
    return length_of(item.value) > longest;
}

/// A formula, or if it is too long of what it is one: Φ(m_E, v_E).
std::string value_of(const EquationDefinition& item, const Mathematics& write) {
    if (!abbreviated(item)) return print(item.value, write);
    std::string text;
    for (const Expression& leaf : leaves_of({item.value}))
        text += (text.empty() ? "" : ", ") + print(leaf, write);
    return write.symbol(item.name.substr(0, item.name.find('_'))) + "(" + text + ")";
}

using Line = std::pair<std::string, std::string>;  // What stands left and right of the sign.

std::vector<Line> lines_of(const RateEquations& equations, const Mathematics& write) {
    std::vector<Line> lines;
    for (const EquationState& state : equations.states) {
        const Relaxation relaxation = relaxation_of(state.rate);
        const std::string left = relaxation.tau.empty() ? "" : write.symbol(relaxation.tau) + " ";
        lines.emplace_back(left + write.dotted(state.name), print(relaxation.rest, write));
    }
    for (const EquationDefinition& item : equations.definitions)
        lines.emplace_back(write.symbol(item.name), value_of(item, write));
    return lines;
}

std::string joined(const std::string& number, const std::string& unit) {
    return unit.empty() ? number : number + " " + unit;
}

bool has_means(const RateEquations& equations) {
    return std::ranges::any_of(
        lines_of(equations, Mathematics(Format::text, equations)),
        [](const Line& line) { return line.second.find("⟨") != std::string::npos; });
}

const char* what_means_are = "⟨f⟩(u; w): mean of f(u + √w z) over a standard normal z";

/// What follows the equations, in words.
std::vector<std::string> notes_on(const RateEquations& equations) {
    std::vector<std::string> notes;
    if (has_means(equations)) notes.emplace_back(what_means_are);
    std::string names;
    for (const EquationDefinition& item : equations.definitions)
        if (abbreviated(item))
            names += (names.empty() ? "" : ", ") +
                     Mathematics(Format::text).symbol(item.name.substr(0, item.name.find('_')));
    if (!names.empty()) notes.push_back(names + ": sums that are too long to read; code has them");
    return notes;
}

/// Symbols with their values and what they mean.
std::vector<std::array<std::string, 3>> values_of(const RateEquations& equations,
                                                  const Mathematics& write) {
    std::vector<std::array<std::string, 3>> rows;
    for (const EquationParameter& item : equations.parameters) {
        const std::string number = write.number(std::abs(item.value));
        rows.push_back({write.symbol(item.name),
                        joined((item.value < 0.0 ? write.minus() : "") + number, item.unit),
                        item.meaning});
    }
    for (const EquationInput& item : equations.inputs)
        rows.push_back({write.symbol(item.name),
                        "steps at " + std::to_string(item.times.size()) + " times",
                        item.unit.empty() ? "input" : "input, " + item.unit});
    return rows;
}

}  // namespace

std::string expression_text(const Expression& formula) {
    return print(formula, Mathematics(Format::text));
}

std::string equation_text(const RateEquations& equations) {
    const Mathematics write(Format::text, equations);
    std::string text;
    for (const auto& [left, right] : lines_of(equations, write))
        text += left + " = " + right + "\n";
    for (const std::string& note : notes_on(equations)) text += note + "\n";
    for (const auto& [name, value, meaning] : values_of(equations, write))
        text += "  " + name + " = " + value + (meaning.empty() ? "" : "  (" + meaning + ")") + "\n";
    text.pop_back();
    return text;
}

std::string equation_latex(const RateEquations& equations) {
    std::string text = "\\begin{aligned}\n";
    for (const auto& [left, right] : lines_of(equations, Mathematics(Format::latex, equations)))
        text += left + " &= " + right + " \\\\\n";
    return text + "\\end{aligned}";
}

std::string equation_html(const RateEquations& equations) {
    const Mathematics write(Format::html, equations);
    std::string text = "<div class=\"heddle-equations\"><p>" + equations.title + "</p><table>";
    for (const auto& [left, right] : lines_of(equations, write))
        text += "<tr><td style=\"text-align:right\">" + left +
                "</td><td style=\"text-align:left\">= " + right + "</td></tr>";
    text += "</table>";
    for (const std::string& note : notes_on(equations)) text += "<p>" + note + "</p>";
    text += "<details><summary>Values</summary><table>";
    for (const auto& [name, value, meaning] : values_of(equations, write))
        text += "<tr><td>" + name + "</td><td>" + value + "</td><td>" + meaning + "</td></tr>";
    return text + "</table></details></div>";
}

}  // namespace heddle
