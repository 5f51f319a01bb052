#include "heddle/spectrum/eigen_system.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/complex.h>

#include <sstream>

#include "heddle/core/error.hpp"
#include "heddle/spectrum/gate_spectra.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const EigenSystem& system) {
    std::ostringstream text;
    text << "EigenSystem(" << system.eigenvalues.size() << " eigenvalues, " << system.updates
         << " loops open, " << (system.trusted ? "trusted" : "not trusted") << ")";
    return text.str();
}

template <class T>
void vector_property(nb::class_<EigenSystem>& type, const char* name, T EigenSystem::* member,
                     const char* doc) {
    type.def_prop_ro(
        name,
        [member](nb::handle self) {
            return to_numpy(nb::cast<const EigenSystem&>(self).*member, self);
        },
        doc);
}

void bind_pair(nb::module_& module) {
    Value<EigenPair>(module, "EigenPair", "One eigenvalue with both vectors and exact evidence.",
                     [](const EigenPair& pair) {
                         std::ostringstream text;
                         text << "EigenPair(" << pair.value << ", residual " << pair.residual
                              << ", condition " << pair.condition << ")";
                         return text.str();
                     })
        .required("value", &EigenPair::value, "λ_i.")
        .required("right", &EigenPair::right, "r_i, shape (n,), unit 2-norm.")
        .required("left", &EigenPair::left, "l_i, shape (n,), l_iᵀ r_i = 1.")
        .required("residual", &EigenPair::residual, "‖(W + U Vᵀ − λ) r‖.")
        .required("left_residual", &EigenPair::left_residual, "‖lᵀ (W + U Vᵀ − λ)‖ / ‖l‖.")
        .required("condition", &EigenPair::condition, "κ_i = ‖l‖ ‖r‖.")
        .required("error", &EigenPair::error,
                  "|lᵀ (W + U Vᵀ − λ) r|: the distance to the true eigenvalue, to first order.")
        .done();
}

void bind_evidence(nb::class_<EigenSystem>& type) {
    vector_property(type, "eigenvalues", &EigenSystem::eigenvalues,
                    "λ_i, shape (n,), in canonical order, pairs exactly conjugate.");
    vector_property(type, "condition", &EigenSystem::condition,
                    "κ_i = ‖l_i‖ ‖r_i‖ / |l_iᵀ r_i|, shape (n,), through random projections.");
    vector_property(type, "residual", &EigenSystem::residual,
                    "‖(W + U Vᵀ − λ_i) r_i‖ / ‖r_i‖, shape (n,), through random projections.");
    vector_property(type, "error", &EigenSystem::error,
                    "κ_i times residual: |λ_i − exact| is below it, to first order, shape (n,).");
    type.def_ro("updates", &EigenSystem::updates, "Rank-one updates since the decomposition of W.");
    type.def_ro("restarted", &EigenSystem::restarted,
                "Whether one of them needed an O(n³) start from LAPACK.");
    type.def_ro("tolerance", &EigenSystem::tolerance,
                "Asked bound of every error, relative to max |λ|.");
    type.def_ro("trusted", &EigenSystem::trusted, "Whether every error is within it.");
    type.def_ro("reason", &EigenSystem::reason, "Why not, and what would help; '' if trusted.");
    type.def("__repr__", &describe);
}

void bind_vectors(nb::class_<EigenSystem>& type) {
    type.def("pair", &eigen_pair, "i"_a,
             R"(The EigenPair of eigenvalue i: both vectors and exact residuals, O(n²) a loop.)");
    type.def(
        "right",
        [](const EigenSystem& system) {
            return to_numpy(
                long_call(nb::none(), [system](LongCall&) { return right_vectors(system); }));
        },
        R"(All right eigenvectors in columns, shape (n, n), unit 2-norm; 2 n³ flops for each loop.)");
    type.def(
        "left",
        [](const EigenSystem& system) {
            return to_numpy(
                long_call(nb::none(), [system](LongCall&) { return left_vectors(system); }));
        },
        R"(All left eigenvectors in rows, shape (n, n): the inverse of `right()`; 2 n³ flops each loop.)");
}

