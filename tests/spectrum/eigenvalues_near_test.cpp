#include "heddle/spectrum/eigenvalues_near.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "support/structures.hpp"

using namespace heddle;
using namespace heddle::examples;

namespace {

Loops some_loops(Index n) {
    return {random_matrix(n, 2, 40) / std::sqrt(static_cast<double>(n)),
            2.0 * random_matrix(n, 2, 41) / std::sqrt(static_cast<double>(n)), 0.0};
}

/// The eigenvalues nearest to a point, by all of them.
ComplexVector nearest(ComplexVector all, Complex point, Index count) {
    std::sort(all.begin(), all.end(),
              [&](Complex a, Complex b) { return std::abs(a - point) < std::abs(b - point); });
    return all.head(count);
}

void check_against_dense(const Network& network, WeightsSolver solver) {
    const Loops loops = some_loops(size(network));
    const ComplexVector all = closed_spectrum(dense_weights(network), loops);
    ComplexVector points(2);
    points << all(0), Complex(0.3, 0.5);
    NearOptions options{.count = 3};
    options.solver = solver;
    const auto found = eigenvalues_near(network, loops, points, options);
    REQUIRE(found.size() == 2);
    for (const NearbyEigenvalues& near : found) {
        REQUIRE(near.values.size() == 3);
        CHECK(near.converged);
        CHECK(near.reason.empty());
        CHECK(near.residual.maxCoeff() < 1e-8);
        const ComplexVector expected = nearest(all, near.point, 3);
        for (const Complex value : near.values)
            CHECK((all.array() - value).abs().minCoeff() < 1e-7);
        CHECK(std::abs(near.values(0) - near.point) < std::abs(expected(0) - near.point) + 1e-7);
    }
}

}  // namespace

TEST_CASE("eigenvalues_near: what it finds is in the dense spectrum, the nearest first") {
    check_against_dense(examples::network(120, 0), WeightsSolver::dense);
    check_against_dense(make_network(diagonal_and_low_rank(120), 0, 1), WeightsSolver::structured);
    check_against_dense(make_network(sparse_weights(120, 0.1, 0.8, 1), 0, 1),
                        WeightsSolver::structured);
    check_against_dense(make_network(kronecker_and_low_rank(), 0, 1), WeightsSolver::structured);
}

TEST_CASE("eigenvalues_near: an outlier is found by products alone, a point in the bulk is not") {
    const Network network = make_network(sparse_weights(1500, 0.05, 0.8, 2), 0, 1);
    const Index n = 1500;
    Loops loops{random_matrix(n, 1, 42) / std::sqrt(static_cast<double>(n)), {}, 0.0};
    loops.v = 1.2 * loops.u / loops.u.squaredNorm();
    ComplexVector points(2);
    points << 1.2, Complex(0.1, 0.2);
    NearOptions options;
    options.solver = WeightsSolver::krylov;
    const auto found = eigenvalues_near(network, loops, points, options);
    CHECK(found[0].converged);
    CHECK(std::abs(found[0].values(0) - 1.2) < 0.1);
    CHECK(found[0].residual(0) < 1e-8);
    CHECK(!found[1].converged);
    CHECK(found[1].reason.find("Krylov") != std::string::npos);
    options.threads = 1;
    CHECK(eigenvalues_near(network, loops, points, options)[0].values == found[0].values);
}

TEST_CASE("eigenvalues_near: bad input is named") {
    const Network network = examples::network(60, 0);
    const Loops loops = some_loops(60);
    const ComplexVector point = ComplexVector::Constant(1, 1.0);
    CHECK_THROWS_AS((void)eigenvalues_near(network, loops, point, {.count = 0}), DomainError);
    CHECK_THROWS_AS((void)eigenvalues_near(network, loops, point, {.count = 30}), DomainError);
    CHECK_THROWS_AS((void)eigenvalues_near(network, loops, point, {.tolerance = 0.0}), DomainError);
    CHECK_THROWS_AS((void)eigenvalues_near(network, some_loops(59), point), ShapeError);
    Loops slow = loops;
    slow.thalamic_tau = 0.01;
    CHECK_THROWS_AS((void)eigenvalues_near(network, slow, point), DomainError);
    const ComplexVector nowhere =
        ComplexVector::Constant(1, std::numeric_limits<double>::quiet_NaN());
    CHECK_THROWS_AS((void)eigenvalues_near(network, loops, nowhere), DomainError);
}
