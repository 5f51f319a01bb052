#pragma once

#include "heddle/linalg/krylov.hpp"

namespace heddle {

/// e^{A t} x and what is known of it.
struct ExponentialAction {
    Vector value;
    double error;    ///< Estimates of the substeps' errors, each beside the norm then, added up.
    Index products;  ///< With A.
};

/// e^{A t} x from Krylov spaces, without A as a matrix:
///
///     e^{A t} x ≈ ‖x‖ Q e^{H t} e_1 ,   error / ‖x‖ ≈ h t |e_mᵀ φ_1(t H) e_1| ,
///
/// φ_1(z) = (e^z − 1) / z. Where 60 vectors do not reach the tolerance, the step is halved.
/// \param tolerance of `error`.
/// \throws DomainError unless t ≥ 0 and the tolerance is positive; NotConverged after 2¹⁰ substeps.
/// \see Saad (1992), Analysis of some Krylov subspace approximations to the matrix exponential
///      operator, SIAM J. Numer. Anal. 29(1).
[[nodiscard]] ExponentialAction exponential_action(const LinearMap& a, const VectorView& x,
                                                   double t, double tolerance = 1e-12);

}  // namespace heddle
