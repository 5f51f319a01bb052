#include <limits>
#include <sstream>

#include "heddle/linalg/schur.hpp"
#include "heddle/linalg/solve.hpp"
#include "linalg/checks.hpp"
#include "linalg/sylvester.hpp"

namespace heddle {
namespace {

/// An eigenvalue common to A and −Aᵀ would make the equation singular.
void require_solvable(const Schur& schur) {
    const double smallest = std::numeric_limits<double>::epsilon() * schur.t.norm();
    const ComplexVector& values = schur.eigenvalues;
    for (Index i = 0; i < values.size(); ++i) {
        for (Index j = 0; j <= i; ++j) {
            if (std::abs(values[i] + values[j]) > smallest) continue;
            std::ostringstream text;
            text << "the eigenvalues " << values[i] << " and " << values[j]
                 << " of a add up to zero to working precision; a stable matrix would work.";
            throw DomainError(text.str());
        }
    }
}

}  // namespace

Matrix solve_lyapunov(const MatrixView& a, const MatrixView& q) {
    require_square(a, "a");
    require_finite(a, "a");
    require_shape(q, a.rows(), a.cols(), "q");
    require_finite(q, "q");
    if (a.rows() == 0) return a;
    const Schur schur = real_schur(a);
    require_solvable(schur);

    const Matrix half = schur.q.transpose() * q;
    Matrix x = -(half * schur.q);
    solve_sylvester(schur.t, schur.t, x);
    const Matrix back = schur.q * x;
    x.noalias() = back * schur.q.transpose();
    if (q == q.transpose()) x = (0.5 * (x + x.transpose())).eval();
    return x;
}

}  // namespace heddle
