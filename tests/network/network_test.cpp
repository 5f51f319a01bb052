#include "heddle/network/network.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>

#include "heddle/core/error.hpp"
#include "heddle/network/generators.hpp"
#include "heddle/network/loops.hpp"

using namespace heddle;

namespace {

const double not_a_number = std::numeric_limits<double>::quiet_NaN();

Network three_units() {
    return make_network(Matrix(Matrix::Identity(3, 3)), 2, 1);
}

std::string message_of(const Network& network) {
    try {
        validate(network);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("make_network: no bias, and readout weights of variance 1/n") {
    // The mean of 4 · 2000 squared normals has a standard error of √(2 / 8000) = 1.6 %: 8 % is a 5
    // σ event.
    const Network network = make_network(SparseMatrix(2000, 2000), 4, 7, 0.02, Response::tanh);
    CHECK(size(network) == 2000);
    CHECK(network.bias == Vector::Zero(2000));
    CHECK(network.tau == 0.02);
    CHECK(network.response == Response::tanh);
    CHECK(std::abs(2000.0 * network.readout.squaredNorm() / 8000.0 - 1.0) < 0.08);
    CHECK(std::abs(network.readout.sum() / std::sqrt(4.0)) < 5.0);
}

TEST_CASE("make_network: a readout depends on the seed and not on how many readouts there are") {
    const Matrix weights = Matrix::Zero(5, 5);
    const Matrix three = make_network(weights, 3, 9).readout;
    CHECK(make_network(weights, 1, 9).readout == three.topRows(1));
    CHECK(make_network(weights, 3, 10).readout != three);
    CHECK(make_network(weights, 0, 9).readout.rows() == 0);
}

TEST_CASE("make_network: weights and readouts of one seed are independent") {
    const Matrix weights = gaussian_weights(300, 1.0, 4);
    const Matrix readout = make_network(weights, 1, 4).readout;
    const double correlation = weights.col(0).dot(readout.row(0).transpose()) /
                               (weights.col(0).norm() * readout.row(0).norm());
    CHECK(std::abs(correlation) < 5.0 / std::sqrt(300.0));  // 5 σ
}

TEST_CASE("dense_weights: sparse and dense weights are the same matrix") {
    const SparseMatrix sparse = sparse_weights(40, 0.3, 0.9, 1);
    const Network network = make_network(sparse, 1, 1);
    CHECK(dense_weights(network) == Matrix(sparse));
    CHECK(dense_weights(make_network(Matrix(sparse), 1, 1)) == Matrix(sparse));
}

TEST_CASE(
    "validate: each field's fault is one sentence that names it, what was found, what would do") {
    CHECK(message_of(three_units()) == "");
    Network network = three_units();
    network.weights = Matrix(Matrix::Zero(3, 2));
    CHECK(message_of(network) == "weights has shape 3 × 2; expected a square matrix.");
    network = three_units();
    std::get<Matrix>(network.weights)(1, 2) = not_a_number;
    CHECK(message_of(network) == "weights: found NaN or infinity, expected finite numbers");
    network = three_units();
    network.tau = 0.0;
    CHECK(message_of(network) == "tau: found 0 s, expected a positive time constant");
    network = three_units();
    network.bias = Vector::Zero(2);
    CHECK(message_of(network) == "bias has shape 2; expected 3 numbers, one per unit.");
    network = three_units();
    network.readout = Matrix::Zero(2, 4);
    CHECK(message_of(network) == "readout has shape 2 × 4; expected 2 × 3.");
    network = three_units();
    network.readout(0, 0) = not_a_number;
    CHECK(message_of(network) == "readout: found NaN or infinity, expected finite numbers");
    network = three_units();
    network.bias(0) = not_a_number;
    CHECK(message_of(network) == "bias: found NaN or infinity, expected finite numbers");
}

TEST_CASE("make_network: what it cannot take is refused") {
    SparseMatrix sparse(2, 2);
    sparse.insert(0, 1) = not_a_number;
    CHECK_THROWS_AS((void)make_network(sparse, 1, 1), DomainError);
    CHECK_THROWS_AS((void)make_network(Matrix(0, 0), 1, 1), ShapeError);
    CHECK_THROWS_AS((void)make_network(Matrix(2, 3), 1, 1), ShapeError);
    CHECK_THROWS_WITH_AS((void)make_network(Matrix(Matrix::Zero(2, 2)), -1, 1),
                         "channels: found -1, expected 0 or more", DomainError);
    CHECK_THROWS_AS((void)make_network(Matrix(Matrix::Zero(2, 2)), 1, 1, not_a_number),
                    DomainError);
}

TEST_CASE("response_from and name_of are inverse to each other") {
    for (const char* name : {"linear", "rectified", "tanh", "softplus"})
        CHECK(std::string(name_of(response_from(name))) == name);
    CHECK_THROWS_WITH_AS((void)response_from("relu"),
                         "response: found 'relu', expected linear, rectified, tanh or softplus, or "
                         "the response of an artificial unit",
                         DomainError);
}

TEST_CASE("validate(Loops): u and v fit each other and the network, and are finite") {
    Loops loops{Matrix::Zero(4, 2), Matrix::Zero(4, 2), 0.0};
    CHECK_NOTHROW(validate(loops, 4));
    CHECK_THROWS_WITH_AS(validate(loops, 5), "u has shape 4 × 2; expected 5 rows, one per unit.",
                         ShapeError);
    loops.v = Matrix::Zero(4, 3);
    CHECK_THROWS_WITH_AS(validate(loops, 4), "v has shape 4 × 3; expected 4 × 2, the shape of u.",
                         ShapeError);
    loops.v = Matrix::Constant(4, 2, not_a_number);
    CHECK_THROWS_WITH_AS(validate(loops, 4), "v: found NaN or infinity, expected finite numbers",
                         DomainError);
    loops = {Matrix::Zero(4, 2), Matrix::Zero(4, 2), -0.1};
    CHECK_THROWS_WITH_AS(validate(loops, 4), "thalamic_tau: found -0.1 s, expected 0 or more",
                         DomainError);
}

TEST_CASE("apply_weights: sparse and dense weights act alike") {
    const SparseMatrix sparse = sparse_weights(40, 0.2, 0.9, 3);
    const Network thin = make_network(sparse, 1, 1);
    const Network dense = make_network(Matrix(sparse), 1, 1);
    const Matrix x = Matrix::Random(40, 5);
    CHECK((apply_weights(thin, x) - apply_weights(dense, x)).norm() < 1e-14 * x.norm());
    CHECK_THROWS_AS((void)apply_weights(thin, Matrix::Zero(39, 1)), ShapeError);
}

TEST_CASE("norm of loops: the Frobenius norm of U Vᵀ without forming it") {
    const Loops loops{Matrix::Random(30, 4), Matrix::Random(30, 4), 0.0};
    const double formed = (loops.u * loops.v.transpose()).norm();
    CHECK(std::abs(norm(loops) - formed) < 1e-13 * formed);
}
