#include "heddle/loops/placement.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <cmath>
#include <limits>
#include <optional>
#include <sstream>

#include "heddle/core/error.hpp"
#include "heddle/core/similar.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "options.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const Placement& placement) {
    std::ostringstream text;
    text << "Placement(" << placement.targets.size() << " targets by " << placement.loops.u.cols()
         << " loops, largest error "
         << (placement.error.size() > 0 ? placement.error.maxCoeff() : 0.0) << ", gain "
         << placement.gain << (placement.trusted ? ", trusted)" : ", not trusted)");
    return text.str();
}

/// The choice of the given name among several.
template <class Choice>
Choice chosen(const std::string& argument, const std::string& name,
              const std::vector<std::pair<std::string, Choice>>& choices) {
    std::vector<std::string> known;
    for (const auto& [word, choice] : choices) {
        if (word == name) return choice;
        known.push_back(word);
    }
    throw DomainError(argument + " is '" + name + "'" + did_you_mean(name, known));
}

/// Signs or masks, shape (n,) or (n, k), as integers.
Eigen::MatrixXi to_rule(nb::handle value, const std::string& name) {
    if (value.is_none()) return {};
    nb::object array = nb::module_::import_("numpy").attr("asarray")(value);
    if (nb::cast<int>(array.attr("ndim")) == 1) array = array.attr("reshape")(-1, 1);
    const Matrix numbers = to_eigen<Matrix>(array, name);
    for (Index i = 0; i < numbers.size(); ++i) {
        const double entry = numbers.data()[i];
        if (!(std::abs(entry) <= 1e6) || entry != std::round(entry))
            throw DomainError(name + ": found " + std::to_string(entry) +
                              ", expected whole numbers or booleans");
    }
    return numbers.cast<int>();
}

Matrix given(nb::handle value, const std::string& name) {
    return value.is_none() ? Matrix() : to_eigen<Matrix>(value, name);
}

void bind_value(nb::module_& module) {
    Value<Placement>(module, "Placement",
                     "Loops that give the network the eigenvalues one asks for.",
                     [](const Placement& placement) { return describe(placement); })
        .required("loops", &Placement::loops, "u and v, shapes (n, k); the loop matrix is u vᵀ.")
        .required("targets", &Placement::targets, "λ^des as requested, shape (m,).")
        .required("error", &Placement::error,
                  "|λ_i − λ_i^des| of the closed network, shape (m,): measured, not assumed.")
        .required("condition", &Placement::condition,
                  "κ_i: first-order shift of target i per unit ‖δ(u vᵀ)‖₂, shape (m,).")
        .required("gain", &Placement::gain, "‖u vᵀ‖_F.")
        .required("solve_condition", &Placement::solve_condition,
                  "κ₂ of the scaled least-norm system for v.")
        .required("outliers", &Placement::outliers,
                  "Eigenvalues that the loops add right of all targets and of Re λ = 1, counted by "
                  "the argument principle; -1 where they were not counted.")
        .required(
            "abscissa", &Placement::abscissa,
            "max Re of the closed network's spectrum; NaN unless the whole spectrum was asked for.")
        .required("drift", &Placement::drift,
                  "Largest shift of an eigenvalue that was to stay where it is; NaN if none was.")
        .required("evaluations", &Placement::evaluations,
                  "Of the cost of optimised directions; 0 for dealt ones.")
        .required("feasible", &Placement::feasible,
                  "Whether loops that obey the rules and limits hold all modes; if not, these are "
                  "the nearest ones that do obey.")
        .required(
            "trusted", &Placement::trusted,
            "Whether every error, and what rounding of u vᵀ alone can do, is below the tolerance.")
        .required("reason", &Placement::reason,
                  "Why not, and how many loops would do; empty if trusted.")
        .done();
}

constexpr const char* doc = R"(Places `targets` with k loops, least gain first.

    r_i = (λ_i^des − W)⁻¹ U g_i ,   V the least-norm solution of  Vᵀ r_i = θ_i g_i  for all i

