#include "heddle/rectified/fixed_points.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <sstream>

#include "heddle/rectified/ctln.hpp"
#include "heddle/rectified/p_matrix.hpp"
#include "heddle/rectified/permitted.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const FixedPoint& point) {
    std::ostringstream text;
    text << "FixedPoint(" << point.support.size() << " active units, "
         << (point.stable ? "stable" : "unstable") << ", abscissa " << point.abscissa
         << (point.continuum    ? ", continuum)"
             : point.degenerate ? ", degenerate)"
                                : ")");
    return text.str();
}

void bind_values(nb::module_& module) {
    Value<FixedPoint>(module, "FixedPoint", "A fixed point of a ThresholdLinear network.",
                      [](const FixedPoint& point) { return describe(point); })
        .required("state", &FixedPoint::state, "x, shape (n,).")
        .required("units", &FixedPoint::units, "z = [Q x + c]₊, shape (m,).")
        .required("support", &FixedPoint::support, "The active units.")
        .required("residual", &FixedPoint::residual,
                  "‖L x + P z + h‖∞, relative to its largest term.")
        .required("margin", &FixedPoint::margin,
                  "min |y| / max |y| of the inputs: the distance to the nearest threshold.")
        .required("eigenvalues", &FixedPoint::eigenvalues,
                  "Of A_σ, shape (n,); rates are these over τ.")
        .required("abscissa", &FixedPoint::abscissa, "Their largest real part.")
        .required("stable", &FixedPoint::stable,
                  "Abscissa below 0, and the state is inside its region.")
        .required("index", &FixedPoint::index, "sign det(1 − M_σσ).")
        .required("condition", &FixedPoint::condition, "κ₁(1 − M_σσ), estimated.")
        .required("degenerate", &FixedPoint::degenerate, "On a threshold.")
        .required("continuum", &FixedPoint::continuum, "One of a continuum of fixed points.")
        .required("direction", &FixedPoint::direction,
                  "Along which, in units, shape (m,); else empty.")
        .done();
    Value<FixedPoints>(module, "FixedPoints", "All fixed points, and how far that is proven.",
                       [](const FixedPoints& found) { return found.statement; })
        .required("points", &FixedPoints::points, "FixedPoints by number of active units.")
        .required("complete", &FixedPoints::complete, "Proven: no other has Σ z below `bound`.")
        .required("bound", &FixedPoints::bound, "May be infinite.")
        .required("bounded", &FixedPoints::bounded,
                  "Proven: none at all has a larger Σ z, so that `bound` is no restriction.")
        .required("nodes", &FixedPoints::nodes, "Partial supports that were looked at.")
        .required("pruned", &FixedPoints::pruned, "Those proven to hold no fixed point.")
        .required("index_sum", &FixedPoints::index_sum, "Σ of the indices of the points.")
        .required("degree", &FixedPoints::degree, "What it must be, if `degree_known`.")
        .required("degree_known", &FixedPoints::degree_known, "Whether that is known.")
        .required("trusted", &FixedPoints::trusted,
                  "Complete, accurate, and of the right sum where that is known.")
        .required("statement", &FixedPoints::statement, "All this in words.")
        .done();
    Value<PMatrixTest>(module, "PMatrixTest", "Whether all principal minors are positive.",
                       [](const PMatrixTest& test) { return test.statement; })
        .required("holds", &PMatrixTest::holds, "Found to be a P-matrix.")
        .required("decided", &PMatrixTest::decided, "Else the budget ended first.")
        .required("witness", &PMatrixTest::witness, "If not: rows and columns of a minor ≤ 0.")
        .required("least_pivot", &PMatrixTest::least_pivot,
                  "Smallest ratio of two minors that was met.")
        .required("steps", &PMatrixTest::steps, "Schur complements that were taken.")
        .required("statement", &PMatrixTest::statement, "Which of these, and why.")
        .done();
    Value<Permission>(
        module, "Permission", "Whether some input makes a set a stable support.",
        [](const Permission& found) {
            return std::string(found.permitted ? "Permission(permitted)" : "Permission(forbidden)");
        })
        .required("permitted", &Permission::permitted, "All eigenvalues of A_σ have Re < 0.")
        .required("abscissa", &Permission::abscissa, "Their largest real part.")
        .done();
    Value<PermittedSets>(module, "PermittedSets", "Permitted sets that no unit can be added to.",
                         [](const PermittedSets& found) { return found.statement; })
        .required("maximal", &PermittedSets::maximal, "Supports in lexicographic order.")
        .required("complete", &PermittedSets::complete, "No larger sets, none past the budget.")
        .required("sets", &PermittedSets::sets, "Permitted sets that were looked at.")
        .required("statement", &PermittedSets::statement, "In words.")
        .done();
}

