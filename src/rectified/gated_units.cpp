#include "heddle/rectified/gated_units.hpp"

#include <string>

#include "linalg/checks.hpp"

namespace heddle {
namespace {

/// The gates and the candidate at one state, each of shape (n,).
struct Gates {
    Vector reset;
    Vector update;
    Vector inner;  ///< q = W_c h + b_c.
    Vector candidate;
};

Vector logistic(const Vector& x) {
    return 0.5 + 0.5 * (0.5 * x).array().tanh();
}

/// \param drive  B s + a, shape (3 n,).
Gates gates_at(const GatedUnits& layer, const VectorView& h, const VectorView& drive) {
    const Index n = layer.units();
    const Vector own = layer.recurrent * h + layer.recurrent_bias;
    const Vector outer = own.head(2 * n) + drive.head(2 * n);
    Gates gates{logistic(outer.head(n)), logistic(outer.tail(n)), own.tail(n), {}};
    gates.candidate = (drive.tail(n) + gates.reset.cwiseProduct(gates.inner)).array().tanh();
    return gates;
}

Vector next_of(const Gates& gates, const VectorView& h) {
    return gates.candidate + gates.update.cwiseProduct(h - gates.candidate);
}

void require_array(const Matrix& array, Index rows, Index columns, const char* name) {
    require_shape(array, rows, columns, name);
    require_finite(array, name);
}

}  // namespace

void validate(const GatedUnits& layer) {
    const Index n = layer.recurrent.cols();
    if (n < 1)
        throw ShapeError("recurrent", "3 n × n, at least one unit", shape_of(layer.recurrent));
    require_array(layer.recurrent, 3 * n, n, "recurrent");
    require_array(layer.input, 3 * n, layer.input.cols(), "input");
    require_array(layer.recurrent_bias, 3 * n, 1, "recurrent_bias");
    require_array(layer.input_bias, 3 * n, 1, "input_bias");
}

Matrix iterate(const GatedUnits& layer, const VectorView& initial, const MatrixView& inputs) {
    validate(layer);
    require_array(initial, layer.units(), 1, "initial");
    require_array(inputs, layer.inputs(), inputs.cols(), "inputs");
    const Matrix drive = (layer.input * inputs).colwise() + layer.input_bias;
    Matrix states(layer.units(), inputs.cols() + 1);
    states.col(0) = initial;
    for (Index t = 0; t < inputs.cols(); ++t)
        states.col(t + 1) = next_of(gates_at(layer, states.col(t), drive.col(t)), states.col(t));
    return states;
}

GatedLinearisation linearise(const GatedUnits& layer, const VectorView& state,
                             const VectorView& input) {
    validate(layer);
    const Index n = layer.units();
    require_array(state, n, 1, "state");
    require_array(input, layer.inputs(), 1, "input");
    const Gates at = gates_at(layer, state, layer.input * input + layer.input_bias);
    const Vector through = (1.0 - at.update.array()) * (1.0 - at.candidate.array().square());
    const Vector by_reset =
        through.array() * at.inner.array() * at.reset.array() * (1.0 - at.reset.array());
    const Vector by_update =
        (state - at.candidate).array() * at.update.array() * (1.0 - at.update.array());
    const auto through_gates = [&](const Matrix& weights, const Vector& candidate) -> Matrix {
        return candidate.asDiagonal() * weights.bottomRows(n) +
               by_reset.asDiagonal() * weights.topRows(n) +
               by_update.asDiagonal() * weights.middleRows(n, n);
    };
    GatedLinearisation found{next_of(at, state),
                             through_gates(layer.recurrent, through.cwiseProduct(at.reset)),
                             through_gates(layer.input, through)};
    found.jacobian.diagonal() += at.update;
    return found;
}

}  // namespace heddle
