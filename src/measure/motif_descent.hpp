#pragma once

#include <functional>

#include "heddle/loops/library.hpp"
#include "loops/mode_map.hpp"
#include "measure/schatten.hpp"

namespace heddle {

/// What a preparation leaves of deviations that one motif has shaped, in the norm of T, as a
/// function of the loops (U, h) of that motif (`ModeMap`):
///
///     φ(U, h) = ln ‖T E M T⁻¹‖_16 ,   M = e^{(W + U Vᵀ − 1) T_m / τ}
///
/// and its exact gradient. The motif's output without disturbance is the same for all (U, h).
class MotifNorm final {
  public:
    /// \param left T E Q and \param right Qᵀ T⁻¹, Q the basis in which the resolvent is reduced.
    /// \param network, resolvent, left and right are kept by reference.
    MotifNorm(const Network& network, const Resolvent& resolvent, const MotifLoops& design,
              const Matrix& left, const Matrix& right);

    struct Value {
        double value;
        LoopVariables gradient;  ///< Empty where the value is not finite.
    };
    [[nodiscard]] Value at(const LoopVariables& point) const;

    /// Where the directions h really lead.
    [[nodiscard]] ComplexMatrix directions(const LoopVariables& point) const {
        return map_.at(point).directions;
    }

  private:
    const Resolvent& resolvent_;
    ModeMap map_;
    const Matrix& left_;
    const Matrix& right_;
    double time_;  ///< T_m in units of τ.
};

/// (U, h) of loops that are there; τ_T = 0.
[[nodiscard]] LoopVariables variables_of(const MotifLoops& design, const Resolvent& resolvent);

struct MotifDescent {
    MotifLoops design;     ///< With orthonormal loop outputs; the start if nothing lowered φ.
    double before, after;  ///< φ.
    Index evaluations;
};

/// Loops of the same motif that lower φ; never ones that cannot be trusted where the start can.
[[nodiscard]] MotifDescent descend(const MotifNorm& norm, const Network& network,
                                   const Resolvent& resolvent, const MotifLoops& start,
                                   const MotifLoopOptions& options, int most_evaluations,
                                   const std::function<void()>& tick);

}  // namespace heddle
