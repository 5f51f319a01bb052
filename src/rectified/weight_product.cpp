#include "rectified/weight_product.hpp"

namespace heddle {
namespace {

void add_product(const Matrix& w, const MatrixView& x, Eigen::Ref<Matrix> y) {
    y.noalias() += w * x;
}

void add_product(const SparseMatrix& w, const MatrixView& x, Eigen::Ref<Matrix> y) {
    if (w.nonZeros() > 0) y.noalias() += w * x;
}

void add_product(const StructuredWeights& w, const MatrixView& x, Eigen::Ref<Matrix> y) {
    add_product(w.sparse, x, y);
    if (w.p.cols() > 0) {
        const Matrix seen = w.q.transpose() * x;
        y.noalias() += w.p * seen;
    }
    for (const Kronecker& term : w.kronecker) y += apply(term, x);
}

Vector diagonal_of(const StructuredWeights& w) {
    Vector d = w.sparse.diagonal();
    if (w.p.cols() > 0) d += w.p.cwiseProduct(w.q).rowwise().sum();
    for (const Kronecker& term : w.kronecker)
        for (Index i = 0; i < term.a.rows(); ++i)
            d.segment(i * term.b.rows(), term.b.rows()) += term.a(i, i) * term.b.diagonal();
    return d;
}

}  // namespace

void WeightProduct::add(const MatrixView& x, Eigen::Ref<Matrix> y) const {
    std::visit([&](const auto& w) { add_product(w, x, y); }, weights_);
}

Index WeightProduct::width() const {
    if (std::holds_alternative<Matrix>(weights_)) return 32;
    return std::holds_alternative<SparseMatrix>(weights_) ? 16 : 8;
}

Vector WeightProduct::diagonal() const {
    if (const auto* structured = std::get_if<StructuredWeights>(&weights_))
        return diagonal_of(*structured);
    if (const auto* sparse = std::get_if<SparseMatrix>(&weights_)) return sparse->diagonal();
    return std::get<Matrix>(weights_).diagonal();
}

}  // namespace heddle
