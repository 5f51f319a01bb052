#pragma once

#include <Eigen/Core>
#include <complex>

namespace heddle {

using Complex = std::complex<double>;
using Index = Eigen::Index;

/// Dense, column-major, double precision.
using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using ComplexMatrix = Eigen::MatrixXcd;
using ComplexVector = Eigen::VectorXcd;

/// Read-only views: no copy is made of what already is a dense column-major array.
using MatrixView = Eigen::Ref<const Matrix>;
using VectorView = Eigen::Ref<const Vector>;
using ComplexMatrixView = Eigen::Ref<const ComplexMatrix>;
using ComplexVectorView = Eigen::Ref<const ComplexVector>;

}  // namespace heddle
