#pragma once

#include <functional>
#include <vector>

#include "heddle/linalg/types.hpp"

namespace heddle {

/// A rectangle of the complex plane, by two corners.
struct Box {
    Complex low;   ///< Left and below.
    Complex high;  ///< Right and above.
};

struct Zeros {
    std::vector<Complex> found;  ///< As often as their multiplicity.
    Index counted;               ///< By the turns of f around the box.
};

/// All zeros of an analytic function in a box.
/// \param piece  Boundaries are first cut into pieces of at most this length.
/// \throws NotConverged  if a zero lies on the border, as far as turns of f show.
[[nodiscard]] Zeros zeros_in(const std::function<Complex(Complex)>& f, const Box& box,
                             double piece);

/// How far the nearest zero is, to first order: |f / f'|.
[[nodiscard]] double distance_to_zero(const std::function<Complex(Complex)>& f, Complex at,
                                      double scale);

}  // namespace heddle
