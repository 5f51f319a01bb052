#pragma once

#include "heddle/core/parallel.hpp"
#include "heddle/loops/motif_loops.hpp"

namespace heddle {

struct MotifRunOptions {
    Vector initial_state;      ///< x(0), shape (n,); empty: the design's own.
    double tolerance = 1e-12;  ///< Relative error of every step's exponential.
};

/// One motif, performed by products with W.
struct MotifRun {
    Matrix output;       ///< C x on the motif's own grid, shape (T, d).
    Vector final_state;  ///< x at the motif's end, shape (n,).
    double error;        ///< Normalised squared error against the motif.
    double deviation;    ///< Largest difference from the readout of `isolated_states`, beside the
                         ///< largest of that readout: 0 to rounding from the design's own state.
    double step_error;   ///< Estimates of the exponentials' errors, added up, beside ‖x‖.
    Index products;      ///< With W.
};

/// Performs the motif from its initial state, without W as a matrix and without time stepping: from
/// sample to sample by the action of the exponential of
///
///     τ ẋ = −x + W x + U y + b ,   τ_T ẏ = −y + Vᵀ x ,
///
/// b such that the design's fixed point is one. For networks of any size; `perform` needs dense
/// segment maps and does sequences, noise and preparation.
///
/// \throws ShapeError, DomainError naming the argument, before any long computation.
/// \cost Some 20 products with W a sample.
[[nodiscard]] MotifRun perform_motif(const Network& network, const MotifLoops& design,
                                     const MotifRunOptions& options = {},
                                     const Progress& progress = {});

}  // namespace heddle
