#include "equations/collocation.hpp"

#include <cmath>

namespace heddle {
namespace {

constexpr std::size_t count = CollocationMesh::degree + 1;

/// Gauss–Legendre points on [0, 1].
constexpr std::array gauss{0.06943184420297371, 0.33000947820757187, 0.6699905217924281,
                           0.9305681557970263};

/// Lagrange polynomials on nodes 0, ¼, ½, ¾, 1, and their slopes.
void lagrange(double u, std::array<double, count>& value, std::array<double, count>& slope) {
    for (std::size_t i = 0; i < count; ++i) {
        value[i] = 1.0;
        slope[i] = 0.0;
        const double at = static_cast<double>(i) / (count - 1);
        for (std::size_t j = 0; j < count; ++j) {
            if (j == i) continue;
            const double other = static_cast<double>(j) / (count - 1);
            slope[i] = (slope[i] * (u - other) + value[i]) / (at - other);
            value[i] *= (u - other) / (at - other);
        }
    }
}

}  // namespace

double CollocationMesh::point(Index interval, Index j) const {
    return (static_cast<double>(interval) + gauss[static_cast<std::size_t>(j)]) /
           static_cast<double>(intervals_);
}

CollocationMesh::Stencil CollocationMesh::inside(Index interval, double t) const {
    Stencil stencil{degree * interval, 0, {}, {}};
    const double n = static_cast<double>(intervals_);
    lagrange(t * n - static_cast<double>(interval), stencil.weight, stencil.slope);
    for (double& slope : stencil.slope) slope *= n;
    return stencil;
}

CollocationMesh::Stencil CollocationMesh::at(double t) const {
    const double period = std::floor(t);
    const double within = t - period;
    const auto interval = std::min<Index>(
        intervals_ - 1, static_cast<Index>(within * static_cast<double>(intervals_)));
    Stencil stencil = inside(interval, within);
    stencil.period = static_cast<Index>(period);
    return stencil;
}

Vector CollocationMesh::value(const Matrix& profile, double t) const {
    const Stencil stencil = at(t);
    Vector x = Vector::Zero(profile.rows());
    for (std::size_t i = 0; i < count; ++i)
        x += stencil.weight[i] * profile.col(stencil.first + static_cast<Index>(i));
    return x;
}

Vector CollocationMesh::slope(const Matrix& profile, double t) const {
    const Stencil stencil = at(t);
    Vector x = Vector::Zero(profile.rows());
    for (std::size_t i = 0; i < count; ++i)
        x += stencil.slope[i] * profile.col(stencil.first + static_cast<Index>(i));
    return x;
}

}  // namespace heddle
