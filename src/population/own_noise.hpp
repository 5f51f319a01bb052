#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "population/mean_input.hpp"
#include "population/noise_kernels.hpp"

namespace heddle {

/// What a step of noise does to every neuron of a population.
struct NoiseDrive {
    /// A membrane that starts inside the step, where a refractory period ends: what of x is left
    /// then, and of that at the step's end, and what it does to V meanwhile.
    struct Start {
        double keep_before;
        double keep_after;
        double on_v;
        double with_v = 0.0;  ///< Covariance of x with V at the step's end, mV².
    };

    kernels::NoiseStep step{};
    std::array<Start, kernels::most_colours> start{};
    double start_v = 0.0;  ///< Variance of V at the step's end, if it starts so, mV².
};

/// What neurons of a population receive each for itself, as variances: the part of synaptic noise
/// that is not common to all, sources being Poisson with the activity that they have; Poisson
/// inputs; noise of the membrane and of currents.
class OwnNoise final {
  public:
    OwnNoise(const Circuit& circuit, std::size_t population, const CutStep& cut);

    /// Moves what is on its way one step on.
    [[nodiscard]] const NoiseDrive& advance(std::uint64_t step, SpikeCounts& spikes);

    [[nodiscard]] std::size_t colours() const { return times_.size(); }

  private:
    /// What a spike, or a step, adds to variances, mV².
    struct Gain {
        double x;
        double with_v;
        double v;

        [[nodiscard]] Gain times(double factor) const {
            return {factor * x, factor * with_v, factor * v};
        }
    };
    /// Spikes of a population that arrive, each neuron's own.
    struct Arrival {
        std::size_t colour;  ///< `white` if they are jumps of V.
        std::size_t source;
        std::uint64_t delay;  ///< Steps.
        Gain gain;            ///< By a spike of every neuron of the source.
    };

    static constexpr std::size_t white = kernels::most_colours;

    void set_membrane();
    void set_start();
    [[nodiscard]] std::size_t colour_of(double tau);
    [[nodiscard]] Gain gain_of(const Synapse& synapse) const;
    void add(const Projection& projection, std::size_t source, double variance);
    void add(const PoissonInput& input);
    void add(const OrnsteinUhlenbeckInput& input);
    void add(const CurrentInput&) {}
    void add_steady(std::size_t colour, const Gain& gain);
    void add_noise(double variance, double tau);

    CutStep cut_;
    double tau_m_ = 0.0;
    double C_m_ = 0.0;
    std::vector<double> times_;
    std::vector<Arrival> arrivals_;
    kernels::NoiseStep steady_{};  ///< What comes at every step.
    NoiseDrive drive_;
    std::vector<double> power_;  ///< Of x as the next step begins.
};

/// The correlation times of what neurons of a population receive each for itself, ms, each once;
/// white noise has none.
[[nodiscard]] std::vector<double> own_colours(const Circuit& circuit, std::size_t population);

/// K (⟨w²⟩ − p ⟨w⟩²): of the variance that a spike of every source neuron brings to the sum of a
/// neuron's K synapses, from a share p of the source, the part that neurons do not share.
[[nodiscard]] double own_variance(const Circuit& circuit, std::size_t projection);

}  // namespace heddle
