#pragma once

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "heddle/loops/library.hpp"

namespace heddle {

struct PerformOptions {
    double noise = 0.0;  ///< Strength σ of white noise on every cortical unit, relative to the root
                         ///< mean square activity of the sequence's motifs.
    Index trials = 0;    ///< Monte-Carlo runs with noise.
    std::vector<Index> units;  ///< Units whose activity is recorded.
    Vector initial_state;      ///< x at the very beginning; empty: rest, x = 0.
    double preparation = std::numeric_limits<double>::quiet_NaN();  ///< t_p, s; NaN: the library's.
    double failure = 0.05;  ///< Normalised squared error above which a motif has failed.
    std::size_t memory = std::size_t{1} << 30;  ///< Bytes for segment maps kept between
                                                ///< repetitions.
    std::uint64_t seed = 0;
    std::size_t threads = 0;
};

/// One motif of a sequence, with the preparation before it. Outputs are on the grids t = j · dt of
/// each stretch.
struct PerformedMotif {
    std::size_t motif;      ///< Position in the library.
    double start;           ///< When the preparation begins, s from the start of the sequence.
    double preparation_dt;  ///< s.
    Matrix preparation;     ///< Outputs while preparing, shape (J, d).
    Matrix output;          ///< Outputs of the motif without noise, shape (T, d).
    Matrix units;  ///< Recorded units while preparing, then during the motif, shape (J + T, units).
    std::vector<Matrix> trials;  ///< Outputs of the motif with noise, each of shape (T, d).
    double error;                ///< Normalised squared error in the sequence, without noise.
    double isolated_error;       ///< The same when started exactly at the motif's initial state.
    double state_error;          ///< |x − x(0)| / |x(0)| at the motif's start, without noise.
    bool failed;
    double predicted_error;  ///< Expected normalised error with noise, from the closed-form
                             ///< covariance; NaN without.
    double mean_error;       ///< Its Monte-Carlo estimate over the trials; NaN without.
    double standard_error;   ///< Of `mean_error`; NaN with fewer than two trials.
};

/// Receives each motif as soon as it is performed; may throw to stop.
using PerformanceSink = std::function<void(PerformedMotif&&)>;

/// Performs a sequence exactly: the matrix exponential of every segment, no time stepping; white
/// noise by its exact discrete-time covariance. Memory does not grow with the length of the
/// sequence.
///
/// \throws DomainError for unknown names (with the closest one), an empty sequence, bad options.
/// \cost One segment map for every different motif, then O(n² + n T d) a motif, O(n² T) a trial
/// with noise.
void perform(const Library& library, const std::vector<std::string>& sequence,
             const PerformOptions& options, const PerformanceSink& sink,
             const Progress& progress = {});

}  // namespace heddle
