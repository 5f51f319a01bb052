#include "rectified/word_search.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "heddle/core/random.hpp"
#include "rectified/map_words.hpp"

namespace heddle {
namespace {

constexpr std::size_t searches_at_once = 64;
constexpr Index settling_steps = 1000;

/// A word of units that are active with probability ½.
Word random_word(const Random& random, Index units, Index period) {
    Word word(static_cast<std::size_t>(period));
    for (Index t = 0; t < period; ++t)
        for (Index j = 0; j < units; ++j)
            if (random.uniform(static_cast<std::uint64_t>(t * units + j)) < 0.5)
                word[static_cast<std::size_t>(t)].push_back(j);
    return word;
}

/// What a trajectory visits after a while; nothing if it grows without bound.
std::optional<Word> visited_word(const ThresholdMap& map, const Random& random, Index period) {
    Vector z(map.states());
    random.fill_normal({z.data(), static_cast<std::size_t>(z.size())});
    z *= 1.0 + map.drive.norm() + map.bias.norm();
    for (Index t = 0; t < settling_steps; ++t) z = next_state(map, z);
    Word word;
    for (Index t = 0; t < period; ++t) {
        if (!(z.norm() < 1e100)) return std::nullopt;
        word.push_back(support_at(map, z));
        z = next_state(map, z);
    }
    return word;
}

struct Search {
    std::optional<MapCycle> cycle;
    std::vector<DegenerateWord> degenerate;
    Index words = 0;
};

/// From word to word until one is its own, is degenerate or comes again.
Search search_from(Word word, const WordSolver& solver, Index iterations) {
    Search search;
    std::set<Word> seen;
    while (search.words < iterations && !word.empty() && seen.insert(least_rotation(word)).second) {
        ++search.words;
        WordSolver::Answer answer = solver.solve(word);
        if (answer.degenerate) search.degenerate.push_back(std::move(*answer.degenerate));
        if (answer.cycle) {
            search.cycle = std::move(answer.cycle);
            break;
        }
        word = std::move(answer.visited);
    }
    return search;
}

Search search_number(std::uint64_t number, const ThresholdMap& map, const WordSolver& solver,
                     const MapCycleOptions& options, Index period) {
    const Random random(options.seed, number);
    std::optional<Word> word;
    if (number % 2 == 0) word = visited_word(map, random, period);
    if (!word) word = random_word(random, map.units(), period);
    return search_from(std::move(*word), solver, options.iterations);
}

/// Whether it held something new.
bool take(Search search, MapCycles& found, double tolerance) {
    ++found.searches;
    found.words += search.words;
    for (DegenerateWord& word : search.degenerate) {
        const bool known = std::any_of(
            found.degenerate.begin(), found.degenerate.end(), [&](const DegenerateWord& other) {
                return least_rotation(other.itinerary) == least_rotation(word.itinerary);
            });
        if (!known) found.degenerate.push_back(std::move(word));
    }
    if (!search.cycle) return false;
    for (const MapCycle& known : found.cycles)
        if (same_cycle(known, *search.cycle, tolerance)) return false;
    found.cycles.push_back(std::move(*search.cycle));
    return true;
}

}  // namespace

void search_words(const ThresholdMap& map, const MapCycleOptions& options, MapCycles& found,
                  const Progress& progress) {
    const WordSolver solver(map, options.tolerance);
    while (found.without_news < options.patience) {
        std::vector<Search> searches(searches_at_once);
        const auto first = static_cast<std::uint64_t>(found.searches);
        parallel_for(searches_at_once, options.threads, [&](std::size_t i) {
            searches[i] = search_number(first + i, map, solver, options, found.period);
        });
        for (Search& search : searches)
            found.without_news =
                take(std::move(search), found, options.tolerance) ? 0 : found.without_news + 1;
        if (progress)
            progress(static_cast<std::size_t>(std::min(found.without_news, options.patience)),
                     static_cast<std::size_t>(options.patience));
    }
}

}  // namespace heddle
