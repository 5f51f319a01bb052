#include "heddle/population/adex_mean_field.hpp"

#include <algorithm>
#include <cmath>

#include "circuit/expected_synapses.hpp"
#include "heddle/equations/rate_solution.hpp"
#include "population/adex_checks.hpp"
#include "population/adex_moments.hpp"
#include "population/equation_writer.hpp"

namespace heddle {
namespace {

constexpr double hertz = 1e3;  // 1 / ms.

using Source = ConductanceSource<Expression>;

class AdexWriter final {
  public:
    AdexWriter(const Circuit& circuit, const std::vector<Vector>& thresholds,
               const AdexMeanFieldOptions& options)
        : circuit_(circuit) {
        write_.out.title = "Master-equation mean field of adaptive exponential neurons";
        time_ = write_.time("T", options.T, "over which activity is a Markov process");
        for (const Population& population : circuit.populations) {
            write_.out.populations.push_back(population.name);
            rates_.push_back(write_.state("nu_" + population.name, "Hz", 0.0));
            write_.out.rates.push_back(rates_.back().node().name);
        }
        for (std::size_t m = 0; m < thresholds.size(); ++m) add_transfer(m, thresholds[m]);
        if (options.order == 2) add_covariances();
        for (std::size_t m = 0; m < rates_.size(); ++m)
            write_.moves(rates_[m], (transfers_[m] - rates_[m] + correction(m)) / time_);
        add_assumptions(options);
    }

    [[nodiscard]] RateEquations equations() && { return std::move(write_.out); }

  private:
    [[nodiscard]] const std::string& name_of(std::size_t m) const {
        return circuit_.populations[m].name;
    }

    Source source(const Expression& rate, double weight, const Synapse& synapse,
                  const std::string& pair, const std::string& from) {
        return {rate / hertz, write_.parameter("Q_" + pair, "nS", weight, "weight from " + from),
                write_.time("tau_s_" + from, synapse.tau_syn, "synapses from " + from),
                write_.parameter("E_" + pair, "mV", synapse.E_rev, "reversal potential")};
    }

    std::vector<Source> sources_of(std::size_t m) {
        const std::string& name = name_of(m);
        std::vector<Source> sources;
        for (std::size_t k = 0; k < circuit_.projections.size(); ++k) {
            const Projection& item = circuit_.projections[k];
            if (item.target != name) continue;
            const double number =
                expected_synapses(circuit_, k) / static_cast<double>(circuit_.populations[m].size);
            const std::string pair = name + "_" + item.source;
            const Expression synapses =
                write_.parameter("K_" + pair, "", number, "synapses from " + item.source);
            sources.push_back(source(synapses * rates_[population_index(circuit_, item.source)],
                                     item.weight.location, item.synapse, pair, item.source));
        }
        for (const Input& input : circuit_.inputs) {
            const auto* poisson = std::get_if<PoissonInput>(&input.drive);
            if (poisson == nullptr || input.target != name) continue;
            const bool ends = std::isfinite(poisson->stop);
            const Expression rate = write_.input(
                "r_ext_" + name, "Hz",
                ends ? std::vector{poisson->start, poisson->stop} : std::vector{poisson->start},
                ends ? Vector{{poisson->rate, 0.0}} : Vector{{poisson->rate}},
                "rate of Poisson input into " + name);
            sources.push_back(
                source(rate, poisson->weight, poisson->synapse, name + "_ext", "ext"));
        }
        return sources;
    }

    Expression current_into(std::size_t m, const ExponentialNeuron& cell) {
        Expression sum = 0.0;
        if (cell.I_e != 0.0)
            sum += write_.parameter("I_e_" + name_of(m), "pA", cell.I_e, "constant current");
        for (const Input& input : circuit_.inputs) {
            const auto* current = std::get_if<CurrentInput>(&input.drive);
            if (current == nullptr || input.target != name_of(m)) continue;
            sum += write_.input("I_ext_" + name_of(m), "pA", current->times,
                                current->values.row(0).transpose(), "current into " + name_of(m));
        }
        return sum;
    }

