#pragma once

#include "heddle/loops/library.hpp"

namespace heddle {

/// How well any motif follows any other, for sequences of every length.
struct Transitions {
    Matrix error;  ///< Normalised squared error of motif j right after motif i was performed from
                   ///< its own initial state, shape (m, m).
    Matrix state_error;  ///< |x − x_j(0)| / |x_j(0)| at the start of j after i, shape (m, m).
    Vector contraction;  ///< q_i = ‖E M_i‖₂, shape (m,): how a deviation at the start of i shrinks
                         ///< until the next motif.
    double q;  ///< max q_i. Below 1, no sequence of any length drifts: |δ| ≤ qᵏ |δ_0| + h / (1 −
               ///< q).
    double bound;   ///< h / (1 − q), the largest |δ| any sequence can reach; infinite if q ≥ 1.
    double radius;  ///< max ρ(E M_i): a lower bound on the joint spectral radius; ≥ 1 proves that
                    ///< some words diverge.
    double safe_time;  ///< Shortest t_p with q < 1 at this and all longer times up to the
                       ///< library's, s; NaN if none.
};

/// E = e^{A_p t_p} is the preparation, M_i = e^{A_i T_i} motif i; the deviation from the planned
/// state obeys δ' = E M_i δ + E (M_i x_i − x_j).
///
/// \cost One matrix exponential a motif, about 40 n³ flops each, and a bisection for safe_time.
[[nodiscard]] Transitions transitions(const Library& library, std::size_t threads = 0,
                                      const Progress& progress = {});

}  // namespace heddle
