#include "heddle/equations/expression.hpp"

#include <cmath>
#include <functional>
#include <numbers>
#include <unordered_map>
#include <utility>

namespace heddle {
namespace {

using Node = Expression::Node;

Expression apply(Operation operation, std::vector<Expression> parts, int order = 0) {
    return Expression(Node{.operation = operation, .order = order, .parts = std::move(parts)});
}

/// Are they seen at a glance to be the same?
bool alike(const Expression& a, const Expression& b, int depth = 3) {
    const Node& x = a.node();
    const Node& y = b.node();
    if (&x == &y) return true;
    if (x.operation != y.operation || x.value != y.value || x.order != y.order ||
        x.name != y.name || x.parts.size() != y.parts.size() || depth == 0)
        return false;
    for (std::size_t i = 0; i < x.parts.size(); ++i)
        if (!alike(x.parts[i], y.parts[i], depth - 1)) return false;
    return true;
}

/// A part of a sum or product: how often it stands there.
struct Repeated {
    Expression part;
    double times;
};

/// x³ in a product: three times x. 2 x y in a sum: twice x y.
Repeated repeated(const Expression& part, Operation operation) {
    const Node& node = part.node();
    if (operation == Operation::product && node.operation == Operation::power)
        return {node.parts[0], node.value};
    const bool scaled = operation == Operation::sum && node.operation == Operation::product &&
                        node.parts[0].constant();
    if (!scaled) return {part, 1.0};
    const std::vector<Expression> rest(node.parts.begin() + 1, node.parts.end());
    return {rest.size() == 1 ? rest[0] : apply(Operation::product, rest),
            node.parts[0].node().value};
}

/// The parts of a sum or product, equal ones together; else the expression itself.
void gather(const Expression& from, Operation operation, double& number,
            std::vector<Repeated>& into) {
    const Node& node = from.node();
    if (node.operation == Operation::number) {
        number = operation == Operation::sum ? number + node.value : number * node.value;
    } else if (node.operation == operation) {
        for (const Expression& part : node.parts) gather(part, operation, number, into);
    } else {
        const Repeated found = repeated(from, operation);
        for (Repeated& known : into)
            if (alike(known.part, found.part)) {
                known.times += found.times;
                return;
            }
        into.push_back(found);
    }
}

/// A number leads a product and ends a sum.
Expression combined(Operation operation, const Expression& a, const Expression& b) {
    const bool product = operation == Operation::product;
    const double neutral = product ? 1.0 : 0.0;
    double number = neutral;
    std::vector<Repeated> found;
    gather(a, operation, number, found);
    gather(b, operation, number, found);
    if (product && number == 0.0) return 0.0;
    std::vector<Expression> parts;
    for (const Repeated& item : found) {
        if (item.times == 0.0) continue;
        parts.push_back(product             ? power(item.part, item.times)
                        : item.times == 1.0 ? item.part
                                            : item.times * item.part);
    }
    if (parts.empty()) return number;
    if (number != neutral) parts.insert(product ? parts.begin() : parts.end(), Expression(number));
    return parts.size() == 1 ? parts.front() : apply(operation, std::move(parts));
}

/// A formula made anew from its parts, shared ones once.
class Rebuilder final {
  public:
    using Leaf = std::function<Expression(const Expression&)>;

    explicit Rebuilder(Leaf leaf) : leaf_(std::move(leaf)) {}

    Expression of(const Expression& expression) {
        const Node& node = expression.node();
        if (node.operation == Operation::symbol || node.operation == Operation::delayed)
            return leaf_(expression);
        if (node.parts.empty()) return expression;
        const auto known = made_.find(&node);
        if (known != made_.end()) return known->second;
        const Expression result = rebuilt(expression);
        made_.emplace(&node, result);
        return result;
    }

