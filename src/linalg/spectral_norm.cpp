#include <algorithm>
#include <cmath>

#include "heddle/core/random.hpp"
#include "heddle/linalg/solve.hpp"
#include "linalg/checks.hpp"
#include "linalg/lapack.hpp"

namespace heddle {
namespace {

/// Below this size all singular values at once are as fast.
constexpr Index direct_size = 48;
constexpr Index most_steps = 400;
constexpr double tolerance = 1e-10;

/// The largest Ritz value of a Lanczos run and how far it may be from an eigenvalue.
struct Ritz {
    double value;
    double residual;
};

Ritz largest_ritz(Vector diagonal, Vector beside, double next) {
    const int k = lapack::size(diagonal.size());
    Matrix vectors(k, k);
    Vector work(std::max(1, 2 * k - 2));
    int info = 0;
    dstev_("V", &k, diagonal.data(), beside.data(), vectors.data(), &k, work.data(), &info);
    return {diagonal[k - 1], std::abs(next * vectors(k - 1, k - 1))};
}

Vector start_vector(Index n) {
    Vector start(n);
    Random(0, stream_of("spectral_norm")).fill_normal({start.data(), static_cast<std::size_t>(n)});
    return start.normalized();
}

/// The largest eigenvalue of a symmetric positive semi-definite operator on n dimensions, or −1 if
/// `most_steps` do not settle it. A Gaussian start has a part along every eigenvector, so the
/// largest is not missed.
template <typename Apply>
double largest_eigenvalue(Index n, const Apply& apply) {
    const Index most = std::min(n, most_steps);
    Matrix basis(n, most);
    Vector diagonal(most);
    Vector beside(most);
    basis.col(0) = start_vector(n);
    for (Index k = 0; k < most; ++k) {
        Vector next = apply(basis.col(k));
        diagonal[k] = basis.col(k).dot(next);
        const auto known = basis.leftCols(k + 1);
        for (int pass = 0; pass < 2; ++pass) next -= known * (known.transpose() * next).eval();
        beside[k] = next.norm();
        const bool exhausted = beside[k] <= tolerance * 1e-4 * std::abs(diagonal[0]) || k + 1 == n;
        if (exhausted || k % 8 == 7) {
            const Ritz top = largest_ritz(diagonal.head(k + 1), beside.head(k + 1), beside[k]);
            if (exhausted || top.residual <= tolerance * top.value) return std::max(top.value, 0.0);
        }
        if (k + 1 < most) basis.col(k + 1) = next / beside[k];
    }
    return -1.0;
}

/// Found, and no square on the way to it left the range of doubles.
bool trusted(double squared) {
    return squared > 1e-280 && squared < 1e280;
}

}  // namespace

double spectral_norm(const MatrixView& a) {
    require_finite(a, "a");
    lapack::use_one_blas_thread();
    if (a.size() == 0) return 0.0;
    if (std::min(a.rows(), a.cols()) > direct_size) {
        const double squared = largest_eigenvalue(a.cols(), [&](const auto& x) -> Vector {
            const Vector y = a * x;
            return a.transpose() * y;
        });
        if (trusted(squared)) return std::sqrt(squared);
    }
    return singular_values(a)[0];
}

double spectral_norm_of_product(const MatrixView& a, const MatrixView& b) {
    require_finite(a, "a");
    require_finite(b, "b");
    require_shape(b, a.cols(), b.cols(), "b");
    lapack::use_one_blas_thread();
    if (a.size() == 0 || b.size() == 0) return 0.0;
    if (std::min(a.rows(), b.cols()) > direct_size) {
        const double squared = largest_eigenvalue(b.cols(), [&](const auto& x) -> Vector {
            const Vector y = b * x;
            const Vector z = a * y;
            const Vector w = a.transpose() * z;
            return b.transpose() * w;
        });
        if (trusted(squared)) return std::sqrt(squared);
    }
    return singular_values(a * b)[0];
}

}  // namespace heddle
