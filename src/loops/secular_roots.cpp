#include "loops/secular_roots.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"

namespace heddle {
namespace {

constexpr int most_sweeps = 30;

/// D + a bᵀ with a_j b_j = d_j in real form; |a_j| = |b_j| keeps it well balanced.
Matrix balanced_matrix(const ComplexVectorView& poles, const ComplexVectorView& strengths,
                       PairLayout layout) {
    ComplexVector a = strengths.array().sqrt();
    a.head(layout.real) = strengths.head(layout.real).cwiseAbs().cwiseSqrt();
    const auto present = strengths.array().abs() > 0.0;
    const ComplexVector b = present.select(strengths.array() / a.array(), Complex(0.0));
    Matrix b_row = real_of(b, layout).transpose();
    flip_columns(b_row, layout);
    Matrix matrix = real_of(a, layout) * b_row;
    const Index r = layout.real, h = layout.pairs;
    matrix.diagonal() +=
        (Vector(layout.full()) << poles.head(r).real(), poles.tail(h).real(), poles.tail(h).real())
            .finished();
    matrix.block(r, r + h, h, h).diagonal() -= poles.tail(h).imag();
    matrix.block(r + h, r, h, h).diagonal() += poles.tail(h).imag();
    return matrix;
}

/// What Newton's method needs at a root λ_p + δ: g(δ) = δ f, which has no pole at λ_p.
struct Local {
    ComplexVector gap;  ///< z − λ_j; 1 at j = p, where it is not used.
    Complex rest;       ///< 1 − Σ_{j≠p} d_j / (z − λ_j), which is d_p / δ at a root.
    Complex slope;      ///< g′, which is δ f′ at a root.
};

Local local(Index pole, Complex shift, const ComplexVector& poles, const ComplexVector& strengths) {
    Local at;
    at.gap = (poles(pole) - poles.array()) + shift;
    at.gap(pole) = 1.0;
    ComplexVector terms = strengths.array() / at.gap.array();
    terms(pole) = 0.0;
    at.rest = 1.0 - terms.sum();
    at.slope = at.rest + shift * (terms.array() / at.gap.array()).sum();
    return at;
}

struct Iteration {
    ComplexVector poles, strengths;  // full form
    SecularRoots roots;

    [[nodiscard]] Index nearest_pole(Complex z) const {
        Index best = 0;
        (poles.array() - z).abs().minCoeff(&best);
        return best;
    }

    /// p′ / p of the polynomial whose zeros are the roots, less the zeros already found elsewhere,
    /// times g.
    [[nodiscard]] Complex step(Index i, Complex z) const {
        const auto at_root = static_cast<std::size_t>(i);
        const Index pole = roots.pole[at_root];
        const Local at = local(pole, roots.shift(i), poles, strengths);
        const Complex g = roots.shift(i) * at.rest - strengths(pole);
        Complex others = at.gap.cwiseInverse().sum() - 1.0;
        const Index r = roots.layout.real;
        for (Index k = 0; k < roots.values.size(); ++k) {
            if (k != i) others -= 1.0 / (z - roots.values(k));
            if (k >= r) others -= 1.0 / (z - std::conj(roots.values(k)));
        }
        return g / (at.slope + g * others);
    }

    double sweep() {
        double largest = 0.0;
        for (Index i = 0; i < roots.values.size(); ++i) {
            Complex move = step(i, roots.values(i));
            if (i < roots.layout.real) move = move.real();
            roots.shift(i) -= move;
            const Index pole = roots.pole[static_cast<std::size_t>(i)];
            roots.values(i) = poles(pole) + roots.shift(i);
            largest = std::max(largest, std::abs(move));
            if (!std::isfinite(largest)) return std::numeric_limits<double>::infinity();
        }
        return largest;
    }
};

}  // namespace

SecularRoots secular_roots(const ComplexVectorView& poles, const ComplexVectorView& strengths,
                           PairLayout layout) {
    Iteration at{full_of(poles, layout), full_of(strengths, layout), {}};
    const HalfSet start = half_of(eigenvalues(balanced_matrix(poles, strengths, layout)));
    at.roots = {start.layout, {}, ComplexVector(start.values.size()), start.values, 0.0};
    for (Index i = 0; i < start.values.size(); ++i) {
        at.roots.pole.push_back(at.nearest_pole(start.values(i)));
        at.roots.shift(i) = start.values(i) - at.poles(at.roots.pole.back());
    }
    double before = std::numeric_limits<double>::infinity();
    const double scale = at.poles.cwiseAbs().maxCoeff();
    for (int sweep = 0; sweep < most_sweeps; ++sweep) {
        at.roots.correction = at.sweep();
        // Rounding sets a floor that depends on the roots: stop where a sweep gains nothing.
        if (at.roots.correction <= 1e-15 * scale) return at.roots;
        if (at.roots.correction < 1e-6 * scale && at.roots.correction > 0.25 * before)
            return at.roots;
        before = at.roots.correction;
    }
    throw NotConverged(
        "the eigenvalues of the closed loop lie too close together to be told apart; targets "
        "farther from the network's eigenvalues, fewer of them, or another network would do");
}

CauchyVectors cauchy_vectors(const SecularRoots& roots, const ComplexVectorView& poles,
                             const ComplexVectorView& strengths, PairLayout layout) {
    const ComplexVector all = full_of(poles, layout), d = full_of(strengths, layout);
    const Index m = roots.shift.size();
    CauchyVectors vectors{ComplexMatrix(all.size(), m), ComplexMatrix(m, all.size())};
    for (Index i = 0; i < m; ++i) {
        const Index pole = roots.pole[static_cast<std::size_t>(i)];
        const Local at = local(pole, roots.shift(i), all, d);
        vectors.columns.col(i) = roots.shift(i) * at.gap.cwiseInverse();
        vectors.columns(pole, i) = 1.0;
        vectors.rows.row(i) = (d.array() / (at.slope * at.gap.array())).transpose();
        vectors.rows(i, pole) = at.rest / at.slope;
        if (i >= roots.layout.real || roots.shift(i).imag() == 0.0) continue;
        // A real root next to a complex pole: its vector is to be that of a real matrix.
        const Complex phase = roots.shift(i) / std::abs(roots.shift(i));
        vectors.columns.col(i) /= phase;
        vectors.rows.row(i) *= phase;
    }
    return vectors;
}

}  // namespace heddle
