#include "heddle/rectified/cycles.hpp"

#include <nanobind/nanobind.h>

#include <sstream>

#include "cycle_values.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const CycleGuess& guess) {
    std::ostringstream text;
    text << "CycleGuess(" << guess.units.size() << " regions, period "
         << 1e3 * (guess.dwell.size() > 0 ? guess.dwell.sum() : 0.0) << " ms)";
    return text.str();
}

std::string describe(const Cycle& cycle) {
    std::ostringstream text;
    text << "Cycle(" << name_of(cycle.outcome);
    if (cycle.outcome == CycleOutcome::found)
        text << ", period " << 1e3 * cycle.period << " ms, " << cycle.itinerary.size()
             << " regions, " << (cycle.stable ? "stable" : "not stable");
    text << ")";
    return text.str();
}

std::string describe(const CycleSearch& search) {
    std::ostringstream text;
    text << "CycleSearch(" << search.cycles.size() << " cycles from " << search.searches
         << " starts)";
    return text.str();
}

void bind_guess(nb::module_& module) {
    Value<CycleGuess>(module, "CycleGuess",
                      R"(A closed chain of regions that a cycle may follow.

    support  the active units of the first region
    units    the unit that crosses at the end of each of the p regions
    dwell    t_1 … t_p, s, shape (p,)
    states   x at the start of each region, shape (n, p); if empty, those of the orbit that closes
             best at these dwell times)",
                      [](const CycleGuess& guess) { return describe(guess); })
        .required("support", &CycleGuess::support, "σ_1, rising indices.")
        .required("units", &CycleGuess::units, "j_1 … j_p.")
        .required("dwell", &CycleGuess::dwell, "t_1 … t_p, s, shape (p,).")
        .optional("states", &CycleGuess::states, "Shape (n, p), or empty.")
        .done();
}

void bind_cycle(nb::module_& module) {
    Value<Cycle>(module, "Cycle",
                 "A periodic orbit of a threshold-linear network, or why there is none.",
                 [](const Cycle& cycle) { return describe(cycle); })
        .required("outcome", &Cycle::outcome,
                  "found, other itinerary, fixed point, not converged, no recurrence or diverges.")
        .required("itinerary", &Cycle::itinerary, "The supports σ_1 … σ_p.")
        .required("crossings", &Cycle::crossings,
                  "The Crossing that ends each region; times from the first state on, s.")
        .required("dwell", &Cycle::dwell, "t_1 … t_p, s.")
        .required("period", &Cycle::period, "Σ t_k, s.")
        .required("states", &Cycle::states, "x_1 … x_p, at the crossings, shape (n, p).")
        .required("residual", &Cycle::residual, "max |x_{k+1} − Φ_k x_k − g_k| / max |x|.")
        .required("surface_residual", &Cycle::surface_residual,
                  "Largest input of a crossing unit, relative.")
        .required("closure", &Cycle::closure, "|x(T) − x(0)| / max |x| by threshold_flow.")
        .required("multipliers", &Cycle::multipliers,
                  "Floquet multipliers: eigenvalues of Φ_p ⋯ Φ_1, shape (n,).")
        .required("trivial_error", &Cycle::trivial_error,
                  "Distance from 1 of the multiplier along the flow, which is 1.")
        .required("largest", &Cycle::largest, "max |μ| of the others.")
        .required("stable", &Cycle::stable, "largest < 1 by more than trivial_error.")
        .required("margin", &Cycle::margin,
                  "Least |input| at an extremum of a unit's input, relative to the largest: the "
                  "distance to a border collision.")
        .required("margin_unit", &Cycle::margin_unit, "That unit; −1 if there is none.")
        .required("condition", &Cycle::condition, "κ₁ of Newton's equations, scaled.")
        .required("steps", &Cycle::steps, "Of Newton's method.")
        .required("trusted", &Cycle::trusted,
                  "Found, with residuals below 1e-9 and trivial_error below 1e-6.")
        .required("statement", &Cycle::statement, "What it is, in words.")
        .done();
}

void bind_search(nb::module_& module) {
    Value<CycleSearch>(module, "CycleSearch", "All cycles that a search found; not exhaustive.",
                       [](const CycleSearch& search) { return describe(search); })
        .required("cycles", &CycleSearch::cycles, "Distinct ones, stable first, then by period.")
        .required("starts_of", &CycleSearch::starts_of, "Starts that found each.")
        .required("searches", &CycleSearch::searches, "Starts in all.")
        .required("since_new", &CycleSearch::since_new,
                  "Starts after the last that found a new cycle.")
        .required("fixed_points", &CycleSearch::fixed_points, "Starts that ended in one.")
        .required("diverging", &CycleSearch::diverging, "Starts that grew without bound.")
        .required("unsettled", &CycleSearch::unsettled, "Starts that settled on nothing.")
        .required("statement", &CycleSearch::statement, "All this in words.")
        .done();
}

