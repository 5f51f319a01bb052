#pragma once

#include <string>
#include <vector>

#include "heddle/measure/linear_regime.hpp"

namespace heddle {

/// One motif of a sequence that rectified thalamic units performed.
struct RectifiedMotif {
    std::size_t motif;      ///< Position in the library.
    Matrix output;          ///< C x on the motif's own grid, shape (T, d).
    double error;           ///< Normalised squared error.
    double isolated_error;  ///< Of linear loops, started exactly at the motif's initial state.
    double state_error;     ///< |x − x(0)| / |x(0)| at the motif's start.
    Index preparation_crossings;  ///< Thalamic units that fell silent or rose, while preparing,
    Index crossings;              ///< and during the motif.
};

/// A sequence with rectified thalamic units,
///
///     τ ẋ = −x + W x + U ([Vᵀ x + c]₊ − c) + b ,
///
/// each segment with its own loops, its tonic input b and the bias c: exactly what the linear
/// design does as long as no unit crosses its threshold, and followed exactly, by
/// `threshold_flow`, where one does. With τ_T > 0 the units are τ_T ẏ = −y + [Vᵀ x + c]₊.
/// Starts from the initial state of the first motif.
/// \param bias shape as in `LinearRegime::bias`.
/// \throws DomainError for unknown names, an empty sequence, bias of the wrong shape, or a state
///         that grows without bound.
[[nodiscard]] std::vector<RectifiedMotif> perform_rectified(
    const Library& library, const std::vector<std::string>& sequence, const ThalamicBias& bias,
    const Progress& progress = {});

}  // namespace heddle
