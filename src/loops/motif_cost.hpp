#pragma once

#include "heddle/loops/robust_motif_loops.hpp"
#include "loops/mode_map.hpp"
#include "loops/output_response.hpp"

namespace heddle {

/// The cost of a motif's loops, as `robust_motif_cost` says, for many of them.
class MotifCost final {
  public:
    /// \param resolvent kept by reference. \param duration T, s.
    MotifCost(const Network& network, const Resolvent& resolvent, const ModeFit& fit,
              double duration);

    struct Value {
        double cost = std::numeric_limits<double>::infinity();  ///< √(I_x I_y) / (√n T).
        double activity = 0.0;                                  ///< I_x, s.
        double response = 0.0;                                  ///< I_y, s.
        LoopVariables gradient;                                 ///< Of ln cost.
    };

    /// \param point U in the resolvent's reduced basis.
    [[nodiscard]] Value at(const LoopVariables& point) const;

    /// Where the directions h really lead.
    [[nodiscard]] ComplexMatrix directions(const LoopVariables& point) const {
        return map_.at(point).directions;
    }

  private:
    double tau_, duration_;
    ModeMap map_;
    OutputFlow flow_;
    Matrix overlaps_;  ///< Ω = ∫ ω ωᵀ dt, x = X ω, time in units of τ, shape (2 q, 2 q).
};

}  // namespace heddle
