#include "rectified/smooth_catalogue.hpp"

#include <algorithm>

#include "heddle/core/parallel.hpp"

namespace heddle {
namespace {

/// Whether both stand for the same fixed point: one's ball lies where the other's is the only one,
/// or the balls meet, so that nothing shows that they differ; without certificates, whether they
/// agree to 1e-6.
bool same(const SmoothFixedPoint& known, const SmoothFixedPoint& found) {
    const double apart = distance(known.state, found.state);
    if (known.certified && found.certified)
        return apart + found.radius < known.uniqueness_radius ||
               apart + known.radius < found.uniqueness_radius ||
               apart <= known.radius + found.radius;
    return apart < 1e-6 * (1.0 + known.state.cwiseAbs().maxCoeff());
}

bool is_known(const std::vector<SmoothFixedPoint>& points, const SmoothFixedPoint& found) {
    return std::ranges::any_of(points, [&](const SmoothFixedPoint& p) { return same(p, found); });
}

SmoothFixedPoint certified_point(const SmoothMap& map, const Vector& x, const std::string& from) {
    const FixedPointCertificate proof = certify_zero(map, x);
    SmoothFixedPoint point{};
    point.state = x;
    point.residual = residual_of(map, x).norm();
    point.radius = proof.radius;
    point.uniqueness_radius = proof.uniqueness_radius;
    point.certified = proof.certified;
    point.found_from = from;
    return point;
}

/// Adds a point unless it is known; of an odd map its mirror too, whose proof is the same.
void add(const SmoothMap& map, const SmoothFixedPoint& found,
         std::vector<SmoothFixedPoint>& points) {
    if (is_known(points, found)) return;
    points.push_back(found);
    if (!map.odd) return;
    SmoothFixedPoint mirror = found;
    mirror.state = -found.state;
    mirror.found_from = "mirror of " + found.found_from;
    if (!is_known(points, mirror)) points.push_back(mirror);
}

}  // namespace

void add_all(const SmoothMap& map, const std::vector<SmoothStart>& found, std::size_t threads,
             std::vector<SmoothFixedPoint>& points) {
    std::vector<const SmoothStart*> distinct;
    for (const SmoothStart& one : found) {
        const double close = 1e-9 * (1.0 + one.x.cwiseAbs().maxCoeff());
        const auto near = [&](const Vector& x) { return distance(x, one.x) < close; };
        if (std::ranges::any_of(distinct, [&](const auto* other) { return near(other->x); }) ||
            std::ranges::any_of(points, [&](const auto& p) { return near(p.state); }))
            continue;
        distinct.push_back(&one);
    }
    std::vector<SmoothFixedPoint> proven(distinct.size());
    parallel_for(distinct.size(), threads, [&](std::size_t i) {
        proven[i] = certified_point(map, distinct[i]->x, distinct[i]->name);
    });
    for (const SmoothFixedPoint& point : proven) add(map, point, points);
}

}  // namespace heddle
