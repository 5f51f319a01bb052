#include "equations/printer.hpp"

#include <cmath>
#include <cstdio>

namespace heddle {
namespace {

enum class Level { sum, product, atom };

/// A formula as text, how tightly it holds together, and whether a minus stands before it.
struct Written {
    std::string text;
    Level level;
    bool negative = false;
};

class Printer final {
  public:
    explicit Printer(const Dialect& dialect) : dialect_(dialect) {}

    [[nodiscard]] std::string plain(const Expression& expression) const {
        return with_sign(of(expression));
    }

  private:
    [[nodiscard]] std::string with_sign(const Written& written) const {
        return (written.negative ? dialect_.minus() : "") + written.text;
    }

    /// In parentheses where it would come apart.
    [[nodiscard]] std::string tight(const Expression& expression, Level least) const {
        const Written written = of(expression);
        if (written.negative || static_cast<int>(written.level) < static_cast<int>(least))
            return dialect_.parentheses(with_sign(written));
        return written.text;
    }

    [[nodiscard]] Written of(const Expression& expression) const {
        const Expression::Node& node = expression.node();
        switch (node.operation) {
            case Operation::number:
                return {dialect_.number(std::abs(node.value)), Level::atom, node.value < 0.0};
            case Operation::symbol:
                return {dialect_.symbol(node.name), Level::atom};
            case Operation::delayed:
                return {dialect_.delayed(node.name, plain(node.parts[0])), Level::atom};
            case Operation::sum:
                return sum(node);
            case Operation::product:
                return product(node);
            case Operation::power:
                if (node.value < 0.0) return product({Operation::product, 0, 0, "", {expression}});
                return {raised(node.parts[0], node.value), Level::atom};
            default:
                return {call(node), Level::atom};
        }
    }

    [[nodiscard]] std::string call(const Expression::Node& node) const {
        std::vector<std::string> parts;
        for (const Expression& part : node.parts) parts.push_back(plain(part));
        return dialect_.call(node.operation, node.order, parts);
    }

    [[nodiscard]] std::string raised(const Expression& base, double exponent) const {
        if (exponent == 1.0) return tight(base, Level::product);
        if (exponent == 0.5) return dialect_.root(plain(base));
        const bool simple = base.node().operation == Operation::symbol;
        const std::string inner = simple ? plain(base) : dialect_.parentheses(plain(base));
        return dialect_.power(inner, exponent);
    }

    [[nodiscard]] Written sum(const Expression::Node& node) const {
        std::string text;
        bool negative = false;
        for (std::size_t i = 0; i < node.parts.size(); ++i) {
            const Written part = of(node.parts[i]);
            if (i == 0)
                negative = part.negative;
            else
                text += part.negative ? " " + dialect_.minus() + " " : " + ";
            text += part.text;
        }
        // The minus of the first part is no minus of the sum.
        return {(negative ? dialect_.minus() : "") + text, Level::sum};
    }

    [[nodiscard]] Written product(const Expression::Node& node) const {
        std::vector<std::string> above, below;
        bool negative = false;
        for (const Expression& part : node.parts) {
            const Expression::Node& inner = part.node();
            if (inner.operation == Operation::number) {
                negative = inner.value < 0.0;
                if (std::abs(inner.value) == 1.0) continue;
                above.push_back(dialect_.number(std::abs(inner.value)));
            } else if (inner.operation == Operation::power && inner.value < 0.0) {
                below.push_back(raised(inner.parts[0], -inner.value));
            } else {
                above.push_back(factor(part));
            }
        }
        if (above.empty()) above.push_back(dialect_.number(1.0));
        const std::string top = above.size() == 1 ? above[0] : dialect_.product(above);
        if (below.empty()) return {top, above.size() == 1 ? Level::atom : Level::product, negative};
        const std::string bottom = below.size() == 1 ? below[0] : dialect_.product(below);
        return {dialect_.fraction(top, bottom, below.size() > 1), Level::product, negative};
    }

    [[nodiscard]] std::string factor(const Expression& part) const {
        return tight(part, Level::product);
    }

    const Dialect& dialect_;
};

}  // namespace

std::string print(const Expression& expression, const Dialect& dialect) {
    return Printer(dialect).plain(expression);
}

Relaxation relaxation_of(const Expression& rate) {
    const Expression::Node& node = rate.node();
    if (node.operation != Operation::product) return {"", rate};
    Relaxation found;
    found.rest = 1.0;
    for (const Expression& part : node.parts) {
        const Expression::Node& inner = part.node();
        const bool inverse_time = inner.operation == Operation::power && inner.value == -1.0 &&
                                  inner.parts[0].node().operation == Operation::symbol &&
                                  inner.parts[0].node().name.starts_with("tau") &&
                                  found.tau.empty();
        if (inverse_time)
            found.tau = inner.parts[0].node().name;
        else
            found.rest = found.rest * part;
    }
    return found;
}

std::string digits_of(double value, int digits, bool point) {
    char buffer[40];
    std::snprintf(buffer, sizeof buffer, "%.*g", digits, value);
    std::string text = buffer;
    if (point && text.find_first_of(".e") == std::string::npos) text += ".0";
    return text;
}

}  // namespace heddle
