#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "heddle/linalg/eigenvalues.hpp"
#include "network/checks.hpp"
#include "spectrum/eigen_state.hpp"

namespace heddle {
namespace {

std::vector<Index> by_parts(const ComplexVector& values) {
    std::vector<Index> order(static_cast<std::size_t>(values.size()));
    std::iota(order.begin(), order.end(), Index{0});
    std::stable_sort(order.begin(), order.end(), [&](Index i, Index j) {
        return std::pair(values(i).real(), values(i).imag()) <
               std::pair(values(j).real(), values(j).imag());
    });
    return order;
}

/// Where each of the sorted values stands among the unsorted ones.
std::vector<Index> origins(const ComplexVector& values, const ComplexVector& sorted) {
    const std::vector<Index> from = by_parts(values), to = by_parts(sorted);
    std::vector<Index> origin(from.size());
    for (std::size_t k = 0; k < from.size(); ++k) origin[static_cast<std::size_t>(to[k])] = from[k];
    return origin;
}

double finite_or_infinite(double value) {
    return std::isfinite(value) ? value : std::numeric_limits<double>::infinity();
}

/// κ_i and residuals of the half form, through the projections.
struct Evidence {
    Vector condition, residual;
};

Evidence projected(const EigenState& state) {
    const Index s = sketch_rows, open = static_cast<Index>(state.links.size());
    const ComplexMatrix& right = state.rows.right;
    const ComplexMatrix seen = right.topRows(s);
    ComplexMatrix defect = right.middleRows(s, s) - seen * state.values.asDiagonal();
    if (open > 0) {
        const Matrix out = state.base->sketch * state.u;
        defect += out.cast<Complex>() * right.middleRows(2 * s, open);
    }
    Evidence evidence{Vector(seen.cols()), Vector(seen.cols())};
    for (Index i = 0; i < seen.cols(); ++i) {
        const double size = seen.col(i).norm();
        evidence.condition(i) = finite_or_infinite(size * state.rows.left.col(i).head(s).norm());
        evidence.residual(i) = finite_or_infinite(defect.col(i).norm() / size);
    }
    return evidence;
}

std::string reason_against(const EigenSystem& system, const EigenState& state, double bound) {
    for (const auto& link : state.links)
        if (!link->roots.found)
            return "the eigenvalues lie too close together to be told apart; closed_spectrum of "
                   "the same loops would say where they are";
    const Index beyond = (system.error.array() > bound || system.error.array().isNaN()).count();
    if (beyond == 0) return "";
    Index worst = 0;
    system.error.maxCoeff(&worst);
    return std::to_string(beyond) + " of " + std::to_string(system.error.size()) +
           " eigenvalues are known to " + number_text(system.error(worst)) + " only, asked " +
           number_text(bound) + ": the worst has condition " +
           number_text(system.condition(worst)) + ", residual " +
           number_text(system.residual(worst)) + ", and W's eigenvectors have condition " +
           number_text(state.base->condition) +
           "; a larger tolerance, weaker loops, or several in place of one would do";
}

}  // namespace

EigenSystem measured(EigenState state) {
    const ComplexVector full = full_of(state.values, state.layout);
    EigenSystem system{.eigenvalues = full, .updates = static_cast<Index>(state.links.size())};
    sort_canonically(system.eigenvalues);
    state.canonical = origins(full, system.eigenvalues);
    const Evidence half = projected(state);
    const Index n = full.size();
    system.condition.resize(n);
    system.residual.resize(n);
    for (Index i = 0; i < n; ++i) {
        const Index at = state.canonical[static_cast<std::size_t>(i)];
        const Index stored = at < state.layout.half() ? at : at - state.layout.pairs;
        system.condition(i) = half.condition(stored);
        system.residual(i) = half.residual(stored);
    }
    system.error = system.condition.cwiseProduct(system.residual);
    system.tolerance = state.base->tolerance;
    for (const auto& link : state.links) system.restarted |= link->roots.restarted;
    if (!state.links.empty()) system.evaluations = state.links.back()->roots.evaluations;
    const double scale = n > 0 ? full.cwiseAbs().maxCoeff() : 0.0;
    system.reason = reason_against(system, state, system.tolerance * scale);
    system.trusted = system.reason.empty();
    system.state = std::make_shared<const EigenState>(std::move(state));
    return system;
}

}  // namespace heddle
