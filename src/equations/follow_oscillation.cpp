#include <algorithm>
#include <cmath>
#include <optional>

#include "equations/oscillation_start.hpp"
#include "equations/range.hpp"
#include "heddle/core/error.hpp"
#include "heddle/equations/oscillation.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

void check_options(const RateEquations& equations, std::size_t parameter,
                   const OscillationOptions& options) {
    const bool at_hopf = !options.hopf.kind.empty();
    const EquationParameter& moving = equations.parameters[parameter];
    check_range(moving.name, at_hopf ? options.hopf.parameter : moving.value, options.from,
                options.to);
    if (at_hopf && (options.hopf.kind != "hopf" || !(options.hopf.frequency > 0.0) ||
                    options.hopf.state.size() != static_cast<Index>(equations.states.size())))
        throw DomainError("hopf is a " + options.hopf.kind +
                          " of other equations; give a Hopf point of these");
    check_positive(options.settle, "settle");
    check_positive(options.largest_step, "largest_step");
    check_positive(options.longest_period, "longest_period");
    for (const auto& [value, least, what] : {std::tuple(options.intervals, Index{4}, "intervals"),
                                             {options.most_points, Index{1}, "most_points"},
                                             {options.samples, Index{2}, "samples"}})
        if (value < least)
            throw DomainError(std::string(what) + " is " + std::to_string(value) +
                              "; it must be at least " + std::to_string(least));
}

/// What is known about one periodic solution.
struct Orbit {
    PeriodicSolution solution;
    PeriodicProblem::Multipliers multipliers;
    double defect;

    [[nodiscard]] Index unstable() const {
        const double margin = 1.0 + 10.0 * multipliers.trivial_error + 1e-6;
        return (multipliers.others.cwiseAbs().array() > margin).count();
    }
    /// How many real multipliers lie left of −1, right of 1, and how many pairs outside.
    [[nodiscard]] std::array<Index, 3> crossed() const {
        std::array<Index, 3> counts{};
        for (const Complex& value : multipliers.others) {
            if (std::abs(value) <= 1.0) continue;
            const bool real = std::abs(value.imag()) <= 1e-9 * std::abs(value);
            counts[real ? (value.real() < 0.0 ? 0 : 1) : 2] += 1;
        }
        return counts;
    }
};

/// Beyond it a solution is none.
constexpr double largest_defect = 0.1;

class Follower final {
  public:
    Follower(const RateEquations& equations, std::size_t parameter,
             const OscillationOptions& options)
        : options_(options), problem_(equations, parameter, options.time, options.intervals) {
        const bool at_hopf = !options.hopf.kind.empty();
        start_ = at_hopf ? start_at_hopf(equations, parameter, options, problem_.mesh())
                         : start_from_solution(equations, parameter, options, problem_.mesh());
    }

    /// Corrects the start: both directions from a settled oscillation, one from a Hopf point.
    std::string run(std::vector<Orbit>& orbits) {
        anchor(start_.solution);
        const Vector guess = problem_.packed(start_.solution);
        Vector direction = Vector::Unit(guess.size(), guess.size() - 1);
        const bool grows = start_.direction.profile.size() > 0;
        if (grows) {
            PeriodicSolution base = start_.solution;
            base.profile -= start_.direction.profile;
            direction = (guess - problem_.packed(base)).normalized();
        }
        const auto first = correct(problem_.equations(), guess, direction);
        if (!first)
            throw NotConverged(
                "no periodic solution is reached from the start; more intervals or a "
                "longer settle may do");
        if (grows) return resolved(follow(*first, orbits), orbits);
        const PeriodicSolution begin = problem_.unpacked(first->y);
        CurvePoint back = *first;
        back.tangent = -back.tangent;
        std::vector<Orbit> backward;
        const std::string left = follow(back, backward);
        // On the way back the units have become those of other solutions.
        anchor(begin);
        const auto again = correct(problem_.equations(), problem_.packed(begin), direction);
        const std::string right =
            again ? resolved(follow(*again, orbits), orbits) : "it could not be followed";
        if (!backward.empty())
            orbits.insert(orbits.begin(), backward.rbegin(),
                          backward.rend() - (orbits.empty() ? 0 : 1));
        return left + "; at the other end " + right;
    }

  private:
    static std::string resolved(std::string why, const std::vector<Orbit>& orbits) {
        if (orbits.empty())
            throw NotConverged(
                "the intervals do not resolve the oscillation to start from; give "
                "more");
        return why;
    }

    /// Units and phase become those of this solution.
    void anchor(const PeriodicSolution& solution) {
        problem_.set_reference(solution, options_.to - options_.from);
    }

    /// Nothing where the mesh no longer resolves how perturbations move.
    [[nodiscard]] std::optional<Orbit> orbit(const PeriodicSolution& solution) {
        try {
            Orbit found{solution, problem_.multipliers(solution), problem_.defect(solution)};
            if (found.defect < largest_defect) return found;
        } catch (const DomainError&) {
            // A singular matrix: as coarse as that.
        }
        return std::nullopt;
    }

    /// A point in the units of its own solution: profile and period stay of order 1.
    [[nodiscard]] std::optional<CurvePoint> renewed(const CurvePoint& at) {
        const PeriodicSolution now = problem_.unpacked(at.y);
        const PeriodicSolution ahead = problem_.unpacked(at.y + 1e-3 * at.tangent);
        anchor(now);
        const Vector direction = problem_.packed(ahead) - problem_.packed(now);
        return correct(problem_.equations(), problem_.packed(now), direction.normalized());
    }

