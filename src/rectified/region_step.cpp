#include "rectified/region_step.hpp"

#include <algorithm>

#include "heddle/linalg/exponential.hpp"

namespace heddle {

RegionStep region_step(const ThresholdLinear& system, const Support& support, double t) {
    const Index n = system.states();
    const double s = t / system.tau;
    Matrix extended = Matrix::Zero(n + 1, n + 1);
    extended.topLeftCorner(n, n) = s * region_matrix(system, support);
    const Vector drive = s * region_drive(system, support);
    // A large drive must not make the exponential halve its step more often.
    const double size = drive.lpNorm<1>();
    const double unit =
        size > 0.0 ? std::max(extended.cwiseAbs().colwise().sum().maxCoeff(), 1.0) / size : 1.0;
    extended.topRightCorner(n, 1) = unit * drive;
    const Matrix e = exponential(extended);
    return {e.topLeftCorner(n, n), e.topRightCorner(n, 1) / unit};
}

Support flipped(Support support, Index unit) {
    const auto place = std::ranges::lower_bound(support, unit);
    if (place != support.end() && *place == unit)
        support.erase(place);
    else
        support.insert(place, unit);
    return support;
}

}  // namespace heddle
