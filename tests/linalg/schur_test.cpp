#include "heddle/linalg/schur.hpp"

#include <doctest/doctest.h>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "matrices.hpp"

using namespace heddle;
using namespace heddle::matrices;

namespace {

void check_form(const Schur& schur, const Matrix& a) {
    const Index n = a.rows();
    CHECK(relative_error(schur.q * schur.t * schur.q.transpose(), a) < 1e-13);
    CHECK((schur.q.transpose() * schur.q - identity(n)).norm() < 1e-12);
    for (Index j = 0; j < n; ++j) {
        for (Index i = j + 2; i < n; ++i) CHECK_UNARY(schur.t(i, j) == 0.0);
        if (j + 2 < n) CHECK_UNARY(schur.t(j + 1, j) == 0.0 || schur.t(j + 2, j + 1) == 0.0);
    }
}

}  // namespace

TEST_CASE("real_schur: A = Q T Qᵀ with Q orthogonal, T quasi-triangular and A's eigenvalues") {
    for (const Index n : {1, 2, 3, 50, 101}) {
        const Matrix a = weights(n);
        const Schur schur = real_schur(a);
        check_form(schur, a);
        CHECK((schur.eigenvalues.real() - schur.t.diagonal()).norm() == 0.0);
        ComplexVector sorted = schur.eigenvalues;
        sort_canonically(sorted);
        CHECK((sorted - eigenvalues(a)).norm() < 1e-11);
    }
}

TEST_CASE(
    "rightmost_first: the leading eigenvalues are the rightmost, pairs whole, for every count") {
    const Index n = 40;
    const Matrix a = weights(n);
    const ComplexVector sorted = eigenvalues(a);
    for (Index count = 0; count <= n; ++count) {
        const OrderedSchur ordered = rightmost_first(real_schur(a), count);
        const bool inside_pair = count > 0 && sorted[count - 1].imag() > 0.0;
        REQUIRE(ordered.count == count + (inside_pair ? 1 : 0));
        check_form(ordered.schur, a);
        ComplexVector leading = ordered.schur.eigenvalues.head(ordered.count);
        if (ordered.count == 0) continue;
        sort_canonically(leading);
        CHECK((leading - sorted.head(ordered.count)).norm() < 1e-12);
    }
}

TEST_CASE("rightmost_first: the first columns of Q span an invariant subspace") {
    const Matrix a = weights(60);
    const OrderedSchur ordered = rightmost_first(real_schur(a), 20);
    const Matrix q = ordered.schur.q.leftCols(ordered.count);
    CHECK((a * q - q * (q.transpose() * a * q)).norm() < 1e-12);
}

TEST_CASE("rightmost_first: eigenvalues that cannot be told apart do not stop it") {
    const Matrix q = rotation(12);
    const Matrix clusters[] = {
        identity(12), Matrix::Zero(12, 12), q * jordan_block(12, 0.5) * q.transpose(),
        jordan_block(12, 0.5),
        q *
            block_diagonal({pair_block(.5, .2), pair_block(.5, .2), pair_block(.5, .2),
                            pair_block(.5, .2), pair_block(.5, .2), pair_block(.5, .2)}) *
            q.transpose()};
    for (const Matrix& a : clusters) {
        for (const Index count : {0, 3, 5, 12}) {
            const OrderedSchur ordered = rightmost_first(real_schur(a), count);
            CHECK(std::abs(ordered.count - count) <= 4);
            if (a.norm() > 0.0) check_form(ordered.schur, a);
            const bool whole = ordered.count == 0 || ordered.count == 12 ||
                               ordered.schur.t(ordered.count, ordered.count - 1) == 0.0;
            CHECK(whole);
        }
    }
}

TEST_CASE("rightmost_first: a count outside 0 … n is refused") {
    const Schur schur = real_schur(weights(5));
    CHECK_THROWS_WITH_AS((void)rightmost_first(schur, 6), "count is 6; 0 to 5 would work.",
                         DomainError);
    CHECK_THROWS_AS((void)rightmost_first(schur, -1), DomainError);
    CHECK_THROWS_AS((void)real_schur(Matrix::Zero(3, 2)), ShapeError);
}
