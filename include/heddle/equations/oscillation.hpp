#pragma once

#include <string>
#include <vector>

#include "heddle/equations/branch.hpp"
#include "heddle/equations/rate_equations.hpp"

namespace heddle {

/// Where on a branch of oscillations something happens.
struct OscillationSpecial {
    std::string kind;  ///< "fold", "period doubling", "torus": a multiplier crosses the unit circle
                       ///< at 1, at −1, or as a pair.
    double parameter;  ///< Where, by interpolation between two points.
    std::size_t after;  ///< Position of the branch point before it.
};

/// A branch of periodic solutions along one parameter.
struct OscillationBranch {
    std::string parameter;
    std::vector<std::string> names;  ///< Of populations.
    Vector values;                   ///< Of the parameter, shape (m,).
    Vector period;                   ///< ms, shape (m,).
    Matrix lowest;                   ///< Least rate in a period, Hz, shape (P, m).
    Matrix highest;                  ///< Largest, the same shape.
    Matrix mean;                     ///< The same shape.
    std::vector<Index> unstable;     ///< Multipliers outside of the unit circle.
    Vector multiplier;               ///< Largest |μ| but for the trivial one, shape (m,).
    Vector trivial_error;            ///< |μ₁ − 1| of the multiplier that is 1, shape (m,): how far
                                     ///< the others are to be trusted.
    Vector defect;               ///< Largest |ẋ − f| between collocation points over the largest
                                 ///< |ẋ|, shape (m,).
    std::vector<Matrix> states;  ///< Of each point: one period at `samples` equal times,
                                 ///< shape (n, samples).
    std::vector<OscillationSpecial> specials;
    std::string statement;  ///< In a sentence: why it ends where it does.
};

struct OscillationOptions {
    double from = 0.0;  ///< Range of the parameter, which holds its value in the equations …
    double to = 0.0;
    /// … or starts at a Hopf point of `follow_equilibrium`. Without one (kind is empty), the
    /// equations are solved for `settle` ms from their initial state, and the oscillation that is
    /// reached is followed.
    BranchSpecial hopf{};
    double settle = 3000.0;      ///< ms.
    double time = 0.0;           ///< ms at which inputs are held.
    Index intervals = 30;        ///< Of a period, each with a polynomial of degree 4.
    double largest_step = 0.05;  ///< Of arclength, where range, period and states are of size 1.
    double longest_period = 10000.0;  ///< ms; a longer one ends the branch.
    Index most_points = 300;
    Index samples = 100;
};

/// Follows a periodic solution along a parameter: collocation at Gauss points, delays taken modulo
/// the period, pseudo-arclength continuation. Floquet multipliers are eigenvalues of the solution
/// operator over a period of the linearised delay equation, discretised in the same way.
///
/// \throws DomainError for an unknown parameter, options out of range, or equations that do not
///         settle to an oscillation; NotConverged if no periodic solution is reached from the
///         start.
/// \cost LU factorisations of n (4 intervals + 1) unknowns, three or four a point.
/// \see Engelborghs, Luzyanina, in 't Hout & Roose (2001), SIAM J Sci Comput 22:1593; Doedel,
/// Keller
///      & Kernevez (1991), Int J Bifurc Chaos 1:745.
[[nodiscard]] OscillationBranch follow_oscillation(const RateEquations& equations,
                                                   const std::string& parameter,
                                                   const OscillationOptions& options);

}  // namespace heddle
