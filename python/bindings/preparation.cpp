#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <sstream>

#include "heddle/loops/optimise_preparation.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const PreparationCost& cost) {
    std::ostringstream text;
    text << "PreparationCost(" << cost.value << " = " << cost.decay << " + β " << cost.readout
         << ", slowest eigenvalue at " << cost.abscissa << ")";
    return text.str();
}

std::string describe(const OptimalPreparation& optimum) {
    std::ostringstream text;
    text << "OptimalPreparation(" << optimum.loops.u.cols() << " loops, loss " << optimum.loss
         << ", 5 % after " << optimum.time_to_5_percent << " τ, 1 % after "
         << optimum.time_to_1_percent << (optimum.trusted ? " τ, trusted)" : " τ, not trusted)");
    return text.str();
}

PreparationAim aim_from(double beta, nb::handle weight) {
    return {beta, weight.is_none() ? Matrix() : to_eigen<Matrix>(weight, "weight")};
}

void bind_cost(nb::module_& module) {
    Value<PreparationCost>(module, "PreparationCost",
                           "What it costs to prepare with given loops, and the gradient.",
                           [](const PreparationCost& cost) { return describe(cost); })
        .required("value", &PreparationCost::value,
                  "ℓ = decay + β readout; inf if the closed network is not stable.")
        .required("decay", &PreparationCost::decay, "tr(S X) / n.")
        .required("readout", &PreparationCost::readout, "tr(Pᵀ X P).")
        .required("gradient_u", &PreparationCost::gradient_u,
                  "∂ℓ/∂U, shape (n, k); empty if not stable.")
        .required("gradient_v", &PreparationCost::gradient_v,
                  "∂ℓ/∂V, shape (n, k); empty if not stable.")
        .required("abscissa", &PreparationCost::abscissa, "max Re of the eigenvalues of W + U Vᵀ.")
        .required("stable", &PreparationCost::stable, "abscissa < 1.")
        .done();
    module.def(
        "preparation_cost",
        [](const Network& network, const Loops& loops, double beta, nb::handle weight) {
            return long_call(nb::none(), [network, loops, aim = aim_from(beta, weight)](LongCall&) {
                return preparation_cost(network, loops, aim);
            });
        },
        "network"_a, "loops"_a, nb::kw_only(), "beta"_a = 0.01, "weight"_a = nb::none(),
        R"(How long and how visibly a linear network forgets random states x₀ ~ N(0, I) with loops open.

    A = W + U Vᵀ − I ,   A X + X Aᵀ = −I ,   P = Aᵀ Cᵀ
    ℓ = tr(S X) / n + β tr(Pᵀ X P)

The first part is 1 / (n τ) E ∫ xᵀ S x dt, the second β / τ E ∫ |τ C ẋ|² dt; ℓ has no unit.

    network  a linear Network of n units
    loops    Loops, shapes (n, k)
    beta     β ≥ 0
    weight   S, symmetric positive semi-definite, shape (n, n); the identity if missing

Returns a PreparationCost; an unstable closed network costs inf. One Schur form and about 2 n³ flops.
Logiaco, Abbott & Escola (2021), Cell Reports 35(9):109090.)");
}

void bind_optimum(nb::module_& module) {
    Value<OptimalPreparation>(
        module, "OptimalPreparation",
        "Preparatory loops that minimise a cost, with the evidence that they do.",
        [](const OptimalPreparation& optimum) { return describe(optimum); })
        .required("loops", &OptimalPreparation::loops, "u and v, shapes (n, rank).")
        .required("loss", &OptimalPreparation::loss, "ℓ = decay + β readout of these loops.")
        .required("decay", &OptimalPreparation::decay, "tr(S X) / n.")
        .required("readout", &OptimalPreparation::readout, "tr(Pᵀ X P).")
        .required("start_loss", &OptimalPreparation::start_loss, "ℓ of the start.")
        .required("gradient_norm", &OptimalPreparation::gradient_norm,
                  "‖∇ℓ‖ ‖(U, V)‖ / ℓ, projected onto columns of fixed norms.")
        .required("evaluations", &OptimalPreparation::evaluations, "Of cost and gradient.")
        .required("slowest", &OptimalPreparation::slowest,
                  "max Re of the closed network's eigenvalues.")
        .required("time_to_5_percent", &OptimalPreparation::time_to_5_percent,
                  "Until a random state's root mean square has fallen to 5 %, in units of τ.")
        .required("time_to_1_percent", &OptimalPreparation::time_to_1_percent,
                  "The same for 1 %, in units of τ.")
        .required("trusted", &OptimalPreparation::trusted,
                  "Whether the gradient is below the tolerance.")
        .required("reason", &OptimalPreparation::reason,
                  "Why not, and what would help; empty if trusted.")
        .done();
    module.def(
        "optimise_preparation",
        [](const Network& network, Index rank, double beta, nb::handle weight, double u_norm,
           double v_norm, std::optional<Loops> start, double tolerance, int most_evaluations,
           nb::handle progress) {
            const OptimisePreparationOptions options{
                rank,      aim_from(beta, weight), u_norm, v_norm, std::move(start),
                tolerance, most_evaluations};
            return long_call(progress, [network, options](LongCall& call) {
                return optimise_preparation(network, options, call.progress());
            });
        },
        "network"_a, "rank"_a, nb::kw_only(), "beta"_a = 0.01, "weight"_a = nb::none(),
        "u_norm"_a = 1.0, "v_norm"_a = 1.0, "start"_a = nb::none(), "tolerance"_a = 1e-3,
        "most_evaluations"_a = 500, "progress"_a = nb::none(),
        R"(Preparatory loops that bring a network from any state to rest fastest.

    minimise  ℓ(U, V) = tr(S X) / n + β tr(Pᵀ X P)     (see preparation_cost)
    over      U, V of shape (n, rank), every column of U of norm u_norm, of V of norm v_norm

    network           a linear Network of n units
    rank              1 to n, at least the number of eigenvalues of W with Re λ ≥ 1
    beta              how much a moving readout costs
    weight            S, symmetric positive semi-definite, shape (n, n); the identity if missing
    u_norm, v_norm    norms of the columns
    start             Loops that leave the network stable; if missing, the rank rightmost
                      eigenvalues are moved left along their Schur vectors
    tolerance         of gradient_norm; 1e-3 leaves ℓ within about 1e-5 of its minimum
    most_evaluations  each costs one Schur form and about 3 n³ flops
    progress          progress(done, most) after every evaluation

Returns an OptimalPreparation. Raises ShapeError or DomainError, naming the argument.
Logiaco, Abbott & Escola (2021), Cell Reports 35(9):109090, the preparatory network.)");
    module.def("preparation_from", &preparation_from, "optimum"_a, "duration"_a,
               R"(An OptimalPreparation as the Preparation of a Library, open for `duration` s.)");
}

}  // namespace

void bind_preparation(nb::module_& module) {
    bind_cost(module);
    bind_optimum(module);
}

}  // namespace heddle::python
