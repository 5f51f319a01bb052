#pragma once

#include <vector>

#include "heddle/spectrum/eigen_system.hpp"

namespace heddle {

/// Loops in the eigenbasis of W: Λ + Ũ Ṽᵀ. Modes without strength stay where they are and are left
/// out of all sums.
struct ModeCoordinates {
    ComplexVector poles;         ///< λ_j, shape (n,).
    ComplexMatrix u, v;          ///< Ũ = L U and Ṽ = Rᵀ V, shape (n, k).
    std::vector<bool> moves;     ///< Whether ‖ũ_j‖ ‖ṽ_j‖ is above rounding.
    std::vector<bool> repeated;  ///< Whether another one that moves has the same eigenvalue.
    double scale;                ///< max |λ_j| and the strength of the loops: what rounding is of.
};

/// \throws DomainError if `system` has loops open.
[[nodiscard]] ModeCoordinates mode_coordinates(const EigenSystem& system, const Loops& loops);

/// One mode of Λ + g Ũ Ṽᵀ.
struct ModePoint {
    Complex gate, value;
    Index pole;                 ///< p, whose coordinate is 1 in both vectors.
    ComplexVector right, left;  ///< r and l, shape (n,).
    ComplexVector drives;       ///< Ṽᵀ r, shape (k,).
    ComplexVector answers;      ///< Ũᵀ l, shape (k,).
    Complex product;            ///< lᵀ r.

    /// ∂z/∂g_k, shape (k,).
    [[nodiscard]] ComplexVector slopes() const { return drives.cwiseProduct(answers) / product; }
    [[nodiscard]] Complex slope() const { return slopes().sum(); }
};

/// The small equation of `follow_modes`, for some of the loops.
class ModeEquation final {
  public:
    ModeEquation(const ModeCoordinates& system, const std::vector<Index>& loops);

    /// The mode at g = 0.
    [[nodiscard]] ModePoint start(Index mode) const;

    /// How fast the mode changes with g: √|l′ᵀ r′ / lᵀ r| of the parts of r′ and l′ that are not
    /// along r and l. The `distance` of two points dg apart is rate² |dg|² to leading order.
    [[nodiscard]] double rate(const ModePoint& point);

    /// Newton's method at another g, from a value nearby; whether it settled at once.
    [[nodiscard]] bool solve(ModePoint& point);

    [[nodiscard]] Index evaluations() const { return evaluations_; }

  private:
    /// Vectors and lᵀ r at (gate, value); returns the defect of the equation, NaN if there is none.
    Complex evaluate(ModePoint& point);
    void set_nearness(const ModePoint& point);
    [[nodiscard]] ComplexMatrix difference(Complex gate);  ///< 1 − g M(z).
    void choose_pole(ModePoint& point) const;

    const ModeCoordinates& system_;
    ComplexMatrix u_, v_, weighted_;
    ComplexVector nearness_;
    Index evaluations_ = 0;
};

/// Modes are alike where this is near 0; it does not depend on how long the vectors are.
[[nodiscard]] double distance(const ModePoint& a, const ModePoint& b);

}  // namespace heddle
