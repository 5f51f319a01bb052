#include "population/diffusion_drive.hpp"

#include <algorithm>
#include <cmath>

#include "circuit/expected_synapses.hpp"
#include "circuit/mean_current.hpp"
#include "circuit/membrane_of.hpp"
#include "population/mean_input.hpp"
#include "population/second_moment.hpp"

namespace heddle {
namespace {

/// s over a step: E s + first r(0) + last r(h), exact for a straight r.
struct Weights {
    double keep, first, last;
};

Weights filter_weights(const Synapse& synapse, double step) {
    if (synapse.kind == Synapse::Kind::delta) return {0.0, 0.0, 1.0};
    const double u = step / synapse.tau_syn;
    const double keep = std::exp(-u), mean = -std::expm1(-u) / u;
    return {keep, mean - keep, 1.0 - mean};
}

/// Of C_m V̇ = … + I and of V̇ = E_L …: by the law.
double resting_potential(const Neuron& neuron) {
    return std::visit(
        [](const auto& law) {
            if constexpr (requires { law.E_L; }) return law.E_L;
            return 0.0;
        },
        neuron);
}

double own_current(const Neuron& neuron) {
    return std::visit(
        [](const auto& law) {
            if constexpr (requires { law.I_e; }) return law.I_e;
            return 0.0;
        },
        neuron);
}

}  // namespace

DiffusionDrive::DiffusionDrive(const Circuit& circuit, std::size_t population, double step)
    : step_(step) {
    const Population& of = circuit.populations[population];
    tau_m_ = diffusive_membrane(of.neuron, "diffusion").tau_m;
    capacitance_ = capacity_of(of.neuron);
    mean_ = resting_potential(of.neuron) + tau_m_ / capacitance_ * own_current(of.neuron);
    variance_ = of.noise.sigma * of.noise.sigma;
    for (std::size_t k = 0; k < circuit.projections.size(); ++k)
        if (circuit.projections[k].target == of.name) add(circuit, k, static_cast<double>(of.size));
    for (const Input& input : circuit.inputs)
        if (input.target == of.name) add_input(input);
}

void DiffusionDrive::add(const Synapse& synapse, double first, double second, Source source) {
    const double worth =
        synapse.kind == Synapse::Kind::delta ? 1.0 : synapse.tau_syn / capacitance_;
    const Weights weights = filter_weights(synapse, step_);
    source.filter = {weights.keep, weights.first, weights.last};
    source.mean = tau_m_ * worth * first;
    source.variance = tau_m_ * worth * worth * second;
    sources_.push_back(source);
}

void DiffusionDrive::add(const Circuit& circuit, std::size_t projection, double size) {
    const Projection& of = circuit.projections[projection];
    const WeightMoments weight = weight_moments(of);
    const double indegree = expected_synapses(circuit, projection) / size;
    const auto delay =
        static_cast<std::size_t>(std::max(1.0, std::round(common_delay(of) / step_)));
    add(of.synapse, indegree * weight.first, indegree * weight.second,
        {true, population_index(circuit, of.source), delay, 0.0, 0.0, 0.0, {}, 0.0, 0.0});
}

void DiffusionDrive::add_input(const Input& input) {
    if (const auto* poisson = std::get_if<PoissonInput>(&input.drive)) {
        const double w = poisson->weight;
        add(poisson->synapse, w, w * w,
            {false, 0, 0, 1e-3 * poisson->rate, poisson->start, poisson->stop, {}, 0.0, 0.0});
    }
    if (const auto* current = std::get_if<CurrentInput>(&input.drive)) currents_.push_back(current);
    if (const auto* noise = std::get_if<OrnsteinUhlenbeckInput>(&input.drive)) {
        const double x = tau_m_ / capacitance_ * noise->sigma;
        mean_ += tau_m_ / capacitance_ * noise->mean;
        variance_ += 2.0 * noise->tau * x * x / tau_m_;
    }
}

std::pair<double, double> DiffusionDrive::sent(const Source& source, std::size_t step,
                                               RateHistory& rates) const {
    if (source.population)
        return {rates.before(step, source.delay, source.index),
                rates.before(step + 1, source.delay, source.index)};
    const double from = static_cast<double>(step) * step_, to = from + step_;
    const double within = std::min(to, source.stop) - std::max(from, source.start);
    const double rate = source.rate * std::max(0.0, within) / step_;
    return {rate, rate};
}

StepDrive DiffusionDrive::advance(std::size_t step, RateHistory& rates) {
    StepDrive drive{mean_, mean_, variance_, variance_};
    for (Source& source : sources_) {
        const auto [first, last] = sent(source, step, rates);
        Filter& filter = source.filter;
        const double before = filter.keep > 0.0 ? filter.s : first;
        filter.s = filter.keep * filter.s + filter.first * first + filter.last * last;
        drive.mean_start += source.mean * before;
        drive.mean_end += source.mean * filter.s;
        drive.variance_start += source.variance * before;
        drive.variance_end += source.variance * filter.s;
    }
    const double start = static_cast<double>(step) * step_;
    for (const CurrentInput* input : currents_) {
        const auto at = std::ranges::upper_bound(input->times, start) - input->times.begin();
        const double current = mean_current(*input, 0, static_cast<std::size_t>(at), start, step_);
        drive.mean_start += tau_m_ / capacitance_ * current;
        drive.mean_end += tau_m_ / capacitance_ * current;
    }
    return drive;
}

double DiffusionDrive::highest_mean() const {
    double current = 0.0;
    for (const CurrentInput* input : currents_) current += std::max(0.0, input->values.maxCoeff());
    return mean_ + tau_m_ / capacitance_ * current;
}

std::size_t DiffusionDrive::longest_delay() const {
    std::size_t longest = 1;
    for (const Source& source : sources_) longest = std::max(longest, source.delay);
    return longest;
}

InitialPotential initial_potential(const Population& population) {
    const auto found = population.quenched.find("V_m");
    if (found == population.quenched.end()) return {resting_potential(population.neuron), 0.0};
    const double mean = mean_of(found->second);
    const double square = second_moment_of(found->second) - mean * mean;
    return {mean, std::sqrt(std::max(0.0, square))};
}

}  // namespace heddle
