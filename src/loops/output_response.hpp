#pragma once

#include <limits>
#include <vector>

#include "heddle/linalg/types.hpp"

namespace heddle {

/// I_y = ∫₀ᵀ ‖C e^{A t}‖_F² dt, A = F + U Vᵀ − 1, and its gradient; time in units of τ.
struct OutputResponse {
    double value = std::numeric_limits<double>::infinity();
    Matrix u_gradient;  ///< ∂I_y/∂U, shape (n, k).
    Matrix v_gradient;  ///< ∂I_y/∂V, shape (n, k).
};

/// Evaluates I_y for many loops in O(n² d T), by products with the network alone. Over a panel of
/// `panel` time constants,
///
///     e^{Aᵀ s} Z = e^{−s} Σ_l (s / h)^l T_l ,   T_l = (h / l) (Fᵀ + V Uᵀ) T_{l−1} ,   T_0 = Z
///
/// (Taylor polynomials are the Faber polynomials of a disc, which a network's eigenvalues fill),
/// cut where terms fall below 1e-10 of their sum; the integral of the squared sum is exact. The
/// gradient is that of this very sum, by one sweep backwards (a discrete adjoint).
class OutputFlow final {
  public:
    /// \param reduced F, upper Hessenberg, shape (n, n); kept by reference.
    /// \param readout C in the same basis, shape (d, n). \param duration T / τ.
    OutputFlow(const Matrix& reduced, const MatrixView& readout, double duration);

    /// Infinite, without gradients, where the Taylor series needs more than 120 terms a panel.
    [[nodiscard]] OutputResponse evaluate(const Matrix& u, const Matrix& v,
                                          bool with_gradient = true) const;

  private:
    struct Panel;

    [[nodiscard]] Matrix apply_transposed(const Matrix& u, const Matrix& v,
                                          const MatrixView& z) const;
    [[nodiscard]] Matrix apply(const Matrix& u, const Matrix& v, const MatrixView& z) const;
    [[nodiscard]] bool march(const Matrix& u, const Matrix& v, Matrix& z, Panel& panel) const;
    void retrace(const Matrix& u, const Matrix& v, Panel& panel, Matrix& adjoint,
                 OutputResponse& response) const;

    const Matrix& reduced_;
    Matrix start_;  ///< Cᵀ.
    Index panels_;
    double length_;   ///< h.
    Matrix moments_;  ///< ∫₀ʰ e^{−2 s} (s / h)^{a+b} ds.
};

}  // namespace heddle
