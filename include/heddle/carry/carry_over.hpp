#pragma once

#include <limits>
#include <string>
#include <vector>

#include "heddle/loops/library.hpp"

namespace heddle {

struct CarryOptions {
    Response response = Response::tanh;  ///< φ of the network to come.
    double amplitude = 0.1;  ///< a: root mean square of x − x̄, over units and time, of the motif
                             ///< that has most. Above 0.
    Vector operating_point;  ///< x̄, where φ' > 0; shape (n,), (1,) for all units, or empty: 0.
    double h = std::numeric_limits<double>::quiet_NaN();  ///< Step, s: at most τ, a whole part of
                                                          ///< every motif's dt. NaN: the largest
                                                          ///< such part of at most τ / 5.
};

/// A library of motifs in a non-linear network that goes in steps of h. With η = h / τ,
///
///     x_{t+1} = (1 − η) x_t + η (W φ(x_t) + U_l V_lᵀ φ(x_t) + b + B e_c) ,
///     y_t = C φ(x_t) − y_0 ,
///
/// where one group of loops l and one tonic input c are on: `heddle::train` trains such networks.
struct CarriedLibrary {
    Library library;           ///< The linear design, its loops placed for steps of h.
    Network network;           ///< W, τ, φ, b, C.
    std::vector<Loops> loops;  ///< One group for each of M motifs, then the preparatory one.
    Matrix input;              ///< B, (n, 2 M): of each motif, then of the preparation of each.
    Matrix starts;             ///< x at the start of each motif, (n, M).
    Vector operating_point;    ///< x̄, (n,).
    Vector gain;               ///< φ'(x̄), (n,).
    Vector offset;             ///< y_0 = C φ(x̄), (d,).
    double h = 0.0;            ///< s.
    double scale = 0.0;        ///< x − x̄ per unit of the linear network's activity.
    double amplitude = 0.0;    ///< a.
    Index preparation_steps = 0;
    std::vector<Index> motif_steps;   ///< From the first to the last sample of each motif.
    std::vector<Index> sample_steps;  ///< From one sample of each motif to the next.
    bool trusted = true;  ///< Loops place their modes and the preparation is stable, in steps of h.
    std::string reason;   ///< Why not, and what would help; empty if trusted.
};

/// Carries a linear design x' = W x + … into a network of units φ, around an operating point x̄:
///
///     W ← W diag(1 / φ'(x̄)) ,   V ← diag(1 / φ'(x̄)) V ,   C ← C diag(1 / φ'(x̄)) / s ,
///     b = x̄ − W φ(x̄) ,   s = a / activity of the motif that has most ,
///
/// so that the Jacobian at x̄ is the linear network's, and x − x̄ = s · (its state) as a → 0. Tonic
/// inputs are such that x̄ + s x* stays a fixed point for the x* of every motif and preparation,
/// exactly. As the network goes in steps, each mode λ is placed where a step multiplies it by what
/// it is multiplied by in continuous time,
///
///     1 + η (λ' − 1) = e^{η (λ − 1)} ,
///
/// by the loops' own U and the directions nearest to those designed: at small a the outputs are the
/// fits at every sample, for any h. What a leaves is relative deviations of order a² where φ'' is 0
/// (tanh at 0), of order a elsewhere; of rectified units none, while none crosses 0.
///
/// \param library with motifs, τ_T = 0, dense weights.
/// \throws DomainError, ShapeError naming the argument, before anything is computed.
/// \cost One Schur form, q K solves a motif, and the eigenvalues of the preparation: about 50 n³.
/// \see docs/tutorials/from-a-linear-design-to-a-non-linear-network.md.
[[nodiscard]] CarriedLibrary carry_over(const Library& library, const CarryOptions& options = {},
                                        std::size_t threads = 0, const Progress& progress = {});

/// λ' = 1 + (e^{η (λ − 1)} − 1) / η.
[[nodiscard]] ComplexVector step_eigenvalues(const ComplexVectorView& eigenvalues, double eta);

/// The carried library with another group of loops for one motif; no bit of the rest changes.
/// \throws DomainError, ShapeError naming the argument.
[[nodiscard]] CarriedLibrary with_loops(CarriedLibrary carried, std::size_t motif, Loops loops);

}  // namespace heddle
