#pragma once

#include <vector>

#include "population/diffusion_drive.hpp"
#include "population/potential_grid.hpp"

namespace heddle {

/// A mean adaptation current: tau_w ẇ = a (⟨V⟩ − E_w) − w + b tau_w r.
struct MeanAdaptation {
    double a, b, tau_w, E_w;
    double g_L;  ///< nS; V feels −w / g_L.

    /// Of leaky neurons: none.
    explicit MeanAdaptation(const Neuron& neuron);
    [[nodiscard]] double velocity(double w, double potential, double rate) const {
        return (a * (potential - E_w) - w) / tau_w + b * rate;
    }
};

/// The density of one population's potential in finite volumes, and its mean adaptation.
class PotentialDensity final {
  public:
    PotentialDensity(const Population& population, const PotentialGrid& grid, double step);

    /// One step of TR-BDF2.
    void advance(const StepDrive& drive);

    [[nodiscard]] double rate() const { return rate_; }        ///< At V_peak, 1 / ms.
    [[nodiscard]] double emitted() const { return emitted_; }  ///< In the last step.
    [[nodiscard]] double mean_potential() const { return potential_; }
    [[nodiscard]] double adaptation() const { return w_; }
    [[nodiscard]] double mass_error() const;
    [[nodiscard]] double least() const;
    [[nodiscard]] double edge_share() const;

  private:
    /// Exchange between a node and the next, 1 / ms.
    struct Exchange {
        std::vector<double> up;
        std::vector<double> down;
        double mean = 0.0, variance = -1.0;
    };

    void start(const InitialPotential& initial);
    void set_exchange(Exchange& exchange, double mean, double variance) const;
    /// out = p + factor (L p).
    void explicit_part(const Exchange& exchange, const std::vector<double>& p, double factor,
                       std::vector<double>& out) const;
    /// (1 − factor L) p = p.
    void implicit_part(const Exchange& exchange, double factor, std::vector<double>& p);
    void sweep(const Exchange& exchange, double factor, std::vector<double>& p, bool factorise);
    /// What enters at V_reset in a step that starts at the present grid point.
    [[nodiscard]] double entering() const;
    [[nodiscard]] double emitted_until(double steps_ago) const;
    void measure();

    DiffusiveMembrane membrane_;
    MeanAdaptation adaptation_;
    PotentialGrid grid_;
    double step_;
    std::vector<double> drift_;             ///< At faces, mV.
    std::vector<double> p_, middle_, end_;  ///< Probabilities of cells.
    std::vector<double> pivot_, above_, source_;
    Exchange first_, second_, third_;
    std::vector<double> emitted_total_;  ///< At the grid points of the last refractory period.
    std::size_t steps_ = 0;
    double total_ = 0.0;
    double emitted_ = 0.0;
    double rate_ = 0.0;
    double potential_ = 0.0;
    double w_ = 0.0;
};

}  // namespace heddle
