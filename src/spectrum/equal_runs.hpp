#pragma once

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "heddle/linalg/types.hpp"

namespace heddle {

/// Two eigenvalues nearer than this, relative to 1 or their size, are one.
inline bool are_equal(Complex a, Complex b) {
    return std::abs(a - b) <= 1e-12 * std::max(1.0, std::abs(a));
}

/// "1.05 - 0.3i", for messages.
inline std::string text_of(Complex eigenvalue) {
    std::ostringstream out;
    out << eigenvalue.real();
    if (eigenvalue.imag() != 0.0)
        out << (eigenvalue.imag() < 0.0 ? " - " : " + ") << std::abs(eigenvalue.imag()) << "i";
    return out.str();
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
