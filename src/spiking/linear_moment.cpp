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

double fastest_rate(const LinearMoment& moment) {
    double rate = moment.membrane.leak;
    for (const LinearMoment::Source& source : moment.sources) rate = std::max(rate, source.rate);
    return rate;
}

/// What the terms of the currents make of V, mV/ms.
double term_drive(const LinearMoment& moment) {
    double current = 0.0;
    for (const LinearMoment::Source& source : moment.sources) current += source.s_term;
    return current / moment.membrane.capacitance;
}

/// Adds the terms of the next order of the Taylor series: `share` = duration / order times the
/// derivatives of those before.
void next_terms(LinearMoment& moment, double share) {
    for (LinearMoment::Source& source : moment.sources) {
        source.s_term = share * (source.x_term - source.rate * source.s_term);
        source.x_term *= -share * source.rate;
        source.s += source.s_term;
        source.x += source.x_term;
    }
}

/// The first order, where constant inputs come in.
void first_terms(LinearMoment& moment, double duration) {
    for (LinearMoment::Source& source : moment.sources) {
        source.s_term = duration * (source.x + source.to_s - source.rate * source.s);
        source.x_term = duration * (source.to_x - source.rate * source.x);
        source.s += source.s_term;
        source.x += source.x_term;
    }
}

/// `duration` is so short that the terms of the series only fall.
void move_piece(LinearMoment& moment, double duration, double fastest) {
    const double leak = moment.membrane.leak;
    double v_term = duration * moment.slope();
    moment.v += v_term;
    first_terms(moment, duration);
    double bound = fastest * duration;
    for (double order = 2.0; bound > 1e-19; order += 1.0) {
        const double share = duration / order;
        v_term = share * (term_drive(moment) - leak * v_term);
        moment.v += v_term;
        next_terms(moment, share);
        bound *= fastest * share;
    }
}

}  // namespace

void LinearMoment::move(double duration) {
    decay(duration);
    frozen ? move_frozen(duration) : move_by_series(duration);
}

void LinearMoment::decay(double duration) {
    for (Decay& item : thresholds) item.value *= std::exp(-duration * item.rate);
}

/// Exact to rounding.
void LinearMoment::move_by_series(double duration) {
    const double fastest = fastest_rate(*this);
    const double pieces = std::max(1.0, std::ceil(2.0 * fastest * duration));
    for (double k = 0.0; k < pieces; k += 1.0) move_piece(*this, duration / pieces, fastest);
}

void LinearMoment::move_frozen(double duration) {
    const double rate = membrane.leak + conductance / membrane.capacitance;
    const double towards = (drift + (input + reversal) / membrane.capacitance) / rate;
    v = towards + (v - towards) * std::exp(-rate * duration);
}

double LinearMoment::above() const {
    double theta = base;
    for (const Decay& item : thresholds) theta += item.value;
    return v - theta;
}

double LinearMoment::slope() const {
    double current = input;
    if (frozen)
        current += reversal - conductance * v;
    else
        for (const Source& source : sources) current += source.s;
    return drift - membrane.leak * v + current / membrane.capacitance;
}

double LinearMoment::rise() const {
    double rise = slope();
    for (const Decay& item : thresholds) rise += item.value * item.rate;
    return rise;
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
