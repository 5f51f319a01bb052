#include "population/own_noise.hpp"

#include <algorithm>
#include <cmath>

#include "population/degree_law.hpp"
#include "population/in_weights.hpp"

namespace heddle {
namespace {

double square(double x) {
    return x * x;
}

double tau_of(const Synapse& synapse) {
    return synapse.kind == Synapse::Kind::delta ? 0.0 : synapse.tau_syn;
}

}  // namespace

double own_variance(const Circuit& circuit, std::size_t projection) {
    const DegreeLaw law = degree_law(circuit, projection);
    if (law.degree.mean == 0.0) return 0.0;
    const Projection& of = circuit.projections[projection];
    const Index sources = circuit.populations[population_index(circuit, of.source)].size;
    const bool given = std::holds_alternative<Edges>(of.rule);
    const double share = given ? law.degree.mean / static_cast<double>(sources) : law.share;
    const InWeights sums = in_weights(circuit, projection);
    return std::max(0.0, sums.squares - share * square(sums.mean) / law.degree.mean);
}

std::vector<double> own_colours(const Circuit& circuit, std::size_t population) {
    const Population& of = circuit.populations[population];
    std::vector<double> times;
    const auto remember = [&](double tau, bool present) {
        if (present && tau > 0.0 && std::ranges::find(times, tau) == times.end())
            times.push_back(tau);
    };
    for (std::size_t k = 0; k < circuit.projections.size(); ++k) {
        const Projection& projection = circuit.projections[k];
        if (projection.target == of.name)
            remember(tau_of(projection.synapse), own_variance(circuit, k) > 0.0);
    }
    for (const Input& input : circuit.inputs) {
        if (input.target != of.name) continue;
        if (const auto* poisson = std::get_if<PoissonInput>(&input.drive))
            remember(tau_of(poisson->synapse), poisson->rate * poisson->weight != 0.0);
        if (const auto* noise = std::get_if<OrnsteinUhlenbeckInput>(&input.drive))
            remember(noise->tau, !noise->shared && noise->sigma > 0.0);
    }
    remember(of.noise.tau, of.noise.sigma > 0.0);
    return times;
}

OwnNoise::OwnNoise(const Circuit& circuit, std::size_t population, const CutStep& cut)
    : cut_(cut), times_(own_colours(circuit, population)), power_(times_.size()) {
    const Population& of = circuit.populations[population];
    const auto& neuron = std::get<EscapeNeuron>(of.neuron);
    tau_m_ = neuron.tau_m;
    C_m_ = neuron.C_m;
    set_membrane();
    for (std::size_t k = 0; k < circuit.projections.size(); ++k)
        if (circuit.projections[k].target == of.name)
            add(circuit.projections[k], population_index(circuit, circuit.projections[k].source),
                own_variance(circuit, k));
    for (const Input& input : circuit.inputs)
        if (input.target == of.name)
            std::visit([this](const auto& drive) { add(drive); }, input.drive);
    const double sigma = of.noise.sigma, tau = of.noise.tau;
    if (tau > 0.0)
        add_noise(0.5 * square(sigma) * tau_m_ / tau, tau);
    else
        steady_.gain += -0.5 * square(sigma) * std::expm1(-2.0 * cut.whole / tau_m_);
}

void OwnNoise::set_membrane() {
    const Membrane membrane{1.0 / tau_m_, tau_m_};  // τ_m V̇ = −V + x.
    steady_.keep = std::exp(-cut_.whole / tau_m_);
    steady_.colours = times_.size();
    for (std::size_t p = 0; p < times_.size(); ++p) {
        const Synapse x{.tau_syn = times_[p]};
        const SynapsePropagator whole = propagator(x, membrane, cut_.whole);
        const SynapsePropagator after = propagator(x, membrane, cut_.after);
        steady_.colour[p] = {.keep = whole.keep, .on_v = whole.on_v};
        drive_.start[p] = {propagator(x, membrane, cut_.before).keep, after.keep, after.on_v};
    }
}

std::size_t OwnNoise::colour_of(double tau) {
    return tau == 0.0 ? white
                      : static_cast<std::size_t>(std::ranges::find(times_, tau) - times_.begin());
}

/// A spike arrives spread over the step.
OwnNoise::Gain OwnNoise::gain_of(const Synapse& synapse) const {
    const SynapsePropagator p = propagator(synapse, {1.0 / tau_m_, C_m_}, cut_.whole);
    const double x = p.arrival / cut_.whole * tau_m_ / C_m_, v = p.on_v_arrival / cut_.whole;
    return {x * x, x * v, v * v};
}

void OwnNoise::add(const Projection& projection, std::size_t source, double variance) {
    if (variance == 0.0) return;
    arrivals_.push_back({colour_of(tau_of(projection.synapse)), source,
                         delay_steps(projection, cut_.whole),
                         gain_of(projection.synapse).times(variance)});
}

void OwnNoise::add(const PoissonInput& input) {
    const double variance = 1e-3 * input.rate * cut_.whole * square(input.weight);
    if (variance == 0.0) return;
    add_steady(colour_of(tau_of(input.synapse)), gain_of(input.synapse).times(variance));
}

void OwnNoise::add(const OrnsteinUhlenbeckInput& input) {
    if (!input.shared) add_noise(square(input.sigma * tau_m_ / C_m_), input.tau);
}

void OwnNoise::add_steady(std::size_t colour, const Gain& gain) {
    steady_.gain += gain.v;
    if (colour == white) return;
    steady_.colour[colour].gain += gain.x;
    steady_.colour[colour].with_v += gain.with_v;
}

/// x with this variance, there from the start.
void OwnNoise::add_noise(double variance, double tau) {
    if (variance == 0.0) return;
    const NoisePropagator p = noise_propagator(tau, {1.0 / tau_m_, tau_m_}, cut_.whole);
    const std::size_t colour = colour_of(tau);
    add_steady(colour,
               {variance * p.a * p.a, variance * p.a * p.b, variance * (p.b * p.b + p.c * p.c)});
    power_[colour] += variance;
}

const NoiseDrive& OwnNoise::advance(std::uint64_t step, SpikeCounts& spikes) {
    kernels::NoiseStep& now = drive_.step;
    now = steady_;
    for (const Arrival& one : arrivals_) {
        const double arrived = spikes.before(step, one.delay, one.source);
        now.gain += arrived * one.gain.v;
        if (one.colour == white) continue;
        now.colour[one.colour].gain += arrived * one.gain.x;
        now.colour[one.colour].with_v += arrived * one.gain.with_v;
    }
    for (std::size_t p = 0; p < now.colours; ++p) {
        kernels::Colour& one = now.colour[p];
        one.power = power_[p];
        power_[p] = square(one.keep) * one.power + one.gain;
    }
    set_start();
    return drive_;
}

void OwnNoise::set_start() {
    drive_.start_v = drive_.step.gain * cut_.after / cut_.whole;
    for (std::size_t p = 0; p < drive_.step.colours; ++p) {
        NoiseDrive::Start& start = drive_.start[p];
        const double power = square(start.keep_before) * drive_.step.colour[p].power;
        drive_.start_v += square(start.on_v) * power;
        start.with_v = start.keep_after * start.on_v * power;
    }
}

}  // namespace heddle
