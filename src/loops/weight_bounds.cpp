#include "loops/weight_bounds.hpp"

#include <limits>
#include <utility>

#include "heddle/core/error.hpp"

namespace heddle {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// The rule for every weight; `usual` where there is none.
Eigen::MatrixXi spread(const Eigen::MatrixXi& rule, Index n, Index k, int usual,
                       const std::string& name) {
    if (rule.size() == 0) return Eigen::MatrixXi::Constant(n, k, usual);
    if (rule.rows() != n || (rule.cols() != k && rule.cols() != 1))
        throw ShapeError(name, shape_text(n, k) + ", or (" + std::to_string(n) + ", 1) for all",
                         shape_text(rule.rows(), rule.cols()));
    return rule.cols() == k ? rule : Eigen::MatrixXi(rule.replicate(1, k));
}

void require_values(const Eigen::MatrixXi& rule, int least, int most, const std::string& name,
                    const std::string& expected) {
    for (Index i = 0; i < rule.size(); ++i)
        if (rule.data()[i] < least || rule.data()[i] > most)
            throw DomainError(name + ": found " + std::to_string(rule.data()[i]) + ", expected " +
                              expected);
}

std::string entry(const std::string& name, Index i, Index c) {
    return name + "[" + std::to_string(i) + ", " + std::to_string(c) + "]";
}

}  // namespace

WeightBounds weight_bounds(const WeightRules& rules, Index n, Index k, const std::string& name) {
    if (rules.empty()) return {};
    require_values(rules.signs, -1, 1, name + "_signs",
                   "1 (positive), -1 (negative) or 0 (either)");
    require_values(rules.present, 0, 1, name + "_mask", "true (present) or false (absent)");
    const Eigen::ArrayXXi signs = spread(rules.signs, n, k, 0, name + "_signs").array();
    const Eigen::ArrayXXi present = spread(rules.present, n, k, 1, name + "_mask").array();
    WeightBounds bounds{Matrix::Constant(n, k, -infinity), Matrix::Constant(n, k, infinity)};
    bounds.lower = (signs == 1 || present == 0).select(0.0, bounds.lower);
    bounds.upper = (signs == -1 || present == 0).select(0.0, bounds.upper);
    for (Index c = 0; c < k; ++c)
        if (present.col(c).sum() == 0)
            throw DomainError(name + "_mask: loop " + std::to_string(c) +
                              " has no connection left, expected at least one");
    return bounds;
}

void check_within(const WeightBounds& bounds, const MatrixView& weights, const std::string& name) {
    if (bounds.empty()) return;
    for (Index c = 0; c < weights.cols(); ++c)
        for (Index i = 0; i < weights.rows(); ++i) {
            const double weight = weights(i, c);
            if (weight >= bounds.lower(i, c) && weight <= bounds.upper(i, c)) continue;
            const bool absent = bounds.lower(i, c) == bounds.upper(i, c);
            throw DomainError(
                entry(name, i, c) + " is " + std::to_string(weight) + ", but " + name +
                (absent ? "_mask lets it be absent only" : "_signs gives it the other sign") +
                "; give weights that obey, or leave the rule out");
        }
}

Matrix folded(const WeightBounds& bounds, const MatrixView& weights) {
    if (bounds.empty()) return weights;
    const Matrix turned = weights.cwiseAbs();
    const auto clamp = [&](const Matrix& w) {
        return Matrix(w.cwiseMax(bounds.lower).cwiseMin(bounds.upper));
    };
    const auto one_sided = bounds.lower.array() == 0.0 || bounds.upper.array() == 0.0;
    return one_sided.select(clamp(turned) + clamp(-turned), weights);
}

}  // namespace heddle
