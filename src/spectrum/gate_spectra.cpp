#include "heddle/spectrum/gate_spectra.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "heddle/core/error.hpp"
#include "spectrum/eigen_state.hpp"

namespace heddle {
namespace {

/// Neighbouring patterns that one thread visits, whatever the number of threads.
constexpr std::size_t stretch = 16;

using Pattern = std::vector<std::size_t>;  // Which groups open, in the order of opening.

/// Groups in the order of opening: those that most patterns share come first.
std::vector<std::size_t> opening_order(const GatePatterns& patterns) {
    std::vector<std::size_t> order(static_cast<std::size_t>(patterns.cols()));
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto uses = [&](std::size_t k) { return patterns.col(static_cast<Index>(k)).count(); };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return uses(a) > uses(b); });
    return order;
}

/// A pattern as positions in the order of opening.
Pattern positions(const GatePatterns& patterns, Index i, const std::vector<std::size_t>& order) {
    Pattern open;
    for (std::size_t k = 0; k < order.size(); ++k)
        if (patterns(i, static_cast<Index>(order[k]))) open.push_back(k);
    return open;
}

/// Walks down a tree of patterns: the state after every prefix of the current one is kept.
class Walk {
  public:
    Walk(const EigenState& root, const std::vector<const Loops*>& groups)
        : groups_(groups), states_{root} {}

    /// The state with this pattern open.
    const EigenState& visit(const Pattern& pattern) {
        const auto shared = static_cast<std::size_t>(
            std::mismatch(open_.begin(), open_.end(), pattern.begin(), pattern.end()).first -
            open_.begin());
        open_.resize(shared);
        states_.resize(shared + 1);
        for (std::size_t k = shared; k < pattern.size(); ++k) open(pattern[k]);
        return states_.back();
    }

    [[nodiscard]] Index updates() const { return updates_; }

  private:
    void open(std::size_t group) {
        EigenState state = states_.back();
        for (std::size_t k = open_.empty() ? 0 : open_.back() + 1; k < group; ++k)
            forget_next(state, groups_[k]->u.cols());
        const Loops& loops = *groups_[group];
        for (Index k = 0; k < loops.u.cols(); ++k) open_next(state, loops.u.col(k), loops.v.col(k));
        updates_ += loops.u.cols();
        open_.push_back(group);
        states_.push_back(std::move(state));
    }

    const std::vector<const Loops*>& groups_;
    Pattern open_;
    std::vector<EigenState> states_;
    Index updates_ = 0;
};

void check(const EigenSystem& system, const std::vector<Loops>& groups,
           const GatePatterns& patterns) {
    for (const Loops& loops : groups) validate(loops, system.eigenvalues.size());
    if (patterns.cols() != static_cast<Index>(groups.size()))
        throw ShapeError("patterns",
                         std::to_string(groups.size()) + " columns, one per group of loops",
                         shape_text(patterns.rows(), patterns.cols()));
}

/// What became of each pattern.
struct Survey {
    ComplexMatrix eigenvalues;
    Vector error;
    std::vector<std::string> reasons;
    Index updates = 0;

    explicit Survey(Index n, Index m)
        : eigenvalues(n, m),
          error(Vector::Constant(m, std::numeric_limits<double>::infinity())),
          reasons(static_cast<std::size_t>(m)) {}

    /// Keeps the better of two results.
    void take(Index i, const EigenSystem& system) {
        const double worst = system.error.maxCoeff();
        if (!(worst < error(i)) && std::isfinite(error(i))) return;
        eigenvalues.col(i) = system.eigenvalues;
        error(i) = worst;
        reasons[static_cast<std::size_t>(i)] = system.reason;
    }

    [[nodiscard]] std::vector<Index> doubtful() const {
        std::vector<Index> found;
        for (std::size_t i = 0; i < reasons.size(); ++i)
            if (!reasons[i].empty()) found.push_back(static_cast<Index>(i));
        return found;
    }
};

/// Visits some patterns, opening their groups in the given order.
void visit(Survey& survey, const EigenSystem& system, const std::vector<Loops>& groups,
           const GatePatterns& patterns, const std::vector<std::size_t>& order,
           std::vector<Index> chosen, std::size_t threads, const Progress& progress) {
    EigenState root = *system.state;
    std::vector<const Loops*> ordered;
    for (const std::size_t k : order) {
        ordered.push_back(&groups[k]);
        await(root, groups[k]);
    }
    std::vector<Pattern> wanted(static_cast<std::size_t>(patterns.rows()));
    const auto pattern = [&](Index i) -> Pattern& { return wanted[static_cast<std::size_t>(i)]; };
    for (const Index i : chosen) pattern(i) = positions(patterns, i, order);
    std::stable_sort(chosen.begin(), chosen.end(),
                     [&](Index i, Index k) { return pattern(i) < pattern(k); });
    const std::size_t stretches = (chosen.size() + stretch - 1) / stretch;
    std::vector<Index> updates(stretches, 0);
    const auto body = [&](std::size_t s) {
        Walk walk(root, ordered);
        const std::size_t end = std::min(chosen.size(), (s + 1) * stretch);
        for (std::size_t k = s * stretch; k < end; ++k)
            survey.take(chosen[k], measured(walk.visit(pattern(chosen[k]))));
        updates[s] = walk.updates();
    };
    parallel_for(stretches, threads, body, progress);
    survey.updates += std::accumulate(updates.begin(), updates.end(), Index{0});
}

}  // namespace

GateSpectra gate_spectra(const EigenSystem& system, const std::vector<Loops>& groups,
                         const GatePatterns& patterns, std::size_t threads,
                         const Progress& progress) {
    check(system, groups, patterns);
    const Index m = patterns.rows();
    Survey survey(system.eigenvalues.size(), m);
    std::vector<Index> all(static_cast<std::size_t>(m));
    std::iota(all.begin(), all.end(), Index{0});
    std::vector<std::size_t> order = opening_order(patterns);
    visit(survey, system, groups, patterns, order, all, threads, progress);
    // Nearly dependent vectors half way down cost digits; another way down may have none.
    if (const std::vector<Index> doubtful = survey.doubtful(); !doubtful.empty()) {
        std::reverse(order.begin(), order.end());
        const Progress ended = [&](std::size_t, std::size_t) {
            if (progress) progress(all.size(), all.size());
        };
        visit(survey, system, groups, patterns, order, doubtful, threads, ended);
    }
    GateSpectra result{
        std::move(survey.eigenvalues), Vector(m), survey.error, survey.updates, true, {}};
    for (Index i = 0; i < m; ++i) result.abscissa(i) = result.eigenvalues.col(i).real().maxCoeff();
    if (const std::vector<Index> doubtful = survey.doubtful(); !doubtful.empty()) {
        result.trusted = false;
        result.reason = std::to_string(doubtful.size()) + " of " + std::to_string(m) +
                        " patterns; pattern " + std::to_string(doubtful[0]) + ": " +
                        survey.reasons[static_cast<std::size_t>(doubtful[0])];
    }
    return result;
}

}  // namespace heddle
