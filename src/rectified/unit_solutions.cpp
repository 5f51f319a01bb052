#include "rectified/unit_solutions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "heddle/linalg/solve.hpp"
#include "linalg/lu.hpp"

namespace heddle {
namespace {

constexpr double singular = 1e-13;     // 1 / κ₁ below which a support has no unique solution
constexpr double on_threshold = 1e-9;  // margins below are thresholds
constexpr double acceptable = 1e-7;    // relative violation of an inequality by rounding
constexpr double extent = 1e-3;        // how far a continuum reaches at least, relative

Matrix within(const UnitProblem& problem, const Support& support) {
    const auto size = static_cast<Index>(support.size());
    return Matrix::Identity(size, size) - problem.m(support, support);
}

Vector inputs_of(const UnitProblem& problem, const Vector& z) {
    Vector y = problem.m * z;
    if (!problem.rays) y += problem.q;
    return y;
}

/// The largest violation of z_σ = y_σ ≥ 0 ≥ y elsewhere, relative to the largest input.
double violation(const Vector& z, const Vector& y) {
    if (z.size() == 0) return 0.0;
    const double scale = std::max(y.cwiseAbs().maxCoeff(), z.cwiseAbs().maxCoeff());
    const double found = (z - y.cwiseMax(0.0)).cwiseAbs().maxCoeff();
    return scale > 0.0 ? found / scale : 0.0;
}

Excluded only(const UnitProblem& problem, const Support& support) {
    Excluded excluded = nothing_decided(problem);
    const Index n = problem.units();
    for (Index j = 0; j < n; ++j) {
        const bool active = std::ranges::binary_search(support, j);
        excluded[static_cast<std::size_t>(active ? j : n + j)] = 1;
    }
    return excluded;
}

UnitSolution described(const UnitProblem& problem, const Support& support, Vector z) {
    UnitSolution solution{.units = std::move(z), .support = support};
    solution.inputs = inputs_of(problem, solution.units);
    const Vector size = solution.inputs.cwiseAbs();
    const bool some = size.size() > 0 && size.maxCoeff() > 0.0;
    solution.margin = some ? size.minCoeff() / size.maxCoeff() : (size.size() > 0 ? 0.0 : 1.0);
    solution.degenerate = solution.margin < on_threshold;
    return solution;
}

/// Along a null vector of 1 − M_σσ: whether the solutions go on in either direction.
void look_along_null_space(const UnitProblem& problem, UnitSolution& solution) {
    const Matrix a = within(problem, solution.support);
    const Index size = a.rows();
    const ComplexLeastNorm kernel = complex_least_norm(
        a.cast<Complex>() / std::max(a.cwiseAbs().maxCoeff(), 1e-300), ComplexVector::Zero(size));
    if (kernel.null_space.cols() == 0) return;
    const ComplexVector column = kernel.null_space.col(0);
    Index at = 0;
    column.cwiseAbs().maxCoeff(&at);
    Vector direction = Vector::Zero(problem.units());
    direction(solution.support) = (column / column[at]).real();
    const double reach = extent * std::max(solution.units.cwiseAbs().maxCoeff(), 1e-3);
    for (const double sign : {1.0, -1.0}) {
        const Vector z = solution.units + sign * reach * direction;
        if (violation(z, inputs_of(problem, z)) < acceptable) {
            solution.continuum = true;
            solution.direction = direction;
        }
    }
}

std::optional<UnitSolution> any_solution(const UnitProblem& problem, const Support& support) {
    ComplementaryTableau tableau(problem, only(problem, support));
    if (!tableau.settle()) return std::nullopt;
    Vector values;
    tableau.values(values);
    UnitSolution solution =
        described(problem, support, values.segment(problem.units(), problem.units()));
    if (violation(solution.units, solution.inputs) > acceptable) return std::nullopt;
    solution.condition = std::numeric_limits<double>::infinity();
    solution.index = 0;
    solution.degenerate = true;
    look_along_null_space(problem, solution);
    return solution;
}

/// The solution with this support, unless there is none.
std::optional<UnitSolution> solution_of(const UnitProblem& problem, const Support& support) {
    const Matrix a = within(problem, support);
    const Lu lu(a);
    const double reciprocal = support.empty() ? 1.0 : lu.reciprocal_condition();
    if (reciprocal < singular || problem.rays) return any_solution(problem, support);
    Vector z = Vector::Zero(problem.units());
    if (!support.empty()) z(support) = lu.solve(problem.q(support));
    UnitSolution solution = described(problem, support, std::move(z));
    if (violation(solution.units, solution.inputs) > acceptable) return std::nullopt;
    solution.condition = 1.0 / reciprocal;
    solution.index = support.empty() ? 1 : lu.sign_of_determinant();
    return solution;
}

bool is_same(const UnitSolution& one, const UnitSolution& other) {
    const double scale = std::max(one.units.cwiseAbs().maxCoeff(), 1.0);
    return (one.units - other.units).cwiseAbs().maxCoeff() < 10.0 * on_threshold * scale;
}

/// A state on a threshold is found with several supports: a continuum stays, else the smallest.
void keep_once(std::vector<UnitSolution>& solutions) {
    std::ranges::stable_sort(solutions, [](const UnitSolution& a, const UnitSolution& b) {
        if (a.support.size() != b.support.size()) return a.support.size() < b.support.size();
        return a.support < b.support;
    });
    std::vector<UnitSolution> kept;
    std::vector<std::size_t> on;
    for (UnitSolution& solution : solutions) {
        const auto twin = std::ranges::find_if(
            on, [&](std::size_t i) { return solution.degenerate && is_same(kept[i], solution); });
        if (twin == on.end()) {
            if (solution.degenerate) on.push_back(kept.size());
            kept.push_back(std::move(solution));
        } else if (solution.continuum && !kept[*twin].continuum) {
            kept[*twin] = std::move(solution);
        }
    }
    solutions = std::move(kept);
}

}  // namespace

UnitSolutions solve_supports(const UnitProblem& problem, const std::vector<Support>& supports) {
    UnitSolutions all;
    for (const Support& support : supports) {
        if (auto solution = solution_of(problem, support))
            all.solutions.push_back(std::move(*solution));
        else
            ++all.unresolved;
    }
    keep_once(all.solutions);
    for (const UnitSolution& solution : all.solutions) {
        all.index_sum += solution.index;
        all.regular = all.regular && !solution.degenerate;
    }
    return all;
}

}  // namespace heddle
