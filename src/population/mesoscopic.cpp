#include "heddle/population/mesoscopic.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/binomial.hpp"
#include "core/uniforms.hpp"
#include "heddle/core/random.hpp"
#include "network/checks.hpp"
#include "population/age_structure.hpp"
#include "population/mesoscopic_checks.hpp"

namespace heddle {
namespace {

/// What a population did in a step.
struct Fired {
    double neurons;   ///< How many spiked,
    double spikes;    ///< how often in all,
    double expected;  ///< and how many spikes were expected.
};

/// Neurons that spike again in the step they spiked in are few, and do so at most this often.
constexpr int most_spikes = 1000;

Fired infinite(double expected, double again) {
    const double spikes = expected / std::max(1.0 - again, 1.0 / most_spikes);
    return {expected, spikes, spikes};
}

/// Those that can spike are fewer than N: a binomial number with the mean and the variance of the
/// sum over cohorts.
Fired finite(const Expected& expected, double again, Index size, Uniforms draws) {
    const double able = std::round(expected.neurons / expected.probability);
    const double trials = std::clamp(able, std::ceil(expected.neurons), static_cast<double>(size));
    const std::int64_t neurons =
        draw_binomial(draws, static_cast<std::int64_t>(trials), expected.neurons / trials);
    std::int64_t spikes = neurons;
    std::int64_t more = neurons;
    for (int k = 1; k < most_spikes && more > 0 && again > 0.0; ++k) {
        more = draw_binomial(draws, more, again);
        spikes += more;
    }
    return {static_cast<double>(neurons), static_cast<double>(spikes),
            infinite(expected.neurons, again).spikes};
}

std::uint64_t steps_in(double duration, double step) {
    return static_cast<std::uint64_t>(std::llround(duration / step));
}

/// Populations, their inputs, and what they did.
class Run final {
  public:
    Run(const Circuit& circuit, const MesoscopicOptions& options);

    void go(const Progress& progress);
    [[nodiscard]] MesoscopicRecording recording() const;

  private:
    void advance(std::uint64_t step);
    void record(std::uint64_t step, std::size_t population, const Fired& fired);
    void measure(MesoscopicRecording& recording) const;

