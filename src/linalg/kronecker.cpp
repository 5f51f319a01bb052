#include "heddle/linalg/kronecker.hpp"

#include <limits>
#include <sstream>
#include <utility>

#include "heddle/core/error.hpp"
#include "linalg/checks.hpp"
#include "linalg/lapack.hpp"

namespace heddle {
namespace {

/// A = Q T Qᴴ; \return Q and T.
std::pair<ComplexMatrix, ComplexMatrix> complex_schur(const Matrix& a, const char* name) {
    require_square(a, name);
    require_finite(a, name);
    ComplexMatrix t = a.cast<Complex>();
    ComplexMatrix q(a.rows(), a.cols());
    ComplexVector values(a.rows());
    Vector real_work(a.rows());
    const int n = lapack::size(a.rows());
    const int ld = lapack::leading(a.rows());
    int selected = 0;
    const int info =
        lapack::with_workspace<Complex>([&](Complex* work, const int* lwork, int* status) {
            zgees_("V", "N", nullptr, &n, t.data(), &ld, &selected, values.data(), q.data(), &ld,
                   work, lwork, real_work.data(), nullptr, status);
        });
    if (info != 0)
        throw NotConverged(std::string(name) + ": the QR iteration for its Schur form failed");
    return {std::move(q), std::move(t)};
}

[[noreturn]] void throw_singular(Complex shift) {
    std::ostringstream text;
    text << "shift " << shift.real() << (shift.imag() < 0 ? " - " : " + ") << std::abs(shift.imag())
         << "i is an eigenvalue of the Kronecker product to working precision; another shift would "
            "do";
    throw DomainError(text.str());
}

}  // namespace

Matrix apply(const Kronecker& product, const MatrixView& x) {
    const Index a = product.a.rows();
    const Index b = product.b.rows();
    require_shape(x, a * b, x.cols(), "x");
    const Matrix wide = product.b * x.reshaped(b, a * x.cols());
    Matrix y(a * b, x.cols());
    for (Index j = 0; j < x.cols(); ++j)
        y.col(j).reshaped(b, a).noalias() = wide.middleCols(j * a, a) * product.a.transpose();
    return y;
}

KroneckerResolvent::KroneckerResolvent(const Kronecker& product) {
    std::tie(p_, s_) = complex_schur(product.a, "a");
    std::tie(q_, t_) = complex_schur(product.b, "b");
}

void KroneckerResolvent::back_substitute(Complex shift, ComplexMatrix& y) const {
    const Index a = s_.rows();
    const double least = std::numeric_limits<double>::epsilon() *
                         (std::abs(shift) + s_.diagonal().cwiseAbs().maxCoeff() *
                                                t_.diagonal().cwiseAbs().maxCoeff());
    for (Index j = a - 1; j >= 0; --j) {
        ComplexMatrix system = -s_(j, j) * t_;
        system.diagonal().array() += shift;
        if (!(system.diagonal().cwiseAbs().minCoeff() > least)) throw_singular(shift);
        system.triangularView<Eigen::Upper>().solveInPlace(y.col(j));
        if (j == 0) continue;
        const ComplexVector carried = t_.triangularView<Eigen::Upper>() * y.col(j);
        y.leftCols(j).noalias() += carried * s_.col(j).head(j).transpose();
    }
}

ComplexMatrix KroneckerResolvent::solve(Complex shift, const ComplexMatrixView& c) const {
    const Index a = s_.rows();
    const Index b = t_.rows();
    require_shape(c, a * b, c.cols(), "c");
    ComplexMatrix x(a * b, c.cols());
    for (Index j = 0; j < c.cols(); ++j) {
        const ComplexMatrix turned = q_.adjoint() * c.col(j).reshaped(b, a);
        ComplexMatrix y = turned * p_.conjugate();
        back_substitute(shift, y);
        const ComplexMatrix back = q_ * y;
        x.col(j).reshaped(b, a).noalias() = back * p_.transpose();
    }
    return x;
}

}  // namespace heddle
