#pragma once

#include <string>
#include <vector>

#include "heddle/circuit/circuit.hpp"

namespace heddle {

struct QuadratureOptions {
    Index nodes = 9;      ///< Of each label.
    bool skewed = true;   ///< In-weights with their skewness, as a Pearson III law; else Gaussian.
    double spread = 1.0;  ///< ⟨r²⟩ / ⟨r⟩² of sources whose synapses are drawn one by one.
    Index most = 500;     ///< Populations that one may be split into.
};

/// A circuit whose populations have neurons that do not differ, and the way back.
struct QuadraturePopulations {
    Circuit circuit;
    std::vector<std::string> names;  ///< Of the populations that were split, as before.
    Matrix weights;  ///< Shape (populations before, after): A = weights · A_q, rows sum to 1.
    std::vector<std::string> labels;       ///< What neurons differed in: "E: quenched V_T_star".
    std::vector<std::string> assumptions;  ///< What was left out, a sentence each.
};

/// Splits populations whose neurons differ into populations whose neurons do not.
///
/// Neurons differ in labels that are independent and stay as drawn: quenched parameters, the sum of
/// their synapses of a projection (by `left`, by random weights and degrees), currents of their
/// own. The activity of a population is a mean over labels, and Gauss's rule takes it at nodes z_q,
///
///     A(t) = ⟨A(t | z)⟩ ≈ Σ_q ω_q A_q(t) ,
///
/// each node a population of N ω_q neurons (rounded, at least one, N in all) with the node's
/// parameters and in-weights; `mesoscopic`, `rate_units`, `simulate` and others then run on it. A
/// parameter's nodes are the quantiles of its law at Φ(z_q), z_q of Gauss and Hermite: exact for
/// polynomials of degree below 2 Q in a normal parameter. In-weights have the mean, the variance
/// and the skewness of the sums over the synapses that a neuron draws. Several labels are all
/// combined. A projection whose source or target is split becomes all-to-all, with the in-weight of
/// the target's node W_q and the share of the source's: J = W_q ω_s / N_s. The mean input of each
/// label is exact for N → ∞; that synapses are few, and the noise of single spikes they bring, is
/// not kept.
///
/// \throws DomainError, with what would do: one-to-one projections and given edges between
///         populations that are split, degrees that go together within one, shared noise into one,
///         currents that change and differ, weights without three moments, more populations than
///         `most`, with the number.
/// \cost O(Q² projections).
[[nodiscard]] QuadraturePopulations quadrature_populations(const Circuit& circuit,
                                                           const QuadratureOptions& options = {});

}  // namespace heddle
