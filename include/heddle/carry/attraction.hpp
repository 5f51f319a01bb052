#pragma once

#include "heddle/carry/tube.hpp"

namespace heddle {

struct AttractionOptions {
    double radius = 1.0;  ///< s: root mean square displacement of a unit, relative to a.
    bool ball = false;    ///< Uniform in the ball |δ|₂ ≤ s a √n; else δ ~ N(0, s² a²) a unit.
    Index starts = 1000;
    std::uint64_t seed = 0;
};

/// Where displaced starts led.
struct AttractionTrials {
    Vector distance;  ///< Largest |x − x_planned|₂ / (a √n) during the motif, (starts,); infinite
                      ///< if the state did not stay finite.
    Vector error;     ///< Normalised squared error of the motif, (starts,).
};

/// Performs a motif from displaced starts of its passage. Start k draws from stream k of the seed:
/// same bits for any number of threads.
/// \throws DomainError naming the argument.
/// \cost 2 n² a step and start.
[[nodiscard]] AttractionTrials attraction_trials(const CarriedLibrary& carried, std::size_t motif,
                                                 const AttractionOptions& options = {},
                                                 const Arrival& arrival = {},
                                                 std::size_t threads = 0,
                                                 const Progress& progress = {});

}  // namespace heddle
