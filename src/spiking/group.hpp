#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "heddle/spiking/connectome.hpp"
#include "heddle/spiking/simulate.hpp"
#include "spiking/step_kernels.hpp"

namespace heddle {

/// Whole steps in a time.
[[nodiscard]] inline std::uint64_t steps_in(double duration, double step) {
    return static_cast<std::uint64_t>(std::llround(duration / step));
}

/// One step of time.
struct Step {
    std::uint64_t number;  ///< Counted from the start of the transient.
    double start;          ///< ms, from the same.
    double length;         ///< h, ms.
    bool grid;             ///< NEST's convention.
};

/// A spike of a step.
struct Emitted {
    std::uint32_t neuron;  ///< Counted in the population.
    float share;           ///< Of the step that had passed, (0, 1].
};

using TileArray = std::array<double, kernels::tile>;

/// What the loops of a step put down between them; one for each thread.
struct Scratch {
    alignas(64) TileArray drive;  ///< mV over the step, or the mean current, pA.
    alignas(64) TileArray own;    ///< Mean currents from outside that differ between neurons, pA.
    alignas(64) TileArray jump;   ///< Of V at the end of the step, mV.
    alignas(64) TileArray mean;
    alignas(64) TileArray conductance;
    alignas(64) TileArray reversal;
    alignas(64) TileArray theta;
    alignas(64) TileArray next;
    alignas(64) TileArray next_w;
    alignas(64) TileArray fires;
    alignas(64) std::array<double, kernels::tile + 64> normals;
    alignas(64) std::array<double, kernels::tile + 64> more_normals;
    alignas(64) std::array<std::uint32_t, kernels::tile + 128> words;
    alignas(64) std::array<std::uint32_t, kernels::tile> counts;
    alignas(64) TileArray look;
    std::vector<TileArray> arrived;   ///< At each port.
    std::vector<TileArray> before;    ///< s of each port, at the start of the step,
    std::vector<TileArray> x_before;  ///< and x.
    std::vector<TileArray> adapted;   ///< Adaptation variables at the start of the step.
};

/// Calls `use(k)` for each of n neurons that needs a closer look: few do.
template <class Use>
void for_watched(const TileArray& look, std::size_t n, Use use) {
    using kernels::block;
    std::array<std::uint64_t, kernels::tile / block> flags;
    const std::size_t blocks = (n + block - 1) / block;
    kernels::any_of_blocks(look.data(), blocks, flags.data());
    for (std::size_t b = 0; b < blocks; ++b) {
        if (flags[b] == 0) continue;
        for (std::size_t k = block * b; k < std::min(block * (b + 1), n); ++k)
            if (look[k] != 0.0) use(k);
    }
}

/// The neurons of a slice: their state, and how it takes a step.
class Group {
  public:
    virtual ~Group() = default;

    /// Takes a step: consumes what has arrived in `cells` (of the block), appends its spikes in
    /// order of neurons.
    virtual void advance(const Step& step, float* cells, Scratch& scratch,
                         std::vector<Emitted>& spikes) = 0;

    /// The value of a variable of a neuron, counted in the population, at the end of the last step.
    /// \throws DomainError naming those there are.
    [[nodiscard]] virtual double value(const std::string& variable, std::uint32_t neuron) const = 0;
    [[nodiscard]] virtual std::vector<std::string> variables() const = 0;
};

/// \param grid  as in Step.
[[nodiscard]] std::unique_ptr<Group> make_group(const Circuit& circuit, const Slice& slice,
                                                double step, bool grid, std::uint64_t seed);

}  // namespace heddle
