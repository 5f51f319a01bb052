#include "heddle/population/renewal_modes.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "circuit/checks.hpp"
#include "heddle/core/error.hpp"
#include "heddle/population/rate_units.hpp"
#include "network/checks.hpp"
#include "population/complex_ratios.hpp"

namespace heddle {
namespace {

void check(const EscapeNeuron& neuron, Index pairs) {
    const Subject subject("neuron");
    check_neuron(subject, neuron);
    subject.require(!neuron.reset,
                    "a spike resets V, so that potentials of a population differ with age; take "
                    "`mesoscopic`, or reset = false");
    subject.require(neuron.t_ref > 0.0,
                    "t_ref is 0 ms, so that the activity follows the hazard at once and there are "
                    "no modes; give a t_ref > 0");
    if (pairs < 1 || pairs > 100)
        throw DomainError("pairs is " + std::to_string(pairs) + "; expected 1 to 100");
}

/// Solutions of w e^w = z e^z on branch k, for z > 0: w + ln w = z + ln z + 2πi k, which does not
/// overflow.
Complex lambert(double z, Index k) {
    constexpr int enough = 60;
    const Complex right(z + std::log(z), 2.0 * std::numbers::pi * static_cast<double>(k));
    Complex w = right - std::log(right);
    for (int step = 0; step < enough; ++step) {
        const Complex change = (w + std::log(w) - right) / (1.0 + 1.0 / w);
        w -= change;
        if (std::abs(change) <= 1e-15 * std::abs(w)) break;
    }
    return w;
}

/// Everything at one potential, in ms and mV.
struct Modes {
    double rate;
    ComplexVector eigenvalues;
    ComplexVector drive;
    ComplexMatrix mixing;
};

Modes modes_at(const EscapeNeuron& neuron, double potential, Index pairs) {
    const EffectiveTransfer transfer = effective_transfer(neuron, potential - neuron.V_T_star, 0.0);
    if (!(transfer.rate > 0.0) || !std::isfinite(transfer.rate))
        throw DomainError("potential holds " + number_text(potential) +
                          " mV, where the hazard is " + number_text(transfer.rate) +
                          " Hz; it must be above 0 and finite");
    const double hazard = 1e-3 * transfer.rate, slope = 1e-3 * transfer.gain, dead = neuron.t_ref;
    Modes modes{hazard / (1.0 + hazard * dead), ComplexVector(pairs), ComplexVector(pairs),
                ComplexMatrix(pairs, 2 * pairs)};
    for (Index k = 0; k < pairs; ++k)
        modes.eigenvalues[k] = lambert(hazard * dead, k + 1) / dead - hazard;
    ComplexVector all(2 * pairs);
    all << modes.eigenvalues, modes.eigenvalues.conjugate();
    for (Index k = 0; k < pairs; ++k) {
        const Complex value = all[k], s = hazard + value;
        const Complex relative = slope / (hazard * (1.0 + dead * s));
        modes.drive[k] = -modes.rate * relative;
        for (Index l = 0; l < 2 * pairs; ++l)
            modes.mixing(k, l) = value * relative / (all[l] - value);
        const Complex moved = value * relative;  // dλ / dh
        modes.mixing(k, k) =
            -s / (1.0 + dead * s) *
            (moved * (0.5 * dead * dead + dead / s + 1.0 / (s * s)) + slope / (s * s));
    }
    return modes;
}

/// One step of a length in ms as h changes by `change`, around the modes in its middle.
ComplexVector moved(const Modes& middle, const ComplexVector& amplitude, double change,
                    double step) {
    const double speed = change / step;
    const auto forced = [&](const ComplexVector& at) {
        ComplexVector all(2 * at.size());
        all << at, at.conjugate();
        return ComplexVector(-speed * (middle.drive + middle.mixing * all));
    };
    const auto on = [&](double time, const ComplexVector& force) {
        ComplexVector next(amplitude.size());
        for (Index k = 0; k < next.size(); ++k) {
            const Complex turn = middle.eigenvalues[k] * time;
            next[k] = std::exp(turn) * amplitude[k] + time * exponential_ratio(-turn) * force[k];
        }
        return next;
    };
    return on(step, forced(on(0.5 * step, forced(amplitude))));
}

/// The activity at the given times, each step cut into `parts`. `last`: that of the last pair.
Vector follow(const EscapeNeuron& neuron, const VectorView& potential, double step, Index pairs,
              int parts, double& last) {
    Vector activity(potential.size());
    ComplexVector amplitude = ComplexVector::Zero(pairs);
    for (Index i = 0; i < potential.size(); ++i) {
        activity[i] = 1e3 * (modes_at(neuron, potential[i], 1).rate + 2.0 * amplitude.real().sum());
        last = std::max(last, 2e3 * std::abs(amplitude[pairs - 1].real()));
        if (i + 1 == potential.size()) break;
        const double change = (potential[i + 1] - potential[i]) / parts;
        for (int part = 0; part < parts; ++part) {
            const Modes middle = modes_at(neuron, potential[i] + (part + 0.5) * change, pairs);
            amplitude = moved(middle, amplitude, change, step / parts);
        }
    }
    return activity;
}

}  // namespace

RenewalModes renewal_modes(const EscapeNeuron& neuron, const VectorView& potential, Index pairs) {
    check(neuron, pairs);
    const Index count = potential.size();
    RenewalModes found{Vector(count), ComplexMatrix(pairs, count), ComplexMatrix(pairs, count), {}};
    for (Index i = 0; i < count; ++i) {
        Modes modes = modes_at(neuron, potential[i], pairs);
        found.rate[i] = 1e3 * modes.rate;
        found.eigenvalues.col(i) = 1e3 * modes.eigenvalues;
        found.drive.col(i) = 1e3 * modes.drive;
        found.mixing.push_back(std::move(modes.mixing));
    }
    return found;
}

ModeRates mode_rates(const EscapeNeuron& neuron, const VectorView& potential, double step,
                     Index pairs) {
    check(neuron, pairs);
    Subject("mode_rates").positive(step, "step", "ms");
    if (potential.size() < 2)
        throw ShapeError("potential", "2 values or more", std::to_string(potential.size()));
    ModeRates found{{}, renewal_modes(neuron, potential, 1).rate, 0.0, 0.0};
    double ignored = 0.0;
    found.activity = follow(neuron, potential, step, pairs, 1, found.last);
    const Vector finer = follow(neuron, potential, step, pairs, 2, ignored);
    found.step_error = (found.activity - finer).lpNorm<Eigen::Infinity>();
    return found;
}

}  // namespace heddle
