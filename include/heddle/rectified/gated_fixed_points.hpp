#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/core/parallel.hpp"
#include "heddle/rectified/gated_units.hpp"

namespace heddle {

/// A state that the layer keeps, to rounding.
struct GatedFixedPoint {
    Vector state;               ///< h̄, shape (n,).
    double residual;            ///< |h' − h̄|₂ as computed.
    ComplexVector multipliers;  ///< Eigenvalues of J at h̄, in canonical order.
    double spectral_radius;     ///< max |multiplier|.
    bool stable;                ///< Whether that is below 1.
    std::string found_from;     ///< "start 5 (random)", "start 6 (trajectory), deflated", …
};

struct GatedFixedPoints {
    std::vector<GatedFixedPoint> points;  ///< By falling number of multipliers outside the unit
                                          ///< circle, then as found.
    Index starts;                         ///< As many as asked for.
    Index failed;                         ///< Starts from which no search found a fixed point.
};

struct GatedSearchOptions {
    Index starts = 64;      ///< Half of them random in [−1, 1], half from the layer's own activity.
    Index deflations = 1;   ///< Searches with all points found so far divided out.
    Index most_steps = 60;  ///< Of Newton's method, for each start and search.
    std::uint64_t seed = 0;
    std::size_t threads = 0;  ///< 0: one per core; any number gives the same bits.
};

/// Fixed points of h ↦ h' under a constant input, by damped Newton steps on F = h' − h from every
/// start, from where |F|² descends to if those fail, and again with the points found divided out,
/// as in `smooth_fixed_points`; what agrees to 1e-6 is one point. Every layer has at least one
/// (Brouwer); nothing is proven of those found, and the list may miss some.
///
/// \param input  s, shape (k,).
/// \throws ShapeError, DomainError  naming the argument.
/// \cost 2/3 n³ flops for each Newton step of each start, 8/3 n³ for each step of a descent; 10 n³
///       for each point.
/// \see Sussillo & Barak (2013), Neural Comput. 25(3); Farrell, Birkisson & Funke (2015), SIAM J.
///      Sci. Comput. 37(4), for deflation.
[[nodiscard]] GatedFixedPoints gated_fixed_points(const GatedUnits& layer, const VectorView& input,
                                                  const GatedSearchOptions& options = {},
                                                  const Progress& progress = {});

}  // namespace heddle