  private:
    Expression rebuilt(const Expression& expression) {
        const Node& node = expression.node();
        std::vector<Expression> parts;
        bool changed = false;
        for (const Expression& part : node.parts) {
            parts.push_back(of(part));
            changed |= !parts.back().same(part);
        }
        if (!changed) return expression;
        switch (node.operation) {
            case Operation::sum:
            case Operation::product: {
                Expression all = parts[0];
                for (std::size_t i = 1; i < parts.size(); ++i)
                    all = combined(node.operation, all, parts[i]);
                return all;
            }
            case Operation::power:
                return power(parts[0], node.value);
            default:
                return apply(node.operation, std::move(parts), node.order);
        }
    }

    Leaf leaf_;
    std::unordered_map<const Node*, Expression> made_;
};

/// ∂ / ∂ name of shared formulas, each once.
class Differentiator final {
  public:
    explicit Differentiator(const std::string& name) : name_(name) {}

    Expression of(const Expression& expression) {
        const Node& node = expression.node();
        if (node.operation == Operation::symbol) return node.name == name_ ? 1.0 : 0.0;
        if (node.operation == Operation::delayed || node.parts.empty()) return 0.0;
        const auto known = made_.find(&node);
        if (known != made_.end()) return known->second;
        const Expression result = rule(expression);
        made_.emplace(&node, result);
        return result;
    }

  private:
    Expression rule(const Expression& expression) {
        const Node& node = expression.node();
        Expression total = 0.0;
        for (std::size_t i = 0; i < node.parts.size(); ++i) {
            const Expression inner = of(node.parts[i]);
            if (!inner.is(0.0)) total += slope(expression, i) * inner;
        }
        return total;
    }

    /// ∂ / ∂ part i.
    static Expression slope(const Expression& expression, std::size_t i) {
        const Node& node = expression.node();
        const Expression& x = node.parts[0];
        switch (node.operation) {
            case Operation::sum:
                return 1.0;
            case Operation::product: {
                Expression others = 1.0;
                for (std::size_t j = 0; j < node.parts.size(); ++j)
                    if (j != i) others = others * node.parts[j];
                return others;
            }
            case Operation::power:
                return node.value * power(x, node.value - 1.0);
            case Operation::exponential:
                return expression;
            case Operation::logarithm:
                return power(x, -1.0);
            case Operation::hyperbolic_tangent:
                return 1.0 - square(expression);
            case Operation::absolute:
                return sign(x);
            case Operation::normal_below:
                return normal_density(x);
            case Operation::softplus_mean:
            case Operation::rectified_mean: {
                // By z's normal law, ∂ / ∂ w = ½ ∂² / ∂ u².
                const int step = i == 0 ? 1 : 2;
                const Expression higher =
                    apply(node.operation, {x, node.parts[1]}, node.order + step);
                return i == 0 ? higher : 0.5 * higher;
            }
            default:
                return 0.0;
        }
    }

