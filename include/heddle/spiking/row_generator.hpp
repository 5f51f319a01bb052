#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "heddle/spiking/connectome.hpp"

namespace heddle {

/// Synapses of some source neurons of one population into one block, one neuron after another, as
/// `Rows` stores those of all.
struct DrawnRows {
    std::vector<std::uint32_t> starts;  ///< Shape (neurons · L + 1,).
    std::vector<std::uint16_t> cells;
    std::vector<float> weights;  ///< Empty if no lane is weighted.
};

/// Draws rows again whenever they are wanted, bit for bit as `connect` stores them: for looking at
/// the synapses of a circuit that do not fit into memory. `simulate` needs none.
class RowGenerator final {
  public:
    /// For the blocks, the step and the seed of a connectome drawn (or laid out only: `regenerate`)
    /// from the same circuit. Keeps a copy of the circuit.
    /// \throws DomainError for projections with a fixed in-degree, whose targets draw their
    ///         sources, and for a connectome of another circuit.
    RowGenerator(const Circuit& circuit, const Connectome& connectome);
    RowGenerator(RowGenerator&&) noexcept;
    RowGenerator& operator=(RowGenerator&&) noexcept;
    ~RowGenerator();

    /// Synapses of neuron `source` of a population into a block. Any number of threads may call it.
    /// \cost 20 to 40 ns for every synapse that neuron makes in projections into the block.
    void row(std::size_t block, std::size_t population, std::uint32_t source, DrawnRows& out) const;

  private:
    struct Parts;
    std::unique_ptr<const Parts> parts_;
};

}  // namespace heddle
