#include "spiking/linear_group.hpp"

#include <algorithm>
#include <cmath>

namespace heddle {
LinearGroup::LinearGroup(const Circuit& circuit, const Slice& slice, double step, bool grid,
                         std::uint64_t seed)
    : CommonGroup(circuit, slice,
                  conducting(circuit, slice.population) ? InputRule::mean : InputRule::exact, step,
                  grid, seed),
      step_(step),
      grid_(grid) {
    const Population& population = circuit.populations[slice.population];
    white_ = noisy_ && population.noise.tau == 0.0;
    coloured_ = noisy_ && population.noise.tau > 0.0;
    const auto* escape = std::get_if<EscapeNeuron>(&population.neuron);
    escape_ = escape != nullptr;
    if (escape_) {
        form_ = escape->hazard;
        reset_ = escape->reset;
    }
    columns_ = Columns(columns, individuals_, [&](const Individual& individual, double* row) {
        write(individual, step, row);
    });
    start(seed);
}

void LinearGroup::write(const Individual& individual, double step, double* row) const {
    const Membrane membrane = membrane_of(individual, InputRule::exact, step);
    const double on_v = charge(membrane, step);
    const auto common = [&](const auto& law, double theta) {
        row[decay] = std::exp(-step / law.tau_m);
        row[rest] = -std::expm1(-step / law.tau_m) * law.E_L + on_v * law.I_e;
        row[per_current] = conducting_ ? 1.0 : on_v;
        row[threshold] = theta;
        row[leak] = 1.0 / law.tau_m;
        row[pull] = law.E_L / law.tau_m + law.I_e / law.C_m;
        row[capacitance] = law.C_m;
    };
    if (const auto* escape = std::get_if<EscapeNeuron>(&individual.neuron)) {
        common(*escape, escape->V_T_star);
        row[softness] = 1.0 / escape->Delta_V;
        row[scale] = escape->lambda_0 * step * 1e-3;
        row[floor] = form_ == Hazard::rectified ? escape->lambda_floor * step * 1e-3 : 0.0;
    } else {
        const auto& leaky = std::get<LeakyNeuron>(individual.neuron);
        common(leaky, leaky.V_th);
    }
    const double tau = 1.0 / membrane.leak;
    const double sigma = individual.noise.sigma;
    row[noise_sd] = sigma * std::sqrt(-0.5 * std::expm1(-2.0 * step / tau));
    row[intensity] = sigma * sigma / tau;
    row[bridge] = std::max(sigma * sigma * step / tau, 1e-300);
    if (!coloured_) return;
    // x / τ_m drives V; x has variance σ² τ_m / (2 tau). With conductances it is a mean current.
    const double current = conducting_ ? row[capacitance] / tau : 1.0;
    const double sd = current * sigma * std::sqrt(0.5 * tau / individual.noise.tau);
    const Membrane onto = conducting_ ? Membrane{0.0, step} : Membrane{membrane.leak, tau};
    const NoisePropagator p = noise_propagator(individual.noise.tau, onto, step);
    row[noise_keep] = p.keep;
    row[noise_on_v] = sd * p.on_v;
    row[noise_a] = p.a;
    row[noise_b] = sd * p.b;
    row[noise_c] = sd * p.c;
}

void LinearGroup::start(std::uint64_t seed) {
    const std::size_t size = v_.size();
    left_.assign(size, 0.0);
    if (coloured_) {
        std::vector<double> buffer(size + 64);
        const CounterWords words{seed, Draw::membrane_noise, population_};
        const double* drawn =
            normals_at(words, std::uint64_t{1} << 47, first_, size, buffer.data());
        noise_.assign(drawn, drawn + size);
    }
    if (!escape_) return;
    to_go_.resize(size);
    fired_.resize(size);
    for (std::size_t i = 0; i < size; ++i) {
        to_go_[i] = draw_threshold(i);
        const auto& law = std::get<EscapeNeuron>(individuals_[i].neuron);
        if (!grid_) to_go_[i] -= 0.5 * step_ * hazard(individuals_[i], v_[i] - law.V_T_star);
    }
}

double LinearGroup::draw_threshold(std::size_t i) const {
    std::array<std::uint32_t, 4> words;
    const CounterWords source{seed_, Draw::escape, population_};
    source.one(fired_[i], static_cast<std::uint32_t>(first_ + i), words.data());
    return -elementary::log_of(to_uniform(words[0], words[1]));
}

void LinearGroup::advance(const Step& step, float* cells, Scratch& scratch,
                          std::vector<Emitted>& spikes) {
    shared_current_ = drives_.shared(step);
    for (std::size_t first = 0; first < v_.size(); first += kernels::tile) {
        const std::size_t n = std::min(kernels::tile, v_.size() - first);
        kernels::spread(n, columns_.at(threshold, first), scratch.theta.data());
        collect(step, first, n, columns_.at(per_current, first), cells, scratch);
        if (coloured_) add_coloured_noise(step, first, n, scratch);
        free_step(step, first, n, scratch);
        decide(step, first, n, scratch);
        for_watched(scratch.look, n,
                    [&](std::size_t k) { watch(step, first, k, scratch, spikes); });
    }
}

void LinearGroup::free_step(const Step& step, std::size_t first, std::size_t n, Scratch& scratch) {
    const auto column = [&](Column c) { return columns_.at(c, first); };
    double* next = scratch.next.data();
    if (!conducting_)
        kernels::membrane(n, v_.data() + first, column(decay), column(rest), column(per_current),
                          shared_current_, scratch.drive.data(), next);
    else
        kernels::conducting_membrane(n, v_.data() + first, column(leak), column(pull),
                                     column(capacitance), shared_current_, step.length,
                                     scratch.drive.data(), scratch.conductance.data(),
                                     scratch.reversal.data(), next);
    if (white_) add_white_noise(step, first, n, scratch);
    jump(n, scratch, next);
}

void LinearGroup::add_white_noise(const Step& step, std::size_t first, std::size_t n,
                                  Scratch& scratch) const {
    const double* normal = white_noise(step, first, n, scratch);
    if (!conducting_)
        return kernels::add_scaled(n, columns_.at(noise_sd, first), normal, scratch.next.data());
    kernels::conducting_noise(n, columns_.at(intensity, first), columns_.at(leak, first),
                              columns_.at(capacitance, first), step.length,
                              scratch.conductance.data(), normal, scratch.next.data());
}

void LinearGroup::add_coloured_noise(const Step& step, std::size_t first, std::size_t n,
                                     Scratch& scratch) {
    const auto column = [&](Column c) { return columns_.at(c, first); };
    const CounterWords words{seed_, Draw::membrane_noise, population_};
    const std::uint64_t time = 2 * step.number;
    const double* one = normals_at(words, time, first_ + first, n, scratch.normals.data());
    const double* two = normals_at(words, time + 1, first_ + first, n, scratch.more_normals.data());
    // Kept apart: a neuron that is released needs its share.
    std::fill_n(scratch.mean.begin(), n, 0.0);
    kernels::filtered_noise(
        n,
        {column(noise_keep), column(noise_on_v), column(noise_a), column(noise_b), column(noise_c)},
        one, two, noise_.data() + first, scratch.mean.data());
    for (std::size_t k = 0; k < n; ++k) scratch.drive[k] += scratch.mean[k];
}

void LinearGroup::decide(const Step& step, std::size_t first, std::size_t n, Scratch& scratch) {
    const auto column = [&](Column c) { return columns_.at(c, first); };
    const kernels::Decision decision{v_.data() + first, scratch.next.data(), left_.data() + first,
                                     scratch.look.data()};
    if (escape_)
        kernels::escape(n, form_, !grid_, reset_, decision,
                        {scratch.theta.data(), column(softness), column(scale), column(floor),
                         to_go_.data() + first});
    else if (white_ && !grid_)
        kernels::cross_bridge(n, decision, scratch.theta.data(), column(bridge),
                              words_at({seed_, Draw::bridge, population_}, step.number,
                                       first_ + first, n, scratch.words.data()));
    else
        kernels::cross(n, decision, scratch.theta.data());
}

}  // namespace heddle
