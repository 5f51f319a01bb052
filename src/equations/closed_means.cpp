#include "equations/closed_means.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include "equations/printer.hpp"

namespace heddle {

std::vector<MeanCall> means_in(const std::vector<Expression>& formulas) {
    std::set<MeanCall> found;
    std::set<const Expression::Node*> seen;
    const std::function<void(const Expression&)> visit = [&](const Expression& formula) {
        const Expression::Node& node = formula.node();
        if (!seen.insert(&node).second) return;
        if (node.operation == Operation::softplus_mean ||
            node.operation == Operation::rectified_mean)
            found.insert({node.operation, node.order});
        for (const Expression& part : node.parts) visit(part);
    };
    for (const Expression& formula : formulas) visit(formula);
    return {found.begin(), found.end()};
}

std::vector<double> logistic_series(int order) {
    std::vector<double> series{0.0, 1.0};
    // s' = s − s².
    for (int k = 1; k < order; ++k) {
        std::vector<double> next(series.size() + 1, 0.0);
        for (std::size_t j = 1; j < series.size(); ++j) {
            next[j] += static_cast<double>(j) * series[j];
            next[j + 1] -= static_cast<double>(j) * series[j];
        }
        series = std::move(next);
    }
    return series;
}

std::vector<double> hermite_series(int degree) {
    std::vector<double> before, now{1.0};
    for (int k = 0; k < degree; ++k) {
        std::vector<double> next(now.size() + 1, 0.0);
        for (std::size_t j = 0; j < now.size(); ++j) next[j + 1] += now[j];
        for (std::size_t j = 0; j < before.size(); ++j)
            next[j] -= static_cast<double>(k) * before[j];
        before = std::move(now);
        now = std::move(next);
    }
    return now;
}

std::string horner(const std::vector<double>& series, const std::string& x) {
    std::string text = digits_of(series.back(), 17, true);
    if (series.back() < 0.0) text = "(" + text + ")";
    for (std::size_t j = series.size() - 1; j-- > 0;) {
        text = x + "*" + (text.front() == '(' || series.size() - 2 == j ? text : "(" + text + ")");
        if (series[j] != 0.0) text = digits_of(series[j], 17, true) + "+" + text;
    }
    return text;
}

namespace {

Expression positive_part(const Expression& x) {
    if (x.constant()) return std::max(x.node().value, 0.0);
    return 0.5 * (x + absolute(x));
}

Expression polynomial(const std::vector<double>& series, const Expression& x) {
    Expression sum = 0.0;
    for (std::size_t j = series.size(); j-- > 0;) sum = sum * x + series[j];
    return sum;
}

Expression softplus(int order, const Expression& x) {
    if (order == 0) return logarithm(1.0 + exponential(x));
    const Expression s = 1.0 / (1.0 + exponential(-x));
    return order == 1 ? s : polynomial(logistic_series(order), s);
}

Expression softplus_sum(int order, const Expression& u, const Expression& w) {
    if (w.constant() && w.node().value <= 0.0) return softplus(order, u);
    const Expression deviation = power(positive_part(w), 0.5);
    const double spacing = 0.4;
    Expression sum = 0.0;
    for (int k = -15; k <= 15; ++k) {
        const double z = spacing * k;
        const double weight = spacing * std::exp(-0.5 * z * z) / std::sqrt(2.0 * M_PI);
        sum += weight * softplus(order, u + z * deviation);
    }
    return sum;
}

Expression rectified_sum(int order, const Expression& u, const Expression& w) {
    if (w.constant() && w.node().value <= 0.0) {
        if (order > 1) return 0.0;
        return order == 0 ? positive_part(u) : 0.5 * (1.0 + sign(u));
    }
    constexpr double least = 1e-12;
    const Expression deviation = power(least + positive_part(w - least), 0.5);
    const Expression x = u / deviation;
    if (order == 0) return u * normal_below(x) + deviation * normal_density(x);
    if (order == 1) return normal_below(x);
    return (order % 2 == 0 ? 1.0 : -1.0) * polynomial(hermite_series(order - 2), x) *
           normal_density(x) * power(deviation, 1.0 - order);
}

}  // namespace

Expression with_sums(const Expression& formula) {
    std::map<const Expression::Node*, Expression> known;
    const std::function<Expression(const Expression&)> of = [&](const Expression& part) {
        const Expression::Node& node = part.node();
        if (node.parts.empty() || node.operation == Operation::delayed) return part;
        const auto made = known.find(&node);
        if (made != known.end()) return made->second;
        Expression::Node copy = node;
        for (Expression& inner : copy.parts) inner = of(inner);
        const Expression u = copy.parts[0], w = copy.parts.back();
        const Expression result =
            node.operation == Operation::softplus_mean    ? softplus_sum(node.order, u, w)
            : node.operation == Operation::rectified_mean ? rectified_sum(node.order, u, w)
                                                          : Expression(copy);
        known.emplace(&node, result);
        return result;
    };
    return of(formula);
}

}  // namespace heddle
