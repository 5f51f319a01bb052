#include "heddle/loops/decay_time.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "heddle/core/error.hpp"
#include "heddle/linalg/exponential.hpp"

namespace heddle {
namespace {

constexpr double shortest = 0.125;
constexpr std::size_t most_doublings = 34;

/// ln ‖E‖_F / √n.
double log_norm(const Matrix& e) {
    return std::log(e.norm()) - 0.5 * std::log(static_cast<double>(e.rows()));
}

/// d/dt ln ‖e^{A t}‖_F.
double slope(const Matrix& a, const Matrix& e) {
    const Matrix change = a * e;
    return e.cwiseProduct(change).sum() / e.squaredNorm();
}

/// e^{A s}, e^{2 A s}, e^{4 A s} … up to the first whose norm is below the level, or the last to
/// try.
std::vector<Matrix> doublings(const MatrixView& a, double level) {
    std::vector<Matrix> steps{exponential(a * shortest)};
    while (!(log_norm(steps.back()) < level) && steps.size() < most_doublings &&
           steps.back().allFinite()) {
        const Matrix& last = steps.back();
        Matrix next = last * last;
        steps.push_back(std::move(next));
    }
    return steps;
}

struct End {
    double value, slope;  ///< Of ln ‖e^{A t}‖ − level.
};

/// The root of the cubic with these values and slopes at 0 and 1, by bisection.
double cubic_root(const End& left, const End& right) {
    const double rise = right.value - left.value;
    const double c2 = 3.0 * rise - 2.0 * left.slope - right.slope;
    const double c3 = left.slope + right.slope - 2.0 * rise;
    double low = 0.0, high = 1.0;
    while (high - low > 1e-15) {
        const double s = 0.5 * (low + high);
        const double value = left.value + s * (left.slope + s * (c2 + s * c3));
        (value >= 0.0 ? low : high) = s;
    }
    return low;
}

double decay_time(const Matrix& a, const std::vector<Matrix>& steps, double level) {
    if (!(log_norm(steps.back()) < level)) return std::numeric_limits<double>::infinity();
    double t = 0.0;
    Matrix here = Matrix::Identity(a.rows(), a.cols()), after = steps.front();
    for (auto j = static_cast<int>(steps.size()) - 1; j >= 0; --j) {
        Matrix there = here * steps[static_cast<std::size_t>(j)];
        if (log_norm(there) < level) {
            after = std::move(there);
        } else {
            here = std::move(there);
            t += std::ldexp(shortest, j);
        }
    }
    // `after` was reached in one of the steps down, and `here` has come up to one step before it.
    const End left{log_norm(here) - level, shortest * slope(a, here)};
    const End right{log_norm(after) - level, shortest * slope(a, after)};
    return t + shortest * cubic_root(left, right);
}

}  // namespace

std::vector<double> decay_times(const MatrixView& a, const std::vector<double>& fractions) {
    double least = 1.0;
    for (const double fraction : fractions) {
        if (!(fraction > 0.0 && fraction < 1.0))
            throw DomainError("fractions holds " + std::to_string(fraction) +
                              "; numbers above 0 and below 1 would work.");
        least = std::min(least, fraction);
    }
    if (a.rows() == 0) throw ShapeError("a", "at least 1 × 1", shape_text(a.rows(), a.cols()));
    std::vector<double> times;
    if (fractions.empty()) return times;
    const std::vector<Matrix> steps = doublings(a, std::log(least));
    for (const double fraction : fractions)
        times.push_back(decay_time(a, steps, std::log(fraction)));
    return times;
}

}  // namespace heddle
