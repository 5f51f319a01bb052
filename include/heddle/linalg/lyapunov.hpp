#pragma once

#include "heddle/linalg/schur.hpp"

namespace heddle {

/// X with T X + X Tᵀ = −Q for the T of a Schur form and a symmetric Q in its basis: one Schur form
/// A = Q_s T Q_sᵀ serves any number of Lyapunov equations, and in its basis none is rotated.
///
/// \param t upper quasi-triangular, as `real_schur` gives it, shape (n, n); no two eigenvalues may
///        add up to zero, which those of a stable matrix never do.
/// \param q symmetric, shape (n, n); only its upper triangle is read.
/// \return X, symmetric to the last bit.
/// \throws ShapeError.
/// \cost About n³ flops, nearly all of them matrix products; half of what a general Q costs.
/// \see Bartels & Stewart (1972), CACM 15(9); Jonsson & Kågström (2002), ACM TOMS 28(4).
[[nodiscard]] Matrix solve_schur_lyapunov(const MatrixView& t, const MatrixView& q);

/// Y with Tᵀ Y + Y T = −Q, otherwise as above: the same solve on T with rows and columns reversed.
[[nodiscard]] Matrix solve_adjoint_schur_lyapunov(const MatrixView& t, const MatrixView& q);

}  // namespace heddle