void bind_search(nb::module_& module) {
    module.def(
        "fixed_points",
        [](const ThresholdLinear& system, Index most_nodes, bool parity, std::size_t threads,
           nb::handle progress) {
            const FixedPointOptions options{most_nodes, parity, threads};
            return long_call(progress, [system, options](LongCall& call) {
                return fixed_points(system, options, call.progress());
            });
        },
        "system"_a, nb::kw_only(), "most_nodes"_a = FixedPointOptions{}.most_nodes,
        "parity"_a = FixedPointOptions{}.parity, "threads"_a = 0, "progress"_a = nb::none(),
        R"(All fixed points of a ThresholdLinear network, with a proof that none is missing.

    z = [M z + q]₊ ,   M = −Q L⁻¹ P ,   q = c − Q L⁻¹ h ,   x = −L⁻¹ (P z + h)

by branch and bound on supports: partial supports whose linear inequalities contradict each other are
cut off, with multipliers that are verified in floating point. As a check, the indices
sgn det(1 − M_σσ) of the points add up to a degree that does not depend on q.

    most_nodes  the budget; what was found before it ended is kept, and `complete` is False
    parity      whether to search for the degree where no closed form tells it
    threads     0: one per core; any number gives the same bits

Returns FixedPoints. Raises ShapeError or DomainError, naming the argument; DomainError if L is
singular. Some 20 pivots of m² multiplications a node: random CTLNs of 40 units take 10⁵ nodes,
random weights of gain 1 and 60 units 10⁵ to 10⁶.)");
    module.def(
        "is_p_matrix",
        [](nb::handle a, Index most_steps, nb::handle progress) {
            return long_call(progress,
                             [matrix = to_eigen<Matrix>(a, "a"), most_steps](LongCall& call) {
                                 return is_p_matrix(matrix, most_steps, call.progress());
                             });
        },
        "a"_a, nb::kw_only(), "most_steps"_a = 20'000'000, "progress"_a = nb::none(),
        R"(Whether all principal minors of a, shape (n, n), are positive.

z = [M z + q]₊ has exactly one solution for every q iff 1 − M is a P-matrix. Cheap sufficient tests
first, then the recursive test by Schur complements, up to 2ⁿ of them. Returns a PMatrixTest. Raises
ShapeError or DomainError. Tsatsomeros & Li (2000), BIT 40:410.)");
}

void bind_sets(nb::module_& module) {
    module.def(
        "permission",
        [](const ThresholdLinear& system, const Support& support) {
            return permission(system, support);
        },
        "system"_a, "support"_a,
        R"(Whether some input makes `support` the support of a stable fixed point.

Permitted iff all eigenvalues of A_σ = L + P_σ Q_σ have Re < 0. Returns a Permission. Raises
DomainError for what is no support. Hahnloser, Seung & Slotine (2003), Neural Computation 15:621.)");
    module.def(
        "maximal_permitted_sets",
        [](nb::handle weights, Index most_units, Index most_sets) {
            return maximal_permitted_sets(to_eigen<Matrix>(weights, "weights"),
                                          {most_units, most_sets});
        },
        "weights"_a, nb::kw_only(), "most_units"_a = 0, "most_sets"_a = 1'000'000,
        R"(All maximal permitted sets of symmetric weights, shape (n, n).

σ is permitted iff 1 − W_σσ is positive definite. `most_units` lists sets of up to that size, 0: any;
`most_sets` is the budget of permitted sets to look at. Returns PermittedSets. Raises ShapeError or
DomainError. Costs k² a candidate at each permitted set of k units.)");
    module.def(
        "ctln_weights",
        [](nb::handle adjacency, double epsilon, double delta) {
            return to_numpy(ctln_weights(to_eigen<Matrix>(adjacency, "adjacency"), epsilon, delta));
        },
        "adjacency"_a, "epsilon"_a = 0.25, "delta"_a = 0.5,
        R"(Weights of a combinatorial threshold-linear network of a directed graph, shape (n, n).

    W_ii = 0 ,   W_ij = −1 + ε if j → i ,   W_ij = −1 − δ else

adjacency[i, j] is 1 iff there is an edge j → i. 0 < ε < δ / (1 + δ). Raises ShapeError or
DomainError, naming the argument. Morrison et al. (2016), arXiv:1605.04463.)");
}

}  // namespace

void bind_fixed_points(nb::module_& module) {
    bind_values(module);
    bind_search(module);
    bind_sets(module);
}

}  // namespace heddle::python
