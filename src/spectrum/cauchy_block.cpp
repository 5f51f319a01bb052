#include "spectrum/cauchy_block.hpp"

#include "spectrum/cauchy_kernels.hpp"

namespace heddle {

CauchyBlock::CauchyBlock(const CauchyLink& link)
    : link_(link),
      n_(link.a.size()),
      columns_(static_cast<Index>(link.poles.re.size()), 2 * most) {}

void CauchyBlock::fill(Index first, Index count) {
    for (Index k = 0; k < count; ++k) {
        const Index i = first + k, p = link_.roots.pole[static_cast<std::size_t>(i)];
        cauchy_column(link_.poles.re.size(), link_.poles.re.data(), link_.poles.im.data(),
                      link_.poles(p), link_.roots.shift(i), columns_.col(k).data(),
                      columns_.col(most + k).data());
        columns_(p, k) = columns_(p, most + k) = 0.0;
    }
}

SplitPoints padded_with_zeros(const ComplexVectorView& values) {
    SplitPoints points(values);
    for (auto j = static_cast<std::size_t>(values.size()); j < points.re.size(); ++j)
        points.re[j] = points.im[j] = 0.0;
    return points;
}

}  // namespace heddle
