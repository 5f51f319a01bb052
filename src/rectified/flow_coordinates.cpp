#include "rectified/flow_coordinates.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "heddle/linalg/eigenbasis.hpp"
#include "heddle/linalg/solve.hpp"
#include "linalg/lapack.hpp"
#include "rectified/piecewise_parts.hpp"

namespace heddle {
namespace {

/// So few that products with L dominate.
bool few_units(const ThresholdLinear& system) {
    return system.states() >= 4 * system.units();
}

/// A bound of ‖A‖₂ that rounding does not undercut.
double norm_bound(const Matrix& a) {
    return a.size() == 0 ? 0.0 : spectral_norm(a) * (1.0 + 1e-8);
}

}  // namespace

FlowCoordinates::FlowCoordinates(const ThresholdLinear& system, double duration)
    : drive(system.drive), bias(system.bias) {
    lapack::use_one_blas_thread();
    constexpr double least_rate = 1e-9;  // of a system that stands still
    linear_norm_ = std::max(least_rate, norm_bound(system.linear));
    most_rate = linear_norm_ + norm_bound(system.outputs) * norm_bound(system.inputs);
    if (few_units(system))
        overlaps_ = (system.outputs.transpose() * system.outputs)
                        .cwiseProduct(system.inputs * system.inputs.transpose());
    input_norms = system.inputs.rowwise().norm();
    set_linear(system, duration);
    set_outputs(basis_.size() > 0 ? Matrix(inverse_ * system.outputs) : system.outputs);
    set_inputs(basis_.size() > 0 ? Matrix(system.inputs * basis_) : system.inputs);
    if (basis_.size() > 0) drive = inverse_ * system.drive;
    gathered_.resize(units());
}

void FlowCoordinates::set_linear(const ThresholdLinear& system, double duration) {
    if (system.linear.isDiagonal(0.0)) {
        kind_ = Linear::diagonal;
        diagonal_ = system.linear.diagonal();
        reals_ = diagonal_.size();
        turns_.resize(0);
    } else if (!try_turned(system, duration)) {
        kind_ = Linear::dense;
        dense_ = system.linear;
    }
}

bool FlowCoordinates::try_turned(const ThresholdLinear& system, double duration) {
    constexpr double largest_error = 1e-12;
    constexpr double repaid = 0.3;  // n τ: about 16 products with L a τ against 100 n of them
    const Index n = system.states();
    if (!few_units(system)) return false;
    if (duration < repaid * static_cast<double>(n)) return false;
    const RealEigenbasis eigenbasis = real_eigenbasis(system.linear);
    if (eigenbasis.inverse.size() == 0) return false;
    kind_ = Linear::turned;
    reals_ = eigenbasis.reals.size();
    turns_ = eigenbasis.pairs.imag();
    diagonal_.resize(n);
    diagonal_ << eigenbasis.reals, eigenbasis.pairs.real(), eigenbasis.pairs.real();
    Matrix turned(n, n);
    for (Index j = 0; j < n; ++j) linear(eigenbasis.inverse.col(j), turned.col(j));
    backward_error = (eigenbasis.r * turned - system.linear).norm() / system.linear.norm();
    if (!(backward_error < largest_error)) {
        backward_error = 0.0;
        return false;
    }
    basis_ = eigenbasis.r;
    inverse_ = eigenbasis.inverse;
    basis_norm = norm_bound(basis_);
    return true;
}

void FlowCoordinates::set_outputs(const Matrix& outputs) {
    output_rows_ = selected_rows(outputs);
    if (output_rows_.empty()) outputs_ = outputs;
}

void FlowCoordinates::set_inputs(const Matrix& inputs) {
    input_rows_ = selected_rows(inputs.transpose());
    if (input_rows_.empty()) inputs_ = inputs;
}

double FlowCoordinates::rate_bound(const Support& support) const {
    if (overlaps_.size() == 0) return most_rate;
    const double squared = std::max(0.0, overlaps_(support, support).sum());
    return std::min(most_rate, linear_norm_ + std::sqrt(squared) * (1.0 + 1e-8));
}

Vector FlowCoordinates::from_states(const VectorView& x) const {
    return basis_.size() > 0 ? Vector(inverse_ * x) : Vector(x);
}

Matrix FlowCoordinates::to_states(Matrix coordinates) const {
    if (basis_.size() > 0) return basis_ * coordinates;
    return coordinates;
}

void FlowCoordinates::inputs(const Eigen::Ref<const Vector>& xi, Eigen::Ref<Vector> y) const {
    if (units() == 0) return;
    if (input_rows_.empty())
        y.noalias() = inputs_ * xi;
    else
        for (Index j = 0; j < units(); ++j) y[j] = xi[input_rows_[static_cast<std::size_t>(j)]];
}

void FlowCoordinates::linear(const Eigen::Ref<const Vector>& xi, Eigen::Ref<Vector> out) const {
    if (kind_ == Linear::dense) {
        out.noalias() = dense_ * xi;
        return;
    }
    out = diagonal_.cwiseProduct(xi);
    const Index pairs = turns_.size();
    out.segment(reals_, pairs) += turns_.cwiseProduct(xi.tail(pairs));
    out.tail(pairs) -= turns_.cwiseProduct(xi.segment(reals_, pairs));
}

void FlowCoordinates::add_outputs(const Eigen::Ref<const Vector>& y, const Support& support,
                                  Eigen::Ref<Vector> out) {
    if (support.empty()) return;
    if (!output_rows_.empty()) {
        for (const Index j : support) out[output_rows_[static_cast<std::size_t>(j)]] += y[j];
        return;
    }
    if (support != packed_support_) {
        packed_ = outputs_(Eigen::all, support);
        packed_support_ = support;
    }
    const auto count = static_cast<Index>(support.size());
    for (Index s = 0; s < count; ++s) gathered_[s] = y[support[static_cast<std::size_t>(s)]];
    out.noalias() += packed_ * gathered_.head(count);
}

}  // namespace heddle