    std::string follow(CurvePoint at, std::vector<Orbit>& orbits) {
        const std::string coarse = "the intervals no longer resolve it; more may do";
        const auto first = orbit(problem_.unpacked(at.y));
        if (!first) return coarse;
        orbits.push_back(*first);
        double step = std::min(0.01, options_.largest_step);
        for (Index k = 1; k < options_.most_points; ++k) {
            const auto next = advance(problem_.equations(), at, step, options_.largest_step);
            if (!next) return "it could not be followed further; more intervals may do";
            const PeriodicSolution solution = problem_.unpacked(next->y);
            if (solution.period <= 0.0 || solution.period > options_.longest_period)
                return "the period leaves the range";
            if (solution.parameter < options_.from || solution.parameter > options_.to)
                return "the end of the range is reached";
            if (shrunk(solution)) return "the oscillation shrinks to an equilibrium";
            const auto reached = orbit(solution);
            if (!reached) return coarse;
            orbits.push_back(*reached);
            const auto again = renewed(*next);
            if (!again) return coarse;
            at = *again;
        }
        return "the largest number of points is reached";
    }

    [[nodiscard]] static bool shrunk(const PeriodicSolution& solution) {
        const Matrix& x = solution.profile;
        const Vector range = x.rowwise().maxCoeff() - x.rowwise().minCoeff();
        const Vector mean = x.cwiseAbs().rowwise().mean();
        return range.cwiseQuotient(mean.cwiseMax(1e-9)).maxCoeff() < 5e-4;
    }

    const OscillationOptions& options_;
    PeriodicProblem problem_;
    OscillationStart start_;
};

/// Where a count of multipliers changes, or the parameter turns.
void find_specials(const std::vector<Orbit>& orbits, OscillationBranch& out) {
    static constexpr std::array kinds{"period doubling", "fold", "torus"};
    for (std::size_t k = 1; k < orbits.size(); ++k) {
        const auto a = orbits[k - 1].crossed(), b = orbits[k].crossed();
        for (std::size_t kind : {0U, 2U})
            if (a[kind] != b[kind] && orbits[k].multipliers.trivial_error < 1e-2)
                out.specials.push_back(
                    {kinds[kind],
                     0.5 * (orbits[k - 1].solution.parameter + orbits[k].solution.parameter),
                     k - 1});
        if (k + 1 == orbits.size()) continue;
        const double before = orbits[k].solution.parameter - orbits[k - 1].solution.parameter;
        const double after = orbits[k + 1].solution.parameter - orbits[k].solution.parameter;
        if (before * after < 0.0)
            out.specials.push_back({kinds[1], orbits[k].solution.parameter, k});
    }
}

/// One period at equal times, from mesh polynomials.
Matrix sampled(const CollocationMesh& mesh, const Matrix& profile, Index samples) {
    Matrix out(profile.rows(), samples);
    for (Index k = 0; k < samples; ++k)
        out.col(k) = mesh.value(profile, static_cast<double>(k) / static_cast<double>(samples));
    return out;
}

void write(const RateEquations& equations, std::size_t parameter, const OscillationOptions& options,
           const std::vector<Orbit>& orbits, OscillationBranch& out) {
    const auto count = static_cast<Index>(orbits.size());
    const auto populations = static_cast<Index>(equations.rates.size());
    for (Vector* column :
         {&out.values, &out.period, &out.multiplier, &out.trivial_error, &out.defect})
        column->resize(count);
    for (Matrix* rows : {&out.lowest, &out.highest, &out.mean}) rows->resize(populations, count);
    const CollocationMesh mesh(options.intervals);
    RateEquations at = equations;
    for (Index k = 0; k < count; ++k) {
        const Orbit& orbit = orbits[static_cast<std::size_t>(k)];
        out.values[k] = orbit.solution.parameter;
        out.period[k] = orbit.solution.period;
        out.multiplier[k] =
            orbit.multipliers.others.size() > 0 ? std::abs(orbit.multipliers.others[0]) : 0.0;
        out.trivial_error[k] = orbit.multipliers.trivial_error;
        out.defect[k] = orbit.defect;
        out.unstable.push_back(orbit.unstable());
        out.states.push_back(sampled(mesh, orbit.solution.profile, options.samples));
        at.parameters[parameter].value = orbit.solution.parameter;
        const Matrix rates = rates_along(at, out.states.back(), options.time);
        out.lowest.col(k) = rates.rowwise().minCoeff();
        out.highest.col(k) = rates.rowwise().maxCoeff();
        out.mean.col(k) = rates.rowwise().mean();
    }
}

}  // namespace

OscillationBranch follow_oscillation(const RateEquations& equations, const std::string& parameter,
                                     const OscillationOptions& options) {
    validate(equations);
    const std::size_t position = parameter_index(equations, parameter);
    check_options(equations, position, options);
    Follower follower(equations, position, options);
    std::vector<Orbit> orbits;
    const std::string end = follower.run(orbits);
    OscillationBranch out;
    out.parameter = parameter;
    out.names = equations.populations;
    write(equations, position, options, orbits, out);
    find_specials(orbits, out);
    out.statement = std::to_string(orbits.size()) + " oscillations; " + end + ".";
    return out;
}

}  // namespace heddle
