#include "spiking/linear_moment.hpp"

#include <algorithm>
#include <cmath>

namespace heddle {
namespace {

/// The root in [0, 1] of the cubic with values f0 < 0 ≤ f1 and slopes d0, d1 at the ends.
double cubic_root(double f0, double d0, double f1, double d1) {
    const double a = 2.0 * (f0 - f1) + d0 + d1;
    const double b = 3.0 * (f1 - f0) - 2.0 * d0 - d1;
    double low = 0.0;
    double high = 1.0;
    double t = f0 / (f0 - f1);
    for (int k = 0; k < 60 && high - low > 1e-15; ++k) {
        const double f = ((a * t + b) * t + d0) * t + f0;
        const double slope = (3.0 * a * t + 2.0 * b) * t + d0;
        (f < 0.0 ? low : high) = t;
        const double newton = t - f / slope;
        const double next = newton > low && newton < high ? newton : 0.5 * (low + high);
        if (std::abs(next - t) < 1e-15) break;
        t = next;
    }
    return t;
}

}  // namespace

void LinearMoment::move(double duration) {
    decay(duration);
    frozen ? move_frozen(duration) : move_exactly(duration);
}

void LinearMoment::decay(double duration) {
    for (Decay& item : thresholds) item.value *= std::exp(-duration / item.tau);
}

void LinearMoment::hold(double duration) {
    decay(duration);
    for (Decay& item : currents) item.value *= std::exp(-duration / item.tau);
    for (Port& port : ports) {
        const SynapsePropagator p = decay_of(port.synapse, duration);
        port.s = p.keep * port.s + p.rise * port.x + p.arrival * port.arrivals;
        port.x = p.keep * port.x + p.rise_arrival * port.arrivals;
    }
}

void LinearMoment::move_exactly(double duration) {
    double gain = charge(membrane, duration) * (input + drift * membrane.capacitance);
    for (Port& port : ports) {
        const SynapsePropagator p = propagator(port.synapse, membrane, duration);
        gain += p.on_v * port.s + p.on_v_rise * port.x + p.on_v_arrival * port.arrivals;
        port.s = p.keep * port.s + p.rise * port.x + p.arrival * port.arrivals;
        port.x = p.keep * port.x + p.rise_arrival * port.arrivals;
    }
    for (Decay& item : currents) {
        const auto p = propagator({.kind = Synapse::Kind::exponential, .tau_syn = item.tau},
                                  membrane, duration);
        gain -= p.on_v * item.value;
        item.value *= p.keep;
    }
    v = rest + (v - rest) * std::exp(-membrane.leak * duration) + gain;
}

void LinearMoment::move_frozen(double duration) {
    const double rate = membrane.leak + conductance / membrane.capacitance;
    const double towards =
        (membrane.leak * rest + drift + (input + reversal) / membrane.capacitance) / rate;
    v = towards + (v - towards) * std::exp(-rate * duration);
}

double LinearMoment::above() const {
    double theta = base;
    for (const Decay& item : thresholds) theta += item.value;
    return v - theta;
}

double LinearMoment::rise() const {
    double current = input;
    double slope = drift - membrane.leak * (v - rest);
    if (frozen)
        current += reversal - conductance * v;
    else
        for (const Port& port : ports)
            (port.synapse.kind == Synapse::Kind::delta ? slope : current) +=
                port.synapse.kind == Synapse::Kind::delta ? port.arrivals : port.s;
    if (!frozen)
        for (const Decay& item : currents) current -= item.value;
    for (const Decay& item : thresholds) slope += item.value / item.tau;
    return slope + current / membrane.capacitance;
}

double move_to_threshold(LinearMoment& moment, const LinearMoment& end, double duration) {
    const double start = moment.above();
    if (start >= 0.0) return 0.0;
    const double share =
        cubic_root(start, moment.rise() * duration, end.above(), end.rise() * duration);
    moment.move(share * duration);
    const double slope = moment.rise();
    const double correction = slope > 0.0 ? std::clamp(-moment.above() / slope, -share * duration,
                                                       (1.0 - share) * duration)
                                          : 0.0;
    moment.move(correction);
    return share * duration + correction;
}

}  // namespace heddle
