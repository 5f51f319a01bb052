#pragma once

#include "heddle/network/network.hpp"
#include "spectrum/pair_coordinates.hpp"

namespace heddle {

/// W = R diag(λ) L in half form and real form.
struct EigenModes {
    HalfSet poles;
    Matrix right, left;
};

/// \throws DomainError if W has no basis of eigenvectors.
[[nodiscard]] EigenModes eigen_modes(const Matrix& weights);

/// d and κ₂ of the system it comes from.
struct StrengthSolution {
    ComplexVector strengths;
    double condition;
};

/// Least |d| with Σ_j d_j / (λ_i^des − λ_j) = 1, in real form so that d is closed.
[[nodiscard]] StrengthSolution least_strengths(const HalfSet& poles, const HalfSet& targets);

/// (L u) (Rᵀ v) of the loop of least gain for u.
[[nodiscard]] StrengthSolution least_gain_strengths(const Network& network, const EigenModes& modes,
                                                    const ComplexVectorView& targets,
                                                    const VectorView& u);

}  // namespace heddle
