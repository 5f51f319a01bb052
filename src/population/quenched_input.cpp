#include "population/quenched_input.hpp"

#include <algorithm>
#include <cmath>

#include "circuit/checks.hpp"
#include "circuit/expected_synapses.hpp"
#include "heddle/core/error.hpp"
#include "heddle/population/rate_units.hpp"
#include "population/adapting_rate.hpp"
#include "population/degree_law.hpp"
#include "population/diffusion_checks.hpp"
#include "population/renewal_gain.hpp"
#include "population/siegert_point.hpp"

namespace heddle {
namespace {

double log_deviation(double cv) {
    return std::sqrt(std::log1p(cv * cv));
}

/// C_m and tau_m, which both laws have.
struct Membrane {
    double C_m;
    double tau_m;
    bool leaky;

    explicit Membrane(const Neuron& neuron) : leaky(std::holds_alternative<LeakyNeuron>(neuron)) {
        const auto set = [this](const auto& law) { C_m = law.C_m, tau_m = law.tau_m; };
        if (leaky)
            set(std::get<LeakyNeuron>(neuron));
        else
            set(std::get<EscapeNeuron>(neuron));
    }

    [[nodiscard]] double per_current() const { return tau_m / C_m; }

    /// The variance of a potential whose noise has the correlation time `tau` and would have the
    /// variance σ² / 2 if that were 0; leaky neurons are told σ² itself.
    [[nodiscard]] double noise(double sigma_square, double tau) const {
        return leaky ? sigma_square : 0.5 * sigma_square * tau_m / (tau_m + tau);
    }

    /// mV / Hz, for a weight of 1.
    [[nodiscard]] double area(const Synapse& synapse) const {
        const bool delta = synapse.kind == Synapse::Kind::delta;
        return 1e-3 * tau_m * (delta ? 1.0 : synapse.tau_syn / C_m);
    }

    /// mV² / Hz, for a weight of 1: that of Poisson spikes.
    [[nodiscard]] double power(const Synapse& synapse) const {
        const bool delta = synapse.kind == Synapse::Kind::delta;
        const double jump = delta ? 1.0 : synapse.tau_syn / C_m;
        return noise(1e-3 * tau_m * jump * jump, delta ? 0.0 : synapse.tau_syn);
    }
};

/// Gathers what one population receives.
class Gathering {
  public:
    Gathering(const Circuit& circuit, std::size_t population, const DistributionOptions& options)
        : circuit_(circuit),
          of_(circuit.populations[population]),
          options_(options),
          membrane_(of_.neuron) {}

    QuenchedPopulation gather() {
        own();
        for (std::size_t k = 0; k < circuit_.projections.size(); ++k)
            if (circuit_.projections[k].target == of_.name) projection(k);
        for (const Input& input : circuit_.inputs)
            if (input.target == of_.name)
                std::visit([this](const auto& drive) { add(drive); }, input.drive);
        found_.gain = gain();
        return std::move(found_);
    }

  private:
    void own() {
        add_noise(of_.noise.sigma * of_.noise.sigma, of_.noise.tau);
        quenched("E_L", 1.0);
        quenched("I_e", membrane_.per_current());
        if (!membrane_.leaky) quenched("V_T_star", -1.0);
    }

    /// A parameter, as part of h.
    void quenched(const char* name, double factor) {
        const auto law = of_.quenched.find(name);
        Neuron neuron = of_.neuron;
        if (law != of_.quenched.end())
            found_.numbers.push_back({law->second, factor, {}});
        else if (std::string(name) != "V_T_star")
            found_.mean += factor * parameter(neuron, name);
    }

    void projection(std::size_t k) {
        const Projection& of = circuit_.projections[k];
        QuenchedSource source;
        source.projection = k;
        source.population = population_index(circuit_, of.source);
        source.area = membrane_.area(of.synapse);
        source.power = membrane_.power(of.synapse);
        try {
            const DegreeLaw law = degree_law(circuit_, k);
            source.degree = law.degree;
            source.share = law.share;
            if (!std::holds_alternative<Edges>(of.rule)) source.weight = cumulants_of(of.weight);
        } catch (const DomainError& error) {
            subject_of(of).refuse(std::string("weight or degree: ") + error.what());
        }
        correlated(of, source);
        low_rank(of, source);
        if (source.degree.mean > 0.0 && source.power > 0.0) remember(of.synapse);
        found_.sources.push_back(std::move(source));
    }

