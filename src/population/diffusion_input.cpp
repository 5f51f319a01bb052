#include "population/diffusion_input.hpp"

#include <algorithm>
#include <cmath>

#include "circuit/checks.hpp"
#include "circuit/expected_synapses.hpp"
#include "heddle/core/error.hpp"
#include "network/checks.hpp"
#include "population/diffusion_checks.hpp"
#include "population/second_moment.hpp"

namespace heddle {
namespace {

bool same_for_all(const Projection& projection) {
    if (std::holds_alternative<OneToOne>(projection.rule) ||
        std::holds_alternative<AllToAll>(projection.rule))
        return true;
    const auto* fixed = std::get_if<FixedIndegree>(&projection.rule);
    return fixed != nullptr &&
           (fixed->indegree.kind == Distribution::Kind::constant || fixed->indegree.scale == 0.0);
}

/// Adds up what each population receives.
class Collector {
  public:
    Collector(const Circuit& circuit, NoiseTheory theory) : circuit_(circuit) {
        const auto n = static_cast<Index>(circuit.populations.size());
        found_.mean = found_.variance = found_.tau_s = Vector::Zero(n);
        found_.mean_slope = found_.variance_slope = Matrix::Zero(n, n);
        found_.theory = theory;
        times_.resize(circuit.populations.size());
    }

    DiffusionInput collect() {
        for (std::size_t a = 0; a < circuit_.populations.size(); ++a) own(a);
        for (std::size_t p = 0; p < circuit_.projections.size(); ++p) projection(p);
        for (const Input& input : circuit_.inputs) {
            target_ = static_cast<Index>(population_index(circuit_, input.target));
            std::visit([this](const auto& drive) { add(drive); }, input.drive);
        }
        found_.assumptions.insert(found_.assumptions.begin(), general());
        for (std::size_t a = 0; a < circuit_.populations.size(); ++a) colour(a);
        return std::move(found_);
    }

  private:
    void own(std::size_t a) {
        const Population& population = circuit_.populations[a];
        const auto& neuron = std::get<LeakyNeuron>(population.neuron);
        found_.neurons.push_back(neuron);
        target_ = static_cast<Index>(a);
        found_.mean[target_] = neuron.E_L;
        current(neuron.I_e);
        noise(population.noise.sigma * population.noise.sigma, population.noise.tau);
    }

    void projection(std::size_t p) {
        const Projection& of = circuit_.projections[p];
        const auto source = static_cast<Index>(population_index(circuit_, of.source));
        target_ = static_cast<Index>(population_index(circuit_, of.target));
        const double size =
            static_cast<double>(circuit_.populations[static_cast<std::size_t>(target_)].size);
        const double indegree = expected_synapses(circuit_, p) / size;
        const WeightMoments weight = weight_moments(of);
        const double worth = jump(of.synapse);
        found_.mean_slope(target_, source) += indegree * time() * worth * weight.first;
        const double variance = indegree * time() * worth * worth * weight.second;
        found_.variance_slope(target_, source) += variance;
        remember(of.synapse, variance, worth * std::sqrt(weight.second));
        if (!same_for_all(of))
            found_.assumptions.push_back(subject_of(of).who() +
                                         ": every neuron has the mean in-degree, " +
                                         number_text(indegree));
    }

    void add(const PoissonInput& input) {
        const double worth = jump(input.synapse) * input.weight;
        found_.mean[target_] += time() * input.rate * worth;
        const double variance = time() * input.rate * worth * worth;
        found_.variance[target_] += variance;
        remember(input.synapse, variance, std::abs(worth));
    }

    void add(const CurrentInput& input) { current(input.values(0, input.values.cols() - 1)); }

    /// x = (τ_m / C_m) I has the variance σ² τ_m / (2 tau) of coloured noise.
    void add(const OrnsteinUhlenbeckInput& input) {
        const double x = here().tau_m / here().C_m * input.sigma;
        current(input.mean);
        noise(2.0 * input.tau * x * x / here().tau_m, input.tau);
    }

    void current(double value) { found_.mean[target_] += here().tau_m / here().C_m * value; }

    void noise(double variance, double tau) {
        found_.variance[target_] += variance;
        remember(tau, variance);
    }

    /// The jump of V that a spike of weight 1 is worth, mV.
    [[nodiscard]] double jump(const Synapse& synapse) const {
        return synapse.kind == Synapse::Kind::delta ? 1.0 : synapse.tau_syn / here().C_m;
    }

