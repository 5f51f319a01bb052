#include <cmath>

#include "spectrum/secular_roots.hpp"

namespace heddle {
namespace {

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

}  // namespace

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
