#include "loops/held_inputs.hpp"

#include <limits>
#include <utility>

#include "loops/bounded_inputs.hpp"

namespace heddle {

HeldInputs::HeldInputs(const Matrix& x, const Matrix& g, const Matrix& subspace,
                       const WeightBounds& bounds)
    : subspace_(subspace), modes_(x.cols()) {
    if (!bounds.empty()) {
        hold_within(x, g, bounds);
        return;
    }
    const bool confined = subspace.size() > 0;
    maps_.emplace_back(confined ? Matrix(subspace.transpose() * x) : x);
    v_ = maps_.front().inputs(g);
    if (confined) v_ = subspace * v_;
}

void HeldInputs::hold_within(const Matrix& x, const Matrix& g, const WeightBounds& bounds) {
    const Vector limits = Vector::Constant(g.rows(), std::numeric_limits<double>::infinity());
    BoundedInputs bounded = bounded_inputs(x, g, bounds, limits);
    v_ = std::move(bounded.v);
    feasible_ = bounded.feasible;
    if (!feasible_) return;
    for (Index c = 0; c < g.rows(); ++c) {
        Rows free;
        for (Index i = 0; i < x.rows(); ++i)
            if (v_(i, c) > bounds.lower(i, c) && v_(i, c) < bounds.upper(i, c)) free.push_back(i);
        maps_.emplace_back(x(free, Eigen::all));
        free_.push_back(std::move(free));
    }
}

LeastNormMap::Slopes HeldInputs::pull_back(const Matrix& v_slope) const {
    if (subspace_.size() > 0) {
        LeastNormMap::Slopes inside =
            maps_.front().pull_back(subspace_.transpose() * v_, subspace_.transpose() * v_slope);
        inside.x = subspace_ * inside.x;
        return inside;
    }
    if (free_.empty()) return maps_.front().pull_back(v_, v_slope);
    LeastNormMap::Slopes slopes{Matrix::Zero(v_.rows(), modes_), Matrix(v_.cols(), modes_)};
    for (Index c = 0; c < v_.cols(); ++c) {
        const Rows& free = free_[static_cast<std::size_t>(c)];
        const std::vector<Index> loop{c};
        const LeastNormMap::Slopes own =
            maps_[static_cast<std::size_t>(c)].pull_back(v_(free, loop), v_slope(free, loop));
        slopes.x(free, Eigen::all) += own.x;
        slopes.goals.row(c) = own.goals;
    }
    return slopes;
}

}  // namespace heddle
