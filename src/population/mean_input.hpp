#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "circuit/propagator.hpp"
#include "heddle/circuit/circuit.hpp"

namespace heddle {

/// Spikes a neuron of every population in the last steps.
class SpikeCounts final {
  public:
    SpikeCounts(std::size_t populations, std::size_t steps)
        : populations_(populations),
          last_(std::bit_ceil(steps) - 1),
          counts_(populations * (last_ + 1)) {}

    [[nodiscard]] double& at(std::uint64_t step, std::size_t population) {
        return counts_[(step & last_) * populations_ + population];
    }
    /// 0 before the first step.
    [[nodiscard]] double before(std::uint64_t step, std::uint64_t delay, std::size_t population) {
        return step < delay ? 0.0 : at(step - delay, population);
    }

  private:
    std::size_t populations_;
    std::size_t last_;  ///< Row of a ring; a power of 2 less one.
    std::vector<double> counts_;
};

/// What a step adds to the potential of a neuron, apart from its decay.
struct MeanDrive {
    double whole;   ///< mV; in the whole step,
    double before;  ///< up to the moment at which a refractory period ends,
    double after;   ///< and from there on.
};

/// Two times that a refractory period cuts a step into, ms.
struct CutStep {
    double whole;
    double before;
    double after;
};

/// The mean input of a population: its rest, currents that all its neurons share, and what the
/// spikes of the circuit make of its synapses, by the exact propagators.
class MeanInput final {
  public:
    /// \param finite_size  Do neurons that are reset miss their own spikes in what others send?
    MeanInput(const Circuit& circuit, std::size_t population, const CutStep& cut, bool finite_size,
              std::uint64_t seed);

    /// Moves synapses and inputs one step on.
    [[nodiscard]] MeanDrive advance(std::uint64_t step, SpikeCounts& spikes);

    /// Of all projections, in steps.
    [[nodiscard]] std::size_t longest_delay() const;

  private:
    struct Arrival {
        std::size_t source;
        std::uint64_t delay;  ///< Steps.
        double weight;        ///< Of one spike of every source neuron, over the step in ms.
    };
    struct Port {
        SynapsePropagator whole;
        SynapsePropagator before;
        SynapsePropagator after;
        std::vector<Arrival> arrivals;
        double steady = 0.0;  ///< What Poisson inputs bring, weight times spikes / ms.
        double s = 0.0;
        double x = 0.0;
    };
    struct Current {
        const CurrentInput* input;
        std::size_t at = 0;  ///< First of `times` that is after the step's start.
    };
    struct Noise {
        const OrnsteinUhlenbeckInput* input;
        std::uint64_t key;
        NoisePropagator law;
        double x;  ///< Variance 1.
    };

    void add_inputs(const Circuit& circuit, const std::string& name,
                    const std::vector<Synapse>& synapses, std::uint64_t seed);
    [[nodiscard]] MeanDrive with_current(const MeanDrive& drive, double current) const;
    [[nodiscard]] double current(std::uint64_t step);
    static void move(Port& port, double arrivals, MeanDrive& drive);

    double step_;
    MeanDrive rest_;         ///< By the resting potential and I_e.
    MeanDrive per_current_;  ///< By a constant current of 1 pA.
    std::vector<Port> ports_;
    std::vector<Current> currents_;
    std::vector<Noise> noise_;
};

/// The in-degree of a projection's target neurons times the weight, both on average.
[[nodiscard]] double mean_coupling(const Circuit& circuit, std::size_t projection);

/// The one delay of a projection's synapses, ms, and in steps, at least one. \pre they have one.
[[nodiscard]] double common_delay(const Projection& projection);
[[nodiscard]] std::uint64_t delay_steps(const Projection& projection, double step);

}  // namespace heddle