    void add_transfer(std::size_t m, const Vector& p) {
        const std::string& name = name_of(m);
        const auto& cell = std::get<ExponentialNeuron>(circuit_.populations[m].neuron);
        const auto named = [&](const char* letter, const char* unit, double value,
                               const char* what) {
            return write_.parameter(letter + name, unit, value, what);
        };
        const Expression leak = named("g_L_", "nS", cell.g_L, "leak");
        const Expression capacity = named("C_m_", "pF", cell.C_m, "membrane");
        const bool adapts = cell.a != 0.0 || cell.b != 0.0;
        const Expression w = adapts ? write_.state("W_" + name, "pA", 0.0) : Expression(0.0);
        const std::vector<Source> sources = sources_of(m);
        const Expression g =
            write_.define("mu_G_" + name, "nS", conductance_of(sources, leak), 0.0);
        const Expression steady =
            leak * named("E_L_", "mV", cell.E_L, "resting potential") + current_into(m, cell) - w;
        const Expression mean = write_.define("mu_V_" + name, "mV", drive_of(sources, steady) / g);
        const auto sums = fluctuation_of(sources, g, mean, capacity / g);
        const Expression variance = write_.define("v_" + name, "mV²", sums.variance, 0.0);
        const Expression time =
            write_.define("T_V_" + name, "ms", 0.5 * sums.power / variance, 0.0);
        const Expression deviation = power(variance, 0.5);
        const auto terms = threshold_terms(mean, deviation, time, leak / capacity);
        const Expression effective =
            write_.define("V_eff_" + name, "mV", threshold(name, p, terms));
        transfers_.push_back(write_.define(
            "F_" + name, "Hz", hertz * normal_below((mean - effective) / deviation) / time));
        if (adapts) move_adaptation(m, cell, w, mean);
    }

    Expression threshold(const std::string& name, const Vector& p,
                         const std::array<Expression, 10>& terms) {
        Expression sum = 0.0;
        for (std::size_t i = 0; i < terms.size(); ++i)
            sum += write_.parameter("P" + std::to_string(i) + "_" + name, "mV",
                                    p[static_cast<Index>(i)], "of the effective threshold") *
                   terms[i];
        return sum;
    }

    void move_adaptation(std::size_t m, const ExponentialNeuron& cell, const Expression& w,
                         const Expression& mean) {
        const std::string& name = name_of(m);
        const Expression tau = write_.time("tau_w_" + name, cell.tau_w, "adaptation of " + name);
        Expression target = 0.0;
        if (cell.b != 0.0)
            target += write_.parameter("b_" + name, "pA", cell.b, "adaptation by a spike") * tau *
                      rates_[m] / hertz;
        if (cell.a != 0.0)
            target += write_.parameter("a_" + name, "nS", cell.a, "subthreshold adaptation") *
                      (mean - write_.parameter("E_w_" + name, "mV", cell.E_w, "its potential"));
        write_.moves(w, (target - w) / tau);
    }

    /// With all definitions put in.
    [[nodiscard]] Expression whole(Expression formula) const {
        const auto& list = write_.out.definitions;
        for (auto item = list.rbegin(); item != list.rend(); ++item)
            formula = replaced(formula, item->name, item->value);
        return formula;
    }

    void add_covariances() {
        const std::size_t many = rates_.size();
        std::vector<Expression> all;
        for (const Expression& transfer : transfers_) all.push_back(whole(transfer));
        for (std::size_t m = 0; m < many; ++m) {
            slopes_.emplace_back();
            curvatures_.emplace_back();
            covariances_.emplace_back();
            for (std::size_t l = 0; l < many; ++l) add_slopes(all[m], m, l);
        }
        for (std::size_t m = 0; m < many; ++m)
            for (std::size_t l = 0; l <= m; ++l)
                covariances_[m].push_back(
                    write_.state("c_" + name_of(m) + "_" + name_of(l), "Hz²", 0.0));
        for (std::size_t m = 0; m < many; ++m)
            for (std::size_t l = 0; l <= m; ++l) move_covariance(m, l);
    }

    void add_slopes(const Expression& transfer, std::size_t m, std::size_t l) {
        const std::string& to = rates_[l].node().name;
        const std::string label = name_of(m) + "_" + name_of(l);
        const Expression slope = derivative(transfer, to);
        slopes_[m].push_back(write_.define("dF_" + label, "", slope));
        std::vector<Expression> row;
        for (std::size_t k = 0; k <= l; ++k)
            row.push_back(write_.define("ddF_" + label + "_" + name_of(k), "1/Hz",
                                        derivative(slope, rates_[k].node().name)));
        curvatures_[m].push_back(row);
    }

