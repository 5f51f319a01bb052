#include "spiking/drives.hpp"

#include <algorithm>
#include <cmath>

#include "circuit/mean_current.hpp"
#include "spiking/counter_words.hpp"

namespace heddle {
namespace {

/// Words at or above threshold k mean more than k spikes: P(X ≤ k) in units of 2⁻³².
std::vector<std::uint32_t> poisson_thresholds(double mean) {
    std::vector<std::uint32_t> thresholds;
    double below = 0.0;
    for (std::size_t k = 0;; ++k) {
        const double count = static_cast<double>(k);
        below += mean > 0.0 ? std::exp(count * std::log(mean) - mean - std::lgamma(count + 1.0))
                            : (k == 0 ? 1.0 : 0.0);
        const double scaled = std::round(below * 0x1p32);
        if (scaled >= 0x1p32 - 0.5 || count > mean + 20.0 * std::sqrt(mean) + 60.0) break;
        thresholds.push_back(static_cast<std::uint32_t>(scaled));
    }
    return thresholds;
}

std::size_t port_of(const Circuit& circuit, std::size_t population, const Synapse& synapse) {
    const auto ports = ports_of(circuit, population);
    return static_cast<std::size_t>(std::ranges::find(ports, synapse) - ports.begin());
}

/// Beyond the steps of any simulation: where initial states are drawn.
constexpr std::uint64_t before_all = std::uint64_t{1} << 47;

}  // namespace

Drives::Drives(const Circuit& circuit, const Slice& slice, double step, std::uint64_t seed)
    : seed_(seed), first_(static_cast<std::size_t>(slice.first)) {
    const auto& population = circuit.populations[slice.population];
    const auto count = static_cast<std::size_t>(slice.count);
    for (std::uint32_t k = 0; k < circuit.inputs.size(); ++k) {
        const Input& input = circuit.inputs[k];
        if (input.target != population.name) continue;
        if (const auto* current = std::get_if<CurrentInput>(&input.drive))
            currents_.push_back({current});
        if (const auto* poisson = std::get_if<PoissonInput>(&input.drive))
            poisson_.push_back(
                {poisson, k,
                 slice.cell + count * port_of(circuit, slice.population, poisson->synapse),
                 poisson_thresholds(poisson->rate * step * 1e-3)});
        if (const auto* noise = std::get_if<OrnsteinUhlenbeckInput>(&input.drive)) {
            OrnsteinUhlenbeck item{noise, k, noise_propagator(noise->tau, {0.0, step}, step),
                                   std::vector<double>(noise->shared ? 1 : count)};
            const CounterWords words{seed, Draw::ornstein_uhlenbeck, k};
            std::vector<double> buffer(item.x.size() + 64);
            const double* drawn = normals_at(words, before_all, noise->shared ? 0 : first_,
                                             item.x.size(), buffer.data());
            std::copy_n(drawn, item.x.size(), item.x.begin());
            noise_.push_back(std::move(item));
        }
    }
}

double Drives::shared(const Step& step) {
    double current = 0.0;
    for (Current& item : currents_) {
        const auto& times = item.input->times;
        while (item.at < times.size() && times[item.at] <= step.start) ++item.at;
        if (item.input->values.rows() == 1)
            current += mean_current(*item.input, 0, item.at, step.start, step.length);
    }
    for (OrnsteinUhlenbeck& item : noise_) {
        current += item.input->mean;
        if (!item.input->shared) continue;
        std::array<double, 96> buffer;
        const double* n = normals_at({seed_, Draw::ornstein_uhlenbeck, item.position}, step.number,
                                     0, 2, buffer.data());
        current +=
            item.input->sigma * (item.law.on_v * item.x[0] + item.law.b * n[0] + item.law.c * n[1]);
        item.x[0] = item.law.keep * item.x[0] + item.law.a * n[0];
    }
    return current;
}

void Drives::spikes(const Step& step, std::size_t first, std::size_t n, float* cells,
                    Scratch& scratch) const {
    const double middle = step.start + 0.5 * step.length;
    for (const Poisson& item : poisson_) {
        if (middle < item.input->start || middle >= item.input->stop) continue;
        const std::uint32_t* words = words_at({seed_, Draw::poisson, item.position}, step.number,
                                              first_ + first, n, scratch.words.data());
        const auto& thresholds = item.thresholds;
        if (thresholds.size() <= 96)
            kernels::count_thresholds(n, words, thresholds.data(), thresholds.size(),
                                      scratch.counts.data());
        else
            for (std::size_t i = 0; i < n; ++i)
                scratch.counts[i] = static_cast<std::uint32_t>(
                    std::ranges::upper_bound(thresholds, words[i]) - thresholds.begin());
        kernels::add_counts(n, static_cast<float>(item.input->weight), scratch.counts.data(),
                            cells + item.cell + first);
    }
}

void Drives::add_noise(OrnsteinUhlenbeck& noise, const Step& step, std::size_t first, std::size_t n,
                       Scratch& scratch) {
    const CounterWords words{seed_, Draw::ornstein_uhlenbeck, noise.position};
    const double* one =
        normals_at(words, 2 * step.number, first_ + first, n, scratch.normals.data());
    const double* two =
        normals_at(words, 2 * step.number + 1, first_ + first, n, scratch.more_normals.data());
    const double sigma = noise.input->sigma;
    double* x = noise.x.data() + first;
    for (std::size_t i = 0; i < n; ++i) {
        const double mean = noise.law.on_v * x[i] + noise.law.b * one[i] + noise.law.c * two[i];
        scratch.own[i] += sigma * mean;
        x[i] = noise.law.keep * x[i] + noise.law.a * one[i];
    }
}

bool Drives::have_own() const {
    const auto of_each = [](const Current& item) { return item.input->values.rows() > 1; };
    const auto not_shared = [](const OrnsteinUhlenbeck& item) { return !item.input->shared; };
    return std::ranges::any_of(currents_, of_each) || std::ranges::any_of(noise_, not_shared);
}

void Drives::own(const Step& step, std::size_t first, std::size_t n, Scratch& scratch) {
    std::fill_n(scratch.own.begin(), n, 0.0);
    for (Current& item : currents_) {
        if (item.input->values.rows() == 1) continue;
        for (std::size_t i = 0; i < n; ++i)
            scratch.own[i] += mean_current(*item.input, static_cast<Index>(first_ + first + i),
                                           item.at, step.start, step.length);
    }
    for (OrnsteinUhlenbeck& item : noise_)
        if (!item.input->shared) add_noise(item, step, first, n, scratch);
}

}  // namespace heddle
