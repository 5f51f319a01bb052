#include "spectrum/structured_resolvent.hpp"

#include <cmath>
#include <limits>
#include <sstream>
#include <utility>

#include "heddle/core/error.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/linalg/split.hpp"

namespace heddle {
namespace {

constexpr double asked = 1e-12;    // Residual above which a solution is refined once.
constexpr double accepted = 1e-8;  // Residual above which it is refused.
constexpr double lost = 1e-2;      // Digits that rounding W leaves of x.

bool is_diagonal(const SparseMatrix& s) {
    for (Index row = 0; row < s.outerSize(); ++row)
        for (SparseMatrix::InnerIterator entry(s, row); entry; ++entry)
            if (entry.col() != row && entry.value() != 0.0) return false;
    return true;
}

bool is_multiple_of_identity(const SparseMatrix& s) {
    if (!is_diagonal(s)) return false;
    const Vector diagonal = s.diagonal();
    return (diagonal.array() == diagonal(0)).all();
}

std::string text(Complex shift) {
    std::ostringstream out;
    out.precision(6);
    out << "shift " << shift.real() << (shift.imag() < 0 ? " - " : " + ") << std::abs(shift.imag())
        << "i";
    return out.str();
}

void check_parts(const StructuredWeights& weights) {
    if (weights.kronecker.size() > 1)
        throw DomainError("solver 'structured' takes one Kronecker product, found " +
                          std::to_string(weights.kronecker.size()) + "; 'krylov' takes any number");
    if (!weights.kronecker.empty() && !is_multiple_of_identity(weights.sparse))
        throw DomainError(
            "solver 'structured' takes a Kronecker product with no other sparse part than a "
            "multiple of 1; 'krylov' takes any");
}

}  // namespace

bool is_cheap(const StructuredWeights& weights) {
    if (weights.kronecker.empty()) return is_diagonal(weights.sparse);
    return weights.kronecker.size() == 1 && is_multiple_of_identity(weights.sparse);
}

StructuredSolver::StructuredSolver(StructuredWeights weights) : weights_(std::move(weights)) {
    check_parts(weights_);
    if (is_diagonal(weights_.sparse)) diagonal_ = weights_.sparse.diagonal();
    if (!weights_.kronecker.empty()) kronecker_.emplace(weights_.kronecker.front());
    norm_ = std::sqrt(std::max(0.0, squared_norm(weights_)));
}

ComplexMatrix StructuredSolver::solve_base(Complex shift, const ComplexMatrixView& b) const {
    if (kronecker_) return kronecker_->solve(shift - diagonal_(0), b);
    if (diagonal_.size() == 0) return solve_shifted(weights_.sparse, shift, b);
    const ComplexVector divisor = shift - diagonal_.array();
    if (divisor.cwiseAbs().minCoeff() <= std::numeric_limits<double>::epsilon() * std::abs(shift))
        throw DomainError(text(shift) +
                          " is an entry of the diagonal to working precision, where the diagonal "
                          "has no inverse; another shift would do");
    return divisor.cwiseInverse().asDiagonal() * b;
}

ComplexMatrix StructuredSolver::solve_once(Complex shift, const ComplexMatrixView& b) const {
    const Index r = weights_.p.cols();
    if (r == 0) return solve_base(shift, b);
    ComplexMatrix sides(b.rows(), b.cols() + r);
    sides << b, weights_.p.cast<Complex>();
    const ComplexMatrix solved = solve_base(shift, sides);
    const ComplexMatrix seen = join(weights_.q.transpose() * split(solved));
    const ComplexMatrix small = ComplexMatrix::Identity(r, r) - seen.rightCols(r);
    return solved.leftCols(b.cols()) +
           solved.rightCols(r) * solve_complex(small, seen.leftCols(b.cols()));
}

Vector StructuredSolver::residuals(Complex shift, const ComplexMatrixView& x,
                                   const ComplexMatrixView& b, ComplexMatrix& rest) const {
    rest = b - shift * x + join(apply(weights_, split(x)));
    Vector relative(b.cols());
    for (Index j = 0; j < b.cols(); ++j) {
        const double length = b.col(j).norm();
        relative(j) = length > 0.0 ? rest.col(j).norm() / length : 0.0;
        const double rounding = std::numeric_limits<double>::epsilon() * norm_ * x.col(j).norm();
        if (!(rounding <= lost * length))
            throw DomainError(text(shift) +
                              " is an eigenvalue of the weights to working precision; another one "
                              "would do");
    }
    return relative;
}

ComplexMatrix StructuredSolver::solve(Complex shift, const ComplexMatrixView& b) const {
    ComplexMatrix x = solve_once(shift, b);
    ComplexMatrix rest;
    if (residuals(shift, x, b, rest).maxCoeff() <= asked) return x;
    x += solve_once(shift, rest);
    const double worst = residuals(shift, x, b, rest).maxCoeff();
    if (worst <= accepted) return x;
    std::ostringstream found;
    found << text(shift) << " is solved to a relative residual of " << worst
          << " only: it lies so near an eigenvalue of the diagonal, sparse or Kronecker part that "
             "the low-rank part cannot be added to it; another shift would do";
    throw NotConverged(found.str());
}

ComplexMatrix StructuredSolver::transfer(Complex shift, const MatrixView& u,
                                         const MatrixView& v) const {
    return join(v.transpose() * split(solve_once(shift, u.cast<Complex>())));
}

}  // namespace heddle
