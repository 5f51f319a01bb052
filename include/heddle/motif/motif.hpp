#pragma once

#include <string>
#include <vector>

#include "heddle/linalg/types.hpp"

namespace heddle {

/// A target movement: d channels sampled uniformly, sample j at t = j · dt.
struct Motif {
    std::string name;
    Matrix values;                      ///< shape (T, d), T ≥ 2.
    double dt;                          ///< s.
    std::vector<std::string> channels;  ///< d names; empty means x, y, z, c3, ….
};

/// (T − 1) · dt, s.
[[nodiscard]] double duration(const Motif& motif);

/// \throws ShapeError, DomainError naming the motif: at least two samples and one channel, all
/// finite, dt > 0.
void validate(const Motif& motif);

/// Fills in default channel names and validates.
[[nodiscard]] Motif make_motif(std::string name, Matrix values, double dt,
                               std::vector<std::string> channels = {});

/// Σ |y − target|² / Σ |target − mean over time|², summed over samples and channels. A target that
/// never moves is measured against Σ |target|², or 1 if that is zero too.
[[nodiscard]] double normalised_error(const MatrixView& output, const MatrixView& target);

}  // namespace heddle
