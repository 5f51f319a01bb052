#include "spectrum/cauchy_link.hpp"

#include <cmath>
#include <utility>

#include "spectrum/cauchy_block.hpp"
#include "spectrum/cauchy_kernels.hpp"

namespace heddle {
namespace {

/// Σ over all poles but p at a root, and the squared size of (z − Λ)⁻¹ a without p.
struct AtRoot {
    Complex rest;   ///< 1 − Σ d_j / (z − λ_j), which is d_p / δ.
    Complex slope;  ///< δ f′.
    double size;
};

/// A root that has left its pole: both vectors follow from δ, without dividing by what may be tiny.
void scale_moved(CauchyLink& link, Index i, const AtRoot& at) {
    const Index p = link.roots.pole[static_cast<std::size_t>(i)];
    const Complex shift = link.roots.shift(i), a = link.a(p), b = link.b(p);
    const double distance = std::abs(shift);
    // Vectors of a real root are to be those of a real matrix, also next to a complex pole.
    const Complex phase = i < link.roots.layout.real ? distance / shift : Complex(1.0);
    const Complex scale = phase / std::hypot(distance * std::sqrt(at.size), std::abs(a));
    link.right.spread(i) = scale * shift;
    link.right.at_pole(i) = scale * a;
    link.left.spread(i) = 1.0 / (scale * at.slope);
    link.left.at_pole(i) =
        a * b != 0.0 ? at.rest / (scale * a * at.slope) : b / (scale * shift * at.slope);
}

/// A root on its pole, d_p = 0.
void scale_resting(CauchyLink& link, Index i, const AtRoot& at) {
    const Index p = link.roots.pole[static_cast<std::size_t>(i)];
    const Complex a = link.a(p), b = link.b(p);
    link.right.at_pole(i) = link.left.at_pole(i) = 1.0;
    link.right.spread(i) = link.left.spread(i) = 0.0;
    if (b != 0.0) {
        const double scale = 1.0 / std::hypot(std::abs(b) * std::sqrt(at.size), std::abs(at.rest));
        link.right.spread(i) = scale * b;
        link.right.at_pole(i) = scale * at.rest;
        link.left.at_pole(i) = 1.0 / (scale * at.rest);
    } else if (a != 0.0) {
        link.left.spread(i) = a / at.rest;
    }
}

void scale_vectors(CauchyLink& link) {
    const Index half = link.roots.layout.half();
    for (CauchyScale* scale : {&link.right, &link.left}) {
        scale->spread.resize(half);
        scale->at_pole.resize(half);
    }
    const SplitPoints strengths = padded_with_zeros(link.a.cwiseProduct(link.b));
    const SplitPoints squares = padded_with_zeros(link.a.cwiseAbs2().cast<Complex>());
    CauchyBlock block(link);
    for (Index i = 0; i < half; ++i) {
        block.fill(i, 1);
        const ColumnSums sums =
            column_sums(squares.re.size(), block.re(0), block.im(0), strengths.re.data(),
                        strengths.im.data(), squares.re.data());
        const Complex shift = link.roots.shift(i), rest = 1.0 - sums.response;
        const AtRoot at{rest, rest + shift * sums.slope, sums.size};
        shift != 0.0 ? scale_moved(link, i, at) : scale_resting(link, i, at);
    }
}

}  // namespace

CauchyLink cauchy_link(const ComplexVectorView& poles, PairLayout layout, ComplexVector a,
                       ComplexVector b) {
    std::vector<PoleGroup> groups = separate_repeated(poles, a, b);
    SecularRoots roots = secular_roots(poles, a.cwiseProduct(b), layout);
    CauchyLink link{layout,
                    full_of(a, layout),
                    full_of(b, layout),
                    SplitPoints(full_of(poles, layout)),
                    std::move(roots),
                    {},
                    {},
                    std::move(groups)};
    scale_vectors(link);
    return link;
}

}  // namespace heddle
