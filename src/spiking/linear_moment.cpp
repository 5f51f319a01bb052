#include "spiking/linear_moment.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

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
    frozen ? move_frozen(duration) : move_by_series(duration);
}

void LinearMoment::decay(double duration) {
    for (Decay& item : thresholds) item.value *= std::exp(-duration * item.rate);
}

double LinearMoment::fastest_rate() const {
    double rate = membrane.leak;
    for (const Port& port : ports) rate = std::max(rate, port.rate);
    for (const Decay& item : currents) rate = std::max(rate, item.rate);
    return rate;
}

/// In pieces so short that the terms of the Taylor series only fall: exact to rounding.
void LinearMoment::move_by_series(double duration) {
    const double fastest = fastest_rate();
    const double pieces = std::max(1.0, std::ceil(2.0 * fastest * duration));
    for (double k = 0.0; k < pieces; k += 1.0) move_piece(duration / pieces, fastest);
}

double LinearMoment::constant_drive() const {
    double drive = drift + input / membrane.capacitance;
    for (const Port& port : ports)
        if (port.kind == Synapse::Kind::delta) drive += port.arrivals;
    return drive;
}

double LinearMoment::term_drive() const {
    double current = 0.0;
    for (const Port& port : ports) current += port.s_term;
    for (const Decay& item : currents) current -= item.term;
    return current / membrane.capacitance;
}

void LinearMoment::move_piece(double duration, double fastest) {
    double v_term = v - rest;
    double constant = constant_drive();
    for (Port& port : ports) {
        port.s_term = port.s;
        port.x_term = port.x;
    }
    for (Decay& item : currents) item.term = item.value;
    const double ratio = fastest * duration;
    double bound = 1.0;
    for (double order = 1.0; bound > 1e-19; order += 1.0) {
        // The term of the next order is duration / order times the derivative of this one.
        const double share = duration / order;
        const bool first = order == 1.0;
        v_term = share * (constant + term_drive() - membrane.leak * v_term);
        v += v_term;
        constant = 0.0;
        for (Port& port : ports) {
            const bool alpha = port.kind == Synapse::Kind::alpha;
            const double arrivals = first ? port.arrivals : 0.0;
            if (port.kind == Synapse::Kind::delta) continue;
            port.s_term =
                share * (port.x_term - port.rate * port.s_term + (alpha ? 0.0 : arrivals));
            port.x_term =
                share * port.rate * ((alpha ? std::numbers::e * arrivals : 0.0) - port.x_term);
            port.s += port.s_term;
            port.x += port.x_term;
        }
        for (Decay& item : currents) {
            item.term *= -share * item.rate;
            item.value += item.term;
        }
        bound *= ratio / order;
    }
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
            (port.kind == Synapse::Kind::delta ? slope : current) +=
                port.kind == Synapse::Kind::delta ? port.arrivals : port.s;
    if (!frozen)
        for (const Decay& item : currents) current -= item.value;
    for (const Decay& item : thresholds) slope += item.value * item.rate;
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
