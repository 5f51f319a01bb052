#include "population/rate_unit.hpp"

#include <algorithm>
#include <cmath>

#include "circuit/checks.hpp"
#include "circuit/mean_current.hpp"
#include "circuit/normal_law.hpp"
#include "heddle/core/error.hpp"
#include "population/in_weights.hpp"
#include "population/second_moment.hpp"

namespace heddle {

RateUnit::RateUnit(const Circuit& circuit, std::size_t population, double step, Closure closure)
    : name_(circuit.populations[population].name),
      neuron_(std::get<EscapeNeuron>(circuit.populations[population].neuron)),
      closure_(closure) {
    const Population& of = circuit.populations[population];
    const double tau = of.noise.tau;
    noise_ = 0.5 * of.noise.sigma * of.noise.sigma * neuron_.tau_m / (neuron_.tau_m + tau);
    for (std::size_t k = 0; k < circuit.projections.size(); ++k)
        if (circuit.projections[k].target == name_) add_projection(circuit, k, step);
    for (const Input& input : circuit.inputs) {
        if (input.target != name_) continue;
        if (const auto* poisson = std::get_if<PoissonInput>(&input.drive)) add_poisson(*poisson);
        if (const auto* current = std::get_if<CurrentInput>(&input.drive))
            currents_.push_back(current);
    }
    add_quenched(of);
    initial_ = of.quenched.contains("V_m") ? mean_of(of.quenched.at("V_m")) : neuron_.E_L;
    for (const Adaptation& law : of.adaptation) adaptations_.push_back({law.tau, law.q * law.tau});
}

/// In the unit of the synapse, until now: what a spike makes of V has an area and a power.
void RateUnit::set_synapse(const Synapse& synapse, UnitSource& source) const {
    const double tau = neuron_.tau_m;
    double area = tau;
    double power = 0.5 * tau;
    if (synapse.kind == Synapse::Kind::exponential) {
        source.tau_syn = synapse.tau_syn;
        area = tau * synapse.tau_syn / neuron_.C_m;
        power = 0.5 * area * area / (tau + synapse.tau_syn);
    }
    source.mean *= area;
    source.variance *= area * area;
    source.random *= area * area;
    source.noise *= power;
}

void RateUnit::add_projection(const Circuit& circuit, std::size_t projection, double step) {
    const Projection& of = circuit.projections[projection];
    const InWeights weights = in_weights(circuit, projection);
    UnitSource source{.kind = UnitSource::Kind::population,
                      .population = population_index(circuit, of.source),
                      .mean = weights.mean,
                      .variance = weights.variance,
                      .random = weights.random,
                      .noise = weights.squares};
    source.delay = static_cast<std::size_t>(std::max(1.0, std::round(of.delay.location / step)));
    set_synapse(of.synapse, source);
    sources_.push_back(source);
}

void RateUnit::add_poisson(const PoissonInput& input) {
    UnitSource source{.kind = UnitSource::Kind::poisson,
                      .rate = 1e-3 * input.rate,
                      .start = input.start,
                      .stop = input.stop,
                      .mean = input.weight,
                      .noise = input.weight * input.weight};
    set_synapse(input.synapse, source);
    sources_.push_back(source);
}

void RateUnit::add_quenched(const Population& population) {
    const double per_current = neuron_.tau_m / neuron_.C_m;
    const auto add = [&](const char* name, double unit, double& value) {
        const auto found = population.quenched.find(name);
        if (found == population.quenched.end()) return;
        value = mean_of(found->second);
        const double variance = std::max(0.0, second_moment_of(found->second) - value * value);
        sources_.push_back({.variance = unit * unit * variance});
    };
    add("V_T_star", 1.0, neuron_.V_T_star);
    add("E_L", 1.0, neuron_.E_L);
    add("I_e", per_current, neuron_.I_e);
}

std::size_t RateUnit::states() const {
    return cc(adaptations_.size(), 0);
}

void RateUnit::start(double* state) const {
    std::fill_n(state, states(), 0.0);
    state[0] = initial_;
}

double RateUnit::filtered(const double* state, std::size_t k) const {
    return sources_[k].kind == UnitSource::Kind::constant ? 1.0 : state[y(k)];
}

RateUnit::Moments RateUnit::moments(const double* state, const Sent* sent) const {
    Moments result{state[0] - neuron_.V_T_star, 0.0, noise_};
    for (std::size_t k = 0; k < sources_.size(); ++k) {
        const UnitSource& source = sources_[k];
        const double rate = filtered(state, k);
        result.mean += source.mean * rate;
        result.noise += source.noise * (source.tau_syn > 0.0 ? state[s(k)] : state[y(k)]);
        if (closure_ != Closure::mean) result.variance += scatter(k, sent) * rate * rate;
        if (closure_ == Closure::full)
            for (std::size_t l = 0; l < adaptations_.size(); ++l)
                result.variance -= 2.0 * rate * state[c(l, k)];
    }
    for (std::size_t l = 0; l < adaptations_.size(); ++l) {
        result.mean -= state[m(l)];
        if (closure_ == Closure::full)
            for (std::size_t j = 0; j < adaptations_.size(); ++j)
                result.variance += state[cc(l, j)];
    }
    result.variance += result.noise;
    return result;
}

EffectiveTransfer RateUnit::transfer(const Moments& moments) const {
    if (!(moments.variance > -1e-9) || !std::isfinite(moments.mean + moments.variance))
        throw DomainError(
            "population '" + name_ + "': the closure left its range (variance " +
            quantity(moments.variance, "mV²") +
            "): inputs and adaptation are too far from Gaussian there; take a shorter step, or "
            "simulate the neurons");
    EffectiveTransfer found =
        effective_transfer(neuron_, moments.mean, std::max(moments.variance, 0.0));
    found.rate *= 1e-3;
    found.gain *= 1e-3;
    return found;
}

double RateUnit::spread(const Moments& moments) const {
    const double lasting = std::max(moments.variance - moments.noise, 0.0);
    if (closure_ == Closure::mean || lasting == 0.0) return 1.0;
    const double noise = std::min(moments.noise, moments.variance);
    const double deviation = std::sqrt(lasting);
    const double spacing = std::min(0.5, 0.9 * neuron_.Delta_V / deviation);
    const int reach = static_cast<int>(std::ceil(8.0 / spacing));
    double weights = 0.0, rates = 0.0, squares = 0.0;
    for (int k = -reach; k <= reach; ++k) {
        const double z = k * spacing;
        const double weight = normal_density(z);
        const double rate = effective_transfer(neuron_, moments.mean + deviation * z, noise).rate;
        weights += weight;
        rates += weight * rate;
        squares += weight * rate * rate;
    }
    return rates > 0.0 ? squares * weights / (rates * rates) : 1.0;
}

double RateUnit::current(double start, double duration) const {
    double sum = 0.0;
    for (const CurrentInput* input : currents_) {
        const auto next = std::ranges::upper_bound(input->times, start);
        const auto at = static_cast<std::size_t>(next - input->times.begin());
        sum += mean_current(*input, 0, at, start, duration);
    }
    return sum;
}

void RateUnit::derivative(const double* state, const Sent* sent, double current,
                          double* out) const {
    const double tau = neuron_.tau_m;
    const double target = neuron_.E_L + tau / neuron_.C_m * (neuron_.I_e + current);
    out[0] = (target - state[0]) / tau;
    for (std::size_t k = 0; k < sources_.size(); ++k) {
        const double synapse = sources_[k].tau_syn;
        out[s(k)] = synapse > 0.0 ? (sent[k].rate - state[s(k)]) / synapse : 0.0;
        out[y(k)] = ((synapse > 0.0 ? state[s(k)] : sent[k].rate) - state[y(k)]) / tau;
    }
    adaptation_derivative(state, sent, transfer(moments(state, sent)), out);
}

void RateUnit::adaptation_derivative(const double* state, const Sent* sent, EffectiveTransfer a,
                                     double* out) const {
    const std::size_t many = adaptations_.size();
    std::fill(out + m(0), out + states(), 0.0);
    for (std::size_t l = 0; l < many; ++l)
        out[m(l)] = (adaptations_[l].b * a.rate - state[m(l)]) / adaptations_[l].tau;
    if (closure_ != Closure::full) return;
    // Covariance of u = h − a with the in-weights, and with each threshold.
    const auto with_weights = [&](std::size_t k) {
        double covariance = scatter(k, sent) * filtered(state, k);
        for (std::size_t l = 0; l < many; ++l) covariance -= state[c(l, k)];
        return covariance;
    };
    const auto with_threshold = [&](std::size_t l) {
        double covariance = 0.0;
        for (std::size_t k = 0; k < sources_.size(); ++k)
            covariance += filtered(state, k) * state[c(l, k)];
        for (std::size_t j = 0; j < many; ++j) covariance -= state[cc(l, j)];
        return covariance;
    };
    for (std::size_t l = 0; l < many; ++l) {
        const auto [tau, b] = adaptations_[l];
        for (std::size_t k = 0; k < sources_.size(); ++k)
            out[c(l, k)] = (b * a.gain * with_weights(k) - state[c(l, k)]) / tau;
        for (std::size_t j = 0; j < many; ++j) {
            const auto [other_tau, other_b] = adaptations_[j];
            out[cc(l, j)] =
                -(1.0 / tau + 1.0 / other_tau) * state[cc(l, j)] +
                a.gain * (b / tau * with_threshold(j) + other_b / other_tau * with_threshold(l)) +
                b * other_b * a.rate / (tau * other_tau);
        }
    }
}

}  // namespace heddle
