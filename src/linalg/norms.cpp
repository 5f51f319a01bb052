#include "linalg/norms.hpp"

#include <array>
#include <vector>

#include "linalg/lapack.hpp"

namespace heddle {
namespace {

/// \param apply x ← F x or, transposed, x ← Fᵀ x for the matrix F whose norm is asked.
template <typename Apply>
double estimate_one_norm(Index size, const Apply& apply) {
    const int n = lapack::size(size);
    if (n == 0) return 0.0;
    Vector v(n);
    Vector x(n);
    std::vector<int> signs(static_cast<std::size_t>(n));
    std::array<int, 3> state{};
    double estimate = 0.0;
    int request = 0;
    while (true) {
        dlacn2_(&n, v.data(), x.data(), signs.data(), &estimate, &request, state.data());
        if (request == 0) return estimate;
        apply(x, request == 2);
    }
}

void multiply_into(Vector& x, const Matrix& a, bool transposed) {
    x = transposed ? Vector(a.transpose() * x) : Vector(a * x);
}

}  // namespace

double one_norm(const MatrixView& a) {
    return a.size() == 0 ? 0.0 : a.cwiseAbs().colwise().sum().maxCoeff();
}

double one_norm_of_absolute_power(const MatrixView& a, int p) {
    if (a.size() == 0) return 0.0;
    const Matrix absolute = a.cwiseAbs();
    Vector sums = Vector::Ones(a.rows());
    for (int i = 0; i < p; ++i) sums = absolute.transpose() * sums;
    return sums.maxCoeff();
}

double one_norm_of_product(const Matrix& a, const Matrix& b) {
    return estimate_one_norm(a.rows(), [&](Vector& x, bool transposed) {
        multiply_into(x, transposed ? a : b, transposed);
        multiply_into(x, transposed ? b : a, transposed);
    });
}

double one_norm_of_product(const Matrix& a, const Matrix& b, const Matrix& c) {
    return estimate_one_norm(a.rows(), [&](Vector& x, bool transposed) {
        multiply_into(x, transposed ? a : c, transposed);
        multiply_into(x, b, transposed);
        multiply_into(x, transposed ? c : a, transposed);
    });
}

}  // namespace heddle
