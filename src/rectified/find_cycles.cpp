#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>

#include "heddle/core/error.hpp"
#include "heddle/core/random.hpp"
#include "rectified/cycle_evidence.hpp"
#include "rectified/cycle_trail.hpp"

namespace heddle {
namespace {

void check(const CycleSearchOptions& options) {
    if (options.starts < 1) throw DomainError("starts: found 0, expected 1 or more");
    if (!(std::isfinite(options.spread) && options.spread > 0.0))
        throw DomainError("spread: found " + std::to_string(options.spread) + ", expected above 0");
    if (!(options.tolerance > 0.0 && options.tolerance < 1.0))
        throw DomainError("tolerance: found " + std::to_string(options.tolerance) +
                          ", expected between 0 and 1");
    check(options.cycle);
}

double natural_scale(const ThresholdLinear& system) {
    double scale = 0.0;
    if (system.units() > 0) scale = system.bias.cwiseAbs().maxCoeff();
    if (system.states() > 0) scale = std::max(scale, system.drive.cwiseAbs().maxCoeff());
    return scale > 0.0 ? scale : 1.0;
}

/// Near and far: sizes are spread evenly over two decades on a logarithmic scale.
Vector drawn(const ThresholdLinear& system, const CycleSearchOptions& options, std::size_t start) {
    Vector x(system.states());
    const std::string name = "cycles/" + std::to_string(start);
    Random(options.seed, stream_of(name))
        .fill_normal({x.data(), static_cast<std::size_t>(x.size())});
    const double decades = 2.0 * Random(options.seed, stream_of(name + "/size")).uniform(0) - 1.0;
    return options.spread * natural_scale(system) * std::pow(10.0, decades) * x;
}

void merge(CycleSearch& search, const CycleTrail& trail, double tolerance) {
    ++search.since_new;
    for (const Cycle& cycle : trail.cycles) {
        std::size_t k = 0;
        while (k < search.cycles.size() && !same_cycle(search.cycles[k], cycle, tolerance)) ++k;
        if (k < search.cycles.size()) {
            ++search.starts_of[k];
            continue;
        }
        search.cycles.push_back(cycle);
        search.starts_of.push_back(1);
        search.since_new = 0;
    }
    search.fixed_points += trail.outcome == CycleOutcome::fixed_point ? 1 : 0;
    search.diverging += trail.outcome == CycleOutcome::diverges ? 1 : 0;
    search.unsettled += trail.outcome == CycleOutcome::no_recurrence ? 1 : 0;
}

/// Stable ones first, then by period.
void sort(CycleSearch& search) {
    std::vector<std::size_t> order(search.cycles.size());
    for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
        const Cycle &x = search.cycles[a], &y = search.cycles[b];
        return x.stable != y.stable ? x.stable : x.period < y.period;
    });
    CycleSearch sorted = search;
    for (std::size_t k = 0; k < order.size(); ++k) {
        sorted.cycles[k] = search.cycles[order[k]];
        sorted.starts_of[k] = search.starts_of[order[k]];
    }
    search = std::move(sorted);
}

std::string words_of(const CycleSearch& search) {
    const auto stable = std::ranges::count_if(search.cycles, &Cycle::stable);
    std::ostringstream text;
    text << search.cycles.size() << (search.cycles.size() == 1 ? " cycle" : " cycles") << ", "
         << stable << " stable, from " << search.searches << " starts; ";
    if (!search.cycles.empty()) text << "the last " << search.since_new << " found no new one. ";
    text << search.fixed_points << " ended in a fixed point, " << search.diverging << " diverged, "
         << search.unsettled << " settled on nothing. The search is not exhaustive.";
    return text.str();
}

}  // namespace

CycleSearch find_cycles(const ThresholdLinear& system, const CycleSearchOptions& options,
                        const Progress& progress) {
    validate(system);
    check(options);
    std::vector<CycleTrail> trails(options.starts);
    const auto body = [&](std::size_t i) {
        trails[i] =
            cycle_trail(system, drawn(system, options, i), options.cycle, options.tolerance);
    };
    parallel_for(options.starts, options.threads, body, progress);
    CycleSearch search{};
    search.searches = options.starts;
    for (const CycleTrail& trail : trails) merge(search, trail, options.tolerance);
    sort(search);
    search.statement = words_of(search);
    return search;
}

}  // namespace heddle
