#pragma once

#include <cstdint>
#include <variant>

#include "heddle/linalg/sparse.hpp"
#include "heddle/network/response.hpp"
#include "heddle/network/structured.hpp"

namespace heddle {

/// Recurrent weights, shape (n, n).
using Weights = std::variant<Matrix, SparseMatrix, StructuredWeights>;

/// A recurrent network, a plain value:
///
///     τ ẋ = −x + W φ(x) + b ,   y = C φ(x)
///
/// `W[i, j]` is the weight from unit j to unit i. A linear network is stable iff every eigenvalue
/// of W has Re λ < 1. Where φ is that of a population of spiking neurons, x is carried by their
/// membrane (delta synapses), and they do not adapt.
struct Network {
    Weights weights;                       ///< W, shape (n, n).
    double tau = 0.01;                     ///< Time constant τ of every unit, s.
    Response response = Response::linear;  ///< φ.
    Vector bias;                           ///< b, shape (n,).
    Matrix readout;                        ///< C, shape (d, n); d may be 0.
};

/// A network with the given weights, no bias, and readout weights C_ij ~ N(0, 1/n) for `channels`
/// outputs.
[[nodiscard]] Network make_network(Weights weights, Index channels, std::uint64_t seed,
                                   double tau = 0.01, const Response& response = Response::linear);

[[nodiscard]] Index size(const Network& network);

/// W as one matrix.
/// \throws DomainError, saying how much memory it would take, for sparse or structured weights of
///         more than 20,000 units.
[[nodiscard]] Matrix dense_weights(const Network& network);

/// W x for every column of x.
[[nodiscard]] Matrix apply_weights(const Network& network, const MatrixView& x);

/// \throws ShapeError, DomainError  naming the field: W square and finite, τ > 0 and that of the
/// response's membrane, shapes of b and C.
void validate(const Network& network);

}  // namespace heddle
