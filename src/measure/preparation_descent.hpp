#pragma once

#include <functional>
#include <vector>

#include "heddle/core/parallel.hpp"
#include "heddle/network/network.hpp"
#include "loops/lbfgs.hpp"
#include "loops/sphere_factors.hpp"
#include "measure/schatten.hpp"

namespace heddle {

/// M ≈ left · rightᵀ, with orthonormal columns on the right.
struct FactoredMap {
    Matrix left, right;
};

/// What M does by more than 1e-7 of its norm, from the eigenvectors of MᵀM.
[[nodiscard]] FactoredMap factored(const Matrix& m);

/// What preparatory loops leave of deviations that motifs have shaped, in the norm of T:
///
///     φ(U, V) = ln (Σ_i ‖T E M_i T⁻¹‖_16^16)^{1/16} ,   E = e^{(W + U Vᵀ − 1) t / τ}
///
/// never below ln max_i ‖T E M_i T⁻¹‖₂, and its exact gradient. With `Kept`, a further term
/// ‖scale e^{(W + U Vᵀ − 1) t_k / τ} D‖_16 stands in the sum.
struct Kept {
    double time;   ///< t_k in units of τ.
    Matrix steps;  ///< scale · D, shape (n, r).
};

class PreparationNorm final {
  public:
    /// \param time t in units of τ.
    PreparationNorm(const Network& network, const std::vector<FactoredMap>& maps,
                    const Matrix& transform, double time, std::size_t threads, Kept kept = {});

    struct Value {
        double value;
        Matrix gradient_u, gradient_v;  ///< Empty where the value is not finite.
    };
    [[nodiscard]] Value at(const Loops& loops) const;

  private:
    Matrix weights_;  ///< W − 1.
    const Matrix& transform_;
    double time_;
    std::size_t threads_;
    Kept kept_;
    std::vector<Matrix> columns_;  ///< M_i T⁻¹, turned on the right into as few columns as its
                                   ///< rank.
    Index total_ = 0;
};

/// Loops that lower φ, with the Frobenius norms of U and V they start with.
struct PreparationDescent {
    Loops loops;
    double before, after;  ///< φ.
    Index evaluations;
};
[[nodiscard]] PreparationDescent descend(const PreparationNorm& norm, const Loops& start,
                                         int most_evaluations, const std::function<void()>& tick);

}  // namespace heddle
