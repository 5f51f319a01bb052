#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/core/parallel.hpp"
#include "heddle/spectrum/mode_paths.hpp"

namespace heddle {

struct LoopSharesOptions {
    std::vector<Index> modes;  ///< Indices into the eigenvalues of W; empty: all.
    Index most_exact = 8;      ///< All 2^k sets of loops up to this k, random orders beyond; ≤ 16.
    Index orders = 200;        ///< Random orders of the loops, ≥ 2.
    std::uint64_t seed = 0;
    std::size_t threads = 0;
};

/// Which loop moved which mode: shares that add up to the shifts.
struct LoopShares {
    std::vector<Index> modes;      ///< Those asked for and followed, m of them.
    ComplexVector before;          ///< λ_i of W, shape (m,).
    ComplexVector after;           ///< Where all loops together take them.
    ComplexMatrix shares;          ///< φ_ik, shape (m, k): Σ_k φ_ik = after_i − before_i.
    Matrix standard_error;         ///< √(E|φ − exact|²), shape (m, k); 0 if exact.
    bool exact;                    ///< Whether every order of the loops was weighed.
    Index sets;                    ///< Sets of loops that were opened.
    std::vector<Index> ambiguous;  ///< Modes that met another one in one of the sets.
    std::vector<Index> lost;       ///< Modes asked for that could not be followed in one of them.
};

/// The Shapley values of the loops for each mode. With λ_i(S) the eigenvalue to which the mode goes
/// when the loops of S open slowly together (`follow_modes`),
///
///     φ_ik = Σ_{S ∌ k} |S|! (K − |S| − 1)! / K!  ( λ_i(S ∪ k) − λ_i(S) ) ,
///
/// the mean over all orders of what loop k adds when it opens: the one rule that adds up to the
/// whole shift, treats loops alike that do alike, and gives nothing to those that do nothing.
/// Only `follow_modes` compares its ends with dense spectra; here steps are half as long instead.
/// Beyond `most_exact` loops it is the mean over random orders, which adds up as well, and the
/// standard error is that of the mean.
///
/// \throws ShapeError, DomainError as `follow_modes`; DomainError for modes that are none, more
///         than 64 loops, and options out of range.
/// \cost That of following m modes through 2^k sets, or through at most k · orders.
/// \see Shapley (1953), A value for n-person games, Contributions to the Theory of Games 2; Castro,
///      Gómez & Tejada (2009), Computers & Operations Research 36(5), for random orders.
[[nodiscard]] LoopShares loop_shares(const EigenSystem& system, const Loops& loops,
                                     const LoopSharesOptions& options = {},
                                     const Progress& progress = {});

}  // namespace heddle
