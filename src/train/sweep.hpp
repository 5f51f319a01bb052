#pragma once

#include "heddle/train/gradient.hpp"
#include "network/response_curve.hpp"
#include "train/blocks.hpp"

namespace heddle {

/// States first … first + count − 1; from the first `steps` of them a step is taken.
struct Chunk {
    Index first;
    Index count;
    Index steps;
};

/// A run of some trials of a task: its states forwards in time, its loss in chunks of states,
/// backwards. Sweeps of different trials share a workspace and write only what is their own.
class Sweep final {
  public:
    /// Network and task are valid, the workspace was prepared for them; all three and the block
    /// outlive the sweep.
    Sweep(const TrainableNetwork& network, const TrainingTask& task, const Trials& trials,
          TrainingWorkspace& workspace, TrainingBlock& block);

    /// Every state, into the workspace. \throws DomainError for one that is not finite.
    void run();

    /// The last chunk, and the one before another: before the first, one of no states.
    [[nodiscard]] Chunk last_chunk() const;
    [[nodiscard]] Chunk before(const Chunk& chunk) const;

    /// Fills the rates of a chunk.
    void respond(const Chunk& chunk);
    /// Fills rates, errors and drive of a chunk, and adds what its states have of the loss.
    void sample(const Chunk& chunk, TrainingLoss& loss);
    /// Slopes of a chunk that was sampled, and what its loops carry.
    void linearise(const Chunk& chunk);

    /// η = h / τ.
    [[nodiscard]] double eta() const { return eta_; }
    [[nodiscard]] const Matrix& recurrent() const { return recurrent_; }
    /// The slope of the loss in x_{t+1} − x_t, over that.
    [[nodiscard]] double velocity_slope() const { return 2.0 * task_.velocity * velocity_scale_; }
    [[nodiscard]] const Trials& trials() const { return trials_; }
    /// Columns of step t in an array of the block that begins with step `from`.
    [[nodiscard]] Index column(Index t, Index from = 0) const { return (t - from) * trials_.count; }
    /// What an array of the task or its gates, or the states, have of these trials at step t.
    template <typename Array>
    [[nodiscard]] auto at(Array& array, Index t) const {
        return array.middleCols(t * task_.trials + trials_.first, trials_.count);
    }

    /// What an array of the task has of these trials in a chunk, side by side.
    void gather(const Matrix& array, const Chunk& chunk, Matrix& out) const;

  private:
    void prepare();
    void start();
    void step(Index t);
    void respond(Index t, Index column);
    void compare(const Chunk& chunk, TrainingLoss& loss);
    void add_velocity(const Chunk& chunk, TrainingLoss& loss) const;
    [[nodiscard]] Chunk ending_at(Index end) const;

    const TrainableNetwork& network_;
    const TrainingTask& task_;
    Trials trials_;
    TrainingWorkspace& workspace_;
    TrainingBlock& block_;
    const Matrix& recurrent_;
    ResponseCurve curve_;
    double eta_;
    double error_scale_ = 0.0;  ///< 1 / (d Σ m), or 0 without targets.
    double activity_scale_;     ///< 1 / (n · states · trials).
    double velocity_scale_;     ///< 1 / (n · steps · trials · h²).
    Index chunk_states_;
};

}  // namespace heddle
