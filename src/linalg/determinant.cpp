#include <Eigen/LU>

#include "heddle/core/error.hpp"
#include "heddle/linalg/solve.hpp"

namespace heddle {

Complex determinant(const ComplexMatrixView& a) {
    if (a.rows() != a.cols())
        throw ShapeError("a", "a square matrix", shape_text(a.rows(), a.cols()));
    return ComplexMatrix(a).determinant();
}

}  // namespace heddle
