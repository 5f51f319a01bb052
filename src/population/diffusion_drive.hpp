#pragma once

#include <string>
#include <vector>

#include "heddle/circuit/circuit.hpp"
#include "population/diffusive_membrane.hpp"

namespace heddle {

/// Mean and noise of the free potential over a step; straight between its ends.
struct StepDrive {
    double mean_start;  ///< mV.
    double mean_end;
    double variance_start;  ///< σ², mV².
    double variance_end;
};

/// The rates of all populations at grid points, 1 / ms; 0 before the first.
class RateHistory final {
  public:
    RateHistory(std::size_t populations, std::size_t steps)
        : populations_(populations), steps_(steps + 2), rates_(populations * (steps + 2)) {}

    [[nodiscard]] double& at(std::size_t step, std::size_t population) {
        return rates_[step % steps_ * populations_ + population];
    }
    [[nodiscard]] double before(std::size_t step, std::size_t delay, std::size_t population) {
        return step < delay ? 0.0 : at(step - delay, population);
    }

  private:
    std::size_t populations_;
    std::size_t steps_;
    std::vector<double> rates_;
};

/// What a population of leaky or exponential neurons receives, as Gaussian white noise,
///
///     μ  = E_L + R (I_e + I(t)) + τ_m Σ K ⟨J⟩ s ,   R = τ_m / C_m ,
///     σ² = σ_own² + τ_m Σ K ⟨J²⟩ s ,   tau_syn ṡ = −s + r(t − d) ,
///
/// J the jump of V that a spike is worth. Filters move exactly for rates that are straight between
/// grid points; rates are read a delay of at least one step ago.
class DiffusionDrive final {
  public:
    DiffusionDrive(const Circuit& circuit, std::size_t population, double step);

    /// Moves from grid point `step` to the next.
    [[nodiscard]] StepDrive advance(std::size_t step, RateHistory& rates);

    /// Without spikes and currents that change: μ, mV, and σ², mV².
    [[nodiscard]] double resting_mean() const { return mean_; }
    [[nodiscard]] double resting_variance() const { return variance_; }
    /// The highest μ without spikes, mV.
    [[nodiscard]] double highest_mean() const;
    /// Of all projections, in steps.
    [[nodiscard]] std::size_t longest_delay() const;

  private:
    struct Filter {
        double keep;   ///< Of s, over a step.
        double first;  ///< Of the rate at its start
        double last;   ///< and at its end.
        double s = 0.0;
    };
    struct Source {
        bool population;
        std::size_t index;
        std::size_t delay;         ///< Steps.
        double rate, start, stop;  ///< Of a Poisson input: 1 / ms, ms, ms.
        Filter filter;
        double mean;      ///< mV ms.
        double variance;  ///< mV² ms.
    };

    void add(const Synapse& synapse, double first, double second, Source source);
    void add(const Circuit& circuit, std::size_t projection, double size);
    void add_input(const Input& input);
    /// The rates that enter the filter at both ends of a step.
    [[nodiscard]] std::pair<double, double> sent(const Source& source, std::size_t step,
                                                 RateHistory& rates) const;

    double step_;
    double tau_m_;
    double capacitance_;
    double mean_ = 0.0;
    double variance_ = 0.0;
    std::vector<Source> sources_;
    std::vector<const CurrentInput*> currents_;
};

/// Refuses, by name, what white noise into leaky or exponential neurons does not describe.
/// \throws DomainError with the reason and the nearest level that does.
void check_diffusion_drive(const Circuit& circuit, double step, const char* who);

/// What the noise of a circuit leaves out, a sentence each.
[[nodiscard]] std::vector<std::string> drive_assumptions(const Circuit& circuit);

/// V at t = 0: mean and standard deviation, mV.
struct InitialPotential {
    double mean;
    double deviation;
};
[[nodiscard]] InitialPotential initial_potential(const Population& population);

}  // namespace heddle
