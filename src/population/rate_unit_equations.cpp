#include <cmath>
#include <set>

#include "heddle/population/local_inhibition.hpp"
#include "population/adaptation_moments.hpp"
#include "population/equation_writer.hpp"
#include "population/local_pool.hpp"
#include "population/rate_unit.hpp"
#include "population/unit_activity.hpp"

namespace heddle {
namespace {

class UnitWriter final {
  public:
    UnitWriter(const Circuit& circuit, Closure closure, std::set<std::string> instant)
        : closure_(closure), instant_(std::move(instant)) {
        for (std::size_t a = 0; a < circuit.populations.size(); ++a) {
            units_.emplace_back(circuit, a);
            write_.out.populations.push_back(circuit.populations[a].name);
            write_.out.rates.push_back("A_" + units_.back().name);
        }
        for (const RateUnit& unit : units_)
            for (const UnitSource& source : unit.sources)
                if (drawn(source)) spreads_.insert(source.label);
        // What follows at once is defined after what it follows.
        for (const bool at_once : {false, true})
            for (const RateUnit& unit : units_)
                if (instant_.contains(unit.name) == at_once) add(unit);
        write_.out.title = "Rate units";
        add_assumptions();
    }

    [[nodiscard]] RateEquations equations() && { return std::move(write_.out); }

  private:
    /// Do neurons meet different sources, and does that count?
    [[nodiscard]] bool drawn(const UnitSource& source) const {
        return source.random > 0.0 && closure_ != Closure::mean;
    }

    Expression sent(const UnitSource& source, const RateUnit& unit) {
        if (instant_.contains(unit.name) || instant_.contains(source.label))
            if (source.kind == UnitSource::Kind::population) return symbol("A_" + source.label);
        if (source.kind == UnitSource::Kind::population)
            return delayed("A_" + source.label, delay(source));
        const bool ends = std::isfinite(source.stop);
        return write_.input(
            "r_ext_" + unit.name, "Hz",
            ends ? std::vector{source.start, source.stop} : std::vector{source.start},
            ends ? Vector{{source.rate, 0.0}} : Vector{{source.rate}},
            "rate of Poisson input into " + unit.name);
    }

    Expression delay(const UnitSource& source) {
        return write_.time("d_" + source.label, source.delay, "delay from " + source.label);
    }

    Seen see(const UnitSource& source, const RateUnit& unit, const Expression& tau) {
        const std::string pair = unit.name + "_" + source.label;
        Seen seen;
        if (source.kind == UnitSource::Kind::constant) {
            if (closure_ != Closure::mean)
                seen.scatter = write_.parameter("C_" + pair, "mV²", source.variance,
                                                "variance of " + source.label + " in " + unit.name);
            return seen;
        }
        seen.weight = write_.parameter("W_" + pair, "mV/Hz", source.mean, "mean in-weight " + pair);
        const bool shared = source.kind == UnitSource::Kind::population;
        const std::string label = shared ? source.label : pair;
        Expression rate = sent(source, unit);
        if (instant_.contains(unit.name)) {
            seen.s = seen.y = rate;
            if (closure_ != Closure::mean) seen.scatter = scatter(source, pair, tau);
            return seen;
        }
        if (source.tau_syn > 0.0)
            rate = write_.follows(
                "s_" + label, "Hz",
                write_.time("tau_s_" + label, source.tau_syn, "synapses from " + label), rate);
        seen.y = write_.follows("y_" + label, "Hz", tau, rate);
        seen.s = source.tau_syn > 0.0 ? rate : seen.y;
        if (closure_ != Closure::mean) seen.scatter = scatter(source, pair, tau);
        return seen;
    }

    Expression scatter(const UnitSource& source, const std::string& pair, const Expression& tau) {
        const auto named = [&](const char* letter, double value, const char* what) {
            return write_.parameter(letter + pair, "mV²/Hz²", value, what + pair);
        };
        Expression sum = 0.0;
        if (source.variance > 0.0) sum += named("C_", source.variance, "variance of in-weight ");
        if (!drawn(source)) return sum;
        const Expression spread = source.kind == UnitSource::Kind::population
                                      ? write_.follows("q_" + source.label, "", tau,
                                                       delayed("Q_" + source.label, delay(source)))
                                      : Expression(0.0);
        return sum + named("D_", source.random, "variance of drawn in-weight ") * (1.0 + spread);
    }

    void add(const RateUnit& unit) {
        const std::string& name = unit.name;
        const Expression tau = instant_.contains(name)
                                   ? Expression(0.0)
                                   : write_.time("tau_m", unit.neuron.tau_m, "membrane");
        const Expression mu = rest(unit, tau);
        std::vector<Seen> seen;
        for (const UnitSource& source : unit.sources) seen.push_back(see(source, unit, tau));
        const Expression theta =
            write_.parameter("theta_" + name, "mV", unit.neuron.V_T_star, "threshold of " + name);
        Expression m = mu - theta;
        for (const Seen& item : seen) m += item.weight * item.y;
        const AdaptationMoments adaptation(write_, unit, tau, closure_);
        const Expression noise = noise_of(unit, seen);
        const Expression mean = write_.define("m_" + name, "mV", m - adaptation.mean());
        const Expression differing = variance_of(seen, adaptation);
        const Expression variance = write_.define("v_" + name, "mV²", differing + noise, 0.0);
        const Expression lasting = lasting_of(unit, differing, variance, noise);
        const UnitInput input{mean,
                              lasting,
                              noise,
                              variance,
                              theta + adaptation.mean_threshold(),
                              potential_share(unit, seen)};
        const UnitActivity activity =
            write_activity(write_, unit, tau, input, adaptation.covaries());
        adaptation.move(write_, seen, activity.rate, activity.count, activity.gain);
        if (spreads_.contains(name)) write_spread(write_, unit, activity, lasting);
    }

