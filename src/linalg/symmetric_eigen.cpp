#include "linalg/symmetric_eigen.hpp"

#include <string>
#include <vector>

#include "heddle/core/error.hpp"
#include "linalg/lapack.hpp"

namespace heddle {

Vector symmetric_eigen(Matrix& a, const char* name) {
    const int n = lapack::size(a.rows());
    const int ld = lapack::leading(n);
    Vector values(n);
    const int query = -1;
    int length = 0;
    int info = 0;
    double ignored = 0.0;
    dsyevd_("V", "L", &n, a.data(), &ld, values.data(), &ignored, &query, &length, &query, &info);
    std::vector<int> iwork(static_cast<std::size_t>(lapack::leading(length)));
    const int liwork = lapack::leading(length);
    info = lapack::with_workspace([&](double* work, const int* lwork, int* status) {
        dsyevd_("V", "L", &n, a.data(), &ld, values.data(), work, lwork, iwork.data(), &liwork,
                status);
    });
    if (info > 0)
        throw NotConverged("the iteration for the eigenvalues of " + std::string(name) +
                           " did not converge.");
    return values;
}

}  // namespace heddle
