#pragma once

#include <memory>
#include <vector>

#include "heddle/spiking/simulate.hpp"
#include "spiking/delivery.hpp"
#include "spiking/group.hpp"
#include "spiking/recorder.hpp"

namespace heddle {

/// A circuit in motion. Each thread advances blocks of its own; all meet once in the least delay.
class Engine final {
  public:
    Engine(const Circuit& circuit, const Connectome& connectome, const SimulateOptions& options,
           const SpikeSink& sink);

    /// Runs to the end, or until a population runs away.
    [[nodiscard]] SpikeRecording run(std::size_t threads, const Progress& progress);

  private:
    /// A block with its neurons.
    struct Part {
        const Block* block;
        Delivery delivery;
        std::vector<std::unique_ptr<Group>> groups;
        Scratch scratch;
        std::int64_t events = 0;
    };

    struct Trace {
        std::size_t part;
        std::size_t group;
        std::uint32_t neuron;
        std::size_t probe;
        Index row;
    };

    /// Have the rows of spikes in flight outgrown their memory?
    [[nodiscard]] bool out_of_memory() const;
    /// Why a run ended before `step`, if not by a population that ran away.
    [[nodiscard]] std::string why_ended(std::uint64_t step) const;
    void advance(std::size_t part, std::uint64_t first, std::uint64_t last);
    void sample(std::size_t part, std::uint64_t step);
    void find_traces();

    const Circuit& circuit_;
    const SimulateOptions& options_;
    std::uint64_t transient_;
    std::uint64_t steps_;
    std::uint64_t window_;  ///< Steps between two meetings.
    std::uint64_t sample_every_;
    SpikeHistory history_;
    std::unique_ptr<RowsInFlight> in_flight_;  ///< If the connectome stores no synapses.
    Recorder recorder_;
    std::vector<std::unique_ptr<Part>> parts_;
    std::vector<Trace> traces_;
    std::vector<Matrix> samples_;
};

}  // namespace heddle
