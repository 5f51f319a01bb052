#include "heddle/rectified/exponential_sums.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "linalg/checks.hpp"

namespace heddle {
namespace {

struct Interval {
    double low;
    double high;
};

/// One sum, or its negative, on an interval.
class Sum final {
  public:
    Sum(const ExponentialSums& sums, Index row, double sign, double duration)
        : rates_(sums.rates),
          coefficients_(sign * sums.coefficients.row(row).transpose()),
          constant_(sign * sums.constant[row]),
          duration_(duration) {}

    struct Maximum {
        double attained;
        double bound;
    };

    [[nodiscard]] Maximum maximum(double tolerance) const {
        const double slack = tolerance * coefficients_.cwiseAbs().sum() +
                             16.0 * std::numeric_limits<double>::epsilon() * std::abs(constant_);
        double best = std::max(value(0.0), value(duration_));
        std::vector<Interval> left = {{0.0, duration_}};
        while (!left.empty()) {
            const auto [low, high] = left.back();
            left.pop_back();
            const double middle = 0.5 * (low + high);
            best = std::max(best, value(middle));
            if (bound(low, high) <= best + slack || middle <= low || middle >= high) continue;
            left.push_back({low, middle});
            left.push_back({middle, high});
        }
        return {best, best + slack};
    }

  private:
    [[nodiscard]] double value(double t) const {
        return constant_ +
               coefficients_.cwiseProduct((rates_ * t).array().exp().matrix()).sum().real();
    }

    [[nodiscard]] double bound(double low, double high) const {
        const double middle = 0.5 * (low + high);
        const double half = 0.5 * (high - low);
        double slope = 0.0;
        double here = constant_;
        double curvature = 0.0;
        for (Index m = 0; m < rates_.size(); ++m) {
            const Complex term = coefficients_[m] * std::exp(rates_[m] * middle);
            here += term.real();
            slope += (term * rates_[m]).real();
            curvature +=
                std::abs(term) * std::norm(rates_[m]) * std::exp(std::abs(rates_[m].real()) * half);
        }
        return here + std::abs(slope) * half + 0.5 * half * half * curvature;
    }

    const ComplexVector& rates_;
    ComplexVector coefficients_;
    double constant_;
    double duration_;
};

}  // namespace

SumExtrema extrema(const ExponentialSums& sums, double duration, double tolerance) {
    const Index k = sums.constant.size();
    require_shape(sums.coefficients, k, sums.rates.size(), "coefficients");
    require_finite(sums.constant, "constant");
    require_finite(sums.coefficients, "coefficients");
    require_finite(sums.rates, "rates");
    if (!(duration >= 0.0) || !std::isfinite(duration))
        throw DomainError("duration: found " + std::to_string(duration) + " s, expected 0 or more");
    if (!(tolerance >= 1e-12))
        throw DomainError("tolerance: found " + std::to_string(tolerance) +
                          ", expected 1e-12 or more");
    SumExtrema found{Vector(k), Vector(k), Vector(k), Vector(k)};
    for (Index row = 0; row < k; ++row) {
        const auto most = Sum(sums, row, 1.0, duration).maximum(tolerance);
        const auto least = Sum(sums, row, -1.0, duration).maximum(tolerance);
        found.most[row] = most.attained;
        found.upper_bound[row] = most.bound;
        found.least[row] = -least.attained;
        found.lower_bound[row] = -least.bound;
    }
    return found;
}

}  // namespace heddle
