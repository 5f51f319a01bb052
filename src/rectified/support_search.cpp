#include "rectified/support_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace heddle {
namespace {

constexpr double least_bound = 1e5;  // proofs that hold only for smaller Σ z are no proofs

/// A part of the search that is still to be done, and what fraction of the whole it is.
struct Part {
    Excluded excluded;
    double share = 1.0;
};

/// What working on one part gave.
struct Work {
    SupportSearch found{.bound = std::numeric_limits<double>::infinity()};
    std::vector<Part> left;
};

/// Depth first below one part.
class Branching {
  public:
    Branching(const UnitProblem& problem, Work& work) : problem_(problem), work_(work) {}

    void run(const Part& part, Index quota) {
        stack_.push_back({ComplementaryTableau(problem_, part.excluded), part.share});
        while (!stack_.empty() && work_.found.nodes < quota) step();
        for (Node& node : stack_) work_.left.push_back({node.tableau.excluded(), node.share});
    }

  private:
    struct Node {
        ComplementaryTableau tableau;
        double share;
    };

    void step() {
        Node node = std::move(stack_.back());
        stack_.pop_back();
        ++work_.found.nodes;
        if (is_empty(node.tableau)) {
            ++work_.found.pruned;
            return;
        }
        const Index unit = undecided(node.tableau);
        if (unit < 0) {
            work_.found.supports.push_back(support_of(node.tableau.excluded()));
            return;
        }
        node.share *= 0.5;
        stack_.push_back(node);
        stack_.back().tableau.exclude(unit);
        node.tableau.exclude(problem_.units() + unit);
        stack_.push_back(std::move(node));
    }

    /// Settles the tableau; true if it is proven that nothing is there.
    bool is_empty(ComplementaryTableau& tableau) {
        if (tableau.settle()) return false;
        if (is_proven(tableau)) return true;
        tableau = ComplementaryTableau(problem_, tableau.excluded());  // without old rounding
                                                                       // errors
        return !tableau.settle() && is_proven(tableau);
    }

    bool is_proven(const ComplementaryTableau& tableau) {
        const double bound = empty_below(problem_, tableau.excluded(), tableau.certificate());
        if (bound < least_bound) return false;
        work_.found.bound = std::min(work_.found.bound, bound);
        if (problem_.rays) work_.found.reach = std::max(work_.found.reach, reach_of(tableau));
        return true;
    }

    /// With Σ z = s the certificate of the rays, of gap g, is one of z / s and q / s as long as
    /// s g > |q|ᵀ |y|; rounding takes less than g / 10⁵ from g.
    [[nodiscard]] double reach_of(const ComplementaryTableau& tableau) const {
        const Index n = problem_.units();
        const Vector y = tableau.certificate();
        return 1.001 * problem_.q.cwiseAbs().dot(y.head(n).cwiseAbs()) / -y[n];
    }

    /// The unit with the largest min(w, z), else with the largest w or z; −1 if all are decided.
    [[nodiscard]] Index undecided(const ComplementaryTableau& tableau) {
        tableau.values(values_);
        const Index n = problem_.units();
        Index found = -1;
        double violation = -1.0;
        double size = -std::numeric_limits<double>::infinity();
        for (Index j = 0; j < n; ++j) {
            const Excluded& excluded = tableau.excluded();
            const auto at = static_cast<std::size_t>(j);
            if (excluded[at] != 0 || excluded[at + static_cast<std::size_t>(n)] != 0) continue;
            const double both = std::max(std::min(values_[j], values_[n + j]), 0.0);
            const double most = std::max(values_[j], values_[n + j]);
            if (both > violation || (both == violation && most > size)) {
                found = j;
                violation = both;
                size = most;
            }
        }
        return found;
    }

    [[nodiscard]] Support support_of(const Excluded& excluded) const {
        Support support;
        for (Index j = 0; j < problem_.units(); ++j)
            if (excluded[static_cast<std::size_t>(j)] != 0) support.push_back(j);
        return support;
    }

    const UnitProblem& problem_;
    Work& work_;
    std::vector<Node> stack_;
    Vector values_;
};

/// `done` in thousandths, from the shares of what is open.
class Volume {
  public:
    explicit Volume(const Progress& progress) : progress_(progress) {}
    void update(const std::vector<Part>& open) {
        double left = 0.0;
        for (const Part& part : open) left += part.share;
        done_ = static_cast<std::size_t>(std::lround(1000.0 * std::clamp(1.0 - left, 0.0, 1.0)));
    }
    [[nodiscard]] Progress within() const {
        if (!progress_) return {};
        return [this](std::size_t, std::size_t) { progress_(done_, 1000); };
    }

  private:
    const Progress& progress_;
    std::size_t done_ = 0;
};

void gather(SupportSearch& all, const SupportSearch& part) {
    all.supports.insert(all.supports.end(), part.supports.begin(), part.supports.end());
    all.nodes += part.nodes;
    all.pruned += part.pruned;
    all.bound = std::min(all.bound, part.bound);
    all.reach = std::max(all.reach, part.reach);
}

}  // namespace

SupportSearch search_supports(const UnitProblem& problem, Index most_nodes, std::size_t threads,
                              const Progress& progress) {
    SupportSearch all{.bound = std::numeric_limits<double>::infinity()};
    std::vector<Part> open{{nothing_decided(problem), 1.0}};
    Volume volume(progress);
    Index quota = 64;  // first few nodes, so that there are parts for every thread
    while (!open.empty() && all.nodes < most_nodes) {
        const Index budget = most_nodes - all.nodes;
        const auto count =
            static_cast<Index>(std::min(open.size(), static_cast<std::size_t>(budget / quota + 1)));
        const Index each = std::min(quota, (budget + count - 1) / count);
        std::vector<Work> round(static_cast<std::size_t>(count));
        parallel_for(
            round.size(), threads,
            [&](std::size_t i) { Branching(problem, round[i]).run(open[i], each); },
            volume.within());
        open.erase(open.begin(), open.begin() + count);
        for (Work& work : round) {
            gather(all, work.found);
            std::ranges::move(work.left, std::back_inserter(open));
        }
        volume.update(open);
        quota = 1024;
    }
    all.open = static_cast<Index>(open.size());
    return all;
}

}  // namespace heddle
