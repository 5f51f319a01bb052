#pragma once

#include <vector>

#include "spiking/row_ends.hpp"

namespace heddle {

/// Given connections, put in the order of their sources. Refers to the edges: they must outlive it.
class GivenEdges final : public RowEnds {
  public:
    GivenEdges(const Edges& edges, std::uint32_t sources);

    void draw(std::uint32_t row, RowStream&, EndsDraw& out) const override;
    /// Positions in the list of the edges that leave a source.
    [[nodiscard]] std::span<const std::uint32_t> of(std::uint32_t row) const;

  private:
    const Edges& edges_;
    std::vector<std::uint32_t> starts_;
    std::vector<std::uint32_t> order_;
};

}  // namespace heddle
