#pragma once

#include <limits>
#include <string>
#include <vector>

#include "heddle/population/linear_response.hpp"

namespace heddle {

/// left < Re λ < right, |Im λ| < 2π highest.
struct EigenvalueRegion {
    /// 1/s; −∞: as far left as the theory goes, but not below −100 /s.
    double left = -std::numeric_limits<double>::infinity();
    double right = 300.0;    ///< 1/s.
    double highest = 200.0;  ///< Hz.
};

/// Eigenvalues of a circuit around a stationary state.
struct PopulationEigenvalues {
    std::vector<std::string> names;
    Vector rates;               ///< A of the state, Hz.
    ComplexVector eigenvalues;  ///< λ, 1/s, canonical order: from right to left.
    Vector residual;            ///< |F / F'| at each, 1/s: how far the zero of F = det(1 − M) is.
    double left;                ///< The region's, 1/s.
    Index counted;              ///< Zeros in the region, by the turns of F around it.
    Index unstable;             ///< Zeros with Re λ > 0, by those along the imaginary axis.
    bool complete;              ///< Are all that were counted, both times, among `eigenvalues`?
    bool stable;                ///< Is `unstable` 0?
    std::vector<std::string> assumptions;  ///< A sentence each.
    std::string statement;                 ///< In a sentence.
};

/// The modes e^{λt} in which a circuit returns to its stationary state, or leaves it, with its
/// delays, synapses and refractoriness: all λ of a region with
///
///     F(λ) = det(1 − M(λ)) = 0 ,   M(λ) as in `linear_response` with iω → λ.
///
/// F is multiplied with all that could have poles, so that how often it turns around 0 along the
/// boundary of a rectangle is the number of zeros within; pieces of the boundary are halved until F
/// turns by less than π / 4 on each. Rectangles are cut until each holds one zero, or none, and the
/// secant method ends in the former.
///
/// Laplace transforms over ages exist right of what decays most slowly, ρ(∞) of neurons with escape
/// noise, 1 / τ of their adaptation, and the rate at which the last leaky neurons reach threshold:
/// the region ends at −¾ of the least of them. Synapses, and membranes that no spike resets, are
/// modes of their own where nothing depends on them.
///
/// \throws DomainError  as `linear_response`; an empty region, or one too far left, naming how far
///         it may go; NotConverged if an eigenvalue lies on its border or on the imaginary axis.
/// \cost Some thousand values of F, each 0.2 ms a population.
[[nodiscard]] PopulationEigenvalues population_eigenvalues(const Circuit& circuit,
                                                           const EigenvalueRegion& region = {},
                                                           const LinearOptions& options = {});

}  // namespace heddle
