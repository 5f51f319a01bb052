#include "spiking/quadratic_group.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "spiking/counter_words.hpp"

namespace heddle {

double quadratic_flow(double v, double input, double share) {
    const double root = std::sqrt(std::abs(input));
    const double angle = root * share;
    double cosine = 1.0;
    double sine = share;
    if (input > 0.0) {
        cosine = std::cos(angle);
        sine = std::sin(angle) / root;
    } else if (input < 0.0) {
        // Both over cosh: far from overflow.
        sine = std::tanh(angle) / root;
    }
    if (std::isinf(v)) return -cosine / sine;
    return (v * cosine + input * sine) / (cosine - v * sine);
}

double quadratic_escape(double v, double input) {
    const double root = std::sqrt(std::abs(input));
    if (input > 0.0)
        return std::isinf(v) ? std::numbers::pi / root
                             : (0.5 * std::numbers::pi - std::atan(v / root)) / root;
    if (v <= root || std::isinf(v)) return std::numeric_limits<double>::infinity();
    return input < 0.0 ? std::atanh(root / v) / root : 1.0 / v;
}

QuadraticGroup::QuadraticGroup(const Circuit& circuit, const Slice& slice, double step, bool grid,
                               std::uint64_t seed)
    : CommonGroup(circuit, slice, InputRule::mean, step, grid, seed),
      columns_(columns, individuals_, [&](const Individual& individual, double* row) {
          const auto& law = std::get<QuadraticNeuron>(individual.neuron);
          row[step_over_tau] = step / law.tau_m;
          row[eta] = law.eta;
          // A current of σ √(τ_m / h) over the step has the variance of σ √τ_m ξ.
          row[noise_sd] = individual.noise.sigma * std::sqrt(law.tau_m / step);
          row[one] = 1.0;
      }) {}

void QuadraticGroup::add_noise(const Step& step, std::size_t first, std::size_t n,
                               Scratch& scratch) {
    if (!noisy_) return;
    kernels::add_scaled(n, columns_.at(noise_sd, first), white_noise(step, first, n, scratch),
                        scratch.drive.data());
}

void QuadraticGroup::advance(const Step& step, float* cells, Scratch& scratch,
                             std::vector<Emitted>& spikes) {
    shared_current_ = drives_.shared(step);
    for (std::size_t first = 0; first < v_.size(); first += kernels::tile) {
        const std::size_t n = std::min(kernels::tile, v_.size() - first);
        collect(step, first, n, columns_.at(one, first), cells, scratch);
        add_noise(step, first, n, scratch);
        kernels::quadratic_step(n, shared_current_, columns_.at(step_over_tau, first),
                                columns_.at(eta, first), scratch.drive.data(), v_.data() + first,
                                scratch.look.data());
        for_watched(scratch.look, n,
                    [&](std::size_t k) { watch(step, first, k, scratch, spikes); });
        jump(n, scratch, v_.data() + first);
    }
}

void QuadraticGroup::watch(const Step& step, std::size_t first, std::size_t k,
                           const Scratch& scratch, std::vector<Emitted>& spikes) {
    const std::size_t i = first + k;
    const double all = columns_.at(step_over_tau, i)[0];
    double input = columns_.at(eta, i)[0] + shared_current_ + scratch.drive[k];
    double done = 0.0;
    constexpr int most_spikes = 100000;
    for (int spike = 0; spike < most_spikes; ++spike) {
        const double escape = quadratic_escape(v_[i], input);
        if (!(done + escape <= all)) break;
        done += escape;
        emit(step, i, done / all * step.length, spikes);
        for (const Adaptation& law : individuals_[i].adaptation)
            if (law.kind == Adaptation::Kind::current) input -= law.q;
        v_[i] = -std::numeric_limits<double>::infinity();
    }
    const double remaining = all - done;
    // A reset on the grid point itself: far below anything, and finite.
    v_[i] = remaining > 0.0 ? quadratic_flow(v_[i], input, remaining) : -1e100;
}

}  // namespace heddle
