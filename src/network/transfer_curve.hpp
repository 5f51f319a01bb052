#pragma once

#include "heddle/network/response.hpp"

namespace heddle {

inline constexpr double unit_roundoff = 1.1102230246251565e-16;

/// φ of a TransferResponse, ready to be evaluated. In units of Delta_V and lambda_0, with h_k the
/// mean of f⁽ᵏ⁾ and u = u_0 + s x,
///
///     φ(x) = (h_0(u) − h_0(u_0)) / (s h_1(u_0)) ,   φ' = h_1(u) / h_1(u_0) ,   φ'' = s h_2(u) / …
///
/// of exponential hazards (eˢˣ − 1) / s. |h_2| is even in u, rises up to a peak and falls beyond it
/// (of sigmoids, since a mean over a normal law adds no change of sign to f''').
///
/// Errors are absolute and hold for the numbers as they are stored, if the rules of `softplus_mean`
/// are as near as `softplus_error` says, and exp, expm1 and erfc right to 4 ulp.
class TransferCurve final {
  public:
    explicit TransferCurve(const TransferResponse& response);

    [[nodiscard]] double value(double x) const;
    [[nodiscard]] double slope(double x) const;
    [[nodiscard]] double curvature(double x) const;

    /// What these are off by at most.
    [[nodiscard]] double value_error(double x) const;
    [[nodiscard]] double slope_error(double x) const;

    /// A bound of |φ''| between x − r and x + r; the largest number where there is none.
    [[nodiscard]] double curvature_bound(double x, double r) const;

    /// sup φ', rounded up.
    [[nodiscard]] double steepest() const;

    /// Is h_1(u_0) more than its error, and h_0(u_0) a number?
    [[nodiscard]] bool has_gain() const;

  private:
    [[nodiscard]] bool exponential() const noexcept { return form_ == Hazard::exponential; }
    [[nodiscard]] double argument(double x) const noexcept { return centre_ + scale_ * x; }
    [[nodiscard]] double mean(int order, double u) const;
    /// Of the mean as computed from numbers that are rounded too, at arguments of up to `extent`.
    [[nodiscard]] double mean_error(int order, double extent) const;
    [[nodiscard]] double extent(double x) const noexcept;
    [[nodiscard]] double curvature_error(double extent, double found) const;
    void find_peak();

    Hazard form_;
    double centre_;          ///< u_0.
    double width_;           ///< w, the variance.
    double scale_;           ///< s.
    double rate_ = 0.0;      ///< h_0(u_0).
    double gain_ = 1.0;      ///< h_1(u_0),
    double least_ = 1.0;     ///< and that less its error.
    double gain_off_ = 0.0;  ///< Its error.
    double peak_ = 0.0;      ///< |u| where |h_2| is largest,
    double most_ = 0.0;      ///< and what it is there.
};

}  // namespace heddle
