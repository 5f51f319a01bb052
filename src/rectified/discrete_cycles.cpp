#include "heddle/rectified/discrete_cycles.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "heddle/core/error.hpp"
#include "rectified/map_words.hpp"
#include "rectified/word_search.hpp"

namespace heddle {
namespace {

/// All words that are lexicographically less than their rotations (Lyndon words) and begin with one
/// letter, with the products of their beginnings.
/// \see Ruskey, Savage & Wang (1992), Generating necklaces, J. Algorithms 13.
class WordsFrom final {
  public:
    WordsFrom(const ThresholdMap& map, const WordSolver& solver, Index period)
        : map_(map), solver_(solver), letters_(std::size_t{1} << map.units()) {
        letter_.assign(static_cast<std::size_t>(period) + 1, 0);
        word_.resize(static_cast<std::size_t>(period));
        beginnings_.resize(static_cast<std::size_t>(period) + 1);
    }

    void visit(std::size_t first) {
        place(1, first);
        extend(2, 1);
    }

    std::vector<MapCycle> cycles;
    std::vector<DegenerateWord> degenerate;
    Index words = 0;

  private:
    void place(std::size_t t, std::size_t letter) {
        letter_[t] = letter;
        Support& active = word_[t - 1];
        active.clear();
        for (Index j = 0; j < map_.units(); ++j)
            if ((letter >> j) & 1U) active.push_back(j);
        const AffineMap here = region_map(map_, active);
        beginnings_[t] = t > 1 ? then(beginnings_[t - 1], here) : here;
    }

    /// \param p the length of the longest Lyndon word that the first t − 1 letters begin with.
    void extend(std::size_t t, std::size_t p) {
        if (t > word_.size()) {
            if (p == word_.size()) examine();
            return;
        }
        place(t, letter_[t - p]);
        extend(t + 1, p);
        for (std::size_t letter = letter_[t - p] + 1; letter < letters_; ++letter) {
            place(t, letter);
            extend(t + 1, t);
        }
    }

    void examine() {
        ++words;
        WordSolver::Answer answer = solver_.solve(word_, beginnings_.back());
        if (answer.cycle) cycles.push_back(std::move(*answer.cycle));
        if (answer.degenerate) degenerate.push_back(std::move(*answer.degenerate));
    }

    const ThresholdMap& map_;
    const WordSolver& solver_;
    std::size_t letters_;
    std::vector<std::size_t> letter_;
    Word word_;
    std::vector<AffineMap> beginnings_;
};

void add_new(MapCycles& found, MapCycle cycle, double tolerance) {
    for (const MapCycle& known : found.cycles)
        if (same_cycle(known, cycle, tolerance)) return;
    found.cycles.push_back(std::move(cycle));
}

void look_everywhere(const ThresholdMap& map, const MapCycleOptions& options, MapCycles& found,
                     const Progress& progress) {
    const WordSolver solver(map, options.tolerance);
    const std::size_t letters = std::size_t{1} << map.units();
    const std::size_t count = std::min<std::size_t>(letters, 256);
    std::vector<WordsFrom> parts(count, WordsFrom(map, solver, found.period));
    const auto visit = [&](std::size_t part) {
        for (std::size_t first = part; first < letters; first += count) parts[part].visit(first);
    };
    parallel_for(count, options.threads, visit, progress);
    for (WordsFrom& part : parts) {
        found.words += part.words;
        for (MapCycle& cycle : part.cycles) add_new(found, std::move(cycle), options.tolerance);
        for (DegenerateWord& word : part.degenerate) found.degenerate.push_back(std::move(word));
    }
    found.exhaustive = true;
}

bool few_words(const ThresholdMap& map, Index period, Index most_words) {
    const double words = std::exp2(static_cast<double>(map.units() * period));
    return words <= static_cast<double>(most_words) * static_cast<double>(period);
}

std::string statement_of(const MapCycles& found) {
    const std::size_t number = found.cycles.size();
    const std::string plural = number == 1 ? "" : "s";
    const std::string count =
        std::to_string(number) +
        (found.period == 1 ? " fixed point" + plural
                           : " cycle" + plural + " of period " + std::to_string(found.period));
    if (!found.exhaustive)
        return count + " found; not exhaustive: the last " + std::to_string(found.without_news) +
               " of " + std::to_string(found.searches) + " searches found nothing new.";
    const std::string all = found.words == 1 ? "the only word of regions was solved"
                                             : "each of " + std::to_string(found.words) +
                                                   " words of regions was solved";
    if (found.degenerate.empty()) return count + ", none missing: " + all + ".";
    const auto continua = std::count_if(found.degenerate.begin(), found.degenerate.end(),
                                        [](const DegenerateWord& word) { return word.continuum; });
    const auto undecided = static_cast<long>(found.degenerate.size()) - continua;
    return count + " beside words whose 1 − J is singular, " + std::to_string(continua) +
           " with a continuum and " + std::to_string(undecided) + " undecided: " + all + ".";
}

void check(const MapCycleOptions& options, Index period) {
    for (const auto& [name, value] :
         {std::pair{"period", period}, std::pair{"patience", options.patience},
          std::pair{"iterations", options.iterations}})
        if (value < 1)
            throw DomainError(std::string(name) + ": found " + std::to_string(value) +
                              ", expected 1 or more");
    if (options.most_words < 0)
        throw DomainError("most_words: found " + std::to_string(options.most_words) +
                          ", expected 0 or more");
    if (!(options.tolerance > 0.0) || !(options.tolerance < 1.0))
        throw DomainError("tolerance: found " + std::to_string(options.tolerance) +
                          ", expected a relative distance above 0 and below 1");
}

}  // namespace

MapCycles cycles_of_map(const ThresholdMap& map, Index period, const MapCycleOptions& options,
                        const Progress& progress) {
    validate(map);
    check(options, period);
    MapCycles found{};
    found.period = period;
    if (few_words(map, period, options.most_words))
        look_everywhere(map, options, found, progress);
    else
        search_words(map, options, found, progress);
    std::stable_sort(
        found.cycles.begin(), found.cycles.end(),
        [](const MapCycle& a, const MapCycle& b) { return a.spectral_radius < b.spectral_radius; });
    found.complete = found.exhaustive && found.degenerate.empty();
    found.statement = statement_of(found);
    return found;
}

MapCycles fixed_points_of_map(const ThresholdMap& map, const MapCycleOptions& options,
                              const Progress& progress) {
    return cycles_of_map(map, 1, options, progress);
}

}  // namespace heddle
