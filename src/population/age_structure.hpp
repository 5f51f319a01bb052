#pragma once

#include <array>
#include <vector>

#include "population/age_kernels.hpp"
#include "population/mean_input.hpp"
#include "population/quasi_renewal.hpp"

namespace heddle {

/// The steps of a refractory period: spikes are, on average, in the middle of a step, and what
/// fired `steps` steps ago is released that long before its end.
struct Release {
    std::size_t steps;
    CutStep cut;
};

[[nodiscard]] Release release_of(const EscapeNeuron& neuron, double step);

/// What a step is expected to bring.
struct Expected {
    double neurons;      ///< So many spike, 0 to N,
    double probability;  ///< each with this one, on average over those that do.
};

/// A population by the ages of its neurons: cohorts that fired in one step, and all that fired
/// before the history, which are one.
class AgeStructure final {
  public:
    /// \param history  ms; rounded up to steps.
    AgeStructure(const Population& population, double step, double history);

    /// One step on.
    [[nodiscard]] Expected move(const MeanDrive& drive);

    /// The probability that a neuron that spikes in the step does so again: 0 with a refractory
    /// period of half a step or more.
    [[nodiscard]] double again() const;

    /// So many spiked in the step, so many times.
    void enter(double neurons, double spikes);

    [[nodiscard]] std::size_t bins() const { return bins_; }
    [[nodiscard]] double mass_residual() const { return mass_residual_; }
    [[nodiscard]] double conservation_error() const { return conservation_error_; }
    [[nodiscard]] double history_error() const;

  private:
    /// All that fired before the history.
    struct Free {
        double mass;
        double variance = 0.0;
        double hazard = 0.0;  ///< h λ / 2.
    };
    /// What a step takes from a group, and what of its variance.
    struct Loss {
        double mass = 0.0;
        double twice = 0.0;  ///< Σ m P², P the probability of a spike.
        double spread = 0.0;
        double variance = 0.0;  ///< As it was.
    };
    enum Array { mass, variance, potential, hazard, count, arrays };

    [[nodiscard]] double* at(Array array) { return data_[array].data() + first_; }
    [[nodiscard]] double half_hazard(double above) const;
    void set_kernels(const Population& population);
    [[nodiscard]] Loss move_free(double threshold);
    [[nodiscard]] Loss move_cohorts(const MeanDrive& drive, double threshold);
    [[nodiscard]] Loss release(const MeanDrive& drive, double threshold);
    void start(const MeanDrive& drive, double threshold);
    void check(double total);
    void leave();
    void make_room();

    EscapeNeuron neuron_;
    double size_;
    double step_;
    std::size_t bins_;  ///< A multiple of 4.
    Release release_;
    OldSpikes old_;
    bool adapts_;
    double keep_;  ///< exp(−h / τ_m), and of the parts of a cut step.
    double keep_before_;
    double keep_after_;
    std::vector<double> own_;       ///< ϑ of a cohort's last spike at the end of the step,
    std::vector<double> effect_;    ///< and on younger cohorts, by cohort: old to young.
    std::vector<double> previous_;  ///< ϑ by spikes before the last.
    std::array<std::vector<double>, arrays> data_;  ///< Cohorts from first_ on, old to young.
    std::size_t first_ = 0;
    std::vector<double> lost_;
    std::vector<double> lost_spread_;
    std::vector<double> lost_twice_;
    Free free_;
    double v_;              ///< V of neurons that never fired, mV.
    double v_cut_ = 0.0;    ///< The same when a refractory period ends.
    double start_v_ = 0.0;  ///< What the cohort of the step starts with.
    double start_hazard_ = 0.0;
    double expected_mass_;
    double mass_residual_ = 0.0;
    double conservation_error_ = 0.0;
    double left_mass_ = 0.0;
    double left_error_ = 0.0;
};

}  // namespace heddle
