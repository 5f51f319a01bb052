#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

/// The real parts of all m columns, then their imaginary parts: (n, m) complex to (n, 2 m) real. A
/// real matrix times all of them is then one real product, and for conjugate pairs the columns are
/// a real basis of what the pairs span.
[[nodiscard]] inline Matrix split(const ComplexMatrixView& x) {
    Matrix parts(x.rows(), 2 * x.cols());
    parts << x.real(), x.imag();
    return parts;
}

/// The inverse of `split`.
[[nodiscard]] inline ComplexMatrix join(const MatrixView& parts) {
    const Index m = parts.cols() / 2;
    ComplexMatrix x(parts.rows(), m);
    x.real() = parts.leftCols(m);
    x.imag() = parts.rightCols(m);
    return x;
}

}  // namespace heddle
