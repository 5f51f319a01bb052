#include "loops/spectral_placement.hpp"

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvectors.hpp"
#include "heddle/linalg/solve.hpp"

namespace heddle {

SpectralPlacement spectral_placement(const MatrixView& weights, const ComplexVectorView& targets,
                                     const MatrixView& v) {
    const EigenDecomposition modes = eigen_decomposition(weights);
    const Vector sigma = singular_values(modes.right);
    if (!(sigma(sigma.size() - 1) > 1e-12 * sigma(0)))
        throw DomainError(
            "weights: W is defective or nearly so, its eigenvectors have a condition above 1e12; "
            "method 'least_gain' needs no eigenvectors");
    ComplexMatrix cauchy(targets.size(), modes.values.size());
    for (Index i = 0; i < targets.size(); ++i)
        cauchy.row(i) = (targets(i) - modes.values.array()).inverse().transpose();
    const ComplexSolution strength = least_norm_wide(cauchy, ComplexVector::Ones(targets.size()));
    const ComplexVector seen = modes.right.transpose() * v.col(0).cast<Complex>();
    const ComplexVector u = modes.right * (strength.x.array() / seen.array()).matrix();
    return {{u.real(), v, 0.0}, strength.condition};
}

}  // namespace heddle
