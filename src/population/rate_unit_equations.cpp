#include <cmath>
#include <set>

#include "circuit/normal_law.hpp"
#include "heddle/population/local_inhibition.hpp"
#include "population/equation_writer.hpp"
#include "population/local_pool.hpp"
#include "population/rate_unit.hpp"

namespace heddle {
namespace {

/// What a unit sees of a source.
struct Seen {
    Expression s{1.0};        ///< Its rate, filtered by the synapse,
    Expression y{1.0};        ///< and by the membrane; 1 for what does not change.
    Expression scatter{0.0};  ///< Variance of what comes in per y², over neurons.
    Expression weight{0.0};   ///< W.
};

/// Covariances that the full closure follows, of one unit.
struct Covariances {
    std::vector<std::vector<Expression>> with_input;     ///< c_lk.
    std::vector<std::vector<Expression>> of_thresholds;  ///< C_ll', symmetric.
};

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
        Expression m = mu - write_.parameter("theta_" + name, "mV", unit.neuron.V_T_star,
                                             "threshold of " + name);
        for (const Seen& item : seen) m += item.weight * item.y;
        std::vector<Expression> thresholds, taus, bs;
        for (const UnitAdaptation& law : unit.adaptations) {
            taus.push_back(write_.time("tau_a_" + name, law.tau, "adaptation of " + name));
            bs.push_back(write_.parameter("b_" + name, "mV/Hz", law.b, "adaptation of " + name));
            thresholds.push_back(write_.state("a_" + name, "mV", 0.0));
            m -= thresholds.back();
        }
        const Covariances covariances = states_of(unit);
        const Expression noise = noise_of(unit, seen);
        const Expression mean = write_.define("m_" + name, "mV", m);
        const Expression variance =
            write_.define("v_" + name, "mV²", variance_of(seen, covariances) + noise, 0.0);
        const TransferFormulas phi = transfer_formulas(unit.neuron, mean, variance);
        const Expression rate = write_.define("A_" + name, "Hz", phi.rate);
        for (std::size_t l = 0; l < taus.size(); ++l)
            write_.moves(thresholds[l], (bs[l] * rate - thresholds[l]) / taus[l]);
        if (!covariances.with_input.empty()) {
            const Expression gain = write_.define("G_" + name, "Hz/mV", phi.gain);
            move(covariances, seen, taus, bs, rate, gain);
        }
        if (spreads_.contains(name)) add_spread(unit, mean, variance, noise);
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

    Covariances states_of(const RateUnit& unit) {
        Covariances made;
        if (closure_ != Closure::full) return made;
        const std::size_t many = unit.adaptations.size();
        made.of_thresholds.assign(many, std::vector<Expression>(many, Expression(0.0)));
        for (std::size_t l = 0; l < many; ++l) {
            std::vector<Expression> row;
            for (const UnitSource& source : unit.sources)
                row.push_back(
                    source.variance > 0.0 || source.random > 0.0
                        ? write_.state("c_" + unit.name + "_" + source.label,
                                       source.kind == UnitSource::Kind::constant ? "mV²" : "mV²/Hz",
                                       0.0)
                        : Expression(0.0));
            made.with_input.push_back(row);
            for (std::size_t j = 0; j <= l; ++j)
                made.of_thresholds[l][j] = made.of_thresholds[j][l] =
                    write_.state("Caa_" + unit.name, "mV²", 0.0);
        }
        return made;
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

    static Expression variance_of(const std::vector<Seen>& seen, const Covariances& covariances) {
        Expression sum = 0.0;
        for (const Seen& item : seen) sum += item.scatter * square(item.y);
        for (const auto& row : covariances.with_input)
            for (std::size_t k = 0; k < row.size(); ++k) sum -= 2.0 * seen[k].y * row[k];
        for (const auto& row : covariances.of_thresholds)
            for (const Expression& item : row) sum += item;
        return sum;
    }

    void move(const Covariances& states, const std::vector<Seen>& seen,
              const std::vector<Expression>& taus, const std::vector<Expression>& bs,
              const Expression& rate, const Expression& gain) {
        const std::size_t many = taus.size();
        const auto with_threshold = [&](std::size_t l) {
            Expression sum = 0.0;
            for (std::size_t k = 0; k < seen.size(); ++k)
                sum += seen[k].y * states.with_input[l][k];
            for (std::size_t j = 0; j < many; ++j) sum -= states.of_thresholds[l][j];
            return sum;
        };
        for (std::size_t l = 0; l < many; ++l) {
            for (std::size_t k = 0; k < seen.size(); ++k) {
                const Expression& c = states.with_input[l][k];
                if (c.constant()) continue;
                Expression covariance = seen[k].scatter * seen[k].y;
                for (std::size_t j = 0; j < many; ++j) covariance -= states.with_input[j][k];
                write_.moves(c, (bs[l] * gain * covariance - c) / taus[l]);
            }
            for (std::size_t j = 0; j <= l; ++j) {
                const Expression& c = states.of_thresholds[l][j];
                const Expression own = 1e3 * bs[l] * bs[j] * rate;
                if (j == l)
                    write_.moves(c, (2.0 * (bs[l] * gain * with_threshold(l) - c) + own / taus[l]) /
                                        taus[l]);
                else
                    write_.moves(c, -(1.0 / taus[l] + 1.0 / taus[j]) * c +
                                        gain * (bs[l] / taus[l] * with_threshold(j) +
                                                bs[j] / taus[j] * with_threshold(l)) +
                                        own / (taus[l] * taus[j]));
            }
        }
    }

    /// Q = ⟨r²⟩ / A² − 1 over neurons whose lasting inputs differ, by the trapezoidal rule.
    void add_spread(const RateUnit& unit, const Expression& mean, const Expression& variance,
                    const Expression& noise) {
        const Expression lasting =
            write_.define("L_" + unit.name, "mV²", rectified_mean(0, variance - noise, 0.0));
        // The rule is symmetric: the root's kink at 0 is none of the sums'.
        const Expression deviation = power(lasting + 1e-12, 0.5);
        const double spacing = 0.7;
        Expression rates = 0.0, squares = 0.0;
        double weights = 0.0;
        for (int k = -9; k <= 9; ++k) {
            const double z = k * spacing;
            const double weight = spacing * normal_density(z);
            const Expression rate =
                transfer_formulas(unit.neuron, mean + z * deviation, noise).rate;
            rates += weight * rate;
            squares += weight * square(rate);
            weights += weight;
        }
        write_.define("Q_" + unit.name, "", weights * squares / square(rates) - 1.0);
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
        for (const std::string& name : instant_)
            list.push_back("population '" + name +
                           "' follows its input at once: its membrane, "
                           "the synapses onto it and delays to and from it are left out");
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
