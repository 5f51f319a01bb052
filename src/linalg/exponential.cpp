#include "heddle/linalg/exponential.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "linalg/checks.hpp"
#include "linalg/lapack.hpp"
#include "linalg/lu.hpp"
#include "linalg/norms.hpp"

// Al-Mohy & Higham (2009), Algorithm 5.1 without its case for triangular matrices.

namespace heddle {
namespace {

/// The diagonal Padé approximant of degree m serves where `norm` ≤ theta and the `excess` is zero.
struct Degree {
    int m;
    double theta;
    double leading;  ///< 1 / |c_{2m+1}|, c being the leading coefficient of its backward error.
};

constexpr Degree degree3{3, 1.495585217958292e-2, 100800.0};
constexpr Degree degree5{5, 2.539398330063230e-1, 10059033600.0};
constexpr Degree degree7{7, 9.504178996162932e-1, 4487938430976000.0};
constexpr Degree degree9{9, 2.097847961257068e0, 5914384781877411840000.0};
constexpr Degree degree13{13, 4.25, 113250775606021113483283660800000000.0};

/// Σ_{j ≤ m, parity} of the coefficients b_j of the numerator, b_j = (2m − j)! m! / ((2m)! j! (m − j)!).
std::array<double, 14> coefficients(int m) {
    std::array<double, 14> b{};
    b[0] = 1.0;
    for (int j = 1; j <= m; ++j) {
        const auto i = static_cast<std::size_t>(j);
        b[i] = b[i - 1] * (m - j + 1) / (j * (2.0 * m - j + 1));
    }
    return b;
}

/// The even powers of A, made when asked for.
class Powers {
  public:
    explicit Powers(const Matrix& a) : a_(a) {}

    const Matrix& one() const { return a_; }

    const Matrix& two() { return make(two_, a_, a_); }

    const Matrix& four() { return make(four_, two(), two()); }

    const Matrix& six() { return make(six_, four(), two()); }

    const Matrix& eight() { return make(eight_, four(), four()); }

  private:
    static const Matrix& make(Matrix& power, const Matrix& left, const Matrix& right) {
        if (power.size() == 0) power.noalias() = left * right;
        return power;
    }

    const Matrix& a_;
    Matrix two_;
    Matrix four_;
    Matrix six_;
    Matrix eight_;
};

/// Further halvings that keep the backward error of degree m below rounding: ⌈log₂(α / u) / 2m⌉ with
/// α = ‖|A|^{2m+1}‖₁ / (‖A‖₁ leading).
int excess(const Matrix& a, const Degree& degree) {
    const double norm = one_norm(a);
    if (norm == 0.0) return 0;
    const double alpha = one_norm_of_absolute_power(a, 2 * degree.m + 1) / (norm * degree.leading);
    if (alpha == 0.0) return 0;
    return std::max(0, static_cast<int>(std::ceil(std::log2(alpha / 0x1p-53) / (2 * degree.m))));
}

/// (V − U)⁻¹ (V + U), with U the odd part of the numerator and V the even one.
Matrix ratio(const Matrix& odd, const Matrix& even) {
    return Lu(even - odd).solve(even + odd);
}

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

/// Degree 13, whose high powers share the factor A⁶.
Matrix pade13(const Matrix& a, const Matrix& a2, const Matrix& a4, const Matrix& a6) {
    const auto b = coefficients(13);
    const Index n = a.rows();
    Matrix odd = a6 * (b[13] * a6 + b[11] * a4 + b[9] * a2);
    odd += b[7] * a6 + b[5] * a4 + b[3] * a2 + b[1] * Matrix::Identity(n, n);
    Matrix even = a6 * (b[12] * a6 + b[10] * a4 + b[8] * a2);
    even += b[6] * a6 + b[4] * a4 + b[2] * a2 + b[0] * Matrix::Identity(n, n);
    const Matrix product = a * odd;
    return ratio(product, even);
}

void square(Matrix& a, int times) {
    Matrix next(a.rows(), a.cols());
    for (int i = 0; i < times; ++i) {
        next.noalias() = a * a;
        a.swap(next);
    }
}

double root(double norm, int p) { return std::pow(norm, 1.0 / p); }

Matrix scaled_and_squared(const Matrix& a, Powers& power) {
    const double d6 = root(one_norm(power.six()), 6);
    const double d8 = root(one_norm_of_product(power.four(), power.four()), 8);
    const double d10 = root(one_norm_of_product(power.four(), power.six()), 10);
    const double eta = std::min(std::max(d6, d8), std::max(d8, d10));
    int s = eta == 0.0 ? 0 : std::max(0, static_cast<int>(std::ceil(std::log2(eta / degree13.theta))));
    s += excess(std::ldexp(1.0, -s) * a, degree13);
    const auto scaled = [s](const Matrix& x, int p) { return Matrix(std::ldexp(1.0, -s * p) * x); };
    Matrix result =
        pade13(scaled(a, 1), scaled(power.two(), 2), scaled(power.four(), 4), scaled(power.six(), 6));
    square(result, s);
    return result;
}

Matrix exponential_of_moderate(const Matrix& a) {
    Powers power(a);
    const auto serves = [&](const Degree& degree, double eta) {
        return eta <= degree.theta && excess(a, degree) == 0;
    };
    // ‖A²‖₁ and ‖A⁴‖₁ bound the roots of the powers that the lowest degrees leave out.
    const double d4 = root(one_norm_of_product(power.two(), power.two()), 4);
    const double d6 = root(one_norm_of_product(power.two(), power.two(), power.two()), 6);
    const double eta = std::max(d4, d6);
    if (serves(degree3, eta)) return pade(power, 3);
    if (serves(degree5, eta)) return pade(power, 5);
    const double eta8 = std::max(d6, root(one_norm_of_product(power.four(), power.four()), 8));
    if (serves(degree7, eta8)) return pade(power, 7);
    if (serves(degree9, eta8)) return pade(power, 9);
    return scaled_and_squared(a, power);
}

}  // namespace

Matrix exponential(const MatrixView& a) {
    require_square(a, "a");
    require_finite(a, "a");
    lapack::use_one_blas_thread();
    // Beyond this norm its tenth power overflows: halve first and square afterwards.
    const int exponent = std::max(0, std::ilogb(std::max(one_norm(a), 1.0)) - 64);
    Matrix result = exponential_of_moderate(std::ldexp(1.0, -exponent) * a);
    square(result, exponent);
    if (!result.allFinite()) {
        throw DomainError("the exponential of a overflows: its 1-norm is " +
                          std::to_string(one_norm(a)) + "; one below 700 would always work.");
    }
    return result;
}

Matrix power(const MatrixView& a, Index p) {
    require_square(a, "a");
    if (p < 0) throw DomainError("p is " + std::to_string(p) + "; zero or more would work.");
    lapack::use_one_blas_thread();
    Matrix result = Matrix::Identity(a.rows(), a.cols());
    Matrix base = a;
    for (; p > 0; p /= 2) {
        if (p % 2 == 1) result = result * base;
        if (p > 1) base = base * base;
    }
    return result;
}

}  // namespace heddle
