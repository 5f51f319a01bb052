#include "heddle/flow/segment_map.hpp"

#include <cmath>

#include "heddle/core/error.hpp"
#include "heddle/linalg/exponential.hpp"
#include "heddle/linalg/solve.hpp"

namespace heddle {
namespace {

Index thalamic_units(const Loops* open) {
    return open != nullptr && open->thalamic_tau > 0.0 ? open->u.cols() : 0;
}

/// C e^{A t_j} for j = 0 … steps, stacked: the block is doubled by one product with e^{A t} of its
/// own length. On the way out `power` is e^{A t} for the longest doubling only; the caller needs no
/// more.
Matrix observe(const MatrixView& observed, const MatrixView& propagator, Index steps) {
    const Index d = observed.rows();
    const Index rows = (steps + 1) * d;
    Matrix stacked = Matrix::Zero(rows, propagator.cols());
    stacked.topLeftCorner(d, observed.cols()) = observed;
    Matrix power = propagator;
    for (Index filled = d; filled < rows; filled *= 2) {
        const Index fresh = std::min(filled, rows - filled);
        stacked.middleRows(filled, fresh).noalias() = stacked.topRows(fresh) * power;
        if (2 * filled < rows) power = (power * power).eval();
    }
    return stacked;
}

/// Covariance after `steps` steps whose single-step propagator and covariance are given:
/// Q(s + t) = Q(t) + e^{At} Q(s) e^{Aᵀt}, by the binary digits of `steps`.
Matrix accumulated_covariance(Matrix propagator, Matrix step, Index steps) {
    Matrix total = Matrix::Zero(step.rows(), step.cols());
    for (Index left = steps; left > 0; left /= 2) {
        if (left % 2 == 1) total = (step + propagator * total * propagator.transpose()).eval();
        if (left == 1) break;
        step = (step + propagator * step * propagator.transpose()).eval();
        propagator = (propagator * propagator).eval();
    }
    return 0.5 * (total + total.transpose());
}

/// Running sum over steps of the variance that each step's fresh noise has grown into, row by row
/// of C.
Matrix noise_output(const MatrixView& observation, const MatrixView& noise_root, Index d,
                    Index steps) {
    const Vector fresh = (observation * noise_root).rowwise().squaredNorm();
    Matrix variance = Matrix::Zero(steps + 1, d);
    for (Index j = 0; j < steps; ++j)
        variance.row(j + 1) = variance.row(j) + fresh.segment(j * d, d).transpose();
    return variance;
}

void add_noise(SegmentMap& map, const JointDynamics& dynamics, Index d) {
    const Index s = dynamics.a.rows();
    const Index n = dynamics.cortex;
    Matrix intensity = Matrix::Zero(s, s);
    intensity.diagonal().head(n).setConstant(2.0 / dynamics.tau);
    const NoiseStep step = noise_step(dynamics.a, intensity, map.dt);
    map.noise_root = square_root(step.covariance);
    map.noise_covariance =
        accumulated_covariance(step.propagator, step.covariance, map.steps).topLeftCorner(n, n);
    map.noise_output = noise_output(map.observation, map.noise_root, d, map.steps);
}

}  // namespace

JointDynamics joint_dynamics(const Network& network, const Loops* open) {
    if (network.response != Response::linear)
        throw DomainError(std::string("exact propagation needs the response 'linear', found '") +
                          name_of(network.response) + "'");
    if (open != nullptr && open->delay > 0.0)
        throw DomainError("exact propagation needs loops without conduction delay, found " +
                          std::to_string(open->delay) + " s");
    const Index n = size(network);
    const Index k = thalamic_units(open);
    JointDynamics dynamics{Matrix::Zero(n + k, n + k), n, k, network.tau};
    Matrix& a = dynamics.a;
    a.topLeftCorner(n, n) = dense_weights(network);
    if (open != nullptr && k == 0) a.noalias() += open->u * open->v.transpose();
    a.diagonal().head(n).array() -= 1.0;
    if (k > 0) {
        a.topRightCorner(n, k) = open->u;
        a.bottomLeftCorner(k, n) = open->v.transpose() * (network.tau / open->thalamic_tau);
        a.diagonal().tail(k).setConstant(-network.tau / open->thalamic_tau);
    }
    a /= network.tau;
    return dynamics;
}

Matrix joint_deviation(const MatrixView& cortical_states, const Segment& segment) {
    const Index n = cortical_states.rows();
    const Index k = thalamic_units(segment.open);
    Matrix deviation(n + k, cortical_states.cols());
    deviation.topRows(n) = cortical_states.colwise() - segment.fixed_point;
    if (k > 0)
        deviation.bottomRows(k).colwise() =
            segment.thalamic_start - segment.open->v.transpose() * segment.fixed_point;
    return deviation;
}

SegmentMap segment_map(const JointDynamics& dynamics, const MatrixView& observed, double dt,
                       Index steps, bool with_noise) {
    SegmentMap map{dt, steps, exponential(dynamics.a * dt), {}, {}, {}, {}, {}};
    map.transfer = power(map.propagator, steps).topRows(dynamics.cortex);
    map.observation = observe(observed, map.propagator, steps);
    if (with_noise) add_noise(map, dynamics, observed.rows());
    return map;
}

std::size_t memory(const SegmentMap& map) {
    const Index numbers = map.propagator.size() + map.transfer.size() + map.observation.size() +
                          map.noise_root.size() + map.noise_covariance.size() +
                          map.noise_output.size();
    return static_cast<std::size_t>(numbers) * sizeof(double);
}

}  // namespace heddle
