#include "population/unit_activity.hpp"

#include "circuit/normal_law.hpp"
#include "population/renewal_formulas.hpp"

namespace heddle {
namespace {

constexpr double per_ms = 1e-3;        // 1 Hz.
constexpr double shallow = 1e-4;       // Of Delta_V: the least depth of a reset.
constexpr double least_rate = 1e-9;    // Hz.
constexpr double least_share = 1e-12;  // mV²: a standard deviation of 1e-6 mV.

using Shifted = std::function<RenewalFormulas(const Expression& shift)>;

/// The trapezoidal rule on the normal line, which converges exponentially where nothing has a kink.
struct NormalRule {
    double spacing;
    int reach;

    void visit(const auto& each) const {
        double all = 0.0;
        for (int k = -reach; k <= reach; ++k) all += normal_density(spacing * k);
        for (int k = -reach; k <= reach; ++k) each(spacing * k, normal_density(spacing * k) / all);
    }
};

/// The rule is symmetric: the root's kink at 0 is none of the sums'.
Expression deviation_of(const Expression& variance) {
    return power(rectified_mean(0, variance, 0.0) + least_share, 0.5);
}

/// The kink of a rectified hazard, whose mean is known: [u]₊ times the first number.
double kink_of(const RateUnit& unit) {
    if (unit.neuron.hazard != Hazard::rectified) return 0.0;
    const double ready = 1.0 / (1.0 + per_ms * unit.neuron.t_ref * unit.neuron.lambda_floor);
    return unit.neuron.lambda_0 / unit.neuron.Delta_V * ready * ready;
}

/// The rate of neurons that are reset is smooth and long to write, a rectified one bends.
NormalRule rule_for(const RateUnit& unit) {
    if (unit.neuron.reset) return {0.9, 5};
    return unit.neuron.hazard == Hazard::rectified ? NormalRule{0.35, 18} : NormalRule{0.7, 9};
}

struct Averages {
    Expression rate{0.0}, ready{0.0}, count{0.0}, gain{0.0};
};

Averages over_neurons(const RateUnit& unit, const Expression& mean, const Expression& variance,
                      const Shifted& neuron) {
    Averages sum;
    if (variance.is(0.0)) {
        const RenewalFormulas one = neuron(0.0);
        return {one.rate, one.ready, one.count, 0.0};
    }
    const Expression deviation = deviation_of(variance);
    const double kink = kink_of(unit);
    rule_for(unit).visit([&](double z, double weight) {
        const Expression shift = z * deviation;
        const RenewalFormulas one = neuron(shift);
        const auto smooth = [&](const Expression& of, int order) {
            return kink == 0.0 ? of : of - kink * rectified_mean(order, mean + shift, 0.0);
        };
        const Expression rate = smooth(one.rate, 0);
        sum.rate += weight * rate;
        sum.gain += weight * (unit.neuron.reset ? z / deviation * rate : smooth(one.slope, 1));
        sum.ready += weight * one.ready;
        sum.count += weight * one.count;
    });
    if (kink != 0.0) {
        sum.rate += kink * rectified_mean(0, mean, square(deviation));
        sum.gain += kink * rectified_mean(1, mean, square(deviation));
    }
    return sum;
}

RenewalLaw law_of(EquationWriter& write, const RateUnit& unit, const Expression& tau_m) {
    const double dead = unit.neuron.t_ref;
    return {unit.neuron,
            dead > 0.0 ? write.time("t_ref_" + unit.name, dead, "refractory period of " + unit.name)
                       : Expression(0.0),
            tau_m};
}

UnitActivity write_forgetful(EquationWriter& write, const RateUnit& unit, const UnitInput& input,
                             bool with_gain) {
    const TransferFormulas phi = transfer_formulas(unit.neuron, input.mean, input.variance);
    const Expression rate = write.define("A_" + unit.name, "Hz", phi.rate);
    return {rate, rate,
            with_gain ? write.define("G_" + unit.name, "Hz/mV", phi.gain) : Expression(0.0),
            [=, &unit](const Expression& shift) {
                return transfer_formulas(unit.neuron, input.mean + shift, input.noise).rate;
            }};
}

/// With definitions of what adaptation needs.
UnitActivity with_means(EquationWriter& write, const RateUnit& unit, const Expression& rate,
                        const Averages& means, bool with_gain, const Shifted& neuron) {
    UnitActivity made{rate, rate, 0.0, [=](const Expression& shift) { return neuron(shift).rate; }};
    if (!with_gain) return made;
    made.count = write.define("B_" + unit.name, "Hz", means.count);
    made.gain = write.define("G_" + unit.name, "Hz/mV", means.gain);
    return made;
}

/// 1 − p, where p may overshoot after changes that are too fast for it.
Expression share_ready(const Expression& p) {
    return rectified_mean(0, 1.0 - p, 0.0);
}

/// The state p, which follows `drive`.
void move_memory(EquationWriter& write, const std::string& name, const Expression& p,
                 const Expression& drive, const Expression& lag, const Expression& curve) {
    const Expression speed = write.state("pdot_" + name, "1/ms", 0.0);
    write.moves(p, speed);
    write.moves(speed, (drive - p - lag * speed) / curve);
}

UnitActivity write_refractory(EquationWriter& write, const RateUnit& unit, const UnitInput& input,
                              const Expression& tau_m, bool with_gain) {
    const std::string& name = unit.name;
    const RenewalLaw law = law_of(write, unit, tau_m);
    const Expression dead = write.time("t_ref_" + name, unit.neuron.t_ref, "");
    // What fluctuates with the membrane is slow for a refractory period.
    const Averages means =
        over_neurons(unit, input.mean, input.variance,
                     [&](const Expression& shift) { return law.at(input.mean + shift, 0.0, 0.0); });
    const Expression p = write.state("p_" + name, "", 0.0);
    const Expression phi = write.define("Phi_" + name, "Hz", means.rate);
    const Expression rate =
        write.define("A_" + name, "Hz", phi * share_ready(p) / (1.0 - per_ms * dead * phi));
    move_memory(write, name, p, per_ms * dead * rate, 0.5 * dead, square(dead) / 12.0);
    return with_means(write, unit, rate, means, with_gain, [=](const Expression& shift) {
        return law.at(input.mean + shift, input.noise, 0.0);
    });
}

/// Where neurons were reset from, over V_reset: a state.
struct Depth {
    Expression state;
    Shifted neuron;
};

Depth depth_of(EquationWriter& write, const RateUnit& unit, const UnitInput& input,
               const RenewalLaw& law) {
    const double start = unit.initial - unit.neuron.V_reset;
    const Expression state = write.state("depth_" + unit.name, "mV", start);
    return {state, [=, &unit](const Expression& shift) {
                const Expression depth = shallow * unit.neuron.Delta_V +
                                         rectified_mean(0, state + input.share * shift, 0.0);
                return law.at(input.mean + shift, input.noise, depth);
            }};
}

UnitActivity write_reset(EquationWriter& write, const RateUnit& unit, const UnitInput& input,
                         const Expression& tau_m, bool with_gain) {
    const std::string& name = unit.name;
    const RenewalLaw law = law_of(write, unit, tau_m);
    const Depth depth = depth_of(write, unit, input, law);
    const Averages means = over_neurons(unit, input.mean, input.lasting, depth.neuron);
    const RenewalFormulas middle = depth.neuron(0.0);
    const Expression p = write.state("p_" + name, "", 0.0);
    const Expression phi = write.define("Phi_" + name, "Hz", means.rate);
    const Expression ready = write.define("R_" + name, "", means.ready);
    const double scale = per_ms * (unit.neuron.t_ref + unit.neuron.tau_m);
    const Expression root =
        write.define("K_" + name, "",
                     power((1.0 - ready + least_rate * scale) / (scale * (phi + least_rate)), 0.5));
    const Expression rate = write.define("A_" + name, "Hz", phi * share_ready(root * p) / ready);
    const Expression lag = write.define("T_" + name, "ms", middle.lag);
    const Expression curve = write.define("U_" + name, "ms²", middle.curve);
    move_memory(write, name, p, scale * root * rate, lag, curve);
    write.moves(depth.state,
                (input.mean + input.threshold - unit.neuron.V_reset - depth.state) / lag);
    return with_means(write, unit, rate, means, with_gain, depth.neuron);
}

}  // namespace

UnitActivity write_activity(EquationWriter& write, const RateUnit& unit, const Expression& tau_m,
                            const UnitInput& input, bool with_gain) {
    if (unit.neuron.reset) return write_reset(write, unit, input, tau_m, with_gain);
    if (unit.neuron.t_ref > 0.0) return write_refractory(write, unit, input, tau_m, with_gain);
    return write_forgetful(write, unit, input, with_gain);
}

void write_spread(EquationWriter& write, const RateUnit& unit, const UnitActivity& activity,
                  const Expression& lasting) {
    const EscapeNeuron& neuron = unit.neuron;
    if (neuron.hazard == Hazard::exponential && !neuron.reset && neuron.t_ref == 0.0) {
        // Rates are lognormal.
        const Expression log_variance = lasting / (neuron.Delta_V * neuron.Delta_V);
        write.define("Q_" + unit.name, "", exponential(log_variance) - 1.0);
        return;
    }
    const Expression deviation = deviation_of(lasting);
    Expression rates = 0.0, squares = 0.0;
    NormalRule{0.7, 9}.visit([&](double z, double weight) {
        const Expression rate = activity.neuron(z * deviation);
        rates += weight * rate;
        squares += weight * square(rate);
    });
    write.define("Q_" + unit.name, "", squares / square(rates) - 1.0);
}

}  // namespace heddle
