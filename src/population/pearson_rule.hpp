#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

/// A quadrature of the standardised Pearson III law (a shifted gamma law; normal for skewness 0):
/// mean 0, variance 1 and the given skewness.
struct PearsonRule {
    Vector node;    ///< Rising.
    Vector weight;  ///< Their sum is 1.
};

/// Gauss's: exact for polynomials of degree below 2 n. Its orthogonal polynomials obey
///
///     p_{k+1} = (x − k γ) p_k − k (1 + (k − 1) γ² / 4) p_{k−1} ,   γ the skewness,
///
/// Laguerre's shifted and scaled, and Hermite's for γ = 0.
/// \see Golub & Welsch (1969), Math Comput 23:221.
[[nodiscard]] PearsonRule pearson_rule(Index n, double skewness);

/// Equally spaced nodes between ends that leave out less than 1e-12: a picture of the law.
[[nodiscard]] PearsonRule pearson_grid(Index n, double skewness);

}  // namespace heddle
