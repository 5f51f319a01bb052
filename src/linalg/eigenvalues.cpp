#include "heddle/linalg/eigenvalues.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "linalg/checks.hpp"
#include "linalg/lapack.hpp"

namespace heddle {
namespace {

/// Calls `use` on each longest run of sorted values in which neighbours differ by at most
/// `tolerance`.
template <typename Key, typename Use>
void for_each_cluster(std::span<Complex> sorted, double tolerance, const Key& key, const Use& use) {
    std::size_t first = 0;
    for (std::size_t i = 1; i <= sorted.size(); ++i) {
        if (i < sorted.size() && std::abs(key(sorted[i]) - key(sorted[i - 1])) <= tolerance)
            continue;
        use(sorted.subspan(first, i - first));
        first = i;
    }
}

/// Among values that share Re and |Im|: real ones, then upper and lower ones in turn.
void interleave_conjugates(std::span<Complex> values) {
    std::vector<Complex> upper;
    std::vector<Complex> lower;
    std::vector<Complex> ordered;
    for (const Complex& z : values) {
        if (z.imag() == 0.0)
            ordered.push_back(z);
        else
            (z.imag() > 0.0 ? upper : lower).push_back(z);
    }
    for (std::size_t i = 0; i < std::max(upper.size(), lower.size()); ++i) {
        if (i < upper.size()) ordered.push_back(upper[i]);
        if (i < lower.size()) ordered.push_back(lower[i]);
    }
    std::copy(ordered.begin(), ordered.end(), values.begin());
}

double height(const Complex& z) {
    return std::abs(z.imag());
}

double abscissa(const Complex& z) {
    return z.real();
}

void sort_by_height(std::span<Complex> values, double tolerance) {
    std::stable_sort(values.begin(), values.end(),
                     [](const Complex& a, const Complex& b) { return height(a) < height(b); });
    for_each_cluster(values, tolerance, height, interleave_conjugates);
}

}  // namespace

void sort_canonically(ComplexVector& values) {
    const std::span<Complex> all(values.data(), static_cast<std::size_t>(values.size()));
    const double tolerance = 1e-12 * (values.size() ? spectral_radius(values) : 0.0);
    std::stable_sort(all.begin(), all.end(),
                     [](const Complex& a, const Complex& b) { return a.real() > b.real(); });
    for_each_cluster(all, tolerance, abscissa,
                     [&](std::span<Complex> cluster) { sort_by_height(cluster, tolerance); });
}

ComplexVector eigenvalues(const MatrixView& a) {
    require_square(a, "a");
    require_finite(a, "a");
    Matrix copy = a;
    const int n = lapack::size(a.rows());
    const int lda = lapack::leading(a.rows());
    const int one = 1;
    Vector re(n);
    Vector im(n);
    const int info = lapack::with_workspace([&](double* work, const int* lwork, int* status) {
        dgeev_("N", "N", &n, copy.data(), &lda, re.data(), im.data(), nullptr, &one, nullptr, &one,
               work, lwork, status);
    });
    if (info > 0) throw NotConverged("the QR iteration for the eigenvalues of a did not converge.");

    ComplexVector values(n);
    values.real() = re;
    values.imag() = im;
    sort_canonically(values);
    return values;
}

double spectral_abscissa(const ComplexVector& eigenvalues) {
    if (eigenvalues.size() == 0) throw ShapeError("eigenvalues", "at least one value", "0");
    return eigenvalues.real().maxCoeff();
}

double spectral_radius(const ComplexVector& eigenvalues) {
    if (eigenvalues.size() == 0) throw ShapeError("eigenvalues", "at least one value", "0");
    return eigenvalues.cwiseAbs().maxCoeff();
}

}  // namespace heddle
