#include <numeric>

#include "heddle/core/error.hpp"
#include "heddle/spiking/connectome.hpp"
#include "spiking/projection_rows.hpp"

namespace heddle {
namespace {

/// Every synapse of a projection, row by row.
Edges drawn_edges(const ProjectionRows& rows, Index count, double step) {
    Edges out;
    RowDraw draw;
    for (std::uint32_t row = 0; row < static_cast<std::uint32_t>(count); ++row) {
        rows.draw(row, true, draw);
        for (std::size_t k = 0; k < draw.ends.size(); ++k) {
            out.source.push_back(rows.by_target() ? draw.ends[k] : row);
            out.target.push_back(rows.by_target() ? row : draw.ends[k]);
            out.weight.push_back(draw.weights.empty() ? *rows.common_weight() : draw.weights[k]);
            out.delay.push_back(rows.delays()[draw.delays[k]] * step);
        }
    }
    return out;
}

/// Positions in the order of their keys; equal ones stay as they are.
std::vector<std::size_t> ordered(const std::vector<std::size_t>& positions,
                                 const std::vector<std::uint32_t>& keys, Index count) {
    std::vector<std::size_t> starts(static_cast<std::size_t>(count) + 1);
    for (const std::uint32_t key : keys) ++starts[key + 1];
    std::partial_sum(starts.begin(), starts.end(), starts.begin());
    std::vector<std::size_t> out(positions.size());
    for (const std::size_t position : positions) out[starts[keys[position]]++] = position;
    return out;
}

template <class T>
std::vector<T> taken(const std::vector<T>& values, const std::vector<std::size_t>& order) {
    std::vector<T> out;
    out.reserve(order.size());
    for (const std::size_t position : order) out.push_back(values[position]);
    return out;
}

}  // namespace

Edges edges_of(const Circuit& circuit, const ConnectOptions& options, std::size_t projection) {
    validate(circuit, options.step);
    if (projection >= circuit.projections.size())
        throw DomainError("projection: found " + std::to_string(projection) + ", the circuit has " +
                          std::to_string(circuit.projections.size()) + ", counted from 0");
    ProjectionRows rows(circuit, projection, options.step, options.seed);
    rows.prepare();
    const Index sources = circuit.populations[rows.source()].size;
    const Index targets = circuit.populations[rows.target()].size;
    const Edges drawn = drawn_edges(rows, rows.by_target() ? targets : sources, options.step);
    std::vector<std::size_t> order(drawn.source.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    order = ordered(ordered(order, drawn.source, sources), drawn.target, targets);
    return {taken(drawn.source, order), taken(drawn.target, order), taken(drawn.weight, order),
            taken(drawn.delay, order)};
}

}  // namespace heddle
