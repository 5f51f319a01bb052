#include "spiking/block_layout.hpp"

#include <algorithm>
#include <cmath>
#include <thread>

#include "circuit/expected_synapses.hpp"
#include "heddle/core/error.hpp"

namespace heddle {
namespace {

constexpr double most_cells = 65536.0;
/// Advancing a neuron costs about as much as this many synapses at a few spikes per second.
constexpr double neuron_work = 2000.0;
/// Synapses into a block from one population are counted in 32 bits; this leaves room.
constexpr double most_synapses = 2.0e9;

/// What a population adds to a block, for each of its neurons.
struct Load {
    Index size;
    std::size_t ports;
    double synapses;  ///< Expected onto one neuron.
};

std::vector<Load> loads(const Circuit& circuit) {
    std::vector<Load> out;
    for (std::size_t i = 0; i < circuit.populations.size(); ++i)
        out.push_back({circuit.populations[i].size, ports_of(circuit, i).size(), 0.0});
    for (std::size_t k = 0; k < circuit.projections.size(); ++k) {
        Load& target = out[population_index(circuit, circuit.projections[k].target)];
        target.synapses += expected_synapses(circuit, k) / static_cast<double>(target.size);
    }
    return out;
}

/// The first neuron whose predecessors do at least `part` of the work.
Index cut_at(const std::vector<Load>& all, double part) {
    Index first = 0;
    for (const Load& load : all) {
        const double work = neuron_work + load.synapses,
                     whole = work * static_cast<double>(load.size);
        if (part < whole) return first + static_cast<Index>(std::ceil(part / work));
        part -= whole;
        first += load.size;
    }
    return first;
}

double work_of(const std::vector<Load>& all) {
    double work = 0.0;
    for (const Load& load : all)
        work += (neuron_work + load.synapses) * static_cast<double>(load.size);
    return work;
}

Block block_between(const std::vector<Load>& all, Index first, Index last) {
    Block block{.first = first, .last = last, .slices = {}, .cells = 0, .from = {}};
    Index start = 0;
    for (std::size_t i = 0; i < all.size(); start += all[i++].size) {
        const Index from = std::max(first, start), to = std::min(last, start + all[i].size);
        if (from >= to) continue;
        block.slices.push_back({i, from - start, to - from, block.cells});
        block.cells +=
            static_cast<std::uint32_t>(all[i].ports * static_cast<std::size_t>(to - from));
    }
    return block;
}

bool fits(const std::vector<Load>& all, const Block& block) {
    double cells = 0.0, synapses = 0.0;
    for (const Slice& slice : block.slices) {
        const auto count = static_cast<double>(slice.count);
        cells += count * static_cast<double>(all[slice.population].ports);
        synapses += count * all[slice.population].synapses;
    }
    return (cells <= most_cells && synapses <= most_synapses) || block.last - block.first == 1;
}

std::vector<Block> cut(const std::vector<Load>& all, Index neurons, std::size_t count) {
    std::vector<Block> blocks;
    const double part = work_of(all) / static_cast<double>(count);
    Index first = 0;
    for (std::size_t b = 1; b <= count && first < neurons; ++b) {
        // Every block has a neuron, and leaves one for each that follows.
        const Index latest = neurons - static_cast<Index>(count - b);
        const Index cut = b == count ? neurons : cut_at(all, part * static_cast<double>(b));
        const Index last = std::clamp(cut, first + 1, latest);
        blocks.push_back(block_between(all, first, last));
        first = last;
    }
    return blocks;
}

}  // namespace

std::size_t thread_count(std::size_t asked) {
    return asked == 0 ? std::max(1u, std::thread::hardware_concurrency()) : asked;
}

std::vector<Block> make_blocks(const Circuit& circuit, std::size_t threads) {
    const std::vector<Load> all = loads(circuit);
    const auto neurons = static_cast<std::size_t>(neurons_of(circuit));
    for (std::size_t count = std::min(threads, neurons);;
         count = std::min(neurons, count + 1 + count / 16)) {
        std::vector<Block> blocks = cut(all, static_cast<Index>(neurons), count);
        const auto small = [&](const Block& block) { return fits(all, block); };
        if (std::all_of(blocks.begin(), blocks.end(), small)) return blocks;
    }
}

void check_layout(const Circuit& circuit, const std::vector<Block>& blocks) {
    const std::vector<Load> all = loads(circuit);
    const Index neurons = neurons_of(circuit), held = blocks.empty() ? 0 : blocks.back().last;
    if (held != neurons)
        throw DomainError("connectome: it connects " + std::to_string(held) +
                          " neurons, and the circuit has " + std::to_string(neurons) +
                          "; connect the circuit again");
    for (const Block& block : blocks) {
        const Block own = block_between(all, block.first, block.last);
        if (block.slices != own.slices || block.cells != own.cells ||
            block.from.size() != circuit.populations.size())
            throw DomainError(
                "connectome: its populations and synapses are not the circuit's; connect the "
                "circuit again");
    }
}

}  // namespace heddle
