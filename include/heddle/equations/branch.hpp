#pragma once

#include <functional>
#include <string>
#include <vector>

#include "heddle/equations/rate_equations.hpp"

namespace heddle {

/// Where on a branch something happens.
struct BranchSpecial {
    std::string kind;    ///< "fold", "hopf" or "branch point".
    std::string label;   ///< "supercritical", "subcritical", "degenerate" (Hopf); else "".
    double parameter;    ///< Where.
    Vector state;        ///< Shape (n,).
    Vector rates;        ///< Of populations, Hz, shape (P,).
    double frequency;    ///< Of the oscillation that is born, Hz; 0 if none is.
    double coefficient;  ///< Of the normal form: fold a, ẏ = a y²; Hopf Re c₁ / ω, first Lyapunov
                         ///< coefficient: supercritical below 0. 1/ms.
    double residual;     ///< max |velocity|, per ms.
    std::size_t after;   ///< Position of the branch point before it.
};

/// A branch of equilibria along one parameter.
struct EquilibriumBranch {
    std::string parameter;
    std::vector<std::string> names;  ///< Of populations.
    Vector values;                   ///< Of the parameter, shape (m,).
    Matrix states;                   ///< Shape (n, m).
    Matrix rates;                    ///< Hz, shape (P, m).
    Vector abscissa;                 ///< max Re λ, 1/s, shape (m,).
    std::vector<Index> unstable;     ///< How many eigenvalues lie right of the axis.
    std::vector<BranchSpecial> specials;
    double residual;        ///< Largest |velocity| on it, per ms.
    std::string statement;  ///< In a sentence: why it ends where it does.
};

struct BranchOptions {
    double from = 0.0;  ///< Range of the parameter.
    double to = 0.0;
    Vector state;       ///< To start from, near an equilibrium at the parameter's value in
                        ///< the equations, which lies in the range. Empty: the stable fixed
                        ///< point with the lowest rates, or else the lowest.
    double time = 0.0;  ///< ms at which inputs are held.
    double largest_step = 0.02;  ///< Of arclength, where the range and the states' sizes are 1.
    Index most_points = 2000;    ///< In each direction.
};

/// Follows an equilibrium along a parameter, around folds, in both directions: pseudo-arclength
/// continuation with the exact Jacobian. Stability takes delays into account. Between two points
/// - a fold is where the parameter's direction changes,
/// - a Hopf point where a conjugate pair crosses the imaginary axis, with the first Lyapunov
///   coefficient of the delay equation from exact directional derivatives: supercritical ones bear
///   stable oscillations,
/// - a branch point where det J changes sign and the direction does not:
///   each found to a relative 1e-9 by bisecting the arc.
///
/// \throws DomainError for an unknown parameter, a range that does not hold its value, or a start
///         from which no equilibrium is reached.
/// \cost A few solves of n equations and the eigenvalues of `fixed_points` for each point.
/// \see Keller (1977), in Applications of Bifurcation Theory; Kuznetsov (2004), Elements of Applied
///      Bifurcation Theory, ch. 10; Hale & Verduyn Lunel (1993), Introduction to Functional
///      Differential Equations, for the normal form with delays.
[[nodiscard]] EquilibriumBranch follow_equilibrium(const RateEquations& equations,
                                                   const std::string& parameter,
                                                   const BranchOptions& options);

}  // namespace heddle
