#include "rectified/cycle_returns.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "heddle/core/random.hpp"
#include "rectified/region_step.hpp"

namespace heddle {
namespace {

constexpr Index most_crossings = 5000;  // The last ones of a stretch that are compared.
constexpr double alike = 1e-9;          // Returns nearer than this are equally near.

struct Return {
    Index first, last;
    double rank;
};

/// A number for the surface and the region behind it, at every crossing: equal where both are.
std::vector<std::uint64_t> places(const ThresholdFlow& flow) {
    const Random random(0, stream_of("cycles/places"));
    std::uint64_t region = 0;
    std::vector<std::uint64_t> keys;
    for (const Crossing& crossing : flow.crossings) {
        region ^= random.integer(static_cast<std::uint64_t>(2 * crossing.unit));
        keys.push_back(region ^ random.integer(static_cast<std::uint64_t>(2 * crossing.unit + 1)));
    }
    return keys;
}

/// Root mean square distance of the crossings from their mean.
double spread_of(const Matrix& states) {
    const Vector mean = states.rowwise().mean();
    return std::sqrt((states.colwise() - mean).squaredNorm() / static_cast<double>(states.cols()));
}

std::vector<Return> pairs(const ThresholdFlow& flow, double nearness, Index most_regions,
                          double shortest) {
    const std::vector<std::uint64_t> keys = places(flow);
    const auto count = static_cast<Index>(keys.size());
    const double spread = spread_of(flow.crossing_states);
    const auto at = [](const auto& values, Index i) { return values[static_cast<std::size_t>(i)]; };
    std::vector<Return> found;
    for (Index i = std::max<Index>(0, count - most_crossings); i < count; ++i)
        for (Index j = i + 2; j < count && j - i <= most_regions; ++j) {
            if (at(keys, i) != at(keys, j)) continue;
            if (at(flow.crossings, j).time - at(flow.crossings, i).time < shortest) continue;
            const double distance =
                (flow.crossing_states.col(j) - flow.crossing_states.col(i)).norm() / spread;
            if (distance < nearness)
                found.push_back({i, j, std::max(distance, alike) * static_cast<double>(j - i)});
        }
    std::ranges::stable_sort(found, {}, &Return::rank);
    return found;
}

std::vector<Index> word_of(const ThresholdFlow& flow, const Return& stretch) {
    std::vector<Index> word;
    for (Index k = stretch.first + 1; k <= stretch.last; ++k)
        word.push_back(flow.crossings[static_cast<std::size_t>(k)].unit);
    return word;
}

CycleGuess guess_of(const ThresholdFlow& flow, const Return& stretch) {
    CycleGuess guess{flow.initial_support, word_of(flow, stretch), {}, {}};
    for (Index k = 0; k <= stretch.first; ++k)
        guess.support = flipped(guess.support, flow.crossings[static_cast<std::size_t>(k)].unit);
    const auto p = static_cast<Index>(guess.units.size());
    guess.dwell.resize(p);
    for (Index k = 0; k < p; ++k) {
        const auto i = static_cast<std::size_t>(stretch.first + k);
        guess.dwell[k] = flow.crossings[i + 1].time - flow.crossings[i].time;
    }
    guess.states = flow.crossing_states.middleCols(stretch.first, p);
    return guess;
}

}  // namespace

std::vector<Index> canonical_rotation(const std::vector<Index>& word) {
    std::vector<Index> best = word, turned = word;
    for (std::size_t k = 1; k < word.size(); ++k) {
        std::ranges::rotate(turned, turned.begin() + 1);
        best = std::min(best, turned);
    }
    return best;
}

std::vector<CycleGuess> near_returns(const ThresholdFlow& flow, double nearness, Index most_regions,
                                     std::size_t most, double shortest) {
    std::vector<CycleGuess> guesses;
    if (flow.crossings.size() < 3 || most == 0) return guesses;
    std::set<std::vector<Index>> seen;
    for (const Return& stretch : pairs(flow, nearness, most_regions, shortest)) {
        if (!seen.insert(canonical_rotation(word_of(flow, stretch))).second) continue;
        guesses.push_back(guess_of(flow, stretch));
        if (guesses.size() == most) break;
    }
    return guesses;
}

}  // namespace heddle
