#include <doctest/doctest.h>

#include <functional>
#include <vector>

#include "heddle/core/parallel.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/exponential.hpp"
#include "heddle/linalg/resolvent.hpp"
#include "heddle/linalg/schur.hpp"
#include "matrices.hpp"

using namespace heddle;
using namespace heddle::matrices;

namespace {

/// One of each kind of computation, as numbers.
std::vector<double> results(std::uint64_t seed) {
    const Index n = 90;
    const Matrix a = weights(n, 0.9, seed);
    const Schur schur = real_schur(a);
    const ComplexVector shifts = ComplexVector::LinSpaced(4, 1.0, 2.0);
    const ComplexMatrix b = complex_gaussian(n, 4, seed);
    return {eigenvalues(a).cwiseAbs().sum(),
            rightmost_first(schur, 9).schur.q.leftCols(9).cwiseAbs().sum(),
            Resolvent(a).solve(shifts, b).cwiseAbs().sum(),
            Resolvent(schur).solve_transposed(shifts, b).cwiseAbs().sum(),
            exponential(3.0 * a).sum(),
            noise_step(a - identity(n), identity(n), 2.0).covariance.sum(),
            solve_lyapunov(a - 1.2 * identity(n), identity(n)).sum(),
            spectral_norm(a),
            least_norm(b.real(), b.imag().transpose().leftCols(4)).v.sum(),
            square_root(a * a.transpose()).sum()};
}

}  // namespace

TEST_CASE("linalg: computations side by side have the bits of computations one by one") {
    constexpr std::size_t count = 24;
    const auto run = [](std::size_t threads) {
        std::vector<std::vector<double>> all(count);
        parallel_for(count, threads, [&](std::size_t i) { all[i] = results(i + 1); });
        return all;
    };
    const auto alone = run(1);
    CHECK(run(2) == alone);
    CHECK(run(6) == alone);
}
