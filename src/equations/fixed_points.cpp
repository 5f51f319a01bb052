#include <algorithm>
#include <cmath>

#include "equations/box_search.hpp"
#include "equations/delay_spectrum.hpp"
#include "equations/range.hpp"
#include "equations/rest.hpp"
#include "equations/system.hpp"
#include "heddle/core/error.hpp"
#include "heddle/core/random.hpp"
#include "heddle/core/similar.hpp"
#include "heddle/equations/rate_solution.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/solve.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

void check_options(const RateEquations& equations, const RateFixedPointOptions& options) {
    if (!std::isfinite(options.time))
        throw DomainError("time is " + number_text(options.time) + "; it must be a finite number");
    check_positive(options.largest_rate, "largest_rate");
    if (options.starts < 1)
        throw DomainError("starts is " + std::to_string(options.starts) +
                          "; it must be at least 1");
    if (options.most_boxes < 0)
        throw DomainError("most_boxes is " + std::to_string(options.most_boxes) +
                          "; it must be 0 or more");
    std::vector<std::string> known;
    for (const EquationState& state : equations.states) known.push_back(state.name);
    for (const EquationDefinition& item : equations.definitions) known.push_back(item.name);
    for (const auto& [name, ends] : options.box) {
        if (std::ranges::find(known, name) == known.end())
            throw DomainError("box: '" + name + "' is neither a state nor a definition" +
                              did_you_mean(name, known));
        check_ends("box: '" + name + "'", ends.first, ends.second);
    }
}

std::map<std::string, Interval> bounds_of(const RateEquations& equations,
                                          const RateFixedPointOptions& options) {
    std::map<std::string, Interval> bounds;
    for (const EquationDefinition& item : equations.definitions)
        if (std::isfinite(item.least))
            bounds.insert_or_assign(item.name,
                                    Interval(item.least, std::numeric_limits<double>::infinity()));
    for (const std::string& rate : equations.rates)
        bounds.insert_or_assign(rate, Interval(0.0, options.largest_rate));
    for (const auto& [name, ends] : options.box)
        bounds.insert_or_assign(name, Interval(ends.first, ends.second));
    return bounds;
}

/// Newton's method, steps halved until the residual falls.
bool newton(const RestProblem& problem, Vector& z) {
    Vector f = problem.residual(z);
    for (int iteration = 0; iteration < 60; ++iteration) {
        if (!f.allFinite()) return false;
        Vector step;
        try {
            step = solve(problem.slope(z), -f);
        } catch (const DomainError&) {
            return false;
        }
        if (!step.allFinite()) return false;
        const double size = step.norm() / (1.0 + z.norm());
        if (size <= 1e-14) return true;
        for (double share = 1.0;; share *= 0.5) {
            const Vector next = z + share * step;
            const Vector value = problem.residual(next);
            if (value.allFinite() && value.norm() < f.norm()) {
                z = next;
                f = value;
                break;
            }
            // Rounding is all that is left, or a minimum of |F| that is no zero.
            if (share < 1e-8) return size <= 1e-9;
        }
    }
    return false;
}

bool same(const Vector& a, const Vector& b) {
    return (a - b).norm() <= 1e-7 * (1e-3 + b.norm());
}

struct Zero {
    Vector z;
    bool certified;
};

/// Zeros by Newton's method from random places of the box that are not known.
class Starts final {
  public:
    Starts(const RestProblem& problem, const RestProblem::Box& box)
        : problem_(problem), box_(box) {}

    Index run(Index starts, std::uint64_t seed, std::vector<Zero>& zeros) const {
        const Random random(seed, stream_of("rate fixed points"));
        Index converged = 0;
        for (Index i = 0; i < starts; ++i) {
            Vector z(problem_.unknowns());
            for (Index j = 0; j < z.size(); ++j)
                z[j] = place(box_[static_cast<std::size_t>(j)],
                             random.uniform(static_cast<std::uint64_t>(i * z.size() + j)), i);
            if (!newton(problem_, z) || !in_box(z) || !problem_.within_bounds(around(z))) continue;
            ++converged;
            if (std::ranges::any_of(zeros, [&](const Zero& other) { return same(z, other.z); }))
                continue;
            zeros.push_back({z, holds_one(problem_, around(z))});
        }
        return converged;
    }

  private:
    /// From all scales of a box that reaches down to 0.
    static double place(const Interval& ends, double u, Index start) {
        const double least = std::max(ends.least, -1e3);
        const double most = std::min(ends.most, least + 1e4);
        const double share = start % 2 == 0 ? u : std::pow(10.0, -5.0 * (1.0 - u));
        return least + (most - least) * share;
    }

