#include "equations/box_search.hpp"

#include <algorithm>
#include <cmath>

#include "heddle/core/error.hpp"
#include "heddle/linalg/solve.hpp"

namespace heddle {
namespace {

using Box = RestProblem::Box;

bool bounded(const Box& box) {
    return std::ranges::all_of(box, &Interval::bounded);
}

Vector middle_of(const Box& box) {
    Vector z(static_cast<Index>(box.size()));
    for (Index i = 0; i < z.size(); ++i) z[i] = box[static_cast<std::size_t>(i)].middle();
    return z;
}

enum class Outcome { none, one, unknown };

/// Krawczyk's operator K = m − Y F(m) + (1 − Y F'(X)) (X − m): zeros of X lie in K, and K inside X
/// has exactly one.
class Krawczyk final {
  public:
    explicit Krawczyk(const RestProblem& problem) : problem_(problem) {}

    /// Shrinks the box.
    Outcome apply(Box& box) const {
        const Vector m = middle_of(box);
        Matrix y;
        try {
            y = solve(problem_.slope(m), Matrix::Identity(m.size(), m.size()));
        } catch (const DomainError&) {
            return Outcome::unknown;
        }
        if (!y.allFinite()) return Outcome::unknown;
        const Box image = operate(box, m, y);
        bool inside = true;
        for (std::size_t i = 0; i < box.size(); ++i) {
            if (!image[i].bounded()) return Outcome::unknown;
            inside &= image[i].inside(box[i]);
        }
        for (std::size_t i = 0; i < box.size(); ++i) {
            bool empty = false;
            box[i] = common(box[i], image[i], empty);
            if (empty) return Outcome::none;
        }
        return inside ? Outcome::one : Outcome::unknown;
    }

  private:
    [[nodiscard]] Box operate(const Box& box, const Vector& m, const Matrix& y) const {
        const std::size_t n = box.size();
        const Box slope = problem_.slope(box);
        const Box at_middle = problem_.residual(Box(m.begin(), m.end()));
        Box image;
        for (std::size_t i = 0; i < n; ++i) {
            const auto row = static_cast<Index>(i);
            Interval sum(m[row]);
            for (std::size_t j = 0; j < n; ++j) {
                const auto column = static_cast<Index>(j);
                sum = sum - Interval(y(row, column)) * at_middle[j];
                Interval defect(i == j ? 1.0 : 0.0);
                for (std::size_t k = 0; k < n; ++k)
                    defect = defect - Interval(y(row, static_cast<Index>(k))) * slope[k * n + j];
                sum = sum + defect * (box[j] - Interval(m[column]));
            }
            image.push_back(sum);
        }
        return image;
    }

    const RestProblem& problem_;
};

/// The side to cut: the one over which the residual changes most.
std::size_t widest(const RestProblem& problem, const Box& box, const Box& whole) {
    const Box slope = problem.slope(box);
    std::size_t best = 0;
    double most = -1.0;
    for (std::size_t j = 0; j < box.size(); ++j) {
        double change = 0.0;
        for (std::size_t i = 0; i < box.size(); ++i)
            change = std::max(change, slope[i * box.size() + j].size());
        const double share = box[j].width() / whole[j].width();
        // A side that is a large part of the whole, or makes slopes infinite, is cut first.
        const double score = share > 0.25 || !std::isfinite(change)
                                 ? 1e300 * share
                                 : std::min(change * box[j].width(), 1e250);
        if (score > most) {
            most = score;
            best = j;
        }
    }
    return best;
}

/// Looks at one box: done with it, or two halves to look at.
class Search final {
  public:
    Search(const RestProblem& problem, const Box& whole)
        : problem_(problem), krawczyk_(problem), whole_(whole) {}

    void look_at(Box box, BoxSearch& found, std::vector<Box>& left) const {
        bool empty = false;
        box = tightened(problem_, std::move(box), empty);
        if (empty || !problem_.within_bounds(box)) return;
        for (const Interval& value : problem_.residual(box))
            if (!value.holds(0.0)) return;
        for (int repeat = 0; repeat < 4; ++repeat) {
            const double before = volume(box);
            const Outcome outcome = krawczyk_.apply(box);
            if (outcome == Outcome::none) return;
            if (outcome == Outcome::one) {
                found.zeros.push_back(box);
                return;
            }
            if (!(volume(box) < 0.5 * before)) break;
        }
        if (on_edge(box)) {
            found.zeros.push_back(widened(box));
            return;
        }
        divide(box, found, left);
    }

  private:
    [[nodiscard]] double volume(const Box& box) const {
        double product = 1.0;
        for (std::size_t i = 0; i < box.size(); ++i) product *= box[i].width() / whole_[i].width();
        return product;
    }

    /// A zero at the end of what was asked for lies inside of no box there, but of a wider one.
    [[nodiscard]] bool on_edge(const Box& box) const {
        bool touches = false;
        for (std::size_t i = 0; i < box.size(); ++i) {
            if (box[i].width() > 1e-3 * whole_[i].width()) return false;
            touches |= box[i].least == whole_[i].least || box[i].most == whole_[i].most;
        }
        Box wider = widened(box);
        return touches && krawczyk_.apply(wider) == Outcome::one;
    }

    [[nodiscard]] Box widened(const Box& box) const {
        Box wider;
        for (std::size_t i = 0; i < box.size(); ++i) {
            const double more = 1e-6 * whole_[i].width();
            wider.emplace_back(box[i].least - more, box[i].most + more);
        }
        return wider;
    }

    void divide(const Box& box, BoxSearch& found, std::vector<Box>& left) const {
        const std::size_t side = widest(problem_, box, whole_);
        // Not in the middle, where zeros of symmetric equations lie.
        const double middle = box[side].least + 0.4873 * box[side].width();
        if (!(box[side].least < middle && middle < box[side].most) ||
            box[side].width() < 1e-10 * whole_[side].width()) {
            found.undecided.push_back(box);
            return;
        }
        left.push_back(box);
        left.back()[side].least = middle;
        left.push_back(box);
        left.back()[side].most = middle;
    }

    const RestProblem& problem_;
    Krawczyk krawczyk_;
    const Box& whole_;
};

}  // namespace

bool holds_one(const RestProblem& problem, Box box) {
    return Krawczyk(problem).apply(box) == Outcome::one;
}

Box tightened(const RestProblem& problem, Box box, bool& empty) {
    empty = false;
    for (int repeat = 0; repeat < 8; ++repeat) {
        const Box own = problem.explained(box);
        bool shrunk = false;
        for (std::size_t i = 0; i < box.size(); ++i) {
            const Interval before = box[i];
            box[i] = common(before, own[i], empty);
            if (empty) return box;
            shrunk |= box[i].width() < 0.9 * before.width() || before.bounded() != box[i].bounded();
        }
        if (!shrunk) break;
    }
    return box;
}

BoxSearch search_box(const RestProblem& problem, Index most) {
    BoxSearch found;
    bool empty = false;
    const Box whole = tightened(problem, problem.box(), empty);
    if (empty) return found;
    found.bounded = bounded(whole);
    if (!found.bounded) return found;
    const Search search(problem, whole);
    std::vector<Box> left{whole};
    // The end of the list is looked at first: depth before breadth.
    for (; !left.empty() && found.boxes < most; ++found.boxes) {
        Box next = std::move(left.back());
        left.pop_back();
        search.look_at(std::move(next), found, left);
    }
    found.undecided.insert(found.undecided.end(), left.begin(), left.end());
    return found;
}

}  // namespace heddle
