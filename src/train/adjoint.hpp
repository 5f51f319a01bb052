#pragma once

#include "train/sweep.hpp"

namespace heddle {

/// λ from one state to the one before, through chunks; leaves η λ, what the loops see of it, and
/// ∂ loss / ∂ r.
class Adjoint final {
  public:
    /// From λ = 0 after the last state. All arguments outlive it.
    Adjoint(const Sweep& sweep, const TrainingTask& task, const TrainedParts& parts,
            const TrainingWorkspace& workspace, TrainingBlock& block);

    /// Through a chunk that was sampled and linearised. \throws DomainError naming the step where λ
    /// is not finite.
    void through(const Chunk& chunk);

  private:
    [[nodiscard]] bool begins_window(Index t) const;
    void take_step(Index t, Index column);
    void pull(Index column);
    void add_sample(Index t, Index column, double kept);
    void check(const Chunk& chunk, Index t) const;
    void add_velocity(Index t, double sign);

    const Sweep& sweep_;
    const TrainingTask& task_;
    const TrainedParts& parts_;
    const TrainingWorkspace& workspace_;
    TrainingBlock& block_;
};

}  // namespace heddle
