#pragma once

#include <vector>

namespace heddle {

/// All positive roots of Σ coefficients[k] x^k, rising; a root of even multiplicity (to rounding)
/// once. Between two neighbouring roots of its derivative a polynomial is monotone and has at most
/// one root, so none is missed.
/// \cost O(degree²) bisections.
[[nodiscard]] std::vector<double> positive_roots(std::vector<double> coefficients);

}  // namespace heddle
