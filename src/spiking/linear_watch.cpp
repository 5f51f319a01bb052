#include <algorithm>
#include <cmath>
#include <numbers>

#include "circuit/hazard.hpp"
#include "spiking/linear_group.hpp"

// What a linear neuron does in a step in which it spikes or is released.

namespace heddle {
namespace {

struct Refractory {
    double reset;
    double duration;
};

Refractory refractory_of(const Individual& individual) {
    if (const auto* escape = std::get_if<EscapeNeuron>(&individual.neuron))
        return {escape->V_reset, escape->t_ref};
    const auto& leaky = std::get<LeakyNeuron>(individual.neuron);
    return {leaky.V_reset, leaky.t_ref};
}

}  // namespace

double LinearGroup::hazard(const Individual& individual, double above) const {
    const auto& law = std::get<EscapeNeuron>(individual.neuron);
    const double least = form_ == Hazard::rectified ? law.lambda_floor : 0.0;
    return 1e-3 * (law.lambda_0 * hazard_shape(form_, above / law.Delta_V) + least);
}

void LinearGroup::fire(std::size_t i, double at, const Step& step, std::vector<Emitted>& spikes) {
    emit(step, i, at, spikes);
    if (!escape_) return;
    ++fired_[i];
    to_go_[i] = draw_threshold(i);
}

void LinearGroup::adapt_moment(const Individual& individual) {
    std::size_t thresholds = 0;
    std::size_t source = moment_.sources.size();  // those of adaptation come last
    for (const Adaptation& law : individual.adaptation)
        if (law.kind == Adaptation::Kind::current && !moment_.frozen) --source;
    for (const Adaptation& law : individual.adaptation)
        if (law.kind == Adaptation::Kind::threshold)
            moment_.thresholds[thresholds++].value += law.q;
        else if (moment_.frozen)
            moment_.input -= law.q;
        else
            moment_.sources[source++].s -= law.q;
}

void LinearGroup::watch_on_grid(const Step& step, std::size_t i, double next,
                                std::vector<Emitted>& spikes) {
    const Refractory refractory = refractory_of(individuals_[i]);
    if (left_[i] > 0.0) {
        left_[i] = 0.0;  // held for the last time
        if (!reset_) v_[i] = next;
        return;
    }
    v_[i] = reset_ ? refractory.reset : next;
    left_[i] = std::round(refractory.duration / step.length);
    fire(i, step.length, step, spikes);
}

void LinearGroup::load(const Step& step, std::size_t i, std::size_t k, const Scratch& scratch) {
    const auto column = [&](Column c) { return columns_.at(c, i)[0]; };
    const Individual& individual = individuals_[i];
    moment_.v = v_[i];
    moment_.membrane = {column(leak), column(capacitance)};
    moment_.input = shared_current_;
    moment_.base = column(threshold);
    moment_.frozen = conducting_;
    moment_.drift = column(pull);
    if (coloured_ && !conducting_) moment_.drift += scratch.mean[k] / step.length;
    if (moment_.frozen) {
        moment_.input += scratch.drive[k];
        moment_.conductance = scratch.conductance[k];
        moment_.reversal = scratch.reversal[k];
    }
    moment_.thresholds.clear();
    for (std::size_t a = 0; a < adaptations_.size(); ++a)
        if (!adaptations_.is_current(a))
            moment_.thresholds.push_back(
                {1.0 / individual.adaptation[a].tau, scratch.adapted[a][k]});
    moment_.sources.clear();
    if (moment_.frozen) return;
    if (drives_.have_own()) moment_.input += scratch.own[k];
    load_sources(individual, k, scratch);
}

void LinearGroup::load_sources(const Individual& individual, std::size_t k,
                               const Scratch& scratch) {
    for (std::size_t p = 0; p < synapses_.size(); ++p) {
        const Synapse& synapse = synapses_.synapse(p);
        const double rate = 1.0 / synapse.tau_syn;
        const double arrivals = scratch.arrived[p][k] / step_;
        if (synapse.kind == Synapse::Kind::delta)
            moment_.drift += arrivals;
        else if (synapse.kind == Synapse::Kind::exponential)
            moment_.sources.push_back({.rate = rate, .s = scratch.before[p][k], .to_s = arrivals});
        else
            moment_.sources.push_back({.rate = rate,
                                       .s = scratch.before[p][k],
                                       .x = scratch.x_before[p][k],
                                       .to_x = std::numbers::e * rate * arrivals});
    }
    for (std::size_t a = 0; a < adaptations_.size(); ++a)
        if (adaptations_.is_current(a))
            moment_.sources.push_back(
                {.rate = 1.0 / individual.adaptation[a].tau, .s = -scratch.adapted[a][k]});
}

void LinearGroup::kick(const Individual& individual, double duration, EventWords& random) {
    if (!white_) return;
    const Membrane& membrane = moment_.membrane;
    const double rate =
        membrane.leak + (conducting_ ? moment_.conductance / membrane.capacitance : 0.0);
    const double variance = -0.5 * membrane.leak / rate * std::expm1(-2.0 * duration * rate);
    end_.v += individual.noise.sigma * std::sqrt(variance) * random.normal();
}

double LinearGroup::escape_within(std::size_t i, double duration, bool whole) {
    const Individual& individual = individuals_[i];
    const double now = hazard(individual, moment_.above());
    if (whole) to_go_[i] += 0.5 * now * step_;
    const double then = hazard(individual, end_.above());
    const double all = 0.5 * (now + then) * duration;
    if (all < to_go_[i]) {
        to_go_[i] -= all + 0.5 * then * step_;
        return -1.0;
    }
    // now t + (then − now) t² / (2 duration) = to_go, the root that does not cancel.
    const double curve = (then - now) / duration;
    const double t =
        2.0 * to_go_[i] / (now + std::sqrt(std::max(0.0, now * now + 2.0 * curve * to_go_[i])));
    return std::clamp(t, 0.0, duration);
}

double LinearGroup::bridge_within(std::size_t i, double duration, bool known, EventWords& random) {
    const double sigma = individuals_[i].noise.sigma;
    const double variance = sigma * sigma * duration * moment_.membrane.leak;
    const double distance = -moment_.above();
    const double beyond = end_.above();
    const bool crosses =
        known || beyond >= 0.0 || random.uniform() < std::exp(2.0 * distance * beyond / variance);
    if (!crosses) return -1.0;
    return duration * passage_time(distance, distance + beyond, variance, random);
}

double LinearGroup::spike_within(std::size_t i, double duration, bool whole, EventWords& random) {
    if (escape_) return escape_within(i, duration, whole);
    if (white_) return bridge_within(i, duration, whole, random);
    if (end_.above() < 0.0) return -1.0;
    return move_to_threshold(moment_, end_, duration);
}

void LinearGroup::release(double held, double v) {
    moment_.move(held);
    if (reset_) moment_.v = v;
}

void LinearGroup::hold(std::size_t i, double duration, double v) {
    v_[i] = v;
    // Released as the next step begins, if not later.
    left_[i] = std::max(duration / step_, 0x1p-1000);
}

void LinearGroup::find_end(std::size_t i, double duration, const double* known,
                           EventWords& random) {
    end_ = moment_;
    if (known == nullptr) {
        end_.move(duration);
        return kick(individuals_[i], duration, random);
    }
    // Only a threshold that is met exactly needs to know how the potential gets there.
    escape_ || white_ ? end_.decay(duration) : end_.move(duration);
    end_.v = *known;
}

void LinearGroup::watch(const Step& step, std::size_t first, std::size_t k, const Scratch& scratch,
                        std::vector<Emitted>& spikes) {
    const std::size_t i = first + k;
    if (grid_) return watch_on_grid(step, i, scratch.next[k], spikes);
    const Refractory refractory = refractory_of(individuals_[i]);
    EventWords random(seed_, population_, step.number, static_cast<std::uint32_t>(first_ + i));
    load(step, i, k, scratch);
    bool whole = left_[i] <= 0.0;
    double t = 0.0;
    if (!whole) {
        t = left_[i] * step.length;
        release(t, refractory.reset);
    }
    constexpr int most_spikes = 1000;
    for (int spike = 0; spike < most_spikes; ++spike) {
        const double remaining = step.length - t;
        find_end(i, remaining, whole ? &scratch.next[k] : nullptr, random);
        const double after = spike_within(i, remaining, whole, random);
        if (after < 0.0) {
            v_[i] = end_.v;
            left_[i] = 0.0;
            return;
        }
        t += after;
        fire(i, t, step, spikes);
        const bool ends = t + refractory.duration >= step.length;
        if (ends && reset_) return hold(i, t + refractory.duration - step.length, refractory.reset);
        if (escape_ || white_) moment_.move(after);
        adapt_moment(individuals_[i]);
        if (ends) {
            moment_.move(step.length - t);
            return hold(i, t + refractory.duration - step.length, moment_.v);
        }
        release(refractory.duration, refractory.reset);
        t += refractory.duration;
        whole = false;
    }
}

}  // namespace heddle