    const std::string& name_;
    std::unordered_map<const Node*, Expression> made_;
};

void visit(const Expression& expression, std::unordered_map<const Node*, bool>& seen,
           const std::function<void(const Expression&)>& leaf) {
    if (!seen.emplace(&expression.node(), true).second) return;
    const Operation operation = expression.node().operation;
    if (operation == Operation::symbol || operation == Operation::delayed)
        leaf(expression);
    else
        for (const Expression& part : expression.node().parts) visit(part, seen, leaf);
}

}  // namespace

Expression::Expression(double number)
    : Expression(Node{.operation = Operation::number, .value = number}) {}

Expression::Expression(Node node) : node_(std::make_shared<const Node>(std::move(node))) {}

bool Expression::is(double number) const {
    return constant() && node_->value == number;
}

Expression symbol(const std::string& name) {
    return Expression(Node{.operation = Operation::symbol, .name = name});
}

Expression delayed(const std::string& name, const Expression& by) {
    return Expression(Node{.operation = Operation::delayed, .name = name, .parts = {by}});
}

Expression operator+(const Expression& a, const Expression& b) {
    return combined(Operation::sum, a, b);
}
Expression operator*(const Expression& a, const Expression& b) {
    return combined(Operation::product, a, b);
}
Expression operator-(const Expression& a) {
    return -1.0 * a;
}
Expression operator-(const Expression& a, const Expression& b) {
    return a + -b;
}
Expression operator/(const Expression& a, const Expression& b) {
    return a * power(b, -1.0);
}
Expression& operator+=(Expression& a, const Expression& b) {
    return a = a + b;
}
Expression& operator-=(Expression& a, const Expression& b) {
    return a = a - b;
}

Expression power(const Expression& base, double exponent) {
    if (exponent == 0.0) return 1.0;
    if (exponent == 1.0) return base;
    if (base.constant()) return std::pow(base.node().value, exponent);
    if (base.node().operation == Operation::product && exponent == -1.0) {
        Expression all = 1.0;
        for (const Expression& factor : base.node().parts) all = all * power(factor, -1.0);
        return all;
    }
    // Whole powers of powers; (x²)^½ is |x|, and stays.
    if (base.node().operation == Operation::power && exponent == std::round(exponent))
        return power(base.node().parts[0], base.node().value * exponent);
    return Expression(Node{.operation = Operation::power, .value = exponent, .parts = {base}});
}
Expression square(const Expression& base) {
    return power(base, 2.0);
}
Expression exponential(const Expression& x) {
    if (x.constant()) return std::exp(x.node().value);
    return apply(Operation::exponential, {x});
}
Expression logarithm(const Expression& x) {
    if (x.constant()) return std::log(x.node().value);
    return apply(Operation::logarithm, {x});
}
Expression hyperbolic_tangent(const Expression& x) {
    return apply(Operation::hyperbolic_tangent, {x});
}
Expression absolute(const Expression& x) {
    return apply(Operation::absolute, {x});
}
Expression sign(const Expression& x) {
    return apply(Operation::sign, {x});
}
Expression normal_below(const Expression& x) {
    return apply(Operation::normal_below, {x});
}
Expression normal_density(const Expression& x) {
    return 1.0 / std::sqrt(2.0 * std::numbers::pi) * exponential(-0.5 * square(x));
}
Expression softplus_mean(int order, const Expression& u, const Expression& w) {
    return apply(Operation::softplus_mean, {u, w}, order);
}
Expression rectified_mean(int order, const Expression& u, const Expression& w) {
    return apply(Operation::rectified_mean, {u, w}, order);
}

Expression derivative(const Expression& of, const std::string& name) {
    return Differentiator(name).of(of);
}

Expression with_leaves(const Expression& in,
                       const std::function<Expression(const Expression&)>& leaf) {
    return Rebuilder(leaf).of(in);
}

Expression replaced(const Expression& in, const std::string& name, const Expression& by) {
    return with_leaves(in, [&](const Expression& leaf) {
        const Node& node = leaf.node();
        return node.operation == Operation::symbol && node.name == name ? by : leaf;
    });
}

Expression at_rest(const Expression& of) {
    return with_leaves(of, [](const Expression& leaf) {
        const Node& node = leaf.node();
        return node.operation == Operation::delayed ? symbol(node.name) : leaf;
    });
}

bool equal(const Expression& a, const Expression& b) {
    const Node& x = a.node();
    const Node& y = b.node();
    if (&x == &y) return true;
    if (x.operation != y.operation || x.value != y.value || x.order != y.order ||
        x.name != y.name || x.parts.size() != y.parts.size())
        return false;
    for (std::size_t i = 0; i < x.parts.size(); ++i)
        if (!equal(x.parts[i], y.parts[i])) return false;
    return true;
}

bool contains(const Expression& in, const std::string& name) {
    bool found = false;
    std::unordered_map<const Node*, bool> seen;
    visit(in, seen, [&](const Expression& leaf) {
        found |= leaf.node().operation == Operation::symbol && leaf.node().name == name;
    });
    return found;
}

std::vector<Expression> leaves_of(const std::vector<Expression>& list) {
    std::vector<Expression> found;
    std::unordered_map<const Node*, bool> seen;
    for (const Expression& expression : list)
        visit(expression, seen, [&](const Expression& leaf) {
            for (const Expression& known : found)
                if (equal(known, leaf)) return;
            found.push_back(leaf);
        });
    return found;
}

}  // namespace heddle
