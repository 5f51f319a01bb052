#include "spiking/recorder.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace heddle {

Recorder::Recorder(const Circuit& circuit, const SimulateOptions& options, const SpikeSink& sink)
    : circuit_(circuit),
      options_(options),
      sink_(sink),
      transient_(steps_in(options.transient, options.step)),
      steps_per_bin_(std::max<std::uint64_t>(1, steps_in(options.bin, options.step))),
      recent_(circuit.populations.size()) {
    const auto neurons = static_cast<std::size_t>(neurons_of(circuit));
    std::uint32_t offset = 0;
    for (const Population& population : circuit.populations) {
        recording_.names.push_back(population.name);
        recording_.sizes.push_back(population.size);
        offset_.push_back(offset);
        offset += static_cast<std::uint32_t>(population.size);
    }
    last_spike_.assign(neurons, -1.0);
    interval_count_.resize(neurons);
    interval_mean_.resize(neurons);
    interval_square_.resize(neurons);
    recording_.counts.resize(neurons);
    const auto bins = static_cast<Index>(
        (steps_in(options.duration, options.step) + steps_per_bin_ - 1) / steps_per_bin_);
    recording_.activity = Matrix::Zero(static_cast<Index>(recent_.size()), bins);
    for (const SpikeReadout& readout : circuit.readouts) {
        filtered_.push_back(Vector::Zero(readout.weights.rows()));
        recording_.readouts.push_back(Matrix::Zero(readout.weights.rows(), bins));
    }
}

void Recorder::take(std::uint64_t first, std::uint64_t last, SpikeHistory& history) {
    for (std::uint64_t step = first; step < last; ++step) {
        take_step(step, history);
        watch_rates(step);
    }
}

void Recorder::take_step(std::uint64_t step, SpikeHistory& history) {
    step_spikes_.clear();
    const bool recorded = step >= transient_;
    const double start =
        (static_cast<double>(step) - static_cast<double>(transient_)) * options_.step;
    for (Vector& y : filtered_)
        y *= std::exp(-options_.step /
                      circuit_.readouts[static_cast<std::size_t>(&y - filtered_.data())].tau);
    for (std::size_t a = 0; a < recent_.size(); ++a)
        for (std::size_t b = 0; b < history.blocks(); ++b)
            for (const Emitted& spike : history.at(step, a, b)) {
                ++recent_[a];
                const double time = start + static_cast<double>(spike.share) * options_.step;
                take_spike(a, spike, time);
                if (recorded) step_spikes_.push_back({time, offset_[a] + spike.neuron});
            }
    if (!recorded) return;
    const auto bin = static_cast<Index>((step - transient_) / steps_per_bin_);
    for (const Spike& spike : step_spikes_) ++recording_.counts[spike.neuron];
    for (std::size_t a = 0; a < recent_.size(); ++a)
        for (std::size_t b = 0; b < history.blocks(); ++b)
            recording_.activity(static_cast<Index>(a), bin) +=
                static_cast<double>(history.at(step, a, b).size());
    read_out(step - transient_);
    if (step_spikes_.empty() || (!sink_ && !options_.keep_spikes)) return;
    std::ranges::stable_sort(step_spikes_, {}, &Spike::time);
    if (sink_) sink_(step_spikes_);
    if (options_.keep_spikes)
        recording_.spikes.insert(recording_.spikes.end(), step_spikes_.begin(), step_spikes_.end());
}

void Recorder::take_spike(std::size_t population, const Emitted& spike, double time) {
    for (std::size_t r = 0; r < filtered_.size(); ++r) {
        const SpikeReadout& readout = circuit_.readouts[r];
        if (readout.source != circuit_.populations[population].name) continue;
        const double since = options_.step * (1.0 - static_cast<double>(spike.share));
        filtered_[r] += readout.weights.col(static_cast<Index>(spike.neuron)) *
                        (1e3 / readout.tau * std::exp(-since / readout.tau));
    }
    if (time < 0.0) return;
    const std::size_t i = offset_[population] + spike.neuron;
    if (last_spike_[i] >= 0.0) {
        const double interval = time - last_spike_[i];
        ++interval_count_[i];
        const double shift = interval - interval_mean_[i];
        interval_mean_[i] += shift / static_cast<double>(interval_count_[i]);
        interval_square_[i] += shift * (interval - interval_mean_[i]);
    }
    last_spike_[i] = time;
}

