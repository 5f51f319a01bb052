#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "heddle/circuit/circuit.hpp"
#include "spiking/row_stream.hpp"

namespace heddle {

/// The other ends of the synapses that one neuron draws, and what drawing them needs.
struct EndsDraw {
    std::vector<std::uint32_t> ends;
    std::vector<std::uint64_t> taken;  ///< One bit for each neuron; all clear between draws.
};

/// Draws the synapses of a projection row by row: a row is what one source neuron reaches, or, if
/// `by_target`, what one target neuron is reached by.
class RowEnds {
  public:
    RowEnds() = default;
    RowEnds(const RowEnds&) = delete;
    RowEnds& operator=(const RowEnds&) = delete;
    virtual ~RowEnds() = default;

    virtual void draw(std::uint32_t row, RowStream& stream, EndsDraw& out) const = 0;
};

/// What a projection's rule draws from.
struct RowEndsArguments {
    std::uint32_t sources;
    std::uint32_t targets;
    bool within;        ///< Source and target are one population.
    bool exclude_self;  ///< A neuron is not drawn as its own source.
    std::uint64_t key;  ///< \see RowStream
};

/// Refers to given edges: they must outlive it.
[[nodiscard]] std::unique_ptr<const RowEnds> row_ends(const Rule& rule,
                                                      const RowEndsArguments& arguments);

/// Pairs of unequal factors. \see CorrelatedDegrees
[[nodiscard]] std::unique_ptr<const RowEnds> correlated_ends(const CorrelatedDegrees& rule,
                                                             const RowEndsArguments& arguments);

}  // namespace heddle
