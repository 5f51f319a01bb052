#include "heddle/loops/readout_deviation.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "heddle/core/error.hpp"
#include "heddle/linalg/exponential.hpp"

namespace heddle {
namespace {

constexpr Index most_panels = 10000;  // Of one time constant each, if that is enough of them.

void check(const Network& network, const Loops& loops, const VectorView& initial_state,
           double duration, double noise) {
    validate(network);
    const Index n = size(network);
    validate(loops, n);
    if (network.response != Response::linear)
        throw DomainError("network: found response '" + std::string(name_of(network.response)) +
                          "', expected a linear network");
    if (loops.thalamic_tau != 0.0)
        throw DomainError("loops: found thalamic_tau " + std::to_string(loops.thalamic_tau) +
                          ", expected 0");
    if (initial_state.size() != n)
        throw ShapeError("initial_state", shape_text(n, 1), shape_text(initial_state.size(), 1));
    if (!(std::isfinite(duration) && duration > 0.0))
        throw DomainError("duration: found " + std::to_string(duration) + ", expected a time > 0");
    if (!(std::isfinite(noise) && noise >= 0.0))
        throw DomainError("noise: found " + std::to_string(noise) + ", expected 0 or more");
}

/// ∫₀ᵀ ‖rows e^{A t}‖_F² dt, panel by panel: Q = ∫₀ʰ e^{A s} e^{Aᵀ s} ds once, then the rows march.
/// Doubling Q up to T instead would square e^{A t}, and its rounding, where A is far from normal.
double response_of(const MatrixView& a, Matrix rows, double t, Index panels) {
    const NoiseStep panel =
        noise_step(a, Matrix::Identity(a.rows(), a.cols()), t / static_cast<double>(panels));
    double sum = 0.0;
    for (Index i = 0; i < panels; ++i) {
        sum += (rows * panel.covariance).cwiseProduct(rows).sum();
        rows = rows * panel.propagator;
    }
    return sum;
}

}  // namespace

ReadoutDeviation readout_deviation(const Network& network, const Loops& loops,
                                   const VectorView& initial_state, double duration, double noise) {
    check(network, loops, initial_state, duration, noise);
    Matrix a = dense_weights(network) + loops.u * loops.v.transpose();
    a.diagonal().array() -= 1.0;
    const double n = static_cast<double>(a.rows()), t = duration / network.tau;
    const Index panels = std::clamp(static_cast<Index>(std::ceil(t)), Index{1}, most_panels);
    ReadoutDeviation result{};
    result.response = network.tau * response_of(a, network.readout, t, panels);
    result.activity =
        network.tau * response_of(a.transpose(), initial_state.transpose(), t, panels);
    result.deviation = noise * std::sqrt(result.activity * result.response / n) / duration;
    return result;
}

}  // namespace heddle
