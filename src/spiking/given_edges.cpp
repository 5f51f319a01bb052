#include "spiking/given_edges.hpp"

namespace heddle {

GivenEdges::GivenEdges(const Edges& edges, std::uint32_t sources)
    : edges_(edges), starts_(sources + 2), order_(edges.source.size()) {
    for (const std::uint32_t source : edges.source) ++starts_[source + 2];
    for (std::size_t j = 2; j < starts_.size(); ++j) starts_[j] += starts_[j - 1];
    for (std::size_t i = 0; i < order_.size(); ++i)
        order_[starts_[edges.source[i] + 1]++] = static_cast<std::uint32_t>(i);
}

std::span<const std::uint32_t> GivenEdges::of(std::uint32_t row) const {
    return {order_.data() + starts_[row], order_.data() + starts_[row + 1]};
}

void GivenEdges::draw(std::uint32_t row, RowStream&, EndsDraw& out) const {
    out.ends.clear();
    for (const std::uint32_t edge : of(row)) out.ends.push_back(edges_.target[edge]);
}

}  // namespace heddle
