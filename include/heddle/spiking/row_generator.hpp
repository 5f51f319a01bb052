#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "heddle/spiking/connectome.hpp"

namespace heddle {

/// The synapses of one source neuron in one block, as `Rows` stores them.
struct Row {
    std::vector<std::uint32_t> starts;  ///< Of each lane, and the end, shape (L + 1,).
    std::vector<std::uint16_t> cells;
    std::vector<float> weights;  ///< Empty if no lane is weighted.
};

/// Draws rows again whenever they are wanted, bit for bit as `connect` stores them: a circuit whose
/// synapses do not fit into memory runs from their counters, at 20 to 40 ns a synapse and row.
class RowGenerator final {
  public:
    /// For the blocks and the step of a connectome drawn (or laid out only: `regenerate`) from the
    /// same circuit with the same seed. Keeps a copy of the circuit.
    /// \throws DomainError for projections with a fixed in-degree, whose targets draw their
    /// sources.
    RowGenerator(const Circuit& circuit, const Connectome& connectome, std::uint64_t seed);
    RowGenerator(RowGenerator&&) noexcept;
    RowGenerator& operator=(RowGenerator&&) noexcept;
    ~RowGenerator();

    /// Synapses of neuron `source` of a population into a block. Any number of threads may call it.
    /// \cost all synapses that neuron makes in projections into the block.
    void row(std::size_t block, std::size_t population, std::uint32_t source, Row& out) const;

  private:
    struct Parts;
    std::unique_ptr<const Parts> parts_;
};

}  // namespace heddle
