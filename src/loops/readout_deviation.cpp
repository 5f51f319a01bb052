#include "heddle/loops/readout_deviation.hpp"

#include <cmath>
#include <string>

#include "heddle/core/error.hpp"
#include "heddle/linalg/exponential.hpp"

namespace heddle {
namespace {

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

}  // namespace

ReadoutDeviation readout_deviation(const Network& network, const Loops& loops,
                                   const VectorView& initial_state, double duration, double noise) {
    check(network, loops, initial_state, duration, noise);
    const double n = static_cast<double>(size(network));
    Matrix a = (dense_weights(network) + loops.u * loops.v.transpose()).transpose();
    a.diagonal().array() -= 1.0;
    const double t = duration / network.tau;
    const Matrix seen = network.readout.transpose() * network.readout;
    const Matrix everything = Matrix::Identity(a.rows(), a.cols());
    ReadoutDeviation result{};
    result.response = network.tau * noise_step(a, seen, t).covariance.trace();
    result.activity =
        network.tau * initial_state.dot(noise_step(a, everything, t).covariance * initial_state);
    result.deviation = noise * std::sqrt(result.activity * result.response / n) / duration;
    return result;
}

}  // namespace heddle
