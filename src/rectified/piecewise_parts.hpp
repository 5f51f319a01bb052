#pragma once

#include "heddle/rectified/threshold_linear.hpp"
#include "linalg/checks.hpp"

namespace heddle {

/// What networks and maps share: n variables, m rectified units, and parts of the shapes that
/// follow. \throws ShapeError, DomainError  naming the field.
template <class Piecewise>
void require_parts(const Piecewise& system) {
    const Index n = system.states();
    const Index m = system.units();
    require_square(system.linear, "linear");
    if (n < 1) throw ShapeError("linear", "at least one state variable", shape_text(n, n));
    require_shape(system.outputs, n, m, "outputs");
    require_shape(system.inputs, m, n, "inputs");
    require_shape(system.bias, m, 1, "bias");
    require_shape(system.drive, n, 1, "drive");
    require_finite(system.linear, "linear");
    require_finite(system.outputs, "outputs");
    require_finite(system.inputs, "inputs");
    require_finite(system.bias, "bias");
    require_finite(system.drive, "drive");
}

/// The units whose inputs y = Q x + c are above their thresholds.
[[nodiscard]] Support active_units(const Vector& inputs);

/// The linear part within the region of `support`.
template <class Piecewise>
Matrix matrix_within(const Piecewise& system, const Support& support) {
    return system.linear + system.outputs(Eigen::all, support) * system.inputs(support, Eigen::all);
}

/// 0 … n − 1.
[[nodiscard]] Support all_units(Index n);

/// Where the single 1 of every column is, or nothing if a column is anything else: then a product
/// with the matrix is a choice of entries.
[[nodiscard]] Support selected_rows(const Matrix& columns);

}  // namespace heddle
