#include <algorithm>
#include <cmath>
#include <numbers>

#include "heddle/core/error.hpp"
#include "heddle/core/random.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/solve.hpp"
#include "network/checks.hpp"
#include "equations/delay_spectrum.hpp"
#include "population/positive_roots.hpp"
#include "population/quadratic_flow.hpp"

namespace heddle {
namespace {

/// What is left of the equations at rest: F_a(r) = v_a² + η_a + I_a(r) − x_a² for the rates r
/// alone, with x = π τ ϱ and v = −D(r) / (2 x).
class RestEquations final {
  public:
    RestEquations(const QuadraticRates& equations, double time)
        : scale_(1e-3 * std::numbers::pi * equations.tau),
          drive_(equations.eta.size()),
          delta_(equations.delta),
          gain_(Matrix::Zero(drive_.size(), drive_.size())),
          width_(gain_) {
        mean_currents(equations, time, time, drive_);
        drive_ += equations.eta;
        for (const RateCoupling& item : equations.couplings) {
            const Index source = equations.filters[static_cast<std::size_t>(item.filter)].source;
            gain_(item.target, source) += item.gain;
            width_(item.target, source) += item.width;
        }
        for (const RateAdaptation& item : equations.adaptations)
            gain_(item.population, item.population) -= item.gain;
    }

    [[nodiscard]] Index size() const { return drive_.size(); }

    [[nodiscard]] Vector x(const Vector& r) const { return scale_.cwiseProduct(r); }
    [[nodiscard]] Vector potentials(const Vector& r) const {
        return -0.5 * (delta_ + width_ * r).cwiseQuotient(x(r));
    }
    [[nodiscard]] Vector residual(const Vector& r) const {
        return potentials(r).cwiseAbs2() + drive_ + gain_ * r - x(r).cwiseAbs2();
    }
    /// dF / d log r.
    [[nodiscard]] Matrix slope(const Vector& r) const {
        const Vector v = potentials(r);
        Matrix dv = -0.5 * x(r).cwiseInverse().asDiagonal() * width_ * r.asDiagonal();
        dv.diagonal() -= v;
        Matrix out = 2.0 * v.asDiagonal() * dv + gain_ * r.asDiagonal();
        out.diagonal() -= 2.0 * x(r).cwiseAbs2();
        return out;
    }

    /// The rates at which one population rests: all of them.
    [[nodiscard]] std::vector<double> single() const {
        const double width = width_(0, 0) / scale_[0];
        std::vector<double> roots =
            positive_roots({0.25 * delta_[0] * delta_[0], 0.5 * delta_[0] * width,
                            0.25 * width * width + drive_[0], gain_(0, 0) / scale_[0], -1.0});
        for (double& root : roots) root /= scale_[0];
        return roots;
    }

    /// Rates between those of silent and of strongly driven populations, log-uniform.
    [[nodiscard]] Vector start(const Random& random, Index i) const {
        Vector r(size());
        for (Index a = 0; a < size(); ++a) {
            const double drive = 1.0 + std::sqrt(std::abs(drive_[a])) + delta_[a] +
                                 gain_.row(a).cwiseAbs().sum() / scale_.minCoeff();
            const double share = random.uniform(static_cast<std::uint64_t>(i * size() + a));
            r[a] = std::exp(std::log(1e-4) + share * std::log(2e4 * drive)) / scale_[a];
        }
        return r;
    }

