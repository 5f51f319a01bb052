#include "motif/residual.hpp"

#include <cmath>

#include "heddle/linalg/solve.hpp"

namespace heddle {

Residual::Residual(const Motif& motif, double tau, double ridge)
    : step_(motif.dt / tau),
      weight_(std::sqrt(ridge * static_cast<double>(motif.values.rows()))),
      mean_(motif.values.colwise().mean()),
      target_(motif.values.rowwise() - mean_.transpose()) {
    scale_ = target_.norm();
    target_ /= scale_;
}

void Residual::fill_basis(const VectorView& theta) {
    pairs_ = theta.size() / 2;
    const Index t = samples();
    basis_.setZero(t + 2 * pairs_, 2 * pairs_ + 1);
    for (Index m = 0; m < pairs_; ++m) {
        const Complex ratio = std::exp(Complex(theta(m), theta(pairs_ + m)) * step_);
        Complex wave = 1.0;
        for (Index j = 0; j < t; ++j, wave *= ratio) {
            basis_(j, m) = wave.real();
            basis_(j, pairs_ + m) = -wave.imag();
        }
    }
    basis_.col(2 * pairs_).head(t).setOnes();
    basis_.block(t, 0, 2 * pairs_, 2 * pairs_).diagonal().setConstant(weight_);
}

double Residual::evaluate(const VectorView& theta) {
    fill_basis(theta);
    const Index t = samples();
    Matrix right = Matrix::Zero(basis_.rows(), target_.cols());
    right.topRows(t) = target_;
    solution_ = least_squares(basis_, right);
    residual_ = target_ - basis_.topRows(t) * solution_;
    return error() + weight_ * weight_ * solution_.topRows(2 * pairs_).squaredNorm();
}

Vector Residual::gradient() const {
    const Index t = samples();
    const Eigen::ArrayXd time = Vector::LinSpaced(t, 0.0, duration());
    Vector slope = Vector::Zero(2 * pairs_);
    for (Index m = 0; m < pairs_; ++m) {
        const auto cosine = basis_.col(m).head(t).array();
        const auto sine = basis_.col(pairs_ + m).head(t).array();  // −e^{st} sin ωt
        for (Index c = 0; c < target_.cols(); ++c) {
            const double a = solution_(m, c), b = solution_(pairs_ + m, c);
            const auto left = residual_.col(c).array() * time;
            slope(m) -= 2.0 * (left * (a * cosine + b * sine)).sum();
            slope(pairs_ + m) -= 2.0 * (left * (a * sine - b * cosine)).sum();
        }
    }
    return slope;
}

ComplexMatrix Residual::amplitudes() const {
    ComplexMatrix amplitude(target_.cols(), pairs_);
    amplitude.real() = scale_ * solution_.topRows(pairs_).transpose();
    amplitude.imag() = scale_ * solution_.middleRows(pairs_, pairs_).transpose();
    return amplitude;
}

Vector Residual::offset() const {
    return mean_ + scale_ * solution_.row(2 * pairs_).transpose();
}

double Residual::error() const {
    return residual_.squaredNorm();
}

double Residual::amplitude() const {
    return solution_.topRows(2 * pairs_).norm() * std::sqrt(static_cast<double>(samples()));
}

}  // namespace heddle
