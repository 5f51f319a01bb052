#pragma once

#include <functional>

#include "heddle/linalg/krylov.hpp"
#include "heddle/spectrum/thalamic_lag.hpp"

namespace heddle {

/// How far right of the targets, and of Re λ = 1, outliers are counted.
[[nodiscard]] double outlier_line(const ComplexVector& upper);

/// What loops add beyond that line, at least 0, on det(1 − T(λ) / θ(λ)) with the k × k transfer
/// T = Vᵀ (λ − W)⁻¹ U.
[[nodiscard]] Index count_outliers(const std::function<ComplexMatrix(Complex)>& transfer,
                                   const ComplexVector& upper, const ThalamicLag& lag);

/// The transfer in Krylov spaces that are there, one for each column of U, good to 1e-6 or so.
/// \throws NotConverged, when called, where the spaces do not reach.
[[nodiscard]] std::function<ComplexMatrix(Complex)> transfer_in(
    const std::vector<KrylovSpace>& spaces, const Matrix& v);

}  // namespace heddle
