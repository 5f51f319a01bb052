#include "heddle/linalg/exponential.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "linalg/checks.hpp"
#include "linalg/lapack.hpp"
#include "linalg/norms.hpp"
#include "linalg/pade.hpp"

// Al-Mohy & Higham (2009), Algorithm 5.1 without its case for triangular matrices.

namespace heddle {
namespace {

/// The diagonal Padé approximant of degree m serves where ‖A^p‖₁^{1/p} ≤ theta for the powers p
/// that follow 2 m and the `excess` is zero.
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

/// Further halvings that keep the backward error of degree m below rounding: ⌈log₂(α / u) / 2m⌉
/// with α = ‖|A|^{2m+1}‖₁ / (‖A‖₁ leading).
int excess(const Matrix& a, const Degree& degree) {
    const double norm = one_norm(a);
    if (norm == 0.0) return 0;
    const double alpha = one_norm_of_absolute_power(a, 2 * degree.m + 1) / (norm * degree.leading);
    if (alpha == 0.0) return 0;
    return std::max(0, static_cast<int>(std::ceil(std::log2(alpha / 0x1p-53) / (2 * degree.m))));
}

void square(Matrix& a, int times) {
    Matrix next(a.rows(), a.cols());
    for (int i = 0; i < times; ++i) {
        next.noalias() = a * a;
        a.swap(next);
    }
}

double root(double norm, int p) {
    return std::pow(norm, 1.0 / p);
}

Matrix scaled_and_squared(const Matrix& a, Powers& power) {
    const double d6 = root(one_norm(power.six()), 6);
    const double d8 = root(one_norm_of_product(power.four(), power.four()), 8);
    const double d10 = root(one_norm_of_product(power.four(), power.six()), 10);
    const double eta = std::min(std::max(d6, d8), std::max(d8, d10));
    int s = eta > degree13.theta ? static_cast<int>(std::ceil(std::log2(eta / degree13.theta))) : 0;
    s += excess(std::ldexp(1.0, -s) * a, degree13);
    Matrix result = pade13(power, s);
    square(result, s);
    return result;
}

Matrix exponential_of_moderate(const Matrix& a) {
    Powers power(a);
    const auto serves = [&](const Degree& degree, double eta) {
        return eta <= degree.theta && excess(a, degree) == 0;
    };
    // For a non-normal A these roots of ‖A^p‖₁ are far below ‖A‖₁, and they decide: fewer halvings,
    // which cost digits.
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