  private:
    Vector scale_;  ///< x / r.
    Vector drive_;
    Vector delta_;
    Matrix gain_;
    Matrix width_;
};

constexpr double longest_step = 2.0;  // Of log r.

/// Damped Newton steps of log r; false if they do not end at a zero.
bool newton(const RestEquations& rest, Vector& r) {
    Vector f = rest.residual(r);
    for (int iteration = 0; iteration < 100; ++iteration) {
        Vector step;
        try {
            step = solve(rest.slope(r), -f);
        } catch (const DomainError&) {
            return false;
        }
        const double size = step.cwiseAbs().maxCoeff();
        if (size <= 1e-13) return true;
        double share = std::min(1.0, longest_step / size);
        for (;; share *= 0.5) {
            const Vector next = r.array() * (share * step).array().exp();
            const Vector value = rest.residual(next);
            if (value.norm() < f.norm()) {
                r = next;
                f = value;
                break;
            }
            // Rounding is all that is left, or a minimum of |F| that is no zero.
            if (share < 1e-8) return size <= 1e-9;
        }
    }
    return false;
}

bool known(const std::vector<Vector>& points, const Vector& r) {
    return std::ranges::any_of(points, [&](const Vector& other) {
        return ((r - other).array() / r.array()).abs().maxCoeff() < 1e-7;
    });
}

struct Search {
    std::vector<Vector> rates;
    Index converged = 0;
};

Search search(const RestEquations& rest, const RateFixedPointOptions& options) {
    Search found;
    if (rest.size() == 1) {
        for (const double r : rest.single()) found.rates.push_back(Vector::Constant(1, r));
        return found;
    }
    const Random random(options.seed, stream_of("rate fixed points"));
    for (Index i = 0; i < options.starts; ++i) {
        Vector r = rest.start(random, i);
        if (!newton(rest, r)) continue;
        ++found.converged;
        if (!known(found.rates, r)) found.rates.push_back(r);
    }
    std::ranges::sort(found.rates, [](const Vector& a, const Vector& b) { return a[0] < b[0]; });
    return found;
}

Vector state_at(const QuadraticRates& equations, const RestEquations& rest, const Vector& r) {
    const RateLayout layout(equations);
    Vector state(layout.size());
    const Vector v = rest.potentials(r);
    for (Index a = 0; a < r.size(); ++a) {
        state[RateLayout::rate(a)] = r[a];
        state[RateLayout::potential(a)] = v[a];
    }
    for (std::size_t k = 0; k < equations.filters.size(); ++k) {
        const RateFilter& filter = equations.filters[k];
        const Index s = layout.filter(static_cast<Index>(k));
        if (s < 0) continue;
        state[s] = r[filter.source];
        if (filter.synapse.kind == Synapse::Kind::alpha) state[s - 1] = r[filter.source];
    }
    for (std::size_t k = 0; k < equations.adaptations.size(); ++k)
        state[layout.adaptation(static_cast<Index>(k))] =
            equations.adaptations[k].gain * r[equations.adaptations[k].population];
    return state;
}

EquationSlopes linearised(const QuadraticRates& equations, const Vector& state) {
    const RateJacobian slopes = jacobian(equations, state);
    const auto filters = static_cast<Index>(equations.filters.size());
    EquationSlopes out{slopes.state, slopes.delayed, Matrix::Zero(filters, state.size()),
                       Vector(filters)};
    for (Index k = 0; k < filters; ++k) {
        const RateFilter& filter = equations.filters[static_cast<std::size_t>(k)];
        out.c(k, RateLayout::rate(filter.source)) = 1.0;
        out.delay[k] = filter.delay;
    }
    return out;
}

RateFixedPoint fixed_point(const QuadraticRates& equations, const RestEquations& rest,
                           const Vector& r, double time) {
    RateFixedPoint point;
    point.state = state_at(equations, rest, r);
    point.residual = velocity(equations, point.state, steady_drive(equations, point.state, time))
                         .cwiseAbs()
                         .maxCoeff();
    point.eigenvalues = 1e3 * rightmost_eigenvalues(linearised(equations, point.state));
    point.definitions = steady_definitions(rate_equations(equations), point.state, time);
    point.certified = rest.size() == 1;
    classify(point);
    return point;
}

std::string statement_of(const RateFixedPoints& found, const Search& search, Index starts) {
    const auto count = found.points.size();
    const std::string points =
        std::to_string(count) + (count == 1 ? " fixed point" : " fixed points");
    if (found.complete) return points + ", all there are: the positive roots of a quartic.";
    return points + " from " + std::to_string(search.converged) + " of " + std::to_string(starts) +
           " starts that converged; there may be more.";
}

}  // namespace

RateFixedPoints fixed_points(const QuadraticRates& equations,
                             const RateFixedPointOptions& options) {
    if (!std::isfinite(options.time))
        throw DomainError("time is " + number_text(options.time) + "; it must be a finite number");
    if (options.starts < 1)
        throw DomainError("starts is " + std::to_string(options.starts) +
                          "; it must be at least 1");
    const RestEquations rest(equations, options.time);
    const Search found = search(rest, options);
    RateFixedPoints out{};
    out.complete = rest.size() == 1;
    for (const Vector& r : found.rates)
        out.points.push_back(fixed_point(equations, rest, r, options.time));
    out.statement = statement_of(out, found, options.starts);
    return out;
}

}  // namespace heddle
