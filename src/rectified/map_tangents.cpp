#include "rectified/map_tangents.hpp"

#include <limits>
#include <utility>

#include "linalg/orthonormalise.hpp"

namespace heddle {

MapTangents::MapTangents(const ThresholdMap& map, Vector start, bool with_determinant)
    : map_(map),
      z_(std::move(start)),
      with_determinant_(with_determinant),
      log_determinant_(with_determinant ? 0.0 : std::numeric_limits<double>::quiet_NaN()) {}

void MapTangents::advance(Index steps, Matrix& q) {
    for (Index s = 0; s < steps; ++s) {
        const Support support = support_at(map_, z_);
        if (q.cols() > 0) {
            const Matrix seen = map_.inputs(support, Eigen::all) * q;
            q = Matrix(map_.linear * q + map_.outputs(Eigen::all, support) * seen);
            if (with_determinant_) log_determinant_ += log_determinant(support);
        }
        z_ = next_state(map_, z_);
    }
}

double MapTangents::log_determinant(const Support& support) {
    constexpr std::size_t most_known = 4096;
    const auto found = known_.find(support);
    if (found != known_.end()) return found->second;
    Matrix jacobian = region_matrix(map_, support);
    const double value = orthonormalise(jacobian).log_diagonal.sum();
    if (known_.size() < most_known) known_.emplace(support, value);
    return value;
}

}  // namespace heddle
