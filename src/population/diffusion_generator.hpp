#pragma once

#include "heddle/linalg/types.hpp"
#include "population/potential_grid.hpp"

namespace heddle {

/// (A − s)⁻¹ for the finite volumes of a Fokker–Planck equation with reset,
///
///     h ṗ_k = J_{k−1} − J_k  (+ what leaves the refractory period, at the node of V_reset) ,
///
/// J through the faces above node k; J at V_peak enters a refractory period of t_ref, here a chain
/// of equal stages. The state is p, then the stages' content.
class DiffusionGenerator final {
  public:
    /// \param shift s, 1 / ms, > 0.
    DiffusionGenerator(const PotentialGrid& grid, const Faces& faces, double t_ref, double shift);

    [[nodiscard]] Index size() const { return nodes_ + stages_; }
    void solve(const Vector& x, Vector& y) const;

  private:
    void solve_tridiagonal(Vector& y) const;

    Index nodes_;
    Index stages_;
    Index reset_;
    double h_;
    double out_;         ///< J at V_peak of p = 1 at the last node, mV / ms.
    double stage_rate_;  ///< 1 / ms.
    double shift_;
    Vector above_;  ///< Over the pivot.
    Vector below_;
    Vector pivot_;
    Vector source_;  ///< (T − s)⁻¹ e_reset.
};

}  // namespace heddle
