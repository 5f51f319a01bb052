#include "heddle/rectified/ctln.hpp"

#include <cmath>
#include <string>

#include "linalg/checks.hpp"

namespace heddle {
namespace {

void require_graph(const MatrixView& adjacency) {
    require_square(adjacency, "adjacency");
    for (Index j = 0; j < adjacency.cols(); ++j) {
        for (Index i = 0; i < adjacency.rows(); ++i) {
            const double entry = adjacency(i, j);
            const std::string at = "(" + std::to_string(i) + ", " + std::to_string(j) + ")";
            if (entry != 0.0 && entry != 1.0)
                throw DomainError("adjacency: found " + std::to_string(entry) + " at " + at +
                                  ", expected 1 for an edge j → i, else 0");
            if (i == j && entry != 0.0)
                throw DomainError("adjacency: found a loop at " + at +
                                  ", expected a zero diagonal");
        }
    }
}

}  // namespace

Matrix ctln_weights(const MatrixView& adjacency, double epsilon, double delta) {
    require_graph(adjacency);
    if (!(delta > 0.0) || !std::isfinite(delta))
        throw DomainError("delta: found " + std::to_string(delta) + ", expected above 0");
    const double most = delta / (1.0 + delta);
    if (!(epsilon > 0.0 && epsilon < most))
        throw DomainError("epsilon: found " + std::to_string(epsilon) +
                          ", expected between 0 and delta / (1 + delta) = " + std::to_string(most));
    Matrix weights = Matrix::Constant(adjacency.rows(), adjacency.cols(), -1.0 - delta);
    weights += (epsilon + delta) * adjacency;
    weights.diagonal().setZero();
    return weights;
}

}  // namespace heddle
