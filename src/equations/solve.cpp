#include <algorithm>
#include <cmath>

#include "equations/integrate.hpp"
#include "heddle/core/error.hpp"
#include "heddle/equations/rate_solution.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

void check_options(const RateEquations& equations, const RateSolveOptions& options) {
    check_positive(options.duration, "duration");
    check_positive(options.step, "step");
    if (!(options.tolerance > 0.0))
        throw DomainError("tolerance is " + number_text(options.tolerance) + "; it must be > 0");
    if (options.step > options.duration)
        throw DomainError("step is " + number_text(options.step) + " ms, above the duration " +
                          number_text(options.duration) + " ms; give a part of it");
    check_delays_of(equations, options.step);
    check_state(equations, options.initial, "initial");
}

constexpr Index most_steps = 256;  // In one of those asked for.

[[noreturn]] void give_up(const RateSolveOptions& options) {
    throw NotConverged("the rate equations are not solved to a tolerance of " +
                       number_text(options.tolerance) + " by steps of " +
                       number_text(options.step / static_cast<double>(most_steps)) +
                       " ms; a step shorter than " + number_text(options.step) +
                       " ms or a larger tolerance may do");
}

/// Solutions with more and more steps until two agree.
RateSamples refine(const RateEquations& equations, const Vector& initial, Index samples,
                   const RateSolveOptions& options, RateTrajectory& out) {
    EquationSystem system(equations);
    const auto solved = [&](Index each) {
        return integrate(equations, system, initial, options.step / static_cast<double>(each),
                         each * samples, each, options.silent_past);
    };
    RateSamples coarse = solved(1);
    for (Index each = 2; each <= most_steps; each *= 2) {
        RateSamples fine = solved(each);
        out.inner_step = options.step / static_cast<double>(each);
        if (coarse.states.size() > 0 && fine.states.size() > 0) {
            out.error = (fine.states - coarse.states).cwiseAbs().rowwise().maxCoeff();
            const Vector size = fine.states.cwiseAbs().rowwise().maxCoeff();
            if (std::isinf(options.tolerance) ||
                (out.error.array() <= options.tolerance * size.array()).all())
                return fine;
        }
        coarse = std::move(fine);
    }
    give_up(options);
}

}  // namespace

RateTrajectory solve(const RateEquations& equations, const RateSolveOptions& options) {
    validate(equations);
    check_options(equations, options);
    RateTrajectory out;
    out.names = equations.populations;
    for (const EquationState& state : equations.states) out.state_names.push_back(state.name);
    for (const EquationDefinition& item : equations.definitions)
        out.definition_names.push_back(item.name);
    const Vector initial = options.initial.size() == 0 ? initial_state(equations) : options.initial;
    const auto samples = static_cast<Index>(std::ceil(options.duration / options.step - 1e-9));
    out.step = options.step;
    out.times = Vector::LinSpaced(samples + 1, 0.0, static_cast<double>(samples) * options.step);
    RateSamples found = refine(equations, initial, samples, options, out);
    check_range(equations, found.definitions, options.step);
    out.rates.resize(static_cast<Index>(equations.rates.size()), samples + 1);
    for (Index a = 0; a < out.rates.rows(); ++a)
        out.rates.row(a) =
            row_of(equations, found, equations.rates[static_cast<std::size_t>(a)]).transpose();
    out.states = std::move(found.states);
    out.definitions = std::move(found.definitions);
    return out;
}

}  // namespace heddle
