#include "heddle/spectrum/gate_spectra.hpp"

#include <algorithm>
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

/// Each pattern as positions in the order of opening.
std::vector<Pattern> positions(const GatePatterns& patterns,
                               const std::vector<std::size_t>& order) {
    std::vector<Pattern> all(static_cast<std::size_t>(patterns.rows()));
    for (std::size_t i = 0; i < all.size(); ++i)
        for (std::size_t k = 0; k < order.size(); ++k)
            if (patterns(static_cast<Index>(i), static_cast<Index>(order[k]))) all[i].push_back(k);
    return all;
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

struct Outcome {
    double error;
    std::string reason;
};

}  // namespace

GateSpectra gate_spectra(const EigenSystem& system, const std::vector<Loops>& groups,
                         const GatePatterns& patterns, std::size_t threads,
                         const Progress& progress) {
    check(system, groups, patterns);
    const std::vector<std::size_t> order = opening_order(patterns);
    const std::vector<Pattern> wanted = positions(patterns, order);
    std::vector<std::size_t> visits(wanted.size());
    std::iota(visits.begin(), visits.end(), std::size_t{0});
    std::stable_sort(visits.begin(), visits.end(),
                     [&](std::size_t a, std::size_t b) { return wanted[a] < wanted[b]; });
    EigenState root = *system.state;
    std::vector<const Loops*> ordered;
    for (const std::size_t k : order) {
        ordered.push_back(&groups[k]);
        await(root, groups[k]);
    }

    const Index n = system.eigenvalues.size(), m = patterns.rows();
    GateSpectra result{ComplexMatrix(n, m), Vector(m), Vector(m), 0, true, {}};
    std::vector<Outcome> outcomes(wanted.size());
    const std::size_t stretches = (visits.size() + stretch - 1) / stretch;
    std::vector<Index> updates(stretches, 0);
    const auto body = [&](std::size_t s) {
        Walk walk(root, ordered);
        const std::size_t end = std::min(visits.size(), (s + 1) * stretch);
        for (std::size_t k = s * stretch; k < end; ++k) {
            const EigenSystem at = measured(walk.visit(wanted[visits[k]]));
            result.eigenvalues.col(static_cast<Index>(visits[k])) = at.eigenvalues;
            outcomes[visits[k]] = {at.error.maxCoeff(), at.reason};
        }
        updates[s] = walk.updates();
    };
    parallel_for(stretches, threads, body, progress);

    result.updates = std::accumulate(updates.begin(), updates.end(), Index{0});
    for (Index i = 0; i < m; ++i) {
        const Outcome& outcome = outcomes[static_cast<std::size_t>(i)];
        result.abscissa(i) = result.eigenvalues.col(i).real().maxCoeff();
        result.error(i) = outcome.error;
        if (result.trusted && !outcome.reason.empty())
            result.reason = "pattern " + std::to_string(i) + ": " + outcome.reason;
        result.trusted = result.trusted && outcome.reason.empty();
    }
    return result;
}

}  // namespace heddle
