#pragma once

#include <string>
#include <vector>

#include "heddle/spiking/simulate.hpp"
#include "spiking/group.hpp"
#include "spiking/spike_history.hpp"

namespace heddle {

/// Makes a recording of the steps of a simulation, window by window, on the calling thread.
class Recorder final {
  public:
    Recorder(const Circuit& circuit, const SimulateOptions& options, const SpikeSink& sink);

    /// The steps `first` … `last` − 1, whose spikes lie in `history`.
    void take(std::uint64_t first, std::uint64_t last, SpikeHistory& history);

    /// Which population has run away in the steps so far; empty if none.
    [[nodiscard]] std::string runaway() const;

    /// The recording up to step `last`.
    [[nodiscard]] SpikeRecording finish(std::uint64_t last);

  private:
    void take_step(std::uint64_t step, SpikeHistory& history);
    void take_spike(std::size_t population, const Emitted& spike, double time);
    void read_out(std::uint64_t recorded);
    void watch_rates(std::uint64_t step);

    const Circuit& circuit_;
    const SimulateOptions& options_;
    const SpikeSink& sink_;
    std::uint64_t transient_;  ///< Steps.
    std::uint64_t steps_per_bin_;
    std::vector<std::uint32_t> offset_;  ///< Of each population among all neurons.
    std::vector<double> last_spike_;
    std::vector<std::uint32_t> interval_count_;
    std::vector<double> interval_mean_;
    std::vector<double> interval_square_;
    std::vector<std::uint64_t> recent_;  ///< Spikes of each population since the last watch.
    std::vector<Spike> step_spikes_;
    std::vector<Vector> filtered_;  ///< Of each readout.
    std::string runaway_;
    SpikeRecording recording_{};
};

}  // namespace heddle
