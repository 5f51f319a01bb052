#include "heddle/rectified/p_matrix.hpp"

#include <algorithm>
#include <limits>

#include "linalg/checks.hpp"
#include "linalg/symmetric_eigen.hpp"

namespace heddle {
namespace {

/// A Schur complement of a principal submatrix: which rows were eliminated and which are left.
struct Block {
    Matrix a;
    std::vector<Index> eliminated;
    std::vector<Index> left;
};

bool has_positive_symmetric_part(const MatrixView& a) {
    Matrix sum = a + a.transpose();
    const double error = static_cast<double>(10 * a.rows()) *
                         std::numeric_limits<double>::epsilon() *
                         sum.cwiseAbs().rowwise().sum().maxCoeff();
    return symmetric_eigen(sum, "A + Aᵀ").minCoeff() > error;
}

bool is_dominant(const MatrixView& a) {
    const Vector diagonal = a.diagonal();
    const Vector rest = a.cwiseAbs().rowwise().sum() - diagonal.cwiseAbs();
    return ((1.0 - 1e-12) * diagonal - rest).minCoeff() > 0.0;
}

/// The block without its first row and column.
Block without_first(const Block& block) {
    const Index n = block.a.rows();
    return {block.a.bottomRightCorner(n - 1, n - 1),
            block.eliminated,
            {block.left.begin() + 1, block.left.end()}};
}

Block eliminated_first(const Block& block) {
    Block next = without_first(block);
    const Index n = next.a.rows();
    next.a.noalias() -= block.a.col(0).tail(n) * (block.a.row(0).tail(n) / block.a(0, 0));
    next.eliminated.push_back(block.left.front());
    return next;
}

void find_minor(PMatrixTest& test, const MatrixView& a, Index most_steps,
                const Progress& progress) {
    std::vector<Block> open{{Matrix(a), {}, {}}};
    for (Index j = 0; j < a.rows(); ++j) open.back().left.push_back(j);
    while (!open.empty()) {
        if (test.steps >= most_steps) return;
        const Block block = std::move(open.back());
        open.pop_back();
        ++test.steps;
        if (progress && test.steps % 4096 == 0)
            progress(static_cast<std::size_t>(test.steps), static_cast<std::size_t>(most_steps));
        const double pivot = block.a(0, 0);
        test.least_pivot = std::min(test.least_pivot, pivot);
        if (!(pivot > 0.0)) {
            test.witness = block.eliminated;
            test.witness.push_back(block.left.front());
            test.decided = true;
            return;
        }
        if (block.left.size() == 1) continue;
        open.push_back(without_first(block));
        open.push_back(eliminated_first(block));
    }
    test.decided = test.holds = true;
}

std::string statement_of(const PMatrixTest& test) {
    if (!test.decided)
        return "Not decided: the budget of " + std::to_string(test.steps) +
               " Schur complements ended first, all pivots so far being positive.";
    if (test.holds)
        return "A P-matrix: all " + std::to_string(test.steps) +
               " pivots of the recursion are positive.";
    return "No P-matrix: the minor of " + std::to_string(test.witness.size()) +
           " rows and columns that is named as witness is not positive.";
}

}  // namespace

PMatrixTest is_p_matrix(const MatrixView& a, Index most_steps, const Progress& progress) {
    require_square(a, "a");
    require_finite(a, "a");
    if (most_steps < 1)
        throw DomainError("most_steps: found " + std::to_string(most_steps) +
                          ", expected at least 1");
    PMatrixTest test{.holds = false,
                     .decided = false,
                     .least_pivot = std::numeric_limits<double>::infinity(),
                     .steps = 0};
    if (a.size() == 0 || has_positive_symmetric_part(a) || is_dominant(a)) {
        test.holds = test.decided = true;
        test.statement =
            "A P-matrix: its symmetric part is positive definite or its diagonal "
            "positive and strictly dominant.";
        return test;
    }
    find_minor(test, a, most_steps, progress);
    test.statement = statement_of(test);
    return test;
}

}  // namespace heddle
