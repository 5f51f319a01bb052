#include "carry/ellipsoid.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "heddle/linalg/solve.hpp"

namespace heddle {
namespace {

/// f with |φ(x + δ) − φ(x) − φ'(x) δ| ≤ f |δ| for |δ| ≤ reach.
double remainder(const ResponseCurve& curve, double x, double reach, double steepest) {
    switch (curve.kind()) {
        case Response::Kind::linear:
            return 0.0;
        case Response::Kind::rectified:
            return std::abs(x) > reach ? 0.0 : steepest;
        default:
            return std::min(0.5 * curve.curvature_bound(x, reach) * reach, steepest);
    }
}

/// √λ_max(F Q F).
double scaled_axis(const Vector& f, const Matrix& q) {
    if (f.maxCoeff() == 0.0) return 0.0;
    return half_axis(f.asDiagonal() * q * f.asDiagonal());
}

double steepest_of(const Stretch& stretch) {
    // Populations with an exponential hazard have slopes without a bound.
    return stretch.curve().kind() == Response::Kind::transfer
               ? std::numeric_limits<double>::infinity()
               : 1.0;
}

}  // namespace

double half_axis(const Matrix& q) {
    return std::sqrt(spectral_norm(q));
}

EllipsoidFlow::EllipsoidFlow(const Stretch& stretch)
    : stretch_(stretch),
      spread_(stretch.eta() * stretch.eta() * stretch.recurrent() *
              stretch.recurrent().transpose()),
      steepest_(steepest_of(stretch)) {}

Vector EllipsoidFlow::remainders(const VectorView& x, const Matrix& q) const {
    Vector f(x.size());
    for (Index i = 0; i < x.size(); ++i)
        f(i) = remainder(stretch_.curve(), x(i), std::sqrt(q(i, i)), steepest_);
    return f;
}

void EllipsoidFlow::step(const VectorView& x, Matrix& q) const {
    const double bent = scaled_axis(remainders(x, q), q);
    const Matrix j = stretch_.jacobian(stretch_.slopes(x));
    const Matrix moved = j * q;
    q.noalias() = moved * j.transpose();
    if (bent > 0.0) {
        const double alpha = std::sqrt(q.trace()), beta = bent * std::sqrt(spread_.trace());
        if (alpha == 0.0)
            q = bent * bent * spread_;
        else
            q = (1.0 + beta / alpha) * q + (1.0 + alpha / beta) * bent * bent * spread_;
    }
    q = (0.5 * (q + q.transpose())).eval();
}

Vector EllipsoidFlow::output(const Matrix& readout, const VectorView& x, const Matrix& q) const {
    const double bent = scaled_axis(remainders(x, q), q);
    const Matrix rows = readout * stretch_.slopes(x).asDiagonal();
    return (rows * q).cwiseProduct(rows).rowwise().sum().cwiseMax(0.0).cwiseSqrt() +
           bent * readout.rowwise().norm();
}

}  // namespace heddle
