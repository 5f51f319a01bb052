#include <string>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenbasis.hpp"
#include "loops/direction_cost.hpp"

namespace heddle {
namespace {

constexpr double most_defective = 1e12;  // κ(R) above which nothing is done in the eigenbasis.

/// (A, B) side by side or on top of each other, with ± i between them.
ComplexMatrix combined(const MatrixView& re, const MatrixView& im, double sign) {
    ComplexMatrix result(re.rows(), re.cols());
    result.real() = re;
    result.imag() = sign * im;
    return result;
}

}  // namespace

DirectionProblem direction_problem(const Network& network, const ComplexVectorView& upper) {
    const RealEigenbasis basis = real_eigenbasis(dense_weights(network));
    if (!(basis.condition <= most_defective))
        throw DomainError(
            "weights: W is defective or nearly so, its eigenvectors have the condition " +
            std::to_string(basis.condition) +
            ", expected at most 1e12; directions = 'dealt' needs no eigenvectors");
    const Index n = basis.r.rows(), reals = basis.reals.size(), pairs = basis.pairs.size();
    DirectionProblem problem{.poles = ComplexVector(n),
                             .right = ComplexMatrix(n, n),
                             .left = ComplexMatrix(n, n),
                             .targets = upper,
                             .condition_weight = 0.5,
                             .spread_load = false};
    problem.poles << basis.reals.cast<Complex>(), basis.pairs, basis.pairs.conjugate();
    const auto r_re = basis.r.middleCols(reals, pairs), r_im = basis.r.rightCols(pairs);
    const Matrix l_re = 0.5 * basis.inverse.middleRows(reals, pairs);
    const Matrix l_im = 0.5 * basis.inverse.bottomRows(pairs);
    problem.right << basis.r.leftCols(reals).cast<Complex>(), combined(r_re, r_im, 1.0),
        combined(r_re, r_im, -1.0);
    problem.left << basis.inverse.topRows(reals).cast<Complex>(), combined(l_re, l_im, -1.0),
        combined(l_re, l_im, 1.0);
    return problem;
}

}  // namespace heddle