    /// τ_m in s, so that rates are in Hz.
    [[nodiscard]] double time() const { return 1e-3 * here().tau_m; }

    [[nodiscard]] const LeakyNeuron& here() const {
        return found_.neurons[static_cast<std::size_t>(target_)];
    }

    void remember(double tau, double variance) {
        auto& times = times_[static_cast<std::size_t>(target_)];
        if (variance > 0.0 && std::ranges::find(times, tau) == times.end()) times.push_back(tau);
    }

    void remember(const Synapse& synapse, double variance, double jump) {
        remember(synapse.kind == Synapse::Kind::delta ? 0.0 : synapse.tau_syn, variance);
        if (variance > 0.0) largest_ = std::max(largest_, jump / (here().V_th - here().V_reset));
    }

    [[nodiscard]] std::string general() const {
        std::string text = "input is Gaussian noise, from independent Poisson spikes";
        if (largest_ > 0.0)
            text += "; a spike is worth up to " + number_text(std::round(1e4 * largest_) / 1e2) +
                    " % of V_th - V_reset";
        return text;
    }

    /// The one correlation time of the noise of a population.
    void colour(std::size_t a) {
        const Population& population = circuit_.populations[a];
        const std::vector<double>& times = times_[a];
        const double longest = times.empty() ? 0.0 : *std::ranges::max_element(times);
        if (longest == 0.0) return;
        const std::string who = subject_of(population).who();
        if (found_.theory == NoiseTheory::white) {
            found_.assumptions.push_back(who +
                                         ": synapses have no time constant; theirs is up to " +
                                         quantity(longest, "ms"));
            return;
        }
        check_one_colour(subject_of(population), times);
        const auto i = static_cast<Index>(a);
        found_.tau_s[i] = longest;
        found_.assumptions.push_back(
            who + ": to first order in sqrt(tau_s / tau_m) = " +
            number_text(std::round(1e3 * std::sqrt(longest / found_.neurons[a].tau_m)) / 1e3));
    }

    const Circuit& circuit_;
    DiffusionInput found_;
    Index target_ = 0;
    double largest_ = 0.0;
    std::vector<std::vector<double>> times_;  // The correlation times of each population's noise.
};

}  // namespace

SiegertPoint DiffusionInput::point(Index a, const Vector& rates) const {
    const LeakyNeuron& neuron = neurons[static_cast<std::size_t>(a)];
    const double square = variance[a] + variance_slope.row(a).dot(rates);
    return {mean[a] + mean_slope.row(a).dot(rates),
            std::sqrt(square),
            neuron.tau_m,
            neuron.V_th,
            neuron.V_reset,
            neuron.t_ref,
            tau_s[a]};
}

SiegertValue DiffusionInput::response(Index a, const Vector& rates) const {
    if (theory != NoiseTheory::taylor) return siegert_at(point(a, rates));
    const SiegertValue value = taylor_at(point(a, rates));
    return value.rate > 0.0 ? value : SiegertValue{0.0, 0.0, 0.0, 0.0};
}

MapValue DiffusionInput::value_at(const Vector& rates) const {
    const Index n = rates.size();
    MapValue value{rates, Vector(n), Matrix(n, n), 0.0};
    for (Index a = 0; a < n; ++a) {
        const SiegertValue rate = response(a, rates);
        value.change[a] = rate.rate - rates[a];
        value.jacobian.row(a) =
            rate.d_mu * mean_slope.row(a) + rate.d_variance * variance_slope.row(a);
    }
    value.residual = value.change.norm();
    return value;
}

Vector DiffusionInput::ceiling() const {
    Vector most(mean.size());
    for (Index a = 0; a < most.size(); ++a) {
        const LeakyNeuron& neuron = neurons[static_cast<std::size_t>(a)];
        most[a] = 1e3 / (neuron.t_ref + 0.1 * neuron.tau_m);
    }
    return most;
}

bool DiffusionInput::bounded() const {
    return std::ranges::all_of(neurons, [](const LeakyNeuron& one) { return one.t_ref > 0.0; });
}

DiffusionInput diffusion_input(const Circuit& circuit, NoiseTheory theory) {
    check_diffusion(circuit);
    return Collector(circuit, theory).collect();
}

}  // namespace heddle