    [[nodiscard]] bool in_box(const Vector& z) const {
        for (Index j = 0; j < z.size(); ++j)
            if (!box_[static_cast<std::size_t>(j)].holds(z[j]) &&
                !box_[static_cast<std::size_t>(j)].holds(z[j] + 1e-9))
                return false;
        return true;
    }

    static RestProblem::Box around(const Vector& z) {
        RestProblem::Box box;
        for (const double value : z) {
            const double reach = 1e-6 * (std::abs(value) + 1e-3);
            box.emplace_back(value - reach, value + reach);
        }
        return box;
    }

    const RestProblem& problem_;
    const RestProblem::Box& box_;
};

RateFixedPoint point_at(SteadySystem& system, const RestProblem& problem, const Zero& zero) {
    RateFixedPoint point;
    point.state = problem.state(zero.z);
    point.definitions = system.definitions(point.state);
    point.residual = system.velocity(point.state).cwiseAbs().maxCoeff();
    point.eigenvalues = 1e3 * rightmost_eigenvalues(system.slopes(point.state));
    point.certified = zero.certified;
    classify(point);
    return point;
}

double first_rate(const RateEquations& equations, const RateFixedPoint& point) {
    if (equations.rates.empty()) return point.state[0];
    return value_of(equations, equations.rates[0], point.state, point.definitions);
}

std::string counted(std::size_t count, const std::string& what) {
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string statement_of(const RateFixedPoints& found, const RestProblem& problem,
                         const BoxSearch& search, Index converged, Index starts) {
    const std::string points = counted(found.points.size(), "fixed point");
    if (found.complete)
        return points + ", all there are in the box: proven by " + std::to_string(search.boxes) +
               (search.boxes == 1 ? " box" : " boxes") + " over " +
               counted(static_cast<std::size_t>(problem.unknowns()), "unknown") + ".";
    std::string text = points + ", " + std::to_string(converged) + " of " + std::to_string(starts) +
                       " starts converged; there may be more: ";
    if (!search.bounded) return text + "the equations bound not all unknowns; give `box` for them.";
    if (search.boxes == 0) return text + "no proof was asked for.";
    return text + std::to_string(search.undecided.size()) + " of " + std::to_string(search.boxes) +
           " boxes are undecided; a smaller largest_rate, or more boxes, "
           "may do.";
}

}  // namespace

void classify(RateFixedPoint& point) {
    const auto& values = point.eigenvalues;
    const double margin = 1e-7 * spectral_radius(values);
    const double abscissa = spectral_abscissa(values);
    const auto unstable = (values.real().array() > margin).count();
    point.stability = abscissa < -margin ? "stable" : abscissa > margin ? "unstable" : "marginal";
    point.kind = unstable % 2 == 1 ? "saddle" : values[0].imag() != 0.0 ? "focus" : "node";
}

RateFixedPoints fixed_points(const RateEquations& equations, const RateFixedPointOptions& options) {
    validate(equations);
    check_options(equations, options);
    const RestProblem problem(equations, options.time, bounds_of(equations, options));
    bool empty = false;
    const RestProblem::Box box = tightened(problem, problem.box(), empty);
    BoxSearch search;
    std::vector<Zero> zeros;
    if (!empty) search = search_box(problem, options.most_boxes);
    for (const RestProblem::Box& held : search.zeros) {
        Vector z(problem.unknowns());
        for (Index j = 0; j < z.size(); ++j) z[j] = held[static_cast<std::size_t>(j)].middle();
        newton(problem, z);
        zeros.push_back({z, true});
    }
    RateFixedPoints out{};
    out.complete = empty || (search.bounded && search.boxes > 0 && search.undecided.empty());
    Index converged = 0;
    if (!out.complete) converged = Starts(problem, box).run(options.starts, options.seed, zeros);
    SteadySystem system(equations, options.time);
    for (const Zero& zero : zeros) out.points.push_back(point_at(system, problem, zero));
    std::ranges::sort(out.points, [&](const RateFixedPoint& a, const RateFixedPoint& b) {
        return first_rate(equations, a) < first_rate(equations, b);
    });
    out.boxes = search.boxes;
    out.undecided = static_cast<Index>(search.undecided.size());
    out.statement = statement_of(out, problem, search, converged, options.starts);
    return out;
}

}  // namespace heddle