void bind_systems(nb::module_& module) {
    nb::class_<EigenSystem> type(
        module, "EigenSystem",
        R"(The eigen-decomposition of a network, with or without loops open.

    (W + U Vᵀ) r_i = λ_i r_i ,   l_iᵀ (W + U Vᵀ) = λ_i l_iᵀ ,   l_iᵀ r_k = δ_ik ,   ‖r_i‖ = 1

Eigenvectors are formed when they are asked for. `condition` and `residual` are seen through eight
random projections of all vectors, with a standard error of 25 to 35 %; `pair(i)` has exact ones.)");
    bind_evidence(type);
    bind_vectors(type);
    module.def(
        "eigen_system",
        [](nb::handle network, double tolerance) {
            const Network given = nb::cast<Network>(network);
            return long_call(nb::none(), [given, tolerance](LongCall&) {
                return eigen_system(given, tolerance);
            });
        },
        "network"_a, nb::kw_only(), "tolerance"_a = 1e-10,
        R"(The EigenSystem of a network's weights, from which `open_loops` goes on.

`tolerance` is the asked error of eigenvalues relative to max |λ|. Raises DomainError if W has no
basis of eigenvectors. About 35 n³ flops.)");
    module.def(
        "open_loops",
        [](const EigenSystem& system, const Loops& loops) {
            return long_call(nb::none(),
                             [system, loops](LongCall&) { return open_loops(system, loops); });
        },
        "system"_a, "loops"_a,
        R"(The EigenSystem after `loops` have opened too, by one rank-one update for each.

The new eigenvalues are the zeros of f(z) = 1 − Σ_j d_j / (z − λ_j) with d = (L u) ∘ (Rᵀ v), the new
eigenvectors a Cauchy matrix in the old ones: nothing costs n³, some 10 n² complex reciprocals and
100 n² flops a loop. Loops(-u, v) closes what Loops(u, v) opened; thalamic_tau does not enter.
Raises ShapeError if the loops do not fit. Golub (1973), SIAM Review 15(2).)");
}

GatePatterns patterns_from(nb::handle value) {
    const Matrix numbers = to_eigen<Matrix>(value, "patterns");
    const auto gates = numbers.array() == 0.0 || numbers.array() == 1.0;
    if (!gates.all())
        throw DomainError("patterns holds numbers other than 0 and 1; a gate is open or closed");
    return numbers.array() != 0.0;
}

void bind_gates(nb::module_& module) {
    Value<GateSpectra>(
        module, "GateSpectra", "The spectra of one network under many patterns of open gates.",
        [](const GateSpectra& spectra) {
            std::ostringstream text;
            text << "GateSpectra(" << spectra.abscissa.size() << " patterns, " << spectra.updates
                 << " updates, " << (spectra.trusted ? "trusted" : "not trusted") << ")";
            return text.str();
        })
        .required("eigenvalues", &GateSpectra::eigenvalues,
                  "Of each pattern in canonical order, shape (n, m).")
        .required("abscissa", &GateSpectra::abscissa, "max Re λ, shape (m,); below 1: stable.")
        .required("error", &GateSpectra::error,
                  "Largest first-order bound of an eigenvalue's error, shape (m,).")
        .required("updates", &GateSpectra::updates, "Rank-one updates it took in all.")
        .required("trusted", &GateSpectra::trusted, "Whether every error is within tolerance.")
        .required("reason", &GateSpectra::reason, "Of the first pattern that is not.")
        .done();
    module.def(
        "gate_spectra",
        [](const EigenSystem& system, const std::vector<Loops>& groups, nb::handle patterns,
           std::size_t threads, nb::handle progress) {
            const GatePatterns wanted = patterns_from(patterns);
            return long_call(progress, [system, groups, wanted, threads](LongCall& call) {
                return gate_spectra(system, groups, wanted, threads, call.progress());
            });
        },
        "system"_a, "groups"_a, "patterns"_a, nb::kw_only(), "threads"_a = 0,
        "progress"_a = nb::none(),
        R"(The GateSpectra of W + Σ_k p_k U_k V_kᵀ for every pattern p, shape (m, K) of 0 and 1.

`system` is `eigen_system(network)`, `groups` K Loops that open and close together. Patterns are
visited as a tree, so that all 2^K patterns of K loops take little more than one rank-one update
each, O(n²). `progress(done, total)` is called now and then.)");
}

}  // namespace

void bind_eigen_system(nb::module_& module) {
    bind_pair(module);
    bind_systems(module);
    bind_gates(module);
}

}  // namespace heddle::python
