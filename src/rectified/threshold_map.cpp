#include "heddle/rectified/threshold_map.hpp"

#include <string>

#include "linalg/checks.hpp"
#include "rectified/piecewise_parts.hpp"

namespace heddle {
namespace {

void require_units(const Support& rectified, Index n) {
    Index before = -1;
    for (const Index unit : rectified) {
        if (unit <= before || unit >= n)
            throw DomainError("rectified: found unit " + std::to_string(unit) +
                              ", expected rising indices from 0 to " + std::to_string(n - 1));
        before = unit;
    }
}

}  // namespace

void validate(const ThresholdMap& map) {
    require_parts(map);
}

ThresholdMap plrnn(const MatrixView& a, const MatrixView& w, const VectorView& h,
                   const Support& rectified) {
    const Index n = a.rows();
    require_square(a, "a");
    require_shape(w, n, n, "w");
    require_shape(h, n, 1, "h");
    ThresholdMap map{a + w, Matrix(n, 0), Matrix(0, n), Vector(), h};
    require_units(rectified, n);
    const auto m = static_cast<Index>(rectified.size());
    map.outputs = w(Eigen::all, rectified);
    map.inputs = Matrix::Zero(m, n);
    map.bias = Vector::Zero(m);
    for (Index j = 0; j < m; ++j) map.inputs(j, rectified[static_cast<std::size_t>(j)]) = 1.0;
    for (const Index j : rectified) map.linear.col(j) = a.col(j);
    validate(map);
    return map;
}

ThresholdMap plrnn(const MatrixView& a, const MatrixView& w, const VectorView& h) {
    return plrnn(a, w, h, all_units(a.rows()));
}

ThresholdMap shallow_plrnn(const MatrixView& a, const MatrixView& w1, const MatrixView& w2,
                           const VectorView& h1, const VectorView& h2, bool clipped) {
    require_square(a, "a");
    const Index n = a.rows(), m = w1.cols();
    require_shape(w1, n, m, "w1");
    require_shape(w2, m, n, "w2");
    require_shape(h1, n, 1, "h1");
    require_shape(h2, m, 1, "h2");
    ThresholdMap map{a, w1, w2, h2, h1};
    if (clipped) {
        map.outputs.conservativeResize(n, 2 * m);
        map.inputs.conservativeResize(2 * m, n);
        map.bias.conservativeResize(2 * m);
        map.outputs.rightCols(m) = -w1;
        map.inputs.bottomRows(m) = w2;
        map.bias.tail(m).setZero();
    }
    validate(map);
    return map;
}

ThresholdMap relu_rnn(const MatrixView& w, const VectorView& h) {
    require_square(w, "w");
    const Index n = w.rows();
    require_shape(h, n, 1, "h");
    ThresholdMap map{Matrix::Zero(n, n), Matrix::Identity(n, n), w, h, Vector::Zero(n)};
    validate(map);
    return map;
}

Vector next_state(const ThresholdMap& map, const VectorView& z) {
    require_shape(z, map.states(), 1, "z");
    return map.linear * z + map.outputs * (map.inputs * z + map.bias).cwiseMax(0.0) + map.drive;
}

Matrix iterate(const ThresholdMap& map, const VectorView& initial, Index steps) {
    require_shape(initial, map.states(), 1, "initial");
    if (steps < 0)
        throw DomainError("steps: found " + std::to_string(steps) + ", expected 0 or more");
    Matrix states(map.states(), steps + 1);
    states.col(0) = initial;
    for (Index t = 0; t < steps; ++t) states.col(t + 1) = next_state(map, states.col(t));
    return states;
}

Support support_at(const ThresholdMap& map, const VectorView& z) {
    require_shape(z, map.states(), 1, "z");
    return active_units(map.inputs * z + map.bias);
}

Matrix region_matrix(const ThresholdMap& map, const Support& support) {
    return matrix_within(map, support);
}

ThresholdLinear with_fixed_points_of(const ThresholdMap& map) {
    const Index n = map.states();
    return {map.linear - Matrix::Identity(n, n), map.outputs, map.inputs, map.bias, map.drive, 1.0};
}

ThresholdMap unrolled(const ThresholdMap& map, Index k) {
    validate(map);
    if (k < 1) throw DomainError("k: found " + std::to_string(k) + ", expected a period from 1");
    const Index n = map.states(), m = map.units();
    ThresholdMap stacked{Matrix::Zero(n * k, n * k), Matrix::Zero(n * k, m * k),
                         Matrix::Zero(m * k, n * k), map.bias.replicate(k, 1),
                         map.drive.replicate(k, 1)};
    for (Index t = 0; t < k; ++t) {
        const Index before = (t + k - 1) % k;
        stacked.linear.block(t * n, before * n, n, n) = map.linear;
        stacked.outputs.block(t * n, before * m, n, m) = map.outputs;
        stacked.inputs.block(t * m, t * n, m, n) = map.inputs;
    }
    return stacked;
}

}  // namespace heddle
