#include "rectified/smooth_certificate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "linalg/checks.hpp"
#include "linalg/lu.hpp"
#include "rectified/rounding.hpp"

namespace heddle {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr int growths = 8;  ///< How often the interval of a local bound of φ'' may double.

/// Bounds around x̄ that all radii share.
struct Bounds {
    double step;     ///< Y.
    double defect;   ///< Z₁.
    Matrix inverse;  ///< |R|.
    Matrix product;  ///< |R W| as computed.
    Matrix weights;  ///< |W|.
    double gamma;    ///< Of the products behind `product`.
};

double step_bound(const SmoothMap& map, const Vector& x, const Matrix& r, const Bounds& bounds) {
    const Index n = map.size();
    const Vector f = residual_of(map, x);
    const Vector sent = bounds.weights * response_of(map, x).cwiseAbs();
    const Vector off = rounding_of(n + 3) * (x.cwiseAbs() + sent + map.b.cwiseAbs()) +
                       bounds.weights * response_error(map, x);
    const Vector unknown = rounding_of(n) * f.cwiseAbs() + off;
    return rounded_up(((r * f).cwiseAbs() + bounds.inverse * unknown).maxCoeff(), 2 * n);
}

/// ‖1 − R J‖ with R J = −R + (R W) diag φ'.
double defect_bound(const SmoothMap& map, const Vector& x, const Matrix& r, const Matrix& rw,
                    const Bounds& bounds) {
    const Index n = map.size();
    const Vector slope = slope_of(map, x), off = slope_error(map, x);
    Matrix defect = r - rw * slope.asDiagonal();
    defect.diagonal().array() += 1.0;
    const Vector steep = slope + off;
    const Vector terms = (bounds.inverse.rowwise().sum() + bounds.product * steep).array() + 1.0;
    const Vector rows = defect.cwiseAbs().rowwise().sum() + 4.0 * unit_roundoff * terms +
                        bounds.product * off +
                        bounds.gamma * (bounds.inverse * (bounds.weights * steep));
    return rounded_up(rows.maxCoeff(), 2 * n);
}

/// ‖R W diag |φ''|‖ over an interval of radius r around every coordinate.
double curvature_within(const SmoothMap& map, const Vector& x, double r, const Bounds& bounds) {
    const Vector bend = curvature_bound(map, x, r);
    const Vector rows =
        bounds.product * bend + bounds.gamma * (bounds.inverse * (bounds.weights * bend));
    return rounded_up(rows.maxCoeff(), 2 * map.size());
}

/// Whether Y + Z₁ r + Z₂ r² / 2 < r whatever was rounded.
bool maps_inside(const FixedPointCertificate& c, double r) {
    const double image = c.step + r * (c.defect + 0.5 * c.curvature * r);
    return std::isinf(r) || image * (1.0 + 1e-14) < r;
}

/// The radii where the quadratic is negative, with |φ''| bounded within `reach`.
FixedPointCertificate radii_within(const SmoothMap& map, const Vector& x, double reach,
                                   const Bounds& bounds) {
    FixedPointCertificate c{false,       infinity,      0.0,
                            bounds.step, bounds.defect, curvature_within(map, x, reach, bounds)};
    const double left = 1.0 - c.defect;
    const double squared = left * left - 2.0 * c.curvature * c.step;
    if (!(left > 0.0) || !(squared > 0.0)) return c;
    const double most = left + std::sqrt(squared);
    const double least = 1.001 * 2.0 * c.step / most;
    const double outer = c.curvature > 0.0 ? 0.999 * most / c.curvature : infinity;
    const double furthest = std::min(outer, reach);
    const bool contracts = (c.defect + c.curvature * least) * (1.0 + 1e-14) < 1.0;
    if (least < furthest && contracts && maps_inside(c, least) && maps_inside(c, furthest)) {
        c.certified = true;
        c.radius = least;
        c.uniqueness_radius = furthest;
    }
    return c;
}

/// Those of the largest reach that proves anything, down to where the quadratic would need no φ''.
FixedPointCertificate local_radii(const SmoothMap& map, const Vector& x, const Bounds& bounds) {
    const double least = 2.5 * bounds.step / (1.0 - bounds.defect);
    double reach = std::max(1.0, least);
    FixedPointCertificate found = radii_within(map, x, reach, bounds);
    while (!found.certified && reach > least) {
        reach = std::max(reach / 8.0, least);
        found = radii_within(map, x, reach, bounds);
    }
    return found;
}

/// The largest radius of uniqueness: |φ''| is bounded everywhere first, then nearer and nearer to
/// x̄ as far as that helps.
FixedPointCertificate best_radii(const SmoothMap& map, const Vector& x, const Bounds& bounds) {
    FixedPointCertificate best = radii_within(map, x, infinity, bounds);
    if (!best.certified && best.defect < 1.0) best = local_radii(map, x, bounds);
    for (int i = 0; i < growths && best.certified && std::isfinite(best.uniqueness_radius); ++i) {
        const double reach = 2.0 * best.uniqueness_radius;
        const FixedPointCertificate next = radii_within(map, x, reach, bounds);
        if (!(next.uniqueness_radius > 1.01 * best.uniqueness_radius)) break;
        best = next;
    }
    return best;
}

}  // namespace

FixedPointCertificate certify_zero(const SmoothMap& map, const Vector& x) {
    const Index n = map.size();
    const Lu lu(jacobian_of(map, x));
    const FixedPointCertificate none{false, infinity, 0.0, infinity, infinity, infinity};
    if (n == 0) return {true, 0.0, infinity, 0.0, 0.0, 0.0};
    if (lu.reciprocal_condition() < std::numeric_limits<double>::epsilon()) return none;
    const Matrix r = lu.solve(Matrix::Identity(n, n));
    const Matrix rw = r * map.w;
    if (!r.allFinite() || !rw.allFinite()) return none;
    Bounds bounds{0.0, 0.0, r.cwiseAbs(), rw.cwiseAbs(), map.w.cwiseAbs(), rounding_of(n)};
    bounds.step = step_bound(map, x, r, bounds);
    bounds.defect = defect_bound(map, x, r, rw, bounds);
    return best_radii(map, x, bounds);
}

FixedPointCertificate certify_fixed_point(const Network& network, const VectorView& state) {
    const SmoothMap map = smooth_map(network);
    require_shape(state, map.size(), 1, "state");
    require_finite(state, "state");
    return certify_zero(map, state);
}

}  // namespace heddle
