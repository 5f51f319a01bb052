#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "heddle/circuit/circuit.hpp"
#include "spiking/delay_law.hpp"
#include "spiking/given_edges.hpp"
#include "spiking/row_ends.hpp"

namespace heddle {

/// The synapses that one neuron draws from a projection.
struct RowDraw : EndsDraw {
    std::vector<std::uint16_t> delays;  ///< Positions in `ProjectionRows::delays()`.
    std::vector<float> weights;         ///< Empty if all are `common_weight()`, or not asked for.
};

/// A projection, ready to draw any of its rows, in any order and as often as wanted: first the
/// other ends, then the delays, then the weights. Refers to the circuit, which must outlive it.
class ProjectionRows final {
  public:
    /// Draws nothing yet. \throws DomainError if delays reach beyond 65,535 steps.
    ProjectionRows(const Circuit& circuit, std::size_t projection, double step, std::uint64_t seed);
    /// Draws what rows share: numbers of synapses, factors; sorts given edges. Needed before
    /// `draw`.
    void prepare();

    [[nodiscard]] std::size_t source() const { return source_; }
    [[nodiscard]] std::size_t target() const { return target_; }
    /// Is a row what one target is reached by (else what one source reaches)?
    [[nodiscard]] bool by_target() const {
        return std::holds_alternative<FixedIndegree>(projection_.rule);
    }
    /// The delays that occur, steps, rising.
    [[nodiscard]] const std::vector<std::uint32_t>& delays() const { return delays_; }
    /// The weight of every synapse, if it is the same for all.
    [[nodiscard]] std::optional<float> common_weight() const;

    void draw(std::uint32_t row, bool with_weights, RowDraw& out) const;

  private:
    void set_given_delays(const Edges& edges, double step);
    void draw_delays(std::uint32_t row, RowStream& stream, RowDraw& out) const;
    void draw_weights(std::uint32_t row, RowStream& stream, RowDraw& out) const;
    void add_low_rank(std::uint32_t row, RowDraw& out) const;

    const Circuit& circuit_;
    const Projection& projection_;
    std::size_t position_;  ///< Of the projection in the circuit.
    std::size_t source_;
    std::size_t target_;
    std::uint64_t key_;  ///< \see RowStream
    std::unique_ptr<const RowEnds> ends_;
    std::optional<DelayLaw> law_;  ///< Unless delays are given.
    std::vector<std::uint32_t> delays_;
    std::vector<std::uint16_t> given_delays_;  ///< Of each given edge: position in `delays_`.
};

}  // namespace heddle
