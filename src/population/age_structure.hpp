#pragma once

#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "population/age_kernels.hpp"
#include "population/cohort_noise.hpp"
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
    struct Options {
        double step;       ///< ms.
        double history;    ///< ms; rounded up to steps.
        bool finite_size;  ///< Do neurons miss their own spikes in what others send?
        /// Correlation times of noise that each neuron has for itself; without, no two neurons of
        /// an age differ.
        std::optional<std::size_t> colours;
    };
    AgeStructure(const Circuit& circuit, std::size_t population, const Options& options);

    /// One step on. \param noise  If neurons of an age differ; in use until the next step.
    [[nodiscard]] Expected move(const MeanDrive& drive, const NoiseDrive* noise = nullptr);

    /// The probability that a neuron that spikes in the step does so again: 0 with a refractory
    /// period of half a step or more.
    [[nodiscard]] double again() const;

    /// So many spiked in the step, so many times.
    void enter(double neurons, double spikes);

    [[nodiscard]] std::size_t bins() const { return bins_; }
    [[nodiscard]] double mass_residual() const { return most_missing_ / std::sqrt(size_); }
    [[nodiscard]] double conservation_error() const { return most_changed_ / size_; }
    [[nodiscard]] double history_error() const;
    /// What own noise makes of V at spikes, in units of Delta_V; 0 if it is not followed.
    [[nodiscard]] double noise_ratio() const;

  private:
    enum Array { mass, variance, potential, hazard, count, arrays };

    [[nodiscard]] double* at(Array array) { return data_[array].data() + first_; }
    [[nodiscard]] double half_hazard(double above) const;
    void set_kernels(const Circuit& circuit, std::size_t population, bool finite_size);
    [[nodiscard]] kernels::Passage move_cohorts();
    [[nodiscard]] kernels::Passage release(const MeanDrive& drive);
    void start(const MeanDrive& drive);
    void check(double total);
    void leave();
    void make_room();

    EscapeNeuron neuron_;
    double size_;
    double step_;
    std::size_t bins_;
    Release release_;
    OldSpikes old_;
    bool adapts_;
    bool shifted_ = false;  ///< Does ϑ depend on age?
    double keep_;           ///< exp(−h / τ_m), and of the parts of a cut step.
    double keep_before_;
    double keep_after_;
    kernels::AgeStep law_;  ///< Of this step.
    // A window on arrays, which moves on by one a step: some empty slots that make `aged_` a
    // multiple of the kernels' lanes, those that fired before the history, and cohorts, old to
    // young, of which the first in a refractory period is at `aged_`.
    std::size_t free_;  ///< Where those are that fired before the history.
    std::size_t aged_;
    std::vector<double> own_;         ///< ϑ of a cohort's last spike at the end of the step,
    std::vector<double> effect_;      ///< on younger cohorts, by cohort,
    std::vector<double> adaptation_;  ///< and of all spikes.
    std::array<std::vector<double>, arrays> data_;
    std::optional<CohortNoise> noise_;
    const NoiseDrive* noise_drive_ = nullptr;  ///< Of this step.
    std::size_t first_ = 0;
    double adapted_ = 0.0;  ///< ϑ by spikes before the last, for a cohort that is released.
    double v_;              ///< V of neurons that never fired, mV.
    double v_cut_ = 0.0;    ///< The same when a refractory period ends.
    double start_v_ = 0.0;  ///< What the cohort of the step starts with.
    double start_hazard_ = 0.0;
    double expected_mass_;
    double most_missing_ = 0.0;  ///< Largest |N − Σ m|,
    double most_changed_ = 0.0;  ///< and change of Σ m beyond what spiked.
    double left_mass_ = 0.0;
    double left_away_ = 0.0;  ///< Σ m |V − V_free| of those that left the history, mV.
};

}  // namespace heddle
