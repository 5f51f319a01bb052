#pragma once

#include <vector>

#include "heddle/flow/segment_map.hpp"
#include "heddle/loops/library.hpp"

namespace heddle {

/// What a motif makes of the state it starts from.
struct MotifMap {
    Matrix transfer;     ///< M_i, shape (n, n).
    Matrix observation;  ///< Outputs over the motif from a cortical deviation at its start, (T d,
                         ///< n); empty unless asked for.
    Vector end;          ///< Cortical state after the motif was performed from its initial state.
};

[[nodiscard]] MotifMap motif_map(const Library& library, std::size_t i, bool observed);

/// All motifs of a library, each followed by a preparation of any duration.
class Prepared {
  public:
    Prepared(const Library& library, std::vector<MotifMap> maps);

    /// E(t), the cortical response of a preparation to a cortical deviation, shape (n, n).
    [[nodiscard]] Matrix preparation(double time) const;

    /// max_i ‖E(t) M_i‖₂.
    [[nodiscard]] double contraction(double time) const;

    /// Deviation of the state at the start of j after motif i, for every i in a column.
    [[nodiscard]] Matrix deviations(const SegmentMap& preparation, std::size_t j) const;

    [[nodiscard]] const std::vector<MotifMap>& maps() const { return maps_; }
    [[nodiscard]] const JointDynamics& dynamics() const { return preparation_; }

  private:
    const Library& library_;
    std::vector<MotifMap> maps_;
    JointDynamics preparation_;
};

}  // namespace heddle
