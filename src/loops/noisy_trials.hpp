#pragma once

#include <vector>

#include "heddle/core/parallel.hpp"
#include "heddle/core/random.hpp"
#include "heddle/flow/segment_map.hpp"

namespace heddle {

/// Cortical states of Monte-Carlo runs that share everything but their noise. Run i draws from
/// stream i + 1, and every step of the sequence from numbers of its own, so neither threads nor the
/// number of runs change a run.
class NoisyTrials final {
  public:
    NoisyTrials(const Vector& initial_state, Index trials, double strength, std::uint64_t seed,
                std::size_t threads);

    /// Carries every run through one segment; returns the outputs of each run, (steps + 1, d), if
    /// asked for.
    std::vector<Matrix> advance(const SegmentMap& map, const Segment& segment, Index d,
                                bool record);

  private:
    void advance_block(const SegmentMap& map, const Segment& segment, Index first, Index count,
                       std::vector<Matrix>* outputs, Index d);

    Matrix states_;  ///< Shape (n, trials).
    double strength_;
    std::vector<Random> sources_;
    std::uint64_t drawn_ = 0;  ///< Normals each run has drawn.
    std::size_t threads_;
};

}  // namespace heddle
