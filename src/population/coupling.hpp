#pragma once

#include <vector>

#include "heddle/circuit/circuit.hpp"

namespace heddle {

/// How currents and activities of a circuit reach the mean input of its populations: where
/// activities are a_b e^{λt} Hz, the free potential that input aims at gains
///
///     δμ_a = Σ_b W_ab(λ) a_b mV ,   W = τ_m Σ K ⟨J⟩ ⟨e^{−λd}⟩ / (1 + λ τ_syn)^order ,
///
/// K mean in-degrees, J the jump of V that a spike is worth, order 0, 1 or 2 (delta, exponential,
/// alpha), and the mean over delays.
class Coupling final {
  public:
    explicit Coupling(const Circuit& circuit);

    /// \param rate λ, 1/ms.
    [[nodiscard]] ComplexMatrix at(Complex rate) const;
    /// W(0), mV / Hz.
    [[nodiscard]] Matrix at_rest() const { return at(0.0).real(); }
    /// Π (1 + λ τ_syn)^order over the kinds of synapse that projections onto a population have.
    [[nodiscard]] Complex denominator(Index population, Complex rate) const;
    /// W, its rows times these: without poles.
    [[nodiscard]] ComplexMatrix numerator(Complex rate) const;

  private:
    struct Arrival {
        double delay;   ///< ms.
        double weight;  ///< mV / Hz.
    };
    struct Path {
        Index source;
        Index target;
        Synapse synapse;
        std::vector<Arrival> arrivals;
    };

    [[nodiscard]] static Complex arrivals(const Path& path, Complex rate);

    std::vector<Path> paths_;
    std::vector<std::vector<Synapse>> kinds_;  ///< Of each population, each once.
};

/// The jump of V by a spike of weight 1, mV; for what takes time its charge over C_m.
[[nodiscard]] double jump_of(const Synapse& synapse, double C_m);

/// Currents that a circuit's neurons of this population all receive, constant: their sum, pA.
/// \pre they are constant.
[[nodiscard]] double constant_current(const Circuit& circuit, std::size_t population);

}  // namespace heddle
