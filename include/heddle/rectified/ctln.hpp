#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

/// Weights of a combinatorial threshold-linear network (CTLN) of a directed graph without loops,
///
///     W_ii = 0 ,   W_ij = −1 + ε if j → i ,   W_ij = −1 − δ else ;
///
/// its bias is θ > 0 for every unit, which only scales its activity.
///
/// \param adjacency  shape (n, n), 1 at (i, j) iff there is an edge j → i, else 0; zero diagonal.
/// \param epsilon    0 < ε < δ / (1 + δ), so that no edge that is not returned is a stable pair.
/// \param delta      δ > 0.
/// \throws ShapeError, DomainError  naming the argument.
/// \see Morrison, Degeratu, Itskov & Curto (2016), arXiv:1605.04463; Curto & Morrison (2023), Graph
///      rules for recurrent neural network dynamics, arXiv:2301.12638.
[[nodiscard]] Matrix ctln_weights(const MatrixView& adjacency, double epsilon = 0.25,
                                  double delta = 0.5);

}  // namespace heddle
