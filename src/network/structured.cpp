#include "heddle/network/structured.hpp"

#include <cmath>
#include <numeric>
#include <string>

#include "heddle/core/error.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

void check_low_rank(const StructuredWeights& weights) {
    const Index n = weights.rows();
    if (weights.p.rows() != n)
        throw ShapeError("weights: p", std::to_string(n) + " rows, one per unit",
                         shape_text(weights.p.rows(), weights.p.cols()));
    if (weights.q.rows() != n || weights.q.cols() != weights.p.cols())
        throw ShapeError("weights: q", shape_text(n, weights.p.cols()) + ", the shape of p",
                         shape_text(weights.q.rows(), weights.q.cols()));
    check_finite(weights.p, "weights: p");
    check_finite(weights.q, "weights: q");
}

void check_kronecker(const StructuredWeights& weights) {
    for (const Kronecker& term : weights.kronecker) {
        const Index a = term.a.rows();
        const Index b = term.b.rows();
        if (term.a.cols() != a || term.b.cols() != b)
            throw ShapeError("weights: kronecker", "square factors",
                             shape_text(a, term.a.cols()) + " and " + shape_text(b, term.b.cols()));
        if (a * b != weights.rows())
            throw ShapeError(
                "weights: kronecker", "sizes that multiply to " + std::to_string(weights.rows()),
                std::to_string(a) + " · " + std::to_string(b) + " = " + std::to_string(a * b));
        if (a != weights.kronecker.front().a.rows())
            throw ShapeError("weights: kronecker",
                             "factors of the same sizes in every product, " +
                                 std::to_string(weights.kronecker.front().a.rows()) + " first",
                             std::to_string(a));
        check_finite(term.a, "weights: kronecker");
        check_finite(term.b, "weights: kronecker");
    }
}

/// Σ over stored entries of S_ij f(i, j).
template <class Function>
double sum_over(const SparseMatrix& s, const Function& f) {
    double sum = 0.0;
    for (Index row = 0; row < s.outerSize(); ++row)
        for (SparseMatrix::InnerIterator entry(s, row); entry; ++entry)
            sum += entry.value() * f(entry.row(), entry.col());
    return sum;
}

double entry_of(const Kronecker& term, Index i, Index j) {
    const Index b = term.b.rows();
    return term.a(i / b, j / b) * term.b(i % b, j % b);
}

/// ⟨S, S⟩ + ⟨P Qᵀ, P Qᵀ⟩ + 2 ⟨S, P Qᵀ⟩.
double squared_norm_without_kronecker(const StructuredWeights& w) {
    const Matrix outputs = w.p.transpose() * w.p;
    const Matrix inputs = w.q.transpose() * w.q;
    const double crossed = sum_over(
        w.sparse, [&](Index i, Index j) { return (w.p.row(i) * w.q.row(j).transpose()).value(); });
    return w.sparse.squaredNorm() + outputs.cwiseProduct(inputs).sum() + 2.0 * crossed;
}

/// What one Kronecker product adds: its inner product with all others, and twice that with S and P
/// Qᵀ.
double squared_norm_of(const StructuredWeights& w, const Kronecker& term) {
    double sum = 2.0 * sum_over(w.sparse, [&](Index i, Index j) { return entry_of(term, i, j); }) +
                 2.0 * w.p.cwiseProduct(apply(term, w.q)).sum();
    for (const Kronecker& other : w.kronecker)
        sum += term.a.cwiseProduct(other.a).sum() * term.b.cwiseProduct(other.b).sum();
    return sum;
}

}  // namespace

StructuredWeights block_weights(const MatrixView& blocks, const std::vector<Index>& sizes) {
    const auto count = static_cast<Index>(sizes.size());
    if (blocks.rows() != count || blocks.cols() != count || count == 0)
        throw ShapeError("blocks", shape_text(count, count) + ", one row and column per size",
                         shape_text(blocks.rows(), blocks.cols()));
    check_finite(blocks, "blocks");
    for (const Index units : sizes)
        if (units < 1)
            throw DomainError("sizes: found " + std::to_string(units) +
                              ", expected at least one unit in every population");
    const Index n = std::accumulate(sizes.begin(), sizes.end(), Index{0});
    StructuredWeights weights{SparseMatrix(n, n), Matrix(n, count), Matrix::Zero(n, count), {}};
    Index first = 0;
    for (Index a = 0; a < count; ++a) {
        const Index units = sizes[static_cast<std::size_t>(a)];
        weights.p.middleRows(first, units).rowwise() = blocks.row(a);
        weights.q.block(first, a, units, 1).setConstant(1.0 / static_cast<double>(units));
        first += units;
    }
    return weights;
}

void validate(const StructuredWeights& weights) {
    if (weights.rows() < 1 || weights.cols() != weights.rows())
        throw ShapeError("weights: sparse", "a square matrix",
                         shape_text(weights.rows(), weights.cols()));
    for (Index row = 0; row < weights.sparse.outerSize(); ++row)
        for (SparseMatrix::InnerIterator entry(weights.sparse, row); entry; ++entry)
            if (!std::isfinite(entry.value()))
                throw DomainError(
                    "weights: sparse: found NaN or infinity, expected finite numbers");
    check_low_rank(weights);
    check_kronecker(weights);
}

Matrix apply(const StructuredWeights& weights, const MatrixView& x) {
    Matrix y = weights.sparse * x;
    if (weights.p.cols() > 0) {
        const Matrix seen = weights.q.transpose() * x;
        y.noalias() += weights.p * seen;
    }
    for (const Kronecker& term : weights.kronecker) y += apply(term, x);
    return y;
}

StructuredWeights transposed(const StructuredWeights& weights) {
    StructuredWeights result{weights.sparse.transpose(), weights.q, weights.p, {}};
    for (const Kronecker& term : weights.kronecker)
        result.kronecker.push_back({term.a.transpose(), term.b.transpose()});
    return result;
}

Matrix dense(const StructuredWeights& weights) {
    Matrix w = Matrix(weights.sparse) + weights.p * weights.q.transpose();
    for (const Kronecker& term : weights.kronecker) {
        const Index a = term.a.rows();
        const Index b = term.b.rows();
        for (Index j = 0; j < a; ++j)
            for (Index i = 0; i < a; ++i) w.block(i * b, j * b, b, b) += term.a(i, j) * term.b;
    }
    return w;
}

double trace(const StructuredWeights& weights) {
    double sum = weights.sparse.diagonal().sum() + weights.p.cwiseProduct(weights.q).sum();
    for (const Kronecker& term : weights.kronecker) sum += term.a.trace() * term.b.trace();
    return sum;
}

double squared_norm(const StructuredWeights& weights) {
    double sum = squared_norm_without_kronecker(weights);
    for (const Kronecker& term : weights.kronecker) sum += squared_norm_of(weights, term);
    return sum;
}

}  // namespace heddle
