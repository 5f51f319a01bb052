#pragma once

#include "heddle/motif/motif.hpp"

namespace heddle {

/// What is left of a motif once the best amplitudes for given modes are taken out (variable
/// projection).
///
/// Modes are θ = (Re λ_1 − 1, …, Re λ_q − 1, Im λ_1, …, Im λ_q), shape (2q,), and s, ω its halves.
/// With the real basis B = (e^{st} cos ωt, −e^{st} sin ωt, 1), t in units of τ, and the motif Y
/// scaled to Σ|Y − mean|² = 1,
///
///     φ(θ) = min_X ‖Y − B X‖² + ρ T Σ_modes ‖X‖²  =  error + ridge · Σ|C|² / variance .
///
/// Its gradient is that of ‖Y − B(θ) X‖² at the best X (envelope theorem).
/// \see Golub & Pereyra (1973), SIAM J. Numer. Anal. 10(2).
class Residual final {
  public:
    Residual(const Motif& motif, double tau, double ridge);

    /// φ(θ); keeps what the members below need.
    double evaluate(const VectorView& theta);

    // All at the θ evaluated last.
    [[nodiscard]] Vector gradient() const;           ///< ∇φ, shape (2q,).
    [[nodiscard]] ComplexMatrix amplitudes() const;  ///< C, shape (d, q), in the motif's units.
    [[nodiscard]] Vector offset() const;             ///< c, shape (d,).
    [[nodiscard]] double error() const;              ///< ‖Y − B X‖², the ridge left out.
    [[nodiscard]] double amplitude() const;          ///< √(Σ|C|² / variance).

    [[nodiscard]] double step() const { return step_; }  ///< dt / τ.
    [[nodiscard]] Index samples() const { return target_.rows(); }
    [[nodiscard]] double duration() const { return step_ * static_cast<double>(samples() - 1); }
    [[nodiscard]] const Matrix& target() const { return target_; }

  private:
    void fill_basis(const VectorView& theta);

    double step_;
    double weight_;  ///< √(ρ T): the ridge, as further rows of the least-squares problem.
    double scale_;   ///< √Σ|target − mean|².
    Vector mean_;    ///< Shape (d,).
    Matrix target_;  ///< Y, with 2q rows of zeros below when solved, shape (T, d).
    Index pairs_ = 0;
    Matrix basis_;     ///< [B; ridge rows], shape (T + 2q, 2q + 1).
    Matrix solution_;  ///< X, shape (2q + 1, d).
    Matrix residual_;  ///< Y − B X, shape (T, d).
};

}  // namespace heddle
