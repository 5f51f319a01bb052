#include "linalg/lapack.hpp"

#include <algorithm>
#include <limits>
#include <mutex>
#include <string>

#include "heddle/core/error.hpp"

// Weak: absent from every BLAS but OpenBLAS.
extern "C" __attribute__((weak)) void openblas_set_num_threads(int);

namespace heddle::lapack {

void use_one_blas_thread() {
    static std::once_flag once;
    std::call_once(once, [] {
        if (openblas_set_num_threads) openblas_set_num_threads(1);
    });
}

int size(Index n) {
    if (n > std::numeric_limits<int>::max()) {
        throw DomainError("a dimension or workspace of " + std::to_string(n) +
                          " is more than LAPACK can count; smaller matrices would work.");
    }
    return static_cast<int>(n);
}

int leading(Index n) {
    return size(std::max<Index>(n, 1));
}

}  // namespace heddle::lapack