    void correlated(const Projection& of, QuenchedSource& source) {
        const auto* rule = std::get_if<CorrelatedDegrees>(&of.rule);
        if (rule == nullptr || of.source != of.target) return;
        subject_of(of).require(!found_.label,
                               "its population has correlated degrees already, and its neurons "
                               "are told apart by one; give the other a rule without, or "
                               "`simulate` it");
        found_.label =
            DegreeLabel{log_deviation(rule->in_cv), log_deviation(rule->out_cv), rule->correlation};
        source.by_label = true;
        const double mean = source.degree.mean;
        source.degree = {mean, mean * (1.0 - source.share), mean};
    }

    void low_rank(const Projection& of, QuenchedSource& source) const {
        if (of.left.size() == 0) return;
        const Vector each = of.left * of.right.colwise().mean().transpose();
        const auto sources = static_cast<double>(circuit_.populations[source.population].size);
        const double share = source.degree.mean / sources;
        for (const double one : each) source.low_rank.push_back(share * one);
    }

    void add(const PoissonInput& input) {
        found_.mean += input.rate * input.weight * membrane_.area(input.synapse);
        const double power = membrane_.power(input.synapse) * input.weight * input.weight;
        found_.noise += input.rate * power;
        if (input.rate * power > 0.0) remember(input.synapse);
    }

    void add(const CurrentInput& input) {
        const Vector each = membrane_.per_current() * input.values.col(0);
        if (each.size() == 1)
            found_.mean += each[0];
        else
            found_.numbers.push_back({{}, 1.0, {each.begin(), each.end()}});
    }

    void add(const OrnsteinUhlenbeckInput& input) {
        const double x = membrane_.per_current() * input.sigma;
        found_.mean += membrane_.per_current() * input.mean;
        add_noise(2.0 * input.tau * x * x / membrane_.tau_m, input.tau);
    }

    void add_noise(double sigma_square, double tau) {
        found_.noise += membrane_.noise(sigma_square, tau);
        if (sigma_square > 0.0) times_.push_back(tau);
    }

    void remember(const Synapse& synapse) {
        times_.push_back(synapse.kind == Synapse::Kind::delta ? 0.0 : synapse.tau_syn);
    }

    /// The one correlation time of the noise, where it matters.
    [[nodiscard]] double colour() const {
        if (options_.theory == NoiseTheory::white || times_.empty()) return 0.0;
        check_one_colour(subject_of(of_), times_);
        return times_.front();
    }

    [[nodiscard]] StationaryGain gain() const {
        if (membrane_.leaky) return {std::get<LeakyNeuron>(of_.neuron), colour()};
        auto neuron = std::get<EscapeNeuron>(of_.neuron);
        if (of_.quenched.contains("V_T_star")) neuron.V_T_star = 0.0;
        return {neuron, neuron.reset ? colour() : 0.0, of_.adaptation};
    }

    const Circuit& circuit_;
    const Population& of_;
    const DistributionOptions& options_;
    Membrane membrane_;
    QuenchedPopulation found_{StationaryGain(EscapeNeuron{}, 0.0), 0.0, 0.0, {}, {}, {}};
    std::vector<double> times_;  // Correlation times of the noise.
};

}  // namespace

double StationaryGain::operator()(const LastingInput& input) const {
    const double noise = std::max(input.noise, 0.0);
    if (const auto* escape = std::get_if<EscapeNeuron>(&neuron_)) {
        if (escape->reset) return renewal_rate(*escape, {input.mean, noise, tau_s_});
        const double mean = input.mean - escape->V_T_star;
        if (!thresholds_.empty()) return adapting_rate(*escape, thresholds_, mean, noise);
        return effective_transfer(*escape, mean, noise).rate;
    }
    const auto& leaky = std::get<LeakyNeuron>(neuron_);
    return siegert_at({input.mean, std::sqrt(noise), leaky.tau_m, leaky.V_th, leaky.V_reset,
                       leaky.t_ref, tau_s_})
        .rate;
}

Cumulants QuenchedNumber::cumulants() const {
    return values.empty() ? cumulants_of(law).times(factor) : cumulants_of(values);
}

double DegreeLabel::in(double z) const {
    return std::exp(in_deviation * z - 0.5 * in_deviation * in_deviation);
}

double DegreeLabel::out(double z) const {
    const double common = correlation * out_deviation;
    return std::exp(common * z - 0.5 * common * common);
}

double DegreeLabel::out(double z, double other) const {
    const double rest = std::sqrt(1.0 - correlation * correlation) * out_deviation;
    return out(z) * std::exp(rest * other - 0.5 * rest * rest);
}

QuenchedCircuit quenched_circuit(const Circuit& circuit, const DistributionOptions& options) {
    check_distributions(circuit, options);
    QuenchedCircuit found;
    for (std::size_t a = 0; a < circuit.populations.size(); ++a)
        found.populations.push_back(Gathering(circuit, a, options).gather());
    return found;
}

}  // namespace heddle