    const Circuit& circuit_;
    const MesoscopicOptions& options_;
    std::uint64_t transient_;
    std::uint64_t steps_;
    std::uint64_t bin_steps_;
    std::uint64_t done_ = 0;
    double seconds_ = 0.0;
    std::vector<MeanInput> inputs_;
    std::vector<OwnNoise> noise_;  ///< Of each population, if neurons differ.
    std::vector<AgeStructure> populations_;
    std::vector<std::uint64_t> keys_;
    SpikeCounts spikes_;
    Matrix activity_;
    Matrix expected_;
};

std::size_t ring_of(const std::vector<MeanInput>& inputs) {
    std::size_t longest = 0;
    for (const MeanInput& input : inputs) longest = std::max(longest, input.longest_delay());
    return longest + 1;
}

CutStep cut_of(const Population& population, double step) {
    return release_of(std::get<EscapeNeuron>(population.neuron), step).cut;
}

std::vector<MeanInput> inputs_of(const Circuit& circuit, const MesoscopicOptions& options) {
    std::vector<MeanInput> inputs;
    for (std::size_t a = 0; a < circuit.populations.size(); ++a) {
        const CutStep cut = cut_of(circuit.populations[a], options.step);
        inputs.emplace_back(circuit, a, cut, options.finite_size, options.seed);
    }
    return inputs;
}

Run::Run(const Circuit& circuit, const MesoscopicOptions& options)
    : circuit_(circuit),
      options_(options),
      transient_(steps_in(options.transient, options.step)),
      steps_(transient_ + steps_in(options.duration, options.step)),
      bin_steps_(steps_in(options.bin, options.step)),
      inputs_(inputs_of(circuit, options)),
      spikes_(circuit.populations.size(), ring_of(inputs_)) {
    const Random keys(options.seed, stream_of("mesoscopic"));
    for (std::size_t a = 0; a < circuit.populations.size(); ++a) {
        const Population& population = circuit.populations[a];
        const double history = options.history > 0.0 ? options.history : history_needed(population);
        AgeStructure::Options ages{options.step, history, options.finite_size, {}};
        if (options.own_noise) {
            noise_.emplace_back(circuit, a, cut_of(population, options.step));
            ages.colours = noise_.back().colours();
        }
        populations_.emplace_back(circuit, a, ages);
        keys_.push_back(keys.integer(a));
    }
    const auto bins = static_cast<Index>((steps_ - transient_) / bin_steps_);
    activity_ = expected_ = Matrix::Zero(static_cast<Index>(populations_.size()), bins);
}

void Run::go(const Progress& progress) {
    constexpr std::uint64_t between = 256;  // Steps between two reports.
    const auto start = std::chrono::steady_clock::now();
    while (done_ < steps_) {
        const std::uint64_t last = std::min(done_ + between, steps_);
        for (; done_ < last; ++done_) advance(done_);
        if (progress) progress(done_, steps_);
        if (options_.stop && options_.stop()) break;
    }
    seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void Run::advance(std::uint64_t step) {
    for (std::size_t a = 0; a < populations_.size(); ++a) {
        AgeStructure& population = populations_[a];
        const Index size = circuit_.populations[a].size;
        const MeanDrive drive = inputs_[a].advance(step, spikes_);
        const NoiseDrive* noise = noise_.empty() ? nullptr : &noise_[a].advance(step, spikes_);
        const Expected expected = population.move(drive, noise);
        const double again = population.again();
        const Fired fired = options_.finite_size
                                ? finite(expected, again, size, Uniforms(keys_[a], step))
                                : infinite(expected.neurons, again);
        population.enter(fired.neurons, fired.spikes);
        spikes_.at(step, a) = fired.spikes / static_cast<double>(size);
        record(step, a, fired);
    }
}

void Run::record(std::uint64_t step, std::size_t population, const Fired& fired) {
    if (step < transient_) return;
    const auto bin = static_cast<Index>((step - transient_) / bin_steps_);
    if (bin >= activity_.cols()) return;
    const auto row = static_cast<Index>(population);
    activity_(row, bin) += fired.spikes;
    expected_(row, bin) += fired.expected;
}

void Run::measure(MesoscopicRecording& recording) const {
    const auto count = static_cast<Index>(populations_.size());
    recording.history.resize(count);
    recording.history_error.resize(count);
    recording.mass_residual.resize(count);
    recording.conservation_error.resize(count);
    recording.noise_ratio.resize(count);
    double bins = 0.0;
    for (Index a = 0; a < count; ++a) {
        const AgeStructure& population = populations_[static_cast<std::size_t>(a)];
        recording.history[a] = static_cast<double>(population.bins()) * options_.step;
        recording.history_error[a] = population.history_error();
        recording.mass_residual[a] = population.mass_residual();
        recording.conservation_error[a] = population.conservation_error();
        recording.noise_ratio[a] = population.noise_ratio();
        bins += static_cast<double>(population.bins());
    }
    recording.run_seconds = seconds_;
    recording.bins_per_second = seconds_ > 0.0 ? bins * static_cast<double>(done_) / seconds_ : 0.0;
}

MesoscopicRecording Run::recording() const {
    MesoscopicRecording recording{};
    const std::uint64_t kept = done_ > transient_ ? done_ - transient_ : 0;
    const auto bins = static_cast<Index>(kept / bin_steps_);
    recording.activity = activity_.leftCols(bins);
    recording.expected = expected_.leftCols(bins);
    for (std::size_t a = 0; a < populations_.size(); ++a) {
        const Population& population = circuit_.populations[a];
        const double per_spike = 1e3 / (static_cast<double>(population.size) * options_.bin);
        recording.names.push_back(population.name);
        recording.sizes.push_back(population.size);
        recording.activity.row(static_cast<Index>(a)) *= per_spike;
        recording.expected.row(static_cast<Index>(a)) *= per_spike;
    }
    recording.duration = static_cast<double>(kept) * options_.step;
    recording.transient = options_.transient;
    recording.step = options_.step;
    recording.bin = options_.bin;
    measure(recording);
    recording.assumptions = mesoscopic_assumptions(circuit_, options_, recording.history);
    of_noise(recording, recording.assumptions);
    recording.completed = done_ == steps_;
    if (!recording.completed)
        recording.statement =
            "ended early, as asked, at " + number_text(recording.duration) + " ms";
    return recording;
}

}  // namespace

MesoscopicRecording mesoscopic(const Circuit& circuit, const MesoscopicOptions& options,
                               const Progress& progress) {
    check_options(circuit, options);
    const Circuit plain = without_constant_laws(circuit);
    check_mesoscopic(plain, options);
    Run run(plain, options);
    run.go(progress);
    return run.recording();
}

}  // namespace heddle
