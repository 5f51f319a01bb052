#include <Eigen/SparseLU>
#include <sstream>

#include "heddle/core/error.hpp"
#include "heddle/linalg/sparse.hpp"
#include "linalg/checks.hpp"

namespace heddle {
namespace {

using Factored = Eigen::SparseMatrix<Complex, Eigen::ColMajor>;

Factored shifted(const SparseMatrix& a, Complex shift) {
    Factored identity(a.rows(), a.cols());
    identity.setIdentity();
    Factored result = shift * identity - Factored(a.cast<Complex>());
    result.makeCompressed();
    return result;
}

}  // namespace

ComplexMatrix solve_shifted(const SparseMatrix& a, Complex shift, const ComplexMatrixView& b) {
    if (a.rows() != a.cols()) throw ShapeError("a", "a square matrix", shape_of(a));
    require_shape(b, a.rows(), b.cols(), "b");
    const Eigen::SparseLU<Factored, Eigen::COLAMDOrdering<int>> lu(shifted(a, shift));
    if (lu.info() == Eigen::Success) {
        const ComplexMatrix x = lu.solve(b);
        if (x.allFinite()) return x;
    }
    std::ostringstream text;
    text << "shift " << shift.real() << (shift.imag() < 0 ? " - " : " + ") << std::abs(shift.imag())
         << "i is an eigenvalue of the sparse matrix to working precision; another shift would do";
    throw DomainError(text.str());
}

}  // namespace heddle
