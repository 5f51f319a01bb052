#pragma once

#include <string>

#include "heddle/core/error.hpp"
#include "heddle/linalg/types.hpp"

namespace heddle {

template <typename Array>
std::string shape_of(const Array& a) {
    return shape_text(a.rows(), a.cols());
}

inline void require_square(const MatrixView& a, const char* name) {
    if (a.rows() != a.cols()) throw ShapeError(name, "a square matrix", shape_of(a));
}

template <typename Array>
void require_shape(const Array& a, Index rows, Index columns, const char* name) {
    if (a.rows() != rows || a.cols() != columns) {
        throw ShapeError(name, shape_text(rows, columns), shape_of(a));
    }
}

template <typename Array>
void require_finite(const Array& a, const char* name) {
    if (!a.allFinite()) {
        throw DomainError(std::string(name) + " holds NaN or infinity; finite numbers would work.");
    }
}

inline void require_symmetric(const MatrixView& a, const char* name) {
    require_square(a, name);
    const double asymmetry = (a - a.transpose()).norm();
    if (asymmetry > 1e-10 * a.norm()) {
        throw DomainError(std::string(name) + " differs from its transpose by " +
                          std::to_string(asymmetry) + "; a symmetric matrix would work.");
    }
}

}  // namespace heddle
