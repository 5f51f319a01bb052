#include "equations/closed_means.hpp"

#include <cmath>
#include <functional>
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

}  // namespace heddle
