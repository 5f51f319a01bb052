#include "linalg/pade.hpp"

#include <array>
#include <cmath>

#include "linalg/lu.hpp"

namespace heddle {
namespace {

/// Of the numerator: b_j = (2m − j)! m! / ((2m)! j! (m − j)!).
std::array<double, 14> coefficients(int m) {
    std::array<double, 14> b{};
    b[0] = 1.0;
    for (int j = 1; j <= m; ++j) {
        const auto i = static_cast<std::size_t>(j);
        b[i] = b[i - 1] * (m - j + 1) / (j * (2.0 * m - j + 1));
    }
    return b;
}

/// (V − U)⁻¹ (V + U), with U the odd part of the numerator and V the even one.
Matrix ratio(const Matrix& odd, const Matrix& even) {
    return Lu(even - odd).solve(even + odd);
}

}  // namespace

Matrix pade(Powers& power, int m) {
    const auto b = coefficients(m);
    const Index n = power.one().rows();
    Matrix odd = b[1] * Matrix::Identity(n, n) + b[3] * power.two();
    Matrix even = b[0] * Matrix::Identity(n, n) + b[2] * power.two();
    const auto add = [&](std::size_t j, const Matrix& even_power) {
        odd += b[j + 1] * even_power;
        even += b[j] * even_power;
    };
    if (m >= 5) add(4, power.four());
    if (m >= 7) add(6, power.six());
    if (m >= 9) add(8, power.eight());
    const Matrix product = power.one() * odd;
    return ratio(product, even);
}

// The high powers share the factor A⁶.
Matrix pade13(Powers& power, int s) {
    const auto b = coefficients(13);
    const Index n = power.one().rows();
    const Matrix a2 = std::ldexp(1.0, -2 * s) * power.two();
    const Matrix a4 = std::ldexp(1.0, -4 * s) * power.four();
    const Matrix a6 = std::ldexp(1.0, -6 * s) * power.six();
    Matrix odd = a6 * (b[13] * a6 + b[11] * a4 + b[9] * a2);
    odd += b[7] * a6 + b[5] * a4 + b[3] * a2 + b[1] * Matrix::Identity(n, n);
    Matrix even = a6 * (b[12] * a6 + b[10] * a4 + b[8] * a2);
    even += b[6] * a6 + b[4] * a4 + b[2] * a2 + b[0] * Matrix::Identity(n, n);
    const Matrix product = std::ldexp(1.0, -s) * power.one() * odd;
    return ratio(product, even);
}

}  // namespace heddle
