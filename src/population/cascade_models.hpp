#pragma once

#include <array>

#include "heddle/population/cascade_rates.hpp"
#include "population/potential_density.hpp"
#include "population/table_lookup.hpp"

namespace heddle {

/// Up to three numbers of a model, then ⟨w⟩.
using CascadeState = std::array<double, 4>;

/// What a model sees of its input at one end of a step.
struct CascadeInput {
    double mu;            ///< mV, without adaptation.
    double sigma;         ///< mV.
    double mu_change;     ///< μ', mV / ms.
    double sigma_change;  ///< σ', mV / ms.
};

/// The equations of one population, in one of the models.
class CascadeEquations final {
  public:
    /// \param shortest  what shorter time constants count as, ms.
    CascadeEquations(CascadeModel model, const Neuron& neuron, const CascadeTables& tables,
                     double shortest);

    [[nodiscard]] CascadeState start(const CascadeInput& input, double potential) const;
    /// d state / dt, and the rate there (1 / ms). \throws DomainError outside the tables.
    [[nodiscard]] CascadeState velocity(const CascadeState& state, const CascadeInput& input,
                                        double& rate) const;
    [[nodiscard]] double rate(const CascadeState& state, const CascadeInput& input) const;
    /// A rate that is part of the state does not fall below 0.
    void rectify(CascadeState& state, const CascadeInput& input) const;
    /// Input jumps to this from `mu` and `sigma`.
    void jump(CascadeState& state, const CascadeInput& to, double mu, double sigma) const;
    /// What V feels: μ − ⟨w⟩ / g_L.
    [[nodiscard]] double effective(double mu, const CascadeState& state) const {
        return mu - state.back() / adaptation_.g_L;
    }

  private:
    [[nodiscard]] bool filters_input() const {
        return model_ == CascadeModel::lnexp || model_ == CascadeModel::lndos;
    }
    /// Is the rate r_∞ + y?
    [[nodiscard]] bool expands() const {
        return model_ == CascadeModel::two_modes || model_ == CascadeModel::spec2;
    }
    /// The tables where the model reads them.
    [[nodiscard]] TableValue read(const CascadeState& state, const CascadeInput& input) const;
    [[nodiscard]] double rate_at(const CascadeState& state, const TableValue& at) const;
    [[nodiscard]] TableValue read(double mu, double sigma) const;
    [[nodiscard]] double slowed(double tau) const { return tau > shortest_ ? tau : shortest_; }
    [[nodiscard]] double damping(const TableValue& at) const;
    [[nodiscard]] CascadeState lnexp(const CascadeState& x, const CascadeInput& in,
                                     const TableValue& at) const;
    [[nodiscard]] CascadeState lndos(const CascadeState& x, const CascadeInput& in,
                                     const TableValue& at) const;
    [[nodiscard]] CascadeState spec1(const CascadeState& x, const TableValue& at) const;
    [[nodiscard]] CascadeState spec2_reduced(const CascadeState& x, const TableValue& at) const;
    [[nodiscard]] CascadeState two_modes(const CascadeState& x, double mu_change,
                                         double sigma_change, const TableValue& at) const;
    /// What the published equation leaves out of z': (M μ' + S σ')' at constant μ', (σ²)'.
    [[nodiscard]] double bent(double mu_change, double sigma, double sigma_change,
                              const TableBend& bend) const;
    [[nodiscard]] TableBend bend_at(const CascadeState& state, const CascadeInput& input) const {
        return tables_.bend(effective(input.mu, state), input.sigma);
    }

    CascadeModel model_;
    MeanAdaptation adaptation_;
    TableLookup tables_;
    double shortest_;
};

}  // namespace heddle
