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
    : population_(static_cast<std::uint32_t>(slice.population)),
      first_(static_cast<std::size_t>(slice.first)),
      seed_(seed),
      noisy_(circuit.populations[slice.population].noise.sigma > 0.0 ||
             circuit.populations[slice.population].quenched.contains("sigma")),
      individuals_(circuit.populations[slice.population], slice.first, slice.count, seed),
      synapses_(circuit, slice, individuals_, InputRule::mean, step, grid),
      adaptations_(individuals_, InputRule::mean, step),
      drives_(circuit, slice, step, seed),
      columns_(columns, individuals_,
               [&](const Individual& individual, double* row) {
                   const auto& law = std::get<QuadraticNeuron>(individual.neuron);
                   row[step_over_tau] = step / law.tau_m;
                   row[eta] = law.eta;
                   // A current of σ √(τ_m / h) over the step has the variance of σ √τ_m ξ.
                   row[noise_sd] = individual.noise.sigma * std::sqrt(law.tau_m / step);
                   row[one] = 1.0;
               }),
      v_(individuals_.potentials()) {}

void QuadraticGroup::add_noise(const Step& step, std::size_t first, std::size_t n,
                               Scratch& scratch) {
    if (!noisy_) return;
    const double* normal = normals_at({seed_, Draw::membrane_noise, population_}, step.number,
                                      first_ + first, n, scratch.normals.data());
    kernels::add_scaled(n, columns_.at(noise_sd, first), normal, scratch.drive.data());
}

void QuadraticGroup::advance(const Step& step, float* cells, Scratch& scratch,
                             std::vector<Emitted>& spikes) {
    shared_current_ = drives_.shared(step);
    for (std::size_t first = 0; first < v_.size(); first += kernels::tile) {
        const std::size_t n = std::min(kernels::tile, v_.size() - first);
        drives_.spikes(step, first, n, cells, scratch);
        std::fill_n(scratch.drive.begin(), n, 0.0);
        synapses_.collect(first, n, cells, scratch);
        adaptations_.collect(first, n, scratch);
        drives_.own(step, first, n, columns_.at(one, first), scratch);
        add_noise(step, first, n, scratch);
        kernels::quadratic_step(n, shared_current_, columns_.at(step_over_tau, first),
                                columns_.at(eta, first), scratch.drive.data(), v_.data() + first,
                                scratch.look.data());
        for_watched(scratch.look, n,
                    [&](std::size_t k) { watch(step, first, k, scratch, spikes); });
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
        const double since = (1.0 - done / all) * step.length;
        spikes.push_back({static_cast<std::uint32_t>(first_ + i),
                          static_cast<float>(std::max(done / all, 0x1p-24))});
        adaptations_.spike(individuals_[i], i, since);
        for (const Adaptation& law : individuals_[i].adaptation)
            if (law.kind == Adaptation::Kind::current) input -= law.q;
        v_[i] = -std::numeric_limits<double>::infinity();
    }
    const double remaining = all - done;
    // A reset on the grid point itself: far below anything, and finite.
    v_[i] = remaining > 0.0 ? quadratic_flow(v_[i], input, remaining) : -1e100;
}

std::vector<std::string> QuadraticGroup::variables() const {
    std::vector<std::string> names{"V_m"};
    synapses_.name_variables(names);
    adaptations_.name_variables(names);
    return names;
}

double QuadraticGroup::value(const std::string& variable, std::uint32_t neuron) const {
    const std::size_t i = neuron - first_;
    if (variable == "V_m") return v_[i];
    if (const auto found = synapses_.value(variable, i)) return *found;
    return adaptations_.value(variable, i).value();
}

}  // namespace heddle
