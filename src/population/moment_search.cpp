#include "population/moment_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/solve.hpp"

namespace heddle {
namespace {

constexpr double tolerance = 1e-10;  // Of F(x) − x, in units of `MomentMap::scale`.

class Search {
  public:
    Search(const MomentMap& map, Index most_steps) : map_(map), most_steps_(most_steps) {
        accept(map_.silent());
    }

    bool run() {
        relax(8);
        if (newton()) return true;
        relax(most_steps_);
        return newton();
    }

    [[nodiscard]] MomentSolution solution(bool found) const {
        const Matrix jacobian = this->jacobian();
        return {state_, history_, eigenvalues(jacobian), found};
    }

  private:
    [[nodiscard]] bool converged() const { return residual_ <= tolerance; }

    bool newton() {
        for (Index k = 0; k < most_steps_ && !converged(); ++k) {
            const auto step = step_of(std::numeric_limits<double>::infinity());
            if (!step || !shortened(*step)) return false;
        }
        return converged();
    }

    bool shortened(const Vector& step) {
        const double before = residual_;
        const Vector from = state_;
        for (double share = 1.0; share > 1e-3; share *= 0.5) {
            const Vector next = map_.possible(from + share * step);
            if (residual_at(next) < (1.0 - 0.25 * share) * before) {
                accept(next);
                return true;
            }
        }
        return false;
    }

    /// The residual may have to rise on the way, so time is never cut below what still moves.
    void relax(Index steps) {
        constexpr double shortest = 0.2;
        double time = 0.5;
        for (Index k = 0; k < steps && !converged(); ++k) {
            const auto step = step_of(time);
            if (!step) return;
            const double before = residual_;
            const Vector next = map_.possible(state_ + *step);
            if (!std::isfinite(residual_at(next))) return;
            accept(next);
            time = residual_ < before ? 1.5 * time : std::max(0.5 * time, shortest);
        }
    }

    /// (1 + 1 / time − F') δ = F(x) − x, in units of the scale.
    [[nodiscard]] std::optional<Vector> step_of(double time) const {
        Matrix matrix = -jacobian();
        matrix.diagonal().array() += 1.0 + 1.0 / time;
        if (!matrix.allFinite()) return std::nullopt;
        try {
            const Vector scaled = solve(matrix, Vector(change_.cwiseQuotient(scale_)));
            return Vector(scaled.cwiseProduct(scale_));
        } catch (const DomainError&) {
            return std::nullopt;
        }
    }

    /// In units of the scale, by forward differences: no number leaves what is possible.
    [[nodiscard]] Matrix jacobian() const {
        constexpr double h = 1e-7;
        const Vector base = state_ + change_;
        Matrix jacobian(state_.size(), state_.size());
        for (Index k = 0; k < state_.size(); ++k) {
            Vector moved = state_;
            moved[k] += h * scale_[k];
            jacobian.col(k) = (map_(moved) - base).cwiseQuotient(scale_) / h;
        }
        return jacobian;
    }

    [[nodiscard]] double residual_at(const Vector& state) const {
        return (map_(state) - state).cwiseQuotient(map_.scale(state)).norm();
    }

    void accept(const Vector& state) {
        state_ = state;
        change_ = map_(state) - state;
        scale_ = map_.scale(state);
        residual_ = change_.cwiseQuotient(scale_).norm();
        history_.push_back(map_.means(change_).lpNorm<Eigen::Infinity>());
    }

    const MomentMap& map_;
    Index most_steps_;
    Vector state_, change_, scale_;
    double residual_ = 0.0;
    std::vector<double> history_;
};

}  // namespace

MomentSolution solve_moments(const MomentMap& map, Index most_steps) {
    Search search(map, most_steps);
    const bool found = search.run();
    return search.solution(found);
}

}  // namespace heddle
