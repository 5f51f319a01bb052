#include "rectified/cycle_trail.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <sstream>
#include <utility>

#include "heddle/core/error.hpp"
#include "rectified/cycle_evidence.hpp"
#include "rectified/cycle_returns.hpp"

namespace heddle {
namespace {

constexpr double first_stretch = 25.0;  // τ; every stretch is twice as long as the one before.
constexpr double at_rest = 1e-9;        // |τ ẋ| beside the terms it is the sum of.
constexpr double unbounded = 1e9;

double scale_of(const ThresholdLinear& system, const VectorView& x) {
    const double terms =
        (system.linear.cwiseAbs() * x.cwiseAbs()).maxCoeff() + system.drive.cwiseAbs().maxCoeff();
    return terms > 0.0 ? terms : 1.0;
}

/// Whether the trajectory has settled on this cycle: it ends near one of its crossings.
bool settled(const ThresholdFlow& flow, const Cycle& cycle) {
    if (!cycle.stable || flow.crossings.empty()) return false;
    const Vector last = flow.crossing_states.rightCols(1);
    const double reach = (cycle.states.colwise() - cycle.states.rowwise().mean()).norm() /
                         std::sqrt(static_cast<double>(cycle.states.cols()));
    return (cycle.states.colwise() - last).colwise().norm().minCoeff() < 1e-3 * reach;
}

void keep(CycleTrail& trail, Cycle cycle, double tolerance) {
    if (cycle.outcome != CycleOutcome::found) return;
    for (const Cycle& known : trail.cycles)
        if (same_cycle(known, cycle, tolerance)) return;
    trail.cycles.push_back(std::move(cycle));
}

/// Looks at one stretch. True if it says how the trajectory ends.
bool read_stretch(const ThresholdLinear& system, const ThresholdFlow& flow, CycleTrail& trail,
                  const CycleOptions& options, double tolerance) {
    if (!flow.complete) {  // Unbounded growth, or more crossings than the budget.
        const bool storm = static_cast<Index>(flow.crossings.size()) >= options.flow.most_crossings;
        trail.outcome = storm ? CycleOutcome::no_recurrence : CycleOutcome::diverges;
        trail.statement = " The flow stopped: " + flow.statement + ".";
        if (!storm) return true;
    }
    trail.end = flow.complete ? flow.states.rightCols(1) : flow.crossing_states.rightCols(1);
    for (const CycleGuess& guess : near_returns(flow, options.nearness, options.most_regions,
                                                static_cast<std::size_t>(options.attempts))) {
        const std::vector<Index> word = canonical_rotation(guess.units);
        if (trail.failed.contains(word)) continue;
        Cycle cycle = refined(system, guess, options);
        if (cycle.outcome != CycleOutcome::found) trail.failed.insert(word);
        keep(trail, std::move(cycle), tolerance);
    }
    for (std::size_t k = 0; k < trail.cycles.size(); ++k)
        if (settled(flow, trail.cycles[k])) {
            std::swap(trail.cycles[k], trail.cycles.back());
            trail.outcome = CycleOutcome::found;
            return true;
        }
    const double scale = std::max(scale_of(system, trail.end), trail.scale);
    if (!trail.end.allFinite() || scale > unbounded * trail.scale) {
        trail.outcome = CycleOutcome::diverges;
        return true;
    }
    if (velocity(system, trail.end).cwiseAbs().maxCoeff() < at_rest * scale) {
        trail.outcome = CycleOutcome::fixed_point;
        return true;
    }
    return !flow.complete;
}

std::string words_of(const CycleTrail& trail, double searched) {
    std::ostringstream text;
    switch (trail.outcome) {
        case CycleOutcome::fixed_point:
            text << "The trajectory ends in a fixed point";
            break;
        case CycleOutcome::diverges:
            text << "The trajectory grows without bound";
            break;
        default:
            text << "The trajectory settled on nothing within " << searched
                 << " s: a long transient, quasi-periodic or chaotic motion";
    }
    text << '.';
    return text.str();
}

}  // namespace

void check(const CycleOptions& options) {
    const auto require = [](bool holds, const char* name, const std::string& found,
                            const char* expected) {
        if (!holds)
            throw DomainError(std::string(name) + ": found " + found + ", expected " + expected);
    };
    require(options.most_steps >= 1, "most_steps", std::to_string(options.most_steps), "1 or more");
    require(options.most_rereads >= 0, "most_rereads", std::to_string(options.most_rereads),
            "0 or more");
    require(std::isfinite(options.duration) && options.duration >= 0.0, "duration",
            std::to_string(options.duration) + " s", "0 s or more");
    require(options.nearness > 0.0, "nearness", std::to_string(options.nearness), "above 0");
    require(options.most_regions >= 2, "most_regions", std::to_string(options.most_regions),
            "2 or more");
    require(options.attempts >= 1, "attempts", std::to_string(options.attempts), "1 or more");
}

std::vector<CycleGuess> true_words(const ThresholdLinear& system, const CyclePath& path,
                                   const CycleOptions& options) {
    Index longest = 0;
    path.dwell.maxCoeff(&longest);
    const RegionStep half = region_step(system, path.itinerary[static_cast<std::size_t>(longest)],
                                        0.5 * path.dwell[longest]);
    const Vector start = half.propagator * path.states.col(longest) + half.drift;
    ThresholdFlowOptions budget = options.flow;
    budget.most_crossings = std::min(budget.most_crossings, 4 * options.most_regions);
    const ThresholdFlow flow =
        threshold_flow(system, start, Vector::Constant(1, 3.0 * path.period()), budget);
    return near_returns(flow, std::numeric_limits<double>::infinity(), options.most_regions, 1,
                        0.3 * path.period());
}

Cycle refined(const ThresholdLinear& system, const CycleGuess& guess, const CycleOptions& options) {
    std::set<std::vector<Index>> seen;
    CycleGuess next = guess;
    for (Index round = 0;; ++round) {
        seen.insert(canonical_rotation(next.units));
        CycleNewton newton = solve_cycle(system, path_of(system, next), options.most_steps);
        const CyclePath once = primitive(newton.path);
        if (newton.converged && once.regions() < newton.path.regions())
            newton = solve_cycle(system, once, options.most_steps);
        Cycle cycle = cycle_of(system, newton, options);
        if (cycle.outcome != CycleOutcome::other_itinerary || round >= options.most_rereads ||
            !(newton.path.period() > 0.0))
            return cycle;
        const auto words = true_words(system, newton.path, options);
        if (words.empty() || seen.contains(canonical_rotation(words.front().units))) return cycle;
        next = words.front();
    }
}

CycleTrail cycle_trail(const ThresholdLinear& system, const VectorView& initial,
                       const CycleOptions& options, double tolerance, const Progress& on_way) {
    const double longest = options.duration > 0.0 ? options.duration : 2000.0 * system.tau;
    CycleTrail trail{{}, CycleOutcome::no_recurrence, initial, scale_of(system, initial), "", {}};
    double done = 0.0;
    for (double stretch = first_stretch * system.tau; done < longest; stretch *= 2.0) {
        if (on_way) on_way(static_cast<std::size_t>(1000.0 * done / longest), 1000);
        const double time = std::min(stretch, longest - done);
        const Vector x = trail.end;
        const ThresholdFlow flow =
            threshold_flow(system, x, Vector::Constant(1, time), options.flow,
                           on_way ? Progress([&](std::size_t, std::size_t) {
                               on_way(static_cast<std::size_t>(1000.0 * done / longest), 1000);
                           })
                                  : Progress{});
        done += time;
        if (read_stretch(system, flow, trail, options, tolerance)) break;
    }
    trail.statement = words_of(trail, done) + trail.statement;
    return trail;
}

}  // namespace heddle
