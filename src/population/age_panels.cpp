#include "population/age_panels.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "heddle/linalg/solve.hpp"

namespace heddle {
namespace {

constexpr Index degree = PanelRule::degree;
constexpr Index points = PanelRule::points;

double angle(Index j) {
    return std::numbers::pi * static_cast<double>(degree - j) / static_cast<double>(degree);
}

/// 1, but ½ at both ends.
double end_weight(Index j) {
    return j == 0 || j == degree ? 0.5 : 1.0;
}

/// c_k = (2 / n) e_k Σ_j e_j f_j cos(k θ_j), e the weights of ends.
Matrix series() {
    Matrix matrix(points, points);
    for (Index k = 0; k < points; ++k)
        for (Index j = 0; j < points; ++j)
            matrix(k, j) = 2.0 / static_cast<double>(degree) * end_weight(k) * end_weight(j) *
                           std::cos(static_cast<double>(k) * angle(j));
    return matrix;
}

/// ∫ T_k from −1 to cos θ.
double integral_of_polynomial(Index k, double theta) {
    const double n = static_cast<double>(k), x = std::cos(theta);
    if (k == 0) return x + 1.0;
    if (k == 1) return 0.5 * (x * x - 1.0);
    const auto at = [&](double t) {
        return 0.5 * (std::cos((n + 1.0) * t) / (n + 1.0) - std::cos((n - 1.0) * t) / (n - 1.0));
    };
    return at(theta) - at(std::numbers::pi);
}

Matrix integrals() {
    Matrix matrix(points, points);
    for (Index j = 0; j < points; ++j)
        for (Index k = 0; k < points; ++k) matrix(j, k) = 0.5 * integral_of_polynomial(k, angle(j));
    matrix.row(0).setZero();
    return matrix;
}

/// By barycentric weights; rows sum to zero.
Matrix slopes(const Vector& place) {
    Matrix matrix = Matrix::Zero(points, points);
    for (Index j = 0; j < points; ++j) {
        for (Index k = 0; k < points; ++k)
            if (k != j)
                matrix(j, k) = ((j + k) % 2 == 0 ? 1.0 : -1.0) * end_weight(k) / end_weight(j) /
                               (place[j] - place[k]);
        matrix(j, j) = -matrix.row(j).sum();
    }
    return matrix;
}

PanelRule make_rule() {
    PanelRule rule;
    rule.place.resize(points);
    for (Index j = 0; j < points; ++j) {
        const double sine = std::sin(0.5 * (std::numbers::pi - angle(j)));
        rule.place[j] = sine * sine;
    }
    rule.slope = slopes(rule.place);
    rule.series = series();
    rule.before = integrals() * rule.series;
    return rule;
}

/// ((D / width − λ) without the last point)⁻¹.
ComplexMatrix inverse(double width, Complex rate) {
    ComplexMatrix matrix =
        (panel_rule().slope.topLeftCorner(degree, degree) / width).cast<Complex>();
    matrix.diagonal().array() -= rate;
    return solve_complex(matrix, ComplexMatrix::Identity(degree, degree));
}

}  // namespace

double PanelRule::unresolved(const VectorView& f, double scale) const {
    const double largest = std::max(scale, f.lpNorm<Eigen::Infinity>());
    if (largest == 0.0) return 0.0;
    return (series.bottomRows(2) * f).lpNorm<Eigen::Infinity>() / largest;
}

const PanelRule& panel_rule() {
    static const PanelRule rule = make_rule();
    return rule;
}

std::vector<AgePanel> halved(const std::vector<AgePanel>& panels) {
    std::vector<AgePanel> halves;
    for (const auto [start, width] : panels) {
        halves.push_back({start, 0.5 * width});
        halves.push_back({start + 0.5 * width, 0.5 * width});
    }
    return halves;
}

AgeTransform::AgeTransform(const std::vector<AgePanel>& panels, Complex rate) : panels_(panels) {
    for (const AgePanel& panel : panels)
        if (!inverses_.contains(panel.width))
            inverses_.emplace(panel.width, inverse(panel.width, rate));
}

ComplexMatrix AgeTransform::operator()(const ComplexMatrix& f, Complex beyond) const {
    ComplexMatrix result(points, f.cols());
    for (Index p = f.cols() - 1; p >= 0; --p) {
        const double width = panels_[static_cast<std::size_t>(p)].width;
        const Vector into = panel_rule().slope.col(degree).head(degree) / width;
        result.col(p).head(degree).noalias() =
            inverses_.at(width) * (-f.col(p).head(degree) - into.cast<Complex>() * beyond);
        result(degree, p) = beyond;
        beyond = result(0, p);
    }
    return result;
}

}  // namespace heddle
