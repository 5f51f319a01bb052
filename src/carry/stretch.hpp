#pragma once

#include "heddle/carry/carry_over.hpp"
#include "network/response_curve.hpp"

namespace heddle {

/// One stretch of time of a carried library, a motif or its preparation, ready to be stepped:
/// x ← (1 − η) x + η (M φ(x) + b), M = W + U Vᵀ.
class Stretch final {
  public:
    [[nodiscard]] static Stretch motif(const CarriedLibrary& carried, std::size_t i);
    [[nodiscard]] static Stretch preparation(const CarriedLibrary& carried, std::size_t i);

    /// φ(x) of states in columns.
    void rates(const Matrix& x, Matrix& rates) const;
    /// The states one step later, where φ(x) is known.
    void step(const Matrix& rates, Matrix& x) const;
    /// φ'(x) of one state.
    [[nodiscard]] Vector slopes(const VectorView& x) const;
    /// ∂ x_{t+1} / ∂ x_t = (1 − η) + η M diag(φ'(x)).
    [[nodiscard]] Matrix jacobian(const VectorView& slopes) const;

    [[nodiscard]] const Matrix& recurrent() const { return recurrent_; }
    [[nodiscard]] const ResponseCurve& curve() const { return curve_; }
    [[nodiscard]] double eta() const { return eta_; }
    [[nodiscard]] Index steps() const { return steps_; }

  private:
    Stretch(const CarriedLibrary& carried, const Loops& loops, Index input, Index steps);

    Matrix recurrent_;
    Vector drive_;
    ResponseCurve curve_;
    double eta_;
    Index steps_;
};

/// What happens from a state on: stretches one after the other.
using Passage = std::vector<Stretch>;

/// The passage of a motif, with its preparation or without.
[[nodiscard]] Passage passage(const CarriedLibrary& carried, std::size_t motif, bool preparation);

/// Every state of a passage from `start`, (n, steps + 1).
[[nodiscard]] Matrix trajectory(const Passage& passage, const VectorView& start);

/// The state at the end of motif `i`, from its own start.
[[nodiscard]] Vector end_of(const CarriedLibrary& carried, std::size_t i);

/// ‖·‖₂ of a state's deviation is told relative to this: a √n.
[[nodiscard]] double unit_of(const CarriedLibrary& carried);

}  // namespace heddle