void Recorder::read_out(std::uint64_t recorded) {
    if ((recorded + 1) % steps_per_bin_ != 0) return;
    for (std::size_t r = 0; r < filtered_.size(); ++r)
        recording_.readouts[r].col(static_cast<Index>(recorded / steps_per_bin_)) = filtered_[r];
}

void Recorder::watch_rates(std::uint64_t step) {
    const std::uint64_t window = std::max<std::uint64_t>(1, steps_in(50.0, options_.step));
    if ((step + 1) % window != 0) return;
    for (std::size_t a = 0; a < recent_.size(); ++a) {
        const double rate = 1e3 * static_cast<double>(recent_[a]) /
                            (static_cast<double>(recording_.sizes[a]) *
                             static_cast<double>(window) * options_.step);
        recent_[a] = 0;
        if (options_.runaway_rate <= 0.0 || rate <= options_.runaway_rate || !runaway_.empty())
            continue;
        std::ostringstream text;
        const bool early = step < transient_;
        text << "stopped at "
             << static_cast<double>(step + 1 - (early ? 0 : transient_)) * options_.step << " ms"
             << (early ? " of the transient" : "") << ": population '" << recording_.names[a]
             << "' fired at " << std::round(rate) << " Hz for 50 ms, and runaway_rate is "
             << options_.runaway_rate
             << " Hz; weaker excitation, stronger inhibition or a higher runaway_rate would let it "
                "go on";
        runaway_ = text.str();
    }
}

std::string Recorder::runaway() const {
    return runaway_;
}

SpikeRecording Recorder::finish(std::uint64_t last) {
    const std::uint64_t recorded = last > transient_ ? last - transient_ : 0;
    const auto bins = static_cast<Index>((recorded + steps_per_bin_ - 1) / steps_per_bin_);
    recording_.duration = static_cast<double>(recorded) * options_.step;
    recording_.transient = options_.transient;
    recording_.step = options_.step;
    recording_.bin = static_cast<double>(steps_per_bin_) * options_.step;
    recording_.activity.conservativeResize(Eigen::NoChange, bins);
    for (Index b = 0; b < bins; ++b) {
        const std::uint64_t begin = static_cast<std::uint64_t>(b) * steps_per_bin_;
        const auto steps = static_cast<double>(std::min(steps_per_bin_, recorded - begin));
        for (Index a = 0; a < recording_.activity.rows(); ++a)
            recording_.activity(a, b) *=
                1e3 / (steps * options_.step *
                       static_cast<double>(recording_.sizes[static_cast<std::size_t>(a)]));
    }
    for (Matrix& readout : recording_.readouts)
        readout.conservativeResize(Eigen::NoChange, static_cast<Index>(recorded / steps_per_bin_));
    const auto neurons = static_cast<Index>(interval_mean_.size());
    recording_.interval_mean = Vector::Zero(neurons);
    recording_.interval_cv = Vector::Constant(neurons, -1.0);
    for (Index i = 0; i < neurons; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const auto count = static_cast<double>(interval_count_[k]);
        if (count > 0.0) recording_.interval_mean[i] = interval_mean_[k];
        if (count > 1.0)
            recording_.interval_cv[i] =
                std::sqrt(interval_square_[k] / (count - 1.0)) / interval_mean_[k];
    }
    recording_.completed = runaway_.empty();
    recording_.statement = runaway_;
    return std::move(recording_);
}

}  // namespace heddle