    /// Variance of what makes neurons differ for long, where that matters.
    Expression lasting_of(const RateUnit& unit, const Expression& differing,
                          const Expression& variance, const Expression& noise) {
        if (differing.is(0.0) || !(unit.neuron.reset || spreads_.contains(unit.name))) return 0.0;
        return write_.define("L_" + unit.name, "mV²", rectified_mean(0, variance - noise, 0.0));
    }

    /// Neurons of other thresholds are reset as deeply, those of other potentials are not.
    static Expression potential_share(const RateUnit& unit, const std::vector<Seen>& seen) {
        Expression all = 1e-12, thresholds = 0.0;
        for (std::size_t k = 0; k < seen.size(); ++k) {
            const Expression part = seen[k].scatter * square(seen[k].y);
            all += part;
            if (unit.sources[k].label == "V_T_star") thresholds += part;
        }
        return thresholds.is(0.0) ? Expression(1.0) : 1.0 - thresholds / all;
    }

    /// Where the membrane is without synapses.
    Expression rest(const RateUnit& unit, const Expression& tau) {
        if (instant_.contains(unit.name)) return drive(unit);
        const Expression mu = write_.state("mu_" + unit.name, "mV", unit.initial);
        write_.moves(mu, (drive(unit) - mu) / tau);
        return mu;
    }

    /// And where it goes.
    Expression drive(const RateUnit& unit) {
        const EscapeNeuron& neuron = unit.neuron;
        const double per_current = neuron.tau_m / neuron.C_m;
        Expression sum =
            write_.parameter("mu0_" + unit.name, "mV", neuron.E_L + per_current * neuron.I_e,
                             "rest of " + unit.name);
        for (const CurrentInput* input : unit.currents)
            sum += per_current * write_.input("I_ext_" + unit.name, "pA", input->times,
                                              input->values.row(0).transpose(),
                                              "current into " + unit.name);
        return sum;
    }

    /// Of the potential, by the membrane's noise and by single spikes.
    Expression noise_of(const RateUnit& unit, const std::vector<Seen>& seen) {
        Expression sum = unit.noise > 0.0
                             ? write_.parameter("sigma2_" + unit.name, "mV²", unit.noise,
                                                "noise of the membrane of " + unit.name)
                             : Expression(0.0);
        for (std::size_t k = 0; k < seen.size(); ++k)
            if (unit.sources[k].noise > 0.0)
                sum += write_.parameter("N_" + unit.name + "_" + unit.sources[k].label, "mV²/Hz",
                                        unit.sources[k].noise, "noise of single spikes") *
                       seen[k].s;
        return sum;
    }

    static Expression variance_of(const std::vector<Seen>& seen,
                                  const AdaptationMoments& adaptation) {
        Expression sum = 0.0;
        for (const Seen& item : seen) sum += item.scatter * square(item.y);
        return sum + adaptation.variance(seen);
    }

    void add_assumptions() {
        auto& list = write_.out.assumptions;
        list = {"populations are so large that their rate does not fluctuate",
                "potentials are Gaussian over the neurons of a population",
                "weights do not go together with the rates of their sources",
                "the noise of single spikes follows their rate at once, and is independent between "
                "neurons"};
        list.emplace_back(closure_ == Closure::full
                              ? "potential and adaptation are jointly Gaussian over neurons"
                              : "adaptation is the same for all neurons of a population");
        if (closure_ == Closure::mean)
            list.emplace_back("all neurons of a population get the same input");
        for (const RateUnit& unit : units_) add_assumptions(unit);
        for (const std::string& name : instant_)
            list.push_back("population '" + name +
                           "' follows its input at once: its membrane, "
                           "the synapses onto it and delays to and from it are left out");
    }

    void add_assumptions(const RateUnit& unit) {
        auto& list = write_.out.assumptions;
        if (unit.neuron.reset)
            list.push_back("two states and a depth follow how neurons of '" + unit.name +
                           "' come back after a reset, as if their input had stayed since, and "
                           "noise does not change their rate");
        else if (unit.neuron.t_ref > 0.0)
            list.push_back("two states follow how many neurons of '" + unit.name +
                           "' are refractory, for input slower than t_ref");
    }

    Closure closure_;
    std::set<std::string> instant_;
    std::vector<RateUnit> units_;
    std::set<std::string> spreads_;
    EquationWriter write_;
};

}  // namespace

RateEquations rate_unit_equations(const Circuit& circuit, Closure closure) {
    check_rate_units(circuit);
    return UnitWriter(circuit, closure, {}).equations();
}

RateEquations local_inhibition_equations(const Circuit& circuit,
                                         const std::vector<std::string>& pools, Closure closure) {
    check_rate_units(circuit);
    for (const std::string& pool : pools) (void)check_pool(circuit, pool);
    return UnitWriter(circuit, closure, {pools.begin(), pools.end()}).equations();
}

}  // namespace heddle
