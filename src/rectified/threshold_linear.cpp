#include "heddle/rectified/threshold_linear.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "linalg/checks.hpp"
#include "linalg/lu.hpp"
#include "rectified/piecewise_parts.hpp"

namespace heddle {
namespace {

/// Rising indices below `count`, or a message that calls them `name`.
void require_indices(const Support& units, Index count, const char* name) {
    for (std::size_t i = 0; i < units.size(); ++i) {
        if (units[i] < 0 || units[i] >= count)
            throw DomainError(std::string(name) + ": found unit " + std::to_string(units[i]) +
                              ", expected indices from 0 to " + std::to_string(count - 1));
        if (i > 0 && units[i] <= units[i - 1])
            throw DomainError(std::string(name) + ": found " + std::to_string(units[i]) +
                              " after " + std::to_string(units[i - 1]) +
                              ", expected rising indices without repetition");
    }
}

Support rectified_units(const Network& network) {
    return all_units(network.response == Response::rectified ? size(network) : 0);
}

Support others(const Support& units, Index n) {
    Support rest;
    std::ranges::set_difference(all_units(n), units, std::back_inserter(rest));
    return rest;
}

/// −1 + W and b, once the network and its rectified units are known to be what they should be.
Matrix checked_weights(const Network& network, const Support& rectified) {
    validate(network);
    if (network.response != Response::linear && network.response != Response::rectified)
        throw DomainError(
            std::string("network: found the response ") + name_of(network.response) +
            ", expected linear or rectified; smooth_fixed_points and lyapunov_spectrum "
            "take smooth responses");
    require_indices(rectified, size(network), "rectified");
    return dense_weights(network);
}

Matrix selection(const Support& units, Index n) {
    Matrix rows = Matrix::Zero(static_cast<Index>(units.size()), n);
    for (std::size_t i = 0; i < units.size(); ++i) rows(static_cast<Index>(i), units[i]) = 1.0;
    return rows;
}

}  // namespace

void validate(const ThresholdLinear& system) {
    require_parts(system);
    if (!(system.tau > 0.0) || !std::isfinite(system.tau))
        throw DomainError("tau: found " + std::to_string(system.tau) + " s, expected above 0");
}

void validate(const Support& support, const ThresholdLinear& system) {
    require_indices(support, system.units(), "support");
}

ThresholdLinear input_form(const Network& network, const Support& rectified) {
    const Matrix w = checked_weights(network, rectified);
    const Index n = w.rows();
    const Support linear = others(rectified, n);
    ThresholdLinear system{-Matrix::Identity(n, n),
                           w(Eigen::all, rectified),
                           selection(rectified, n),
                           Vector::Zero(static_cast<Index>(rectified.size())),
                           network.bias,
                           network.tau};
    for (const Index j : linear) system.linear.col(j) += w.col(j);
    return system;
}

ThresholdLinear input_form(const Network& network) {
    return input_form(network, rectified_units(network));
}

ThresholdLinear rate_form(const Network& network, const Support& rectified) {
    const Matrix w = checked_weights(network, rectified);
    const Index n = w.rows();
    ThresholdLinear system{-Matrix::Identity(n, n),  selection(rectified, n).transpose(),
                           w(rectified, Eigen::all), network.bias(rectified),
                           Vector::Zero(n),          network.tau};
    for (const Index i : others(rectified, n)) {
        system.linear.row(i) += w.row(i);
        system.drive[i] = network.bias[i];
    }
    return system;
}

ThresholdLinear rate_form(const Network& network) {
    return rate_form(network, rectified_units(network));
}

ThresholdLinear rectified_loops(const Network& network, const Loops& loops,
                                const VectorView& bias) {
    const Matrix w = checked_weights(network, {});
    const Index n = w.rows();
    const Index k = loops.u.cols();
    validate(loops, n);
    require_shape(bias, k, 1, "bias");
    require_finite(bias, "bias");
    if (network.response != Response::linear)
        throw DomainError(
            "network: found the response rectified, expected a linear cortex; add U Vᵀ to the "
            "weights of a rectified network and use input_form");
    if (loops.delay > 0.0)
        throw DomainError("loops: found a conduction delay of " + std::to_string(loops.delay) +
                          " s, expected 0; rectified dynamics need loops without delay");
    const bool lags = loops.thalamic_tau > 0.0;
    const Index states = lags ? n + k : n;
    ThresholdLinear system{-Matrix::Identity(states, states),
                           Matrix::Zero(states, k),
                           Matrix::Zero(k, states),
                           bias,
                           Vector::Zero(states),
                           network.tau};
    system.linear.topLeftCorner(n, n) += w;
    system.inputs.leftCols(n) = loops.v.transpose();
    system.drive.head(n) = network.bias;
    if (lags) {
        const double ratio = network.tau / loops.thalamic_tau;
        system.linear.topRightCorner(n, k) = loops.u;
        system.linear.bottomRightCorner(k, k) *= ratio;
        system.outputs.bottomRows(k) = ratio * Matrix::Identity(k, k);
    } else {
        system.outputs = loops.u;
    }
    return system;
}

Vector unit_inputs(const ThresholdLinear& system, const VectorView& x) {
    require_shape(x, system.states(), 1, "x");
    if (system.units() == 0) return system.bias;
    return system.inputs * x + system.bias;
}

Vector velocity(const ThresholdLinear& system, const VectorView& x) {
    Vector moved = system.linear * x + system.drive;
    if (system.units() > 0) moved += system.outputs * unit_inputs(system, x).cwiseMax(0.0);
    return moved;
}

Support support_at(const ThresholdLinear& system, const VectorView& x) {
    return active_units(unit_inputs(system, x));
}

Matrix region_matrix(const ThresholdLinear& system, const Support& support) {
    return matrix_within(system, support);
}

Vector region_drive(const ThresholdLinear& system, const Support& support) {
    if (support.empty()) return system.drive;
    return system.drive + system.outputs(Eigen::all, support) * system.bias(support);
}

UnitEquations unit_equations(const ThresholdLinear& system) {
    validate(system);
    const Lu lu(-system.linear);
    const double reciprocal = system.states() > 0 ? lu.reciprocal_condition() : 1.0;
    if (reciprocal < std::numeric_limits<double>::epsilon())
        throw DomainError(
            "linear: L is singular to working precision (1 / κ₁ = " + std::to_string(reciprocal) +
            "), so fixed points with every rectified unit silent form a continuum or do not exist; "
            "linear weights without the eigenvalue 1 would work");
    UnitEquations equations;
    equations.state_of_units = lu.solve(system.outputs);
    equations.state_of_drive = lu.solve(system.drive);
    equations.m = system.inputs * equations.state_of_units;
    equations.q = system.bias + system.inputs * equations.state_of_drive;
    equations.reciprocal_condition = reciprocal;
    return equations;
}

}  // namespace heddle
