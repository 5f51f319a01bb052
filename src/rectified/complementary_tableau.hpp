#pragma once

#include <vector>

#include "heddle/linalg/types.hpp"

namespace heddle {

/// The complementarity problem w = z − M z − q t with w, z ≥ 0 that a search splits on its
/// supports, and what a proof that a part of it is empty needs.
struct UnitProblem {
    Matrix m;  ///< M, shape (n, n).
    Vector q;  ///< Shape (n,); at most 1 in size.
    /// Whether t = 0 and Σ z = 1: rays of z = [M z]₊ instead of solutions of z = [M z + q]₊, t = 1.
    /// Then q only says how far away such solutions can be.
    bool rays = false;

    [[nodiscard]] Index units() const noexcept { return m.rows(); }
};

/// Variables j = 0 … n − 1 are w_j, n + j are z_j, and 2 n is 1 − Σ z where rays are sought. Those
/// that are excluded are zero: w_j in an active unit, z_j in a silent one.
using Excluded = std::vector<char>;

/// What is allowed if nothing is decided: all but units without input from outside that no unit
/// which may be active excites. These are silent.
[[nodiscard]] Excluded nothing_decided(const UnitProblem& problem);

/// A simplex tableau of the problem without complementarity of the units that are not decided:
/// basic = b + T · (nonbasic), all of them ≥ 0. Least cost with fixed positive costs of z makes the
/// dual simplex method end; any of its bases may be handed on to a problem with more decided.
///
/// \cost n² multiplications and additions a pivot.
class ComplementaryTableau final {
  public:
    ComplementaryTableau() = default;
    ComplementaryTableau(const UnitProblem& problem, Excluded excluded);

    /// Makes a variable zero from now on.
    void exclude(Index variable) { excluded_[static_cast<std::size_t>(variable)] = 1; }

    /// Finds a point; false if there is none, and then `certificate` says why.
    [[nodiscard]] bool settle();

    /// Multipliers of the equations, shape (rows,), that contradict each other: see `empty_below`.
    [[nodiscard]] Vector certificate() const;

    [[nodiscard]] const Excluded& excluded() const noexcept { return excluded_; }

    /// Values of all variables at the point.
    void values(Vector& out) const;

  private:
    [[nodiscard]] Index leaving() const;
    [[nodiscard]] Index entering(Index row, double sign) const;
    void pivot(Index row, Index column);
    [[nodiscard]] bool is_excluded(Index variable) const {
        return excluded_[static_cast<std::size_t>(variable)] != 0;
    }

    Index rows_ = 0;
    Index columns_ = 0;
    Matrix table_;  ///< T and b beside it; the reduced costs below.
    std::vector<Index> basic_;
    std::vector<Index> nonbasic_;
    Excluded excluded_;
    Vector column_;
    Vector row_;
    Index failed_row_ = -1;
    double failed_sign_ = 0.0;
};

/// A bound below which Σ z of any solution among what `excluded` allows cannot lie, proven by the
/// multipliers y in floating point with every rounding error counted; 0 if they prove nothing.
/// With y ≥ 0 where w_j is allowed and c = (M − 1)ᵀ y ≥ −ε where z_j is, any solution has
///
///     0 = wᵀ y + zᵀ c + t qᵀ y   ≥   −ε Σ z + t qᵀ y .
[[nodiscard]] double empty_below(const UnitProblem& problem, const Excluded& excluded,
                                 const Vector& certificate);

}  // namespace heddle
