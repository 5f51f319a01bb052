#include "heddle/network/structured.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <vector>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/network/network.hpp"
#include "support/structures.hpp"

using namespace heddle;
using namespace heddle::examples;

namespace {

std::vector<StructuredWeights> kinds() {
    return {no_parts(), diagonal_and_low_rank(), sparse_and_low_rank(), kronecker_and_low_rank(),
            all_parts()};
}

std::string message(const StructuredWeights& weights) {
    try {
        validate(weights);
    } catch (const Error& error) {
        return error.what();
    }
    return "valid";
}

}  // namespace

TEST_CASE("StructuredWeights: products, trace and norm are those of the dense matrix (slow twin)") {
    const Matrix x = random_matrix(60, 3, 20);
    for (const StructuredWeights& weights : kinds()) {
        validate(weights);
        const Matrix w = dense(weights);
        CHECK((apply(weights, x) - w * x).norm() < 1e-13 * (1.0 + w.norm()));
        CHECK((apply(transposed(weights), x) - w.transpose() * x).norm() <
              1e-13 * (1.0 + w.norm()));
        CHECK(dense(transposed(weights)) == w.transpose());
        CHECK(std::abs(trace(weights) - w.trace()) < 1e-12);
        CHECK(std::abs(squared_norm(weights) - w.squaredNorm()) < 1e-12 * (1.0 + w.squaredNorm()));
        const Network network = make_network(weights, 2, 1);
        CHECK(size(network) == 60);
        CHECK(dense_weights(network) == w);
        CHECK((apply_weights(network, x) - w * x).norm() < 1e-13 * (1.0 + w.norm()));
    }
}

TEST_CASE("Kronecker: every entry is A[i, j] B[p, q], and an identity factor repeats the other") {
    StructuredWeights weights = no_parts(6);
    const Matrix a = random_matrix(2, 2, 1);
    const Matrix b = random_matrix(3, 3, 2);
    weights.kronecker = {{a, b}};
    const Matrix w = dense(weights);
    for (Index row = 0; row < 6; ++row)
        for (Index column = 0; column < 6; ++column)
            CHECK(w(row, column) == a(row / 3, column / 3) * b(row % 3, column % 3));
    weights.kronecker = {{Matrix::Identity(2, 2), b}};
    CHECK(dense(weights).topLeftCorner(3, 3) == b);
    CHECK(dense(weights).topRightCorner(3, 3).norm() == 0.0);
}

TEST_CASE("block_weights: its non-zero eigenvalues are those of the blocks (closed form)") {
    Matrix blocks(2, 2);
    blocks << 1.5, -2.0, 1.0, -0.5;
    const StructuredWeights weights = block_weights(blocks, {7, 5});
    const Matrix w = dense(weights);
    CHECK(w(0, 0) == doctest::Approx(1.5 / 7.0));
    CHECK(w(0, 11) == doctest::Approx(-2.0 / 5.0));
    CHECK(w(8, 3) == doctest::Approx(1.0 / 7.0));
    ComplexVector all = eigenvalues(w);
    const ComplexVector few = eigenvalues(blocks);
    for (const Complex value : few) CHECK((all.array() - value).abs().minCoeff() < 1e-13);
    CHECK((all.array().abs() > 1e-6).count() == 2);
    const StructuredWeights one = block_weights(Matrix::Constant(1, 1, 0.4), {9});
    CHECK((dense(one) - Matrix::Constant(9, 9, 0.4 / 9.0)).norm() < 1e-15);
}

TEST_CASE("StructuredWeights: what does not fit is named") {
    StructuredWeights weights = all_parts();
    weights.kronecker[0].a = Matrix::Zero(5, 5);
    CHECK(message(weights).find("multiply to 60") != std::string::npos);
    weights.kronecker[0].a = Matrix::Zero(6, 5);
    CHECK(message(weights).find("square factors") != std::string::npos);
    weights.kronecker = {{Matrix::Zero(6, 6), Matrix::Zero(10, 10)},
                         {Matrix::Zero(10, 10), Matrix::Zero(6, 6)}};
    CHECK(message(weights).find("same sizes") != std::string::npos);
    weights = all_parts();
    weights.q = Matrix::Zero(60, 5);
    CHECK(message(weights).find("weights: q") != std::string::npos);
    weights.p = Matrix::Zero(59, 5);
    CHECK(message(weights).find("weights: p") != std::string::npos);
    weights = all_parts();
    weights.sparse.coeffRef(3, 4) = std::numeric_limits<double>::quiet_NaN();
    CHECK(message(weights).find("weights: sparse") != std::string::npos);
    CHECK_THROWS_AS((void)make_network(weights, 1, 0), DomainError);
    CHECK_THROWS_AS((void)block_weights(Matrix::Zero(2, 2), {3}), ShapeError);
    CHECK_THROWS_AS((void)block_weights(Matrix::Zero(2, 2), {3, 0}), DomainError);
}

TEST_CASE("dense_weights: a network too large to be one matrix is refused, with its memory") {
    const Network network = make_network(SparseMatrix(100'000, 100'000), 0, 0);
    try {
        (void)dense_weights(network);
        FAIL("a matrix of 75 GiB was made");
    } catch (const DomainError& error) {
        CHECK(std::string(error.what()).find("74.5") != std::string::npos);
        CHECK(std::string(error.what()).find("frontier") != std::string::npos);
    }
}
