#include "heddle/spectrum/loop_shares.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "heddle/core/error.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

Loops random_loops(Index n, Index k, double size, std::uint64_t seed) {
    const double scale = size / std::sqrt(static_cast<double>(n));
    return {scale * examples::random_matrix(n, k, seed), examples::random_matrix(n, k, seed + 1)};
}

/// What each loop adds in the order given, by paths of whole spectra.
ComplexMatrix added_in_order(const EigenSystem& system, const Loops& loops,
                             const std::vector<Index>& order) {
    ComplexMatrix added(system.eigenvalues.size(), loops.u.cols());
    ComplexVector last = system.eigenvalues;
    std::vector<Index> open;
    for (const Index k : order) {
        open.push_back(k);
        const Loops some{loops.u(Eigen::all, open), loops.v(Eigen::all, open)};
        const ComplexVector now = follow_modes(system, some).after;
        added.col(k) = now - last;
        last = now;
    }
    return added;
}

}  // namespace

TEST_CASE("loop_shares: exact ones are the mean over all orders of opening (slow twin)") {
    const EigenSystem system = eigen_system(examples::network(16, 2));
    const Loops loops = random_loops(16, 3, 0.3, 6);
    const LoopShares found = loop_shares(system, loops);
    REQUIRE(found.exact);
    CHECK(found.sets == 8);
    std::vector<Index> order{0, 1, 2};
    ComplexMatrix mean = ComplexMatrix::Zero(16, 3);
    do {
        mean += added_in_order(system, loops, order) / 6.0;
    } while (std::next_permutation(order.begin(), order.end()));
    REQUIRE(found.modes.size() == 16);
    CHECK((found.shares - mean).cwiseAbs().maxCoeff() < 1e-8);
    CHECK(found.standard_error.maxCoeff() == 0.0);
}

TEST_CASE("loop_shares: the shares of a mode add up to its shift, whatever it meets") {
    const EigenSystem system = eigen_system(examples::network(30, 5));
    const Loops loops = random_loops(30, 4, 1.5, 8);
    for (const Index most_exact : {8, 2}) {
        LoopSharesOptions options{.most_exact = most_exact, .orders = 20};
        const LoopShares found = loop_shares(system, loops, options);
        CHECK(found.exact == (most_exact == 8));
        const ComplexVector shifts = found.after - found.before;
        CHECK((found.shares.rowwise().sum() - shifts).cwiseAbs().maxCoeff() < 1e-11);
        CHECK(found.modes.size() + found.lost.size() == 30);
        CHECK(found.modes.size() >= 28);
    }
}

TEST_CASE("loop_shares: loops that each move a mode of their own get the whole of its shift") {
    Matrix weights = Matrix::Zero(4, 4);
    weights.diagonal() << 0.9, 0.5, -0.2, -0.7;
    const Loops loops{Matrix::Identity(4, 2) * 0.25, Matrix::Identity(4, 2)};
    const LoopShares found = loop_shares(eigen_system(make_network(weights, 1, 1)), loops);
    Matrix expected = Matrix::Zero(4, 2);
    expected(0, 0) = expected(1, 1) = 0.25;
    CHECK((found.shares - expected.cast<Complex>()).cwiseAbs().maxCoeff() < 1e-14);
    CHECK(found.ambiguous.empty());
}

TEST_CASE("loop_shares: where modes repel each other, all sets take them to their places") {
    const Matrix draw = examples::random_matrix(12, 12, 3) / 5.0;
    const Matrix u = examples::random_matrix(12, 3, 4) / 3.0;
    const EigenSystem system = eigen_system(make_network(draw + draw.transpose(), 1, 1));
    const LoopShares found = loop_shares(system, {u, u});
    REQUIRE(found.modes.size() == 12);
    CHECK(found.ambiguous.empty());
    for (Index i = 0; i + 1 < 12; ++i) CHECK(found.after(i).real() > found.after(i + 1).real());
    CHECK(found.shares.real().minCoeff() > -1e-12);  // u uᵀ moves no eigenvalue down
    CHECK(found.shares.imag().cwiseAbs().maxCoeff() < 1e-12);
}

TEST_CASE("loop_shares: two halves of one loop get half of the shift each") {
    const EigenSystem system = eigen_system(examples::network(20, 9));
    const Loops whole = random_loops(20, 1, 0.5, 4);
    Matrix u(20, 2), v(20, 2);
    u << 0.5 * whole.u, 0.5 * whole.u;
    v << whole.v, whole.v;
    const LoopShares found = loop_shares(system, {u, v});
    const ComplexVector half = 0.5 * (found.after - found.before);
    for (std::size_t i = 0; i < found.modes.size(); ++i) {
        const auto row = static_cast<Index>(i);
        CHECK(std::abs(found.shares(row, 0) - half(row)) < 1e-9);
    }
}

TEST_CASE("loop_shares: random orders lie around the exact shares as their errors say") {
    // 30 deviations, each beyond 5.5 standard errors with a chance of at most 4e-8.
    const EigenSystem system = eigen_system(examples::network(16, 2));
    const Loops loops = random_loops(16, 5, 0.8, 6);
    const std::vector<Index> modes{0, 1, 2, 3, 4, 5};
    const LoopShares exact = loop_shares(system, loops, {.modes = modes});
    const LoopShares found =
        loop_shares(system, loops, {.modes = modes, .most_exact = 0, .orders = 2000, .seed = 3});
    REQUIRE(!found.exact);
    REQUIRE(found.modes == exact.modes);
    CHECK(found.sets == 32);
    const Matrix off = (found.shares - exact.shares).cwiseAbs();
    for (Index i = 0; i < off.rows(); ++i)
        for (Index k = 0; k < off.cols(); ++k)
            CHECK(off(i, k) < 5.5 * found.standard_error(i, k) + 1e-12);
    CHECK(found.standard_error.maxCoeff() > 1e-5);
}

TEST_CASE("loop_shares: the same bits for any number of threads, other orders for another seed") {
    const EigenSystem system = eigen_system(examples::network(16, 2));
    const Loops loops = random_loops(16, 4, 0.5, 6);
    LoopSharesOptions options{.most_exact = 0, .orders = 10, .seed = 1, .threads = 1};
    const LoopShares one = loop_shares(system, loops, options);
    options.threads = 3;
    CHECK(loop_shares(system, loops, options).shares == one.shares);
    options.seed = 2;
    CHECK(loop_shares(system, loops, options).shares != one.shares);
}

TEST_CASE("loop_shares: modes and options that are none are refused by name") {
    const EigenSystem system = eigen_system(examples::network(10, 1));
    const Loops loops = random_loops(10, 2, 0.1, 1);
    CHECK_THROWS_WITH_AS(loop_shares(system, loops, {.modes = {10}}),
                         doctest::Contains("modes: found 10"), DomainError);
    CHECK_THROWS_WITH_AS(loop_shares(system, loops, {.most_exact = 17}),
                         doctest::Contains("most_exact: found 17"), DomainError);
    CHECK_THROWS_WITH_AS(loop_shares(system, loops, {.most_exact = 0, .orders = 1}),
                         doctest::Contains("orders: found 1"), DomainError);
    CHECK_THROWS_WITH_AS(loop_shares(system, random_loops(10, 65, 0.1, 1)),
                         doctest::Contains("loops: found 65"), DomainError);
}