    [[nodiscard]] const Expression& covariance(std::size_t m, std::size_t l) const {
        return m < l ? covariances_[l][m] : covariances_[m][l];
    }

    /// T ċ = J c + c Jᵀ + A + (F − ν)(F − ν)ᵀ, entry (m, l).
    void move_covariance(std::size_t m, std::size_t l) {
        const auto gap = [&](std::size_t k) { return transfers_[k] - rates_[k]; };
        Expression sum = gap(m) * gap(l) - 2.0 * covariance(m, l);
        for (std::size_t k = 0; k < rates_.size(); ++k)
            sum += slopes_[m][k] * covariance(k, l) + slopes_[l][k] * covariance(k, m);
        if (m == l) sum += noise(m);
        write_.moves(covariance(m, l), sum / time_);
    }

    /// Of a number of neurons of which each fires at most once in T.
    Expression noise(std::size_t m) {
        const Expression size = write_.parameter(
            "N_" + name_of(m), "", static_cast<double>(circuit_.populations[m].size), "neurons");
        return write_.define("A_" + name_of(m), "Hz²",
                             transfers_[m] * (hertz / time_ - transfers_[m]) / size, 0.0);
    }

    [[nodiscard]] Expression correction(std::size_t m) const {
        Expression sum = 0.0;
        if (curvatures_.empty()) return sum;
        for (std::size_t l = 0; l < rates_.size(); ++l)
            for (std::size_t k = 0; k <= l; ++k)
                sum += (l == k ? 0.5 : 1.0) * covariance(l, k) * curvatures_[m][l][k];
        return sum;
    }

    void add_assumptions(const AdexMeanFieldOptions& options) {
        auto& list = write_.out.assumptions;
        list = {
            "Inputs of neurons are independent Poisson processes: correlations, by which "
            "inhibition cancels shared excitation, are left out and lower the rates of dense "
            "networks.",
            "Activity is a Markov process over T; delays are left out beside it.",
            "All neurons of a population get the input of the mean in-degree and adapt by "
            "their mean rate.",
            "Adaptation is slow beside T: its covariances with rates are left out.",
            "The transfer function is stationary: it answers to a change of input at once."};
        if (options.order == 1)
            list.emplace_back("Populations are so large that their rates do not fluctuate.");
    }

    const Circuit& circuit_;
    EquationWriter write_;
    Expression time_{0.0};
    std::vector<Expression> rates_;
    std::vector<Expression> transfers_;
    std::vector<std::vector<Expression>> slopes_;                   ///< ∂F_m / ∂ν_l.
    std::vector<std::vector<std::vector<Expression>>> curvatures_;  ///< ∂²F_m / ∂ν_l ∂ν_k, k ≤ l.
    std::vector<std::vector<Expression>> covariances_;              ///< c_ml, l ≤ m.
};

/// Inputs as they are at t = 0, for ever.
RateEquations held(RateEquations equations) {
    for (EquationInput& input : equations.inputs) {
        double value = 0.0;
        for (std::size_t k = 0; k < input.times.size() && input.times[k] <= 0.0; ++k)
            value = input.values[static_cast<Index>(k)];
        input.times = {0.0};
        input.values = Vector::Constant(1, value);
    }
    return equations;
}

/// Where the first order comes to from silence. Far from rest the second order means little.
void set_start(const RateEquations& first, RateEquations& equations) {
    double longest = 0.0;
    for (const EquationParameter& item : first.parameters)
        if (item.unit == "ms") longest = std::max(longest, item.value);
    const double duration = 10.0 * longest;
    const RateTrajectory found =
        solve(held(first),
              {.duration = duration, .step = duration / std::ceil(duration), .tolerance = 1e-4});
    for (std::size_t i = 0; i < first.states.size(); ++i) {
        const std::string& name = first.states[i].name;
        std::ranges::find(equations.states, name, &EquationState::name)->initial =
            found.states(static_cast<Index>(i), found.states.cols() - 1);
    }
}

}  // namespace

RateEquations adex_mean_field(const Circuit& circuit, const std::vector<Vector>& thresholds,
                              const AdexMeanFieldOptions& options) {
    check_adex(circuit, thresholds, options);
    const RateEquations first =
        AdexWriter(circuit, thresholds, {.order = 1, .T = options.T}).equations();
    RateEquations equations = AdexWriter(circuit, thresholds, options).equations();
    set_start(first, equations);
    return equations;
}

}  // namespace heddle
