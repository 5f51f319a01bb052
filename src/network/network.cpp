#include "heddle/network/network.hpp"

#include <cmath>
#include <string>

#include "heddle/core/error.hpp"
#include "heddle/core/random.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

Index rows(const Network& network) {
    return std::visit([](const auto& w) { return static_cast<Index>(w.rows()); }, network.weights);
}

Index columns(const Network& network) {
    return std::visit([](const auto& w) { return static_cast<Index>(w.cols()); }, network.weights);
}

bool finite(const Matrix& weights) {
    return weights.allFinite();
}

bool finite(const StructuredWeights& weights) {
    validate(weights);  // Says which part is not what it should be.
    return true;
}

bool finite(const SparseMatrix& weights) {
    for (Index row = 0; row < weights.outerSize(); ++row)
        for (SparseMatrix::InnerIterator entry(weights, row); entry; ++entry)
            if (!std::isfinite(entry.value())) return false;
    return true;
}

/// A population's membrane carries the state of its unit: the two have one time constant.
void check_response(const Network& network) {
    if (network.response.kind() != Response::Kind::transfer) return;
    const TransferResponse& response = network.response.transfer();
    validate(response);
    if (std::abs(response.tau_m - 1e3 * network.tau) <= 1e-9 * response.tau_m) return;
    throw DomainError("response: tau_m is " + number_text(response.tau_m) +
                      " ms and tau of the network " + number_text(1e3 * network.tau) +
                      " ms; the membrane carries the state, so give the network tau = " +
                      number_text(1e-3 * response.tau_m) +
                      " s, or let slow synapses carry it in network_equations");
}

/// Sparse and structured networks may be larger than what their matrix fits into.
void check_densifiable(const Network& network) {
    constexpr Index largest = 20'000;
    const Index n = rows(network);
    if (n <= largest || std::holds_alternative<Matrix>(network.weights)) return;
    const double gib = 8.0 * static_cast<double>(n) * static_cast<double>(n) / 1073741824.0;
    throw DomainError("network: the decomposition asked for needs W as one dense matrix, " +
                      number_text(gib) + " GiB for " + std::to_string(n) + " units (at most " +
                      std::to_string(largest) +
                      "); place_eigenvalues without whole_spectrum, frontier, design_motif_loops, "
                      "perform_motif and eigenvalues_near work by products with W");
}

}  // namespace

Network make_network(Weights weights, Index channels, std::uint64_t seed, double tau,
                     const Response& response) {
    Network network{std::move(weights), tau, response, {}, {}};
    const Index n = rows(network);
    if (channels < 0)
        throw DomainError("channels: found " + std::to_string(channels) + ", expected 0 or more");
    network.bias = Vector::Zero(n);
    network.readout.resize(channels, n);
    // Row by row from streams of their own: a readout does not depend on how many there are.
    Vector row(n);
    for (Index c = 0; c < channels; ++c) {
        Random(seed, stream_of("readout/" + std::to_string(c)))
            .fill_normal({row.data(), static_cast<std::size_t>(row.size())});
        network.readout.row(c) = row.transpose() / std::sqrt(static_cast<double>(n));
    }
    validate(network);
    return network;
}

Index size(const Network& network) {
    return rows(network);
}

Matrix dense_weights(const Network& network) {
    check_densifiable(network);
    if (const auto* structured = std::get_if<StructuredWeights>(&network.weights))
        return dense(*structured);
    if (const auto* sparse = std::get_if<SparseMatrix>(&network.weights)) return *sparse;
    return std::get<Matrix>(network.weights);
}

Matrix apply_weights(const Network& network, const MatrixView& x) {
    if (x.rows() != columns(network))
        throw ShapeError("x", std::to_string(columns(network)) + " rows, one per unit",
                         std::to_string(x.rows()));
    if (const auto* structured = std::get_if<StructuredWeights>(&network.weights))
        return apply(*structured, x);
    if (const auto* sparse = std::get_if<SparseMatrix>(&network.weights)) return *sparse * x;
    return std::get<Matrix>(network.weights) * x;
}

void validate(const Network& network) {
    const Index n = rows(network);
    if (n < 1 || columns(network) != n)
        throw ShapeError("weights", "a square matrix", shape_text(n, columns(network)));
    if (!std::visit([](const auto& w) { return finite(w); }, network.weights))
        throw DomainError("weights: found NaN or infinity, expected finite numbers");
    if (!(network.tau > 0.0) || !std::isfinite(network.tau))
        throw DomainError("tau: found " + number_text(network.tau) +
                          " s, expected a positive time constant");
    check_response(network);
    if (network.bias.size() != n)
        throw ShapeError("bias", std::to_string(n) + " numbers, one per unit",
                         std::to_string(network.bias.size()));
    if (network.readout.rows() > 0 && network.readout.cols() != n)
        throw ShapeError("readout", shape_text(network.readout.rows(), n),
                         shape_text(network.readout.rows(), network.readout.cols()));
    check_finite(network.bias, "bias");
    check_finite(network.readout, "readout");
}

}  // namespace heddle
