#pragma once

#include "rectified/flow_coordinates.hpp"
#include "rectified/unit_polynomial.hpp"

namespace heddle {

/// The flow within one region, from ξ_0 over a step h (in units of τ), as the series
///
///     ξ(s h) = Σ_p ξ_p s^p ,   y(s h) = Σ_p y_p s^p ,   0 ≤ s ≤ 1,
///
/// cut where a bound of what is left falls below the tolerance.
class FlowSeries final {
  public:
    static constexpr Index most_terms = 48;

    explicit FlowSeries(FlowCoordinates& coordinates);

    /// Sums from the state `start`; units in `on_threshold` have the input 0 there. Shortens the
    /// step if the series does not converge over all of it.
    /// \param tolerance of what is left, relative to `scale`, ‖x_0‖ and ‖x_1‖.
    void expand(const Vector& start, const Support& support, const Support& on_threshold,
                double step, double scale, double tolerance);

    [[nodiscard]] double step() const noexcept { return step_; }
    [[nodiscard]] Index terms() const noexcept { return terms_; }
    /// Bound of ‖x(s h) − Σ x_p s^p‖.
    [[nodiscard]] double remainder() const noexcept { return remainder_; }
    /// The largest term, as a multiple of the state: digits lost to cancellation.
    [[nodiscard]] double growth() const noexcept { return growth_; }

    [[nodiscard]] Vector state(double s) const;
    /// y_p of every unit, shape (m, terms).
    [[nodiscard]] auto inputs() const { return inputs_.leftCols(terms_); }
    /// How far each unit's input moves at most, shape (m,).
    [[nodiscard]] Vector reach() const {
        return inputs_.middleCols(1, terms_ - 1).cwiseAbs().rowwise().sum();
    }
    /// Unit j's distance from its threshold, from the side where it is.
    [[nodiscard]] UnitPolynomial distance(Index j, bool active, double noise) const {
        return {inputs_.data() + j, inputs_.rows(), terms_, active ? 1.0 : -1.0, noise};
    }

  private:
    void next_term(Index p, const Support& support);
    [[nodiscard]] double bound_after(Index p) const;
    void shorten(double tolerance);

    FlowCoordinates& coordinates_;
    Matrix states_;      ///< ξ_p in columns.
    Matrix inputs_;      ///< y_p in columns.
    Vector norms_;       ///< ‖ξ_p‖.
    double rate_ = 0.0;  ///< ‖A_σ‖₂ is at most this.
    double step_ = 0.0;
    double remainder_ = 0.0;
    double growth_ = 0.0;
    Index terms_ = 0;
};

}  // namespace heddle
