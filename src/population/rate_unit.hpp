#pragma once

#include <vector>

#include "heddle/population/rate_units.hpp"

namespace heddle {

/// Where the neurons of a unit get input from, neuron by neuron differently: a projection, a
/// Poisson input, or a quenched number.
struct UnitSource {
    enum class Kind { population, poisson, constant };

    Kind kind = Kind::constant;
    std::size_t population = 0;  ///< Whose spikes these are.
    std::size_t delay = 0;       ///< Steps.
    double rate = 0.0;           ///< Of a Poisson input, 1/ms, from `start` to `stop`, ms.
    double start = 0.0;
    double stop = 0.0;
    double tau_syn = 0.0;   ///< ms; 0: delta.
    double mean = 0.0;      ///< W, mV ms.
    double variance = 0.0;  ///< Of C, what weighs all sources alike, mV² ms² (mV² of a constant),
    double random = 0.0;    ///< and what is drawn for each synapse.
    double noise = 0.0;     ///< Variance of the potential per rate of single spikes, mV² ms.
};

/// The moving threshold of a unit: by one spike b / tau, decaying with tau.
struct UnitAdaptation {
    double tau;  ///< ms.
    double b;    ///< mV ms.
};

/// One population as a rate unit: its equations, with states one after another,
///
///     μ ; s_k ; y_k ; m_l ; c_lk (l first) ; C_ll'
class RateUnit final {
  public:
    RateUnit(const Circuit& circuit, std::size_t population, double step, Closure closure);

    [[nodiscard]] std::size_t states() const;
    [[nodiscard]] const std::vector<UnitSource>& sources() const { return sources_; }
    void start(double* state) const;

    struct Moments {
        double mean;      ///< m, mV.
        double variance;  ///< v, mV²,
        double noise;     ///< of which so much is noise, not a difference that lasts.
    };

    /// What a source sends.
    struct Sent {
        double rate;    ///< A(t − d), 1/ms.
        double spread;  ///< ⟨r²⟩ / A² over its neurons.
    };

    [[nodiscard]] Moments moments(const double* state, const Sent* sent) const;

    /// \param current  from outside, pA.
    void derivative(const double* state, const Sent* sent, double current, double* out) const;

    /// The mean current from outside from `start` on, over `duration` ms, pA.
    [[nodiscard]] double current(double start, double duration) const;
    /// Φ(m, v), 1/ms. \throws DomainError if the closure left its range.
    [[nodiscard]] EffectiveTransfer transfer(const Moments& moments) const;
    /// ⟨r²⟩ / A² over neurons whose rates differ because their lasting inputs do.
    [[nodiscard]] double spread(const Moments& moments) const;

  private:
    void add_projection(const Circuit& circuit, std::size_t projection, double step);
    void add_poisson(const PoissonInput& input);
    void add_quenched(const Population& population);
    void set_synapse(const Synapse& synapse, UnitSource& source) const;
    void adaptation_derivative(const double* state, const Sent* sent, EffectiveTransfer a,
                               double* out) const;
    [[nodiscard]] double scatter(std::size_t k, const Sent* sent) const {
        return sources_[k].variance + sources_[k].random * sent[k].spread;
    }

    // Offsets of the states.
    [[nodiscard]] std::size_t s(std::size_t k) const { return 1 + k; }
    [[nodiscard]] std::size_t y(std::size_t k) const { return 1 + sources_.size() + k; }
    [[nodiscard]] std::size_t m(std::size_t l) const { return 1 + 2 * sources_.size() + l; }
    [[nodiscard]] std::size_t c(std::size_t l, std::size_t k) const {
        return 1 + 2 * sources_.size() + adaptations_.size() + l * sources_.size() + k;
    }
    [[nodiscard]] std::size_t cc(std::size_t l, std::size_t j) const {
        return c(adaptations_.size(), 0) + l * adaptations_.size() + j;
    }
    [[nodiscard]] double filtered(const double* state, std::size_t k) const;

    std::string name_;
    EscapeNeuron neuron_;
    Closure closure_;
    double noise_ = 0.0;  ///< Variance of the membrane's own noise, mV².
    double initial_;      ///< Potential at t = 0, mV.
    std::vector<UnitSource> sources_;
    std::vector<UnitAdaptation> adaptations_;
    std::vector<const CurrentInput*> currents_;
};

/// \throws DomainError as `rate_units` says.
void check_rate_units(const Circuit& circuit, const RateUnitOptions& options);

}  // namespace heddle
