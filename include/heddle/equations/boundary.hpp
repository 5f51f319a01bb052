#pragma once

#include <string>
#include <vector>

#include "heddle/equations/branch.hpp"
#include "heddle/equations/rate_equations.hpp"

namespace heddle {

/// A curve of folds or Hopf points over two parameters: where the number or the stability of
/// equilibria changes.
struct BoundaryCurve {
    std::string kind;                ///< "fold" or "hopf".
    std::string first;               ///< Name of a parameter …
    std::string second;              ///< … and of the other.
    std::vector<std::string> names;  ///< Of populations.
    Vector first_values;             ///< Shape (m,).
    Vector second_values;            ///< Shape (m,).
    Matrix states;                   ///< Shape (n, m).
    Matrix rates;                    ///< Hz, shape (P, m).
    Vector frequency;                ///< Of the oscillation that is born, Hz; 0 on folds.
    Vector coefficient;     ///< Of the normal form, 1/ms: see BranchSpecial. It changes sign at a
                            ///< cusp, and where a Hopf point goes from super- to subcritical.
    double residual;        ///< Largest |velocity| on it, per ms.
    double singular;        ///< Largest distance of the eigenvalue from 0 or iω on it, 1/s.
    std::string statement;  ///< In a sentence: why it ends where it does.
};

struct BoundaryOptions {
    double first_from = 0.0;  ///< Range of the first parameter,
    double first_to = 0.0;
    double second_from = 0.0;  ///< and of the second, which holds its value in the equations.
    double second_to = 0.0;
    double time = 0.0;           ///< ms at which inputs are held.
    double largest_step = 0.02;  ///< Of arclength, where ranges and states are of size 1.
    Index most_points = 1000;    ///< In each direction.
};

/// Follows a fold or Hopf point of `follow_equilibrium` along its parameter and a second one, in
/// both directions. Besides f = 0, g = 0 with
///
///     [ Δ(λ) b ; cᵀ 0 ] [ v ; g ] = [ 0 ; 1 ] ,   λ = 0 or iω ,
///
/// Δ the characteristic matrix, delays included: g vanishes with det Δ, and is smooth there.
///
/// \throws DomainError for unknown or equal parameters, ranges that do not hold the start, or a
///         special point that is neither fold nor Hopf point.
/// \cost n + 3 factorisations of n (complex) unknowns for each step of Newton's method.
/// \see Govaerts (2000), Numerical Methods for Bifurcations of Dynamical Equilibria, ch. 4.
[[nodiscard]] BoundaryCurve follow_boundary(const RateEquations& equations,
                                            const BranchSpecial& special, const std::string& first,
                                            const std::string& second,
                                            const BoundaryOptions& options);

}  // namespace heddle
