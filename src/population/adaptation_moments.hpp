#pragma once

#include <vector>

#include "population/equation_writer.hpp"
#include "population/rate_unit.hpp"

namespace heddle {

/// What a unit sees of a source.
struct Seen {
    Expression s{1.0};        ///< Its rate, filtered by the synapse,
    Expression y{1.0};        ///< and by the membrane; 1 for what does not change.
    Expression scatter{0.0};  ///< Variance of what comes in per y², over neurons.
    Expression weight{0.0};   ///< W.
};

/// What a neuron's own spikes move, z = (thresholds, currents, what the membrane makes of these),
/// over the neurons of a population: a linear system, driven by each neuron's spikes, whose
/// thresholds and membrane act on u,
///
///     tau_l ż_l = −z_l + b_l × spikes     or, of the membrane, −z_l + Σ_currents z_j
///
/// Its mean, its covariance with in-weights and its own covariances have the drive with everything
/// X of which Cov(X, u) is known: Cov(X, spikes) = G Cov(X, u).
class AdaptationMoments final {
  public:
    /// Writes the states. \param tau_m the membrane's time constant.
    AdaptationMoments(EquationWriter& write, const RateUnit& unit, const Expression& tau_m,
                      Closure closure);

    /// What is taken from u, on average.
    [[nodiscard]] Expression mean() const;
    /// The part of it that moves the threshold.
    [[nodiscard]] Expression mean_threshold() const;
    /// What it makes of the variance of u.
    [[nodiscard]] Expression variance(const std::vector<Seen>& seen) const;
    /// Are there covariances, so that `move` needs a gain?
    [[nodiscard]] bool covaries() const { return !with_input_.empty(); }

    /// Writes the equations.
    /// \param rate  A. \param count  rate of the variance of spike counts, A for a Poisson process.
    void move(EquationWriter& write, const std::vector<Seen>& seen, const Expression& rate,
              const Expression& count, const Expression& gain) const;

  private:
    /// What drives z_l, of the drive by spikes and of a function of z_j.
    [[nodiscard]] Expression driven(std::size_t l, const Expression& by_spikes,
                                    const auto& of_current) const;
    [[nodiscard]] Expression acting(const auto& of_variable) const;
    void move_with_input(EquationWriter& write, const std::vector<Seen>& seen,
                         const Expression& gain) const;
    void move_among(EquationWriter& write, const std::vector<Seen>& seen, const Expression& count,
                    const Expression& gain) const;

    std::vector<UnitAdaptation> laws_;
    std::vector<Expression> taus_, bs_, means_;
    std::vector<std::vector<Expression>> with_input_;  ///< c_lk.
    std::vector<std::vector<Expression>> among_;       ///< C_ll', symmetric.
};

}  // namespace heddle
