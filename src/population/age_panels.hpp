#pragma once

#include <map>
#include <vector>

#include "heddle/linalg/types.hpp"

namespace heddle {

/// A stretch of age, ms. Functions of age are known by their values at its Chebyshev points.
struct AgePanel {
    double start;
    double width;
};

/// What values f at the points make on a panel of width 1.
struct PanelRule {
    static constexpr Index degree = 16;
    static constexpr Index points = degree + 1;

    Vector place;   ///< The points, from 0 to 1.
    Matrix slope;   ///< f' at the points.
    Matrix before;  ///< ∫ f from the start to each point.
    Matrix series;  ///< The coefficients of f in Chebyshev's polynomials.

    /// ∫ f.
    [[nodiscard]] double integral(const VectorView& f) const { return before.row(degree).dot(f); }
    /// How much of f its last coefficients are, relative to its largest value, or to `scale` if
    /// that is larger.
    [[nodiscard]] double unresolved(const VectorView& f, double scale = 0.0) const;
};

[[nodiscard]] const PanelRule& panel_rule();

/// Each panel as two.
[[nodiscard]] std::vector<AgePanel> halved(const std::vector<AgePanel>& panels);

/// The transform of a function of age seen from each age x,
///
///     (T f)(x) = ∫_x^∞ f(y) e^{−λ (y − x)} dy ,   (T f)' = λ T f − f ,
///
/// by collocation, from the last panel to the first: as good as f is resolved, whatever λ, since
/// T f is as smooth as f.
class AgeTransform final {
  public:
    /// \param rate λ, 1/ms.
    AgeTransform(const std::vector<AgePanel>& panels, Complex rate);

    /// \param f       shape (points, panels).
    /// \param beyond  T f at the end of the last panel.
    [[nodiscard]] ComplexMatrix operator()(const ComplexMatrix& f, Complex beyond) const;

  private:
    const std::vector<AgePanel>& panels_;
    std::map<double, ComplexMatrix> inverses_;  ///< By the width of panels.
};

}  // namespace heddle
