#include "rectified/region_product.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

#include "rectified/piecewise_parts.hpp"

namespace heddle {
namespace {

Support at(const Support& places, const Support& units) {
    Support found;
    for (const Index j : units) found.push_back(places[static_cast<std::size_t>(j)]);
    return found;
}

}  // namespace

RegionProduct::RegionProduct(const ThresholdLinear& system)
    : system_(system),
      diagonal_(system.linear.diagonal()),
      is_diagonal_(system.linear.isDiagonal(0.0)),
      mean_(diagonal_.mean()),
      picks_(selected_rows(system.inputs.transpose())),
      places_(selected_rows(system.outputs)),
      overlaps_((system.outputs.transpose() * system.outputs)
                    .cwiseProduct(system.inputs * system.inputs.transpose())),
      linear_norm_(
          (system.linear - mean_ * Matrix::Identity(system.states(), system.states())).norm()),
      trace_(diagonal_.sum()) {
    diagonal_.array() -= mean_;
}

void RegionProduct::set(const Support& support) {
    Support changed;
    std::set_symmetric_difference(support_.begin(), support_.end(), support.begin(), support.end(),
                                  std::back_inserter(changed));
    for (const Index unit : changed) flip(unit);
}

bool RegionProduct::is_active(Index unit) const {
    return std::binary_search(support_.begin(), support_.end(), unit);
}

void RegionProduct::flip(Index unit) {
    const bool leaves = is_active(unit);
    const double crossed = 2.0 * overlaps_(support_, unit).sum();
    const double own = overlaps_(unit, unit);
    squared_norm_ += leaves ? own - crossed : own + crossed;
    const double loop = system_.inputs.row(unit).dot(system_.outputs.col(unit));
    trace_ += leaves ? -loop : loop;
    const auto place = std::lower_bound(support_.begin(), support_.end(), unit);
    if (leaves)
        support_.erase(place);
    else
        support_.insert(place, unit);
    gathered_ = false;
}

void RegionProduct::gather() {
    gathered_ = true;
    if (places_.empty()) outputs_ = system_.outputs(Eigen::all, support_);
    if (picks_.empty()) inputs_ = system_.inputs(support_, Eigen::all);
}

void RegionProduct::multiply(const Matrix& x, Matrix& y) {
    if (is_diagonal_)
        y = diagonal_.asDiagonal() * x;
    else {
        y.noalias() = system_.linear * x;
        y -= mean_ * x;
    }
    if (support_.empty()) return;
    if (picks_.empty())
        seen_.noalias() = inputs_ * x;
    else
        seen_ = x(at(picks_, support_), Eigen::all);
    if (places_.empty()) {
        y.noalias() += outputs_ * seen_;
        return;
    }
    for (std::size_t j = 0; j < support_.size(); ++j)
        y.row(places_[static_cast<std::size_t>(support_[j])]) += seen_.row(static_cast<Index>(j));
}

void RegionProduct::exponentiate(double t, Matrix& x) {
    constexpr double norm_at_once = 6.0;
    constexpr int most_terms = 100;
    if (t <= 0.0 || x.cols() == 0) return;
    if (!gathered_) gather();
    const double norm = t * (linear_norm_ + std::sqrt(std::max(squared_norm_, 0.0)));
    const double substeps = std::max(1.0, std::ceil(norm / norm_at_once));
    const double h = t / substeps;
    for (double s = 0.0; s < substeps; s += 1.0) {
        term_ = x;
        bool small = false;
        for (int p = 1; p <= most_terms; ++p) {
            multiply(term_, next_);
            next_ *= h / p;
            term_.swap(next_);
            x += term_;
            const bool before = std::exchange(
                small, term_.norm() <= std::numeric_limits<double>::epsilon() / 4 * x.norm());
            if (small && before) break;
        }
        x *= std::exp(mean_ * h);
    }
}

}  // namespace heddle
