#pragma once

#include <vector>

#include "heddle/linalg/types.hpp"

namespace heddle {

/// Two eigenvalues nearer than this, relative to 1 or their size, are one.
inline bool are_equal(Complex a, Complex b) {
    return std::abs(a - b) <= 1e-12 * std::max(1.0, std::abs(a));
}

/// Eigenvalues first … first + count − 1 of a list are one.
struct EqualRun {
    Index first, count;
};

[[nodiscard]] inline std::vector<EqualRun> equal_runs(const ComplexVectorView& eigenvalues) {
    std::vector<EqualRun> runs;
    for (Index i = 0; i < eigenvalues.size(); ++i)
        if (runs.empty() || !are_equal(eigenvalues(i), eigenvalues(runs.back().first)))
            runs.push_back({i, 1});
        else
            ++runs.back().count;
    return runs;
}

}  // namespace heddle
