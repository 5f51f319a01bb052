#include <cmath>
#include <limits>

#include "heddle/linalg/eigenbasis.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "rectified/rounding.hpp"
#include "rectified/smooth_certificate.hpp"

namespace heddle {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// R Λ, with Λ as `RealEigenbasis` describes it.
Matrix times_eigenvalues(const RealEigenbasis& basis) {
    const Index m = basis.reals.size(), h = basis.pairs.size();
    const Vector a = basis.pairs.real(), b = basis.pairs.imag();
    const auto re = basis.r.middleCols(m, h), im = basis.r.rightCols(h);
    Matrix product(basis.r.rows(), basis.r.cols());
    product.leftCols(m) = basis.r.leftCols(m) * basis.reals.asDiagonal();
    product.middleCols(m, h) = re * a.asDiagonal() - im * b.asDiagonal();
    product.rightCols(h) = re * b.asDiagonal() + im * a.asDiagonal();
    return product;
}

/// Row sums of a bound of |J* R − R Λ|, J* the Jacobian anywhere within `radius` of x.
Vector residual_rows(const SmoothMap& map, const Vector& x, double radius, const Matrix& jacobian,
                     const RealEigenbasis& basis) {
    const Index n = map.size();
    const Matrix scaled = times_eigenvalues(basis);
    const Vector sums = basis.r.cwiseAbs().rowwise().sum();
    const double largest = 2.0 * (jacobian.cwiseAbs().rowwise().sum().maxCoeff() + 1.0);
    const Vector moved = curvature_bound(map, x, radius) * radius + slope_error(map, x) +
                         Vector::Constant(n, 4.0 * unit_roundoff);
    return (jacobian * basis.r - scaled).cwiseAbs().rowwise().sum() +
           rounding_of(n + 2) * (jacobian.cwiseAbs() * sums) +
           8.0 * unit_roundoff * (largest + 1.0) * sums +
           map.w.cwiseAbs() * moved.cwiseProduct(sums);
}

/// A radius of discs around the λ_i that hold the eigenvalues of J*, as many in each union of discs
/// as there are λ_i: 2 ‖R⁻¹ (J* R − R Λ)‖, where 2 pays for real pairs.
double disc_radius(const SmoothMap& map, const SmoothFixedPoint& point, const Matrix& jacobian,
                   const RealEigenbasis& basis) {
    const Index n = map.size();
    if (basis.inverse.size() == 0 || !basis.inverse.allFinite()) return infinity;
    Matrix defect = basis.inverse * basis.r;
    defect.diagonal().array() -= 1.0;
    const Matrix left = basis.inverse.cwiseAbs();
    const Vector rows = defect.cwiseAbs().rowwise().sum() +
                        rounding_of(n + 2) * (left * basis.r.cwiseAbs().rowwise().sum());
    const double wrong = rounded_up(rows.maxCoeff(), 2 * n);
    if (!(wrong < 0.5)) return infinity;
    const Vector residual = residual_rows(map, point.state, point.radius, jacobian, basis);
    return rounded_up(2.0 * (left * residual).maxCoeff() / (1.0 - wrong), 3 * n);
}

ComplexVector eigenvalues_of(const RealEigenbasis& basis) {
    ComplexVector values(basis.reals.size() + 2 * basis.pairs.size());
    values << basis.reals.cast<Complex>(), basis.pairs, basis.pairs.conjugate();
    sort_canonically(values);
    return values;
}

}  // namespace

void certify_stability(const SmoothMap& map, SmoothFixedPoint& point) {
    const Matrix jacobian = jacobian_of(map, point.state);
    const RealEigenbasis basis = real_eigenbasis(jacobian);
    point.eigenvalues = eigenvalues_of(basis);
    point.abscissa = spectral_abscissa(point.eigenvalues);
    point.eigenvalue_error = point.certified ? disc_radius(map, point, jacobian, basis) : infinity;
    const auto real = point.eigenvalues.real().array();
    // While no disc meets the imaginary axis, no eigenvalue can cross it on the way to J*.
    const bool decided = (real.abs() > point.eigenvalue_error * (1.0 + 1e-15)).all();
    point.unstable = decided ? (real > 0.0).count() : -1;
    point.stability = !decided ? "undecided" : point.unstable > 0 ? "unstable" : "stable";
}

}  // namespace heddle
