#include "heddle/linalg/krylov.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>
#include <string>

#include "heddle/core/error.hpp"
#include "heddle/linalg/split.hpp"
#include "linalg/checks.hpp"
#include "linalg/lapack.hpp"

namespace heddle {
namespace {

constexpr Index block = 64;         // Basis vectors that are stored together.
constexpr Index between_looks = 8;  // Steps between two looks at the residuals.

[[noreturn]] void throw_not_reached(Complex shift, double residual, Index steps) {
    std::ostringstream text;
    text.precision(3);
    text << "shift " << shift.real() << (shift.imag() < 0 ? " - " : " + ") << std::abs(shift.imag())
         << "i is solved to a relative residual of " << residual << " only after " << steps
         << " Krylov steps; a shift further from the spectrum, or more steps, would do";
    throw NotConverged(text.str());
}

}  // namespace

KrylovSpace::KrylovSpace(const LinearMap& a, const VectorView& b, const ComplexVectorView& shifts,
                         const KrylovOptions& options)
    : n_(b.size()), norm_(b.norm()) {
    require_finite(b, "b");
    require_finite(shifts, "shifts");
    if (norm_ == 0.0) throw DomainError("b: found a zero vector, expected one to start from");
    lapack::use_one_blas_thread();
    const Index most = std::min(options.most_steps, n_);
    Matrix h = Matrix::Zero(most + 1, most);
    append(b / norm_);
    Vector y(n_);
    for (Index step = 0; step < most; ++step) {
        const Vector last = basis_.back().col((columns_ - 1) % block);
        a(last, y);
        const double before = y.norm();
        orthogonalise(y, h.col(step));
        if (y.norm() < 0.7 * before) orthogonalise(y, h.col(step));
        next_ = y.norm();
        h(step + 1, step) = next_;
        hessenberg_ = h.topLeftCorner(step + 1, step + 1);
        const bool complete = next_ <= std::numeric_limits<double>::epsilon() * before;
        const bool look = complete || step + 1 == most || (step + 1) % between_looks == 0;
        if (look && (residuals(shifts).array() <= options.tolerance).all()) {
            reduced_.emplace(hessenberg_);
            return;
        }
        if (complete) break;
        append(y / next_);
    }
    const Vector left = residuals(shifts);
    Index worst = 0;
    left.maxCoeff(&worst);
    throw_not_reached(shifts(worst), left(worst), steps());
}

void KrylovSpace::append(const Vector& q) {
    if (columns_ % block == 0) basis_.emplace_back(n_, block);
    basis_.back().col(columns_ % block) = q;
    ++columns_;
}

void KrylovSpace::orthogonalise(Vector& y, Eigen::Ref<Vector> h) const {
    Vector part(columns_);
    for (Index first = 0; first < columns_; first += block) {
        const Index width = std::min(block, columns_ - first);
        const auto q = basis_[static_cast<std::size_t>(first / block)].leftCols(width);
        part.segment(first, width).noalias() = q.transpose() * y;
    }
    for (Index first = 0; first < columns_; first += block) {
        const Index width = std::min(block, columns_ - first);
        const auto q = basis_[static_cast<std::size_t>(first / block)].leftCols(width);
        y.noalias() -= q * part.segment(first, width);
    }
    h.head(columns_) += part;
}

ComplexMatrix KrylovSpace::coordinates(const ComplexVectorView& shifts) const {
    Matrix first = Matrix::Zero(steps(), 1);
    first(0, 0) = 1.0;
    return reduced_ ? reduced_->solve_each(shifts, first)
                    : Resolvent(hessenberg_).solve_each(shifts, first);
}

Vector KrylovSpace::residuals(const ComplexVectorView& shifts) const {
    try {
        return next_ * coordinates(shifts).row(steps() - 1).cwiseAbs().transpose();
    } catch (const DomainError&) {  // A shift that is an eigenvalue of H so far.
        return Vector::Constant(shifts.size(), std::numeric_limits<double>::infinity());
    }
}

ComplexMatrix KrylovSpace::solve(const ComplexVectorView& shifts) const {
    const Matrix y = norm_ * split(coordinates(shifts));
    Matrix x = Matrix::Zero(n_, y.cols());
    for (Index first = 0; first < steps(); first += block) {
        const Index width = std::min(block, steps() - first);
        x.noalias() += basis_[static_cast<std::size_t>(first / block)].leftCols(width) *
                       y.middleRows(first, width);
    }
    return join(x);
}

Matrix KrylovSpace::project(const MatrixView& l) const {
    require_shape(l, n_, l.cols(), "l");
    Matrix projected(l.cols(), steps());
    for (Index first = 0; first < steps(); first += block) {
        const Index width = std::min(block, steps() - first);
        projected.middleCols(first, width).noalias() =
            l.transpose() * basis_[static_cast<std::size_t>(first / block)].leftCols(width);
    }
    return projected;
}

KrylovSpace::Observation KrylovSpace::observe(const Matrix& projected,
                                              const ComplexVectorView& shifts) const {
    require_shape(projected, projected.rows(), steps(), "projected");
    const ComplexMatrix y = coordinates(shifts);
    return {norm_ * join(projected * split(y)), next_ * y.row(steps() - 1).cwiseAbs().transpose()};
}

}  // namespace heddle
