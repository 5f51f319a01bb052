#pragma once

#include <limits>
#include <vector>

#include "loops/weight_bounds.hpp"

namespace heddle {

/// The V of least norm with Vᵀ X = G that obeys rules, or the nearest that does.
struct BoundedInputs {
    Matrix v;          ///< Shape (n, k).
    double condition;  ///< Largest κ₂ of the systems of single loops, columns scaled.
    bool feasible;     ///< Vᵀ X = G holds.
    Index obstacle;    ///< The loop that is farthest from it; −1 if feasible.
    double needed;     ///< Of that loop, |v| without the limit; NaN if no weights would do.
};

/// For each loop c by itself, with lower ≤ v ≤ upper by the bounds,
///
///     minimise |v|² / 2   subject to  Xᵀ v = g_c ,   v = P(X y) ,
///
/// P the projection to the bounds: a semismooth Newton method on the concave dual in y, whose
/// active weights, once found, give v exactly by a QR factorisation. Where no v does, or where |v|
/// is above `limit`, v minimises |Xᵀ v − g_c|² + ρ |v|² instead, columns of X scaled to length 1,
/// with ρ → 0, or as large as the limit asks.
///
/// \param x real form of the modes, shape (n, p). \param g shape (k, p).
/// \param limits largest |v_c| of each loop, shape (k,).
/// \see Qi & Sun (1993), Math. Programming 58 (semismooth Newton); Dykstra's dual, Micchelli,
/// Smith, Swetits & Ward (1985), Constr. Approx. 1.
[[nodiscard]] BoundedInputs bounded_inputs(const MatrixView& x, const MatrixView& g,
                                           const WeightBounds& bounds, const Vector& limits);

}  // namespace heddle