void bind_functions(nb::module_& module) {
    module.def(
        "refine_cycle",
        [](const ThresholdLinear& system, const CycleGuess& guess, Index most_steps) {
            CycleOptions options;
            options.most_steps = most_steps;
            return long_call(nb::none(), [system, guess, options](LongCall&) {
                return refine_cycle(system, guess, options);
            });
        },
        "system"_a, "guess"_a, nb::kw_only(), "most_steps"_a = CycleOptions{}.most_steps,
        R"(The cycle near a CycleGuess, by Newton's method on dwell times and states.

    x_{k+1} = e^{A_k t_k / τ} x_k + g_k(t_k) ,   q_{j_k}ᵀ x_{k+1} + c_{j_k} = 0 ,   x_{p+1} = x_1

Every region is solved from its own state (multiple shooting); then threshold_flow follows the
orbit once and must meet the same crossings. Returns a Cycle, whose `outcome` says whether it was
found. Raises ShapeError or DomainError, naming the field of the guess. p exponentials of size
n + 1 and 2 p n² (n + p) + (n + p)³ flops a step.)");
    module.def(
        "cycle_from",
        [](const ThresholdLinear& system, nb::handle initial, double duration, double nearness,
           Index most_regions, nb::handle progress) {
            CycleOptions options;
            options.duration = duration;
            options.nearness = nearness;
            options.most_regions = most_regions;
            return long_call(progress, [system, options,
                                        x = to_eigen<Vector>(initial, "initial")](LongCall& call) {
                return cycle_from(system, x, options, call.progress());
            });
        },
        "system"_a, "initial"_a, nb::kw_only(), "duration"_a = 0.0,
        "nearness"_a = CycleOptions{}.nearness, "most_regions"_a = CycleOptions{}.most_regions,
        "progress"_a = nb::none(),
        R"(The cycle that the trajectory from `initial`, shape (n,), settles on.

The exact flow is followed; near-returns to a surface are refined by Newton's method, and where the
true itinerary of a solution is another, that one is tried. If the trajectory settles on no cycle,
the first unstable one that it passed is returned, or a Cycle whose `outcome` says what became of it.

    duration      longest trajectory, s; 0: 2000 τ
    nearness      returns nearer than this, relative to the spread of the crossings, are tried
    most_regions  longest itinerary

Raises ShapeError or DomainError, naming the argument.)");
    module.def(
        "find_cycles",
        [](const ThresholdLinear& system, std::size_t starts, std::uint64_t seed, double spread,
           double tolerance, double duration, double nearness, Index most_regions,
           std::size_t threads, nb::handle progress) {
            CycleSearchOptions options{starts, seed, spread, tolerance, threads, {}};
            options.cycle.duration = duration;
            options.cycle.nearness = nearness;
            options.cycle.most_regions = most_regions;
            return long_call(progress, [system, options](LongCall& call) {
                return find_cycles(system, options, call.progress());
            });
        },
        "system"_a, nb::kw_only(), "starts"_a = 32, "seed"_a = 0, "spread"_a = 1.0,
        "tolerance"_a = 1e-6, "duration"_a = 0.0, "nearness"_a = CycleOptions{}.nearness,
        "most_regions"_a = CycleOptions{}.most_regions, "threads"_a = 0, "progress"_a = nb::none(),
        R"(Limit cycles of a ThresholdLinear, stable and unstable, from many random initial states.

Every start is followed by the exact flow until it settles; all near-returns on the way are tried as
cycles, as in `cycle_from`. The search is not exhaustive, and says how many starts found nothing new.

    starts     random initial states, normal, of 0.1 to 10 times the size of bias and drive
    spread     factor of that size
    tolerance  cycles whose period and states agree to this, relative, are the same
    duration, nearness, most_regions  as in `cycle_from`
    threads    0: one per core; any number gives the same bits

Returns a CycleSearch. Raises DomainError, naming the option. Eisenmann et al. (2023), NeurIPS 36,
for the search in discrete time.)");
}

}  // namespace

void bind_limit_cycles(nb::module_& module) {
    bind_guess(module);
    bind_cycle(module);
    bind_search(module);
    bind_functions(module);
}

}  // namespace heddle::python