so that (W + U Vᵀ) r_i = λ_i^des r_i; θ_i = (1 + ε μ_i) e^{D μ_i}, μ_i = λ_i^des − 1, is 1 for loops
without time constant (ε = τ_T / τ) and delay (D = delay / τ).

    network           a linear Network of n units
    targets           λ^des, shape (m,), closed under conjugation, none more than k times, none an
                      eigenvalue of W
    loops             k
    u                 given loop outputs, shape (n, k); if missing, N(0, 1/n), drawn from `seed`, or
                      optimised with the directions
    v                 given loop inputs, shape (n, k), a readout for example: u is found instead
    method            "least_gain", or "spectral": the published formula u = R diag(Rᵀ v)⁻¹ P⁺ 1,
                      P_ij = 1 / (λ_i^des − λ_j), for one loop and random v
    directions        "dealt": the targets, ordered by |Im|, go to the loops in turn, g_i is the unit
                      vector of loop i mod k; "optimised": g_i, and u if it is not given, minimise
                      gain^(1 − w) κ^w, κ² the mean of κ_i², by exact gradients
    condition_weight  w, 0 to 1
    freeze            None, or "rest": all eigenvalues of W but the nearest to the targets stay
    u_signs, v_signs  Dale's law: 1 (≥ 0), -1 (≤ 0) or 0 (either) for each unit, shape (n,), or each
                      weight, shape (n, k)
    u_mask, v_mask    which weights there are, booleans, shape (n,) or (n, k)
    norm_limit        largest |u_c| |v_c| of a loop; None for no limit
    thalamic_tau      τ_T, s
    delay             conduction delay D, s
    tolerance         largest error that still counts as placed
    whole_spectrum    measure errors on all eigenvalues of the closed network, not by the two-sided
                      residual alone; with a delay, count the roots right of all targets; for "dense"
    solver            "dense": one Hessenberg reduction; "krylov": products with W alone, for targets
                      outside the bulk of a large network; "structured": exact, by the parts of W,
                      for a diagonal, a sparse matrix (LU) or one Kronecker product (Schur forms),
                      with low rank added by Woodbury; "automatic": structured for diagonal or
                      Kronecker plus low rank, else krylov from 4,001 sparse or structured units on
    threads           for krylov and structured; 0 for one per core
    progress          called with (done, total) evaluations of optimised directions

Where no loops obey signs, masks and limit, the nearest that do are returned, with feasible = False
and the distance of their eigenvalues from the targets.

Returns a Placement. Raises ShapeError or DomainError, naming the argument. One Hessenberg
reduction, then O(k n²) a target; 10 n³ more with whole_spectrum; with optimised directions 28 n³ and
32 n² m an evaluation. Krylov: 2 k spaces of some hundred products with W; NotConverged names a
target that is not reached. Structured: two solves of O(n r²) or O(n (a + b) r) a target, or of one
sparse LU. Logiaco, Abbott & Escola (2021), Cell Reports 35(9):109090, Eqs. 2, 10,
12; Kautsky, Nichols & Van Dooren (1985), Int. J. Control 41(5).)";

}  // namespace

void bind_placement(nb::module_& module) {
    bind_value(module);
    module.def(
        "place_eigenvalues",
        [](const Network& network, nb::handle targets, Index loops, nb::handle u, nb::handle v,
           const std::string& method, const std::string& directions, double condition_weight,
           const std::optional<std::string>& freeze, nb::handle u_signs, nb::handle u_mask,
           nb::handle v_signs, nb::handle v_mask, std::optional<double> norm_limit,
           double thalamic_tau, double delay, double tolerance, bool whole_spectrum,
           std::uint64_t seed, const std::string& solver, std::size_t threads,
           nb::handle progress) {
            const PlacementOptions options{
                .loops = loops,
                .u = given(u, "u"),
                .v = given(v, "v"),
                .method = chosen<PlacementMethod>("method", method,
                                                  {{"least_gain", PlacementMethod::least_gain},
                                                   {"spectral", PlacementMethod::spectral}}),
                .directions = chosen<DirectionChoice>(
                    "directions", directions,
                    {{"dealt", DirectionChoice::dealt}, {"optimised", DirectionChoice::optimised}}),
                .condition_weight = condition_weight,
                .freeze = freeze ? chosen<Freeze>("freeze", *freeze, {{"rest", Freeze::rest}})
                                 : Freeze::nothing,
                .u_rules = {to_rule(u_signs, "u_signs"), to_rule(u_mask, "u_mask")},
                .v_rules = {to_rule(v_signs, "v_signs"), to_rule(v_mask, "v_mask")},
                .norm_limit = norm_limit.value_or(std::numeric_limits<double>::infinity()),
                .thalamic_tau = thalamic_tau,
                .delay = delay,
                .tolerance = tolerance,
                .whole_spectrum = whole_spectrum,
                .seed = seed,
                .solver = solver_from(solver),
                .threads = threads};
            return long_call(
                progress, [network, options,
                           wanted = to_eigen<ComplexVector>(targets, "targets")](LongCall& call) {
                    return place_eigenvalues(network, wanted, options, call.progress());
                });
        },
        "network"_a, "targets"_a, nb::kw_only(), "loops"_a = 1, "u"_a = nb::none(),
        "v"_a = nb::none(), "method"_a = "least_gain", "directions"_a = "dealt",
        "condition_weight"_a = 0.5, "freeze"_a = nb::none(), "u_signs"_a = nb::none(),
        "u_mask"_a = nb::none(), "v_signs"_a = nb::none(), "v_mask"_a = nb::none(),
        "norm_limit"_a = nb::none(), "thalamic_tau"_a = 0.0, "delay"_a = 0.0, "tolerance"_a = 1e-8,
        "whole_spectrum"_a = true, "seed"_a = 0, "solver"_a = "automatic", "threads"_a = 0,
        "progress"_a = nb::none(), doc);
}

}  // namespace heddle::python
