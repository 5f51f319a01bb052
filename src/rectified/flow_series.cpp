#include "rectified/flow_series.hpp"

#include <algorithm>
#include <limits>

namespace heddle {

FlowSeries::FlowSeries(FlowCoordinates& coordinates)
    : coordinates_(coordinates),
      states_(coordinates.states(), most_terms),
      inputs_(coordinates.units(), most_terms),
      norms_(most_terms) {}

void FlowSeries::expand(const Vector& start, const Support& support, const Support& on_threshold,
                        double step, double scale, double tolerance) {
    step_ = step;
    rate_ = coordinates_.rate_bound(support);
    states_.col(0) = start;
    norms_[0] = start.norm();
    coordinates_.inputs(states_.col(0), inputs_.col(0));
    inputs_.col(0) += coordinates_.bias;
    for (const Index j : on_threshold) inputs_(j, 0) = 0.0;
    next_term(1, support);
    const double most =
        tolerance * std::max(scale, coordinates_.basis_norm * (norms_[0] + norms_[1]));
    for (terms_ = 2; terms_ < most_terms && bound_after(terms_ - 1) > most; ++terms_)
        next_term(terms_, support);
    remainder_ = bound_after(terms_ - 1);
    if (remainder_ > most) shorten(most);
    growth_ =
        norms_.head(terms_).maxCoeff() / std::max(norms_[0], std::numeric_limits<double>::min());
}

void FlowSeries::next_term(Index p, const Support& support) {
    auto out = states_.col(p);
    coordinates_.linear(states_.col(p - 1), out);
    coordinates_.add_outputs(inputs_.col(p - 1), support, out);
    if (p == 1) out += coordinates_.drive;
    out *= step_ / static_cast<double>(p);
    norms_[p] = out.norm();
    coordinates_.inputs(out, inputs_.col(p));
}

/// Σ_{j ≥ 1} ‖x_{p + j}‖ ≤ ‖x_p‖ Σ_j r^j with r = ‖A_σ‖ h / (p + 1).
double FlowSeries::bound_after(Index p) const {
    const double ratio = rate_ * step_ / static_cast<double>(p + 1);
    if (ratio >= 0.9) return std::numeric_limits<double>::infinity();
    return coordinates_.basis_norm * norms_[p] * ratio / (1.0 - ratio);
}

/// The series of a shorter step has the same terms, scaled.
void FlowSeries::shorten(double tolerance) {
    double scale = 1.0;
    for (int attempt = 0; attempt < 200 && remainder_ > tolerance; ++attempt) {
        scale *= 0.9;
        step_ *= 0.9;
        double power = 1.0;
        for (Index p = 0; p < terms_; ++p, power *= 0.9) norms_[p] *= power;
        remainder_ = bound_after(terms_ - 1);
    }
    double power = 1.0;
    for (Index p = 0; p < terms_; ++p, power *= scale) {
        states_.col(p) *= power;
        inputs_.col(p) *= power;
    }
}

Vector FlowSeries::state(double s) const {
    Vector powers(terms_);
    double power = 1.0;
    for (Index p = 0; p < terms_; ++p, power *= s) powers[p] = power;
    return states_.leftCols(terms_) * powers;
}

}  // namespace heddle
