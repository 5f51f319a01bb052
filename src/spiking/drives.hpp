#pragma once

#include "circuit/propagator.hpp"
#include "spiking/group.hpp"
#include "spiking/individuals.hpp"

namespace heddle {

/// The inputs of a group from outside the circuit.
class Drives final {
  public:
    Drives(const Circuit& circuit, const Slice& slice, double step, std::uint64_t seed);

    /// Moves shared inputs on. \return the mean over the step of the current that all neurons get.
    [[nodiscard]] double shared(const Step& step);

    /// Adds Poisson spikes to the cells.
    void spikes(const Step& step, std::size_t first, std::size_t n, float* cells,
                Scratch& scratch) const;

    /// Have neurons currents of their own?
    [[nodiscard]] bool have_own() const;
    /// Their means over the step, in scratch.own.
    void own(const Step& step, std::size_t first, std::size_t n, Scratch& scratch);

  private:
    struct Current {
        const CurrentInput* input;
        std::size_t at = 0;  ///< Last of `times` that is not after the step's start.
    };
    struct Poisson {
        const PoissonInput* input;
        std::uint32_t position;  ///< Among all inputs.
        std::size_t cell;
        std::vector<std::uint32_t> thresholds;
    };
    struct OrnsteinUhlenbeck {
        const OrnsteinUhlenbeckInput* input;
        std::uint32_t position;
        NoisePropagator law;
        std::vector<double> x;  ///< One, or one for each neuron; variance 1.
    };

    void add_noise(OrnsteinUhlenbeck& noise, const Step& step, std::size_t first, std::size_t n,
                   Scratch& scratch);

    std::uint64_t seed_;
    std::size_t first_;  ///< Neuron of the population at which the group starts.
    std::vector<Current> currents_;
    std::vector<Poisson> poisson_;
    std::vector<OrnsteinUhlenbeck> noise_;
};

}  // namespace heddle
