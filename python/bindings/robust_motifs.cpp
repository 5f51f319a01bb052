#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include <sstream>

#include "heddle/linalg/schur.hpp"
#include "heddle/loops/robust_motif_loops.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const NoisyOutput& output) {
    std::ostringstream text;
    text << "NoisyOutput(" << output.deviation << " expected, " << output.measured << " ± "
         << output.standard_error << " measured)";
    return text.str();
}

std::string describe(const Robustness& robustness) {
    std::ostringstream text;
    text << "Robustness(deviation " << robustness.before.deviation << " to "
         << robustness.after.deviation << " at noise " << robustness.noise << ", "
         << robustness.evaluations << " evaluations)";
    return text.str();
}

std::string describe(const RobustMotifCost& cost) {
    std::ostringstream text;
    text << "RobustMotifCost(" << cost.cost << ")";
    return text.str();
}

void bind_values(nb::module_& module) {
    Value<NoisyOutput>(
        module, "NoisyOutput",
        "Root mean square deviation of the output over [0, T] that noise on the initial state "
        "causes, all channels together, in the motif's units.",
        [](const NoisyOutput& output) { return describe(output); })
        .required("deviation", &NoisyOutput::deviation, "Expected: p √(I_x I_y) / (√n T).")
        .required("measured", &NoisyOutput::measured, "The same over simulated runs.")
        .required("standard_error", &NoisyOutput::standard_error,
                  "Of `measured`; NaN with fewer than two runs.")
        .done();
    Value<Robustness>(module, "Robustness",
                      "How loops were made robust to noise, and what it gained.",
                      [](const Robustness& robustness) { return describe(robustness); })
        .required(
            "noise", &Robustness::noise,
            "p: standard deviation of the noise over the root mean square activity of a unit.")
        .required("trials", &Robustness::trials, "Simulated runs behind `measured`.")
        .required("before", &Robustness::before, "NoisyOutput of the closed-form loops.")
        .required("after", &Robustness::after, "NoisyOutput of the loops kept.")
        .required("checked_deviation", &Robustness::checked_deviation,
                  "`after.deviation` from the weights alone, by `readout_deviation`.")
        .required("gain_before", &Robustness::gain_before, "‖U Vᵀ‖_F of the closed-form loops.")
        .required("condition_before", &Robustness::condition_before, "Their largest κ_m.")
        .required("costs", &Robustness::costs,
                  "Deviation per unit of p at the end of every start, shape (starts,).")
        .required("slope", &Robustness::slope,
                  "‖∇ ln cost‖ ‖(U, h)‖ at the end; NaN if no start ended better.")
        .required("evaluations", &Robustness::evaluations, "Of cost and gradient, all starts.")
        .done();
    Value<RobustMotifCost>(module, "RobustMotifCost",
                           "What noise does to the output of a motif's loops, and its gradient.",
                           [](const RobustMotifCost& cost) { return describe(cost); })
        .required("cost", &RobustMotifCost::cost, "√(I_x I_y) / (√n T), per unit of p.")
        .required("activity", &RobustMotifCost::activity, "I_x, s.")
        .required("response", &RobustMotifCost::response, "I_y, s.")
        .required("u_gradient", &RobustMotifCost::u_gradient, "∂ ln cost / ∂U, shape (n, k).")
        .required("directions_gradient", &RobustMotifCost::directions_gradient,
                  "∂ ln cost / ∂Re h + i ∂ ln cost / ∂Im h, shape (k, q).")
        .done();
}

void bind_cost(nb::module_& module) {
    module.def(
        "robust_motif_cost",
        [](const Network& network, const ModeFit& fit, double duration, nb::handle u,
           nb::handle directions) {
            return robust_motif_cost(network, Resolvent(dense_weights(network)), fit, duration,
                                     to_eigen<Matrix>(u, "u"),
                                     to_eigen<ComplexMatrix>(directions, "directions"));
        },
        "network"_a, "fit"_a, "duration"_a, "u"_a, "directions"_a,
        R"(What noise on the initial state does to the loops that follow from U and directions h_m.

    O_m = C (λ_m − W)⁻¹ U ,   g_m = h_m + O_m⁺ (C_m − O_m h_m)       (so that C r_m = C_m)
    r_m = (λ_m − W)⁻¹ U g_m ,   V of least norm with  Vᵀ r_m = g_m
    cost = √(I_x I_y) / (√n T)
    I_x = ∫₀ᵀ |Σ Re r_m e^{γ_m t}|² dt ,   I_y = ∫₀ᵀ ‖C e^{(W + U Vᵀ − 1) t / τ}‖_F² dt

    network     a linear Network of n units with d readouts C
    fit         a ModeFit of q pairs, 1 ≤ q ≤ n / 2
    duration    T, s
    u           U, shape (n, k), k ≥ d
    directions  h, complex, shape (k, q)

Returns a RobustMotifCost: p · cost is the expected root mean square deviation of the output for
white noise of p times the root mean square activity of a unit, and the gradient of its logarithm
is exact. Infinite where modes depend on each other. Raises ShapeError or DomainError, naming the
argument. One Hessenberg reduction, 14/3 n³ flops, then about 14 n² d T / τ.)");
}

void bind_design(nb::module_& module) {
    module.def(
        "robust_motif_loops",
        [](const Network& network, const Motif& motif, const ModeFit& fit, Index loops,
           double spread, double tolerance, std::uint64_t seed, std::size_t starts,
           int most_evaluations, double precision, bool fixed_outputs, double noise, Index trials,
           std::size_t threads, nb::handle progress) {
            const MotifLoopOptions plain{loops, spread, 0.0, tolerance, seed};
            const RobustMotifOptions options{starts, most_evaluations, precision, fixed_outputs,
                                             noise,  trials,           threads};
            validate(options, plain);
            return long_call(progress, [network, motif, fit, plain, options](LongCall& call) {
                return robust_motif_loops(network, Resolvent(real_schur(dense_weights(network))),
                                          motif, fit, plain, options, call.progress());
            });
        },
        "network"_a, "motif"_a, "fit"_a, nb::kw_only(), "loops"_a = 6, "spread"_a = 1.0,
        "tolerance"_a = 1e-8, "seed"_a = 0, "starts"_a = 1, "most_evaluations"_a = 60,
        "precision"_a = 1e-4, "fixed_outputs"_a = false, "noise"_a = 0.02, "trials"_a = 200,
        "threads"_a = 0, "progress"_a = nb::none(),
        R"(The loops of one motif whose output noise on the initial state disturbs least.

The closed-form loops of `design_motif_loops` leave U and K − d complex directions of every mode
free; here they minimise `robust_motif_cost` by a limited-memory BFGS method with its exact
gradient. The output without noise stays the fit, exactly, and the modes stay placed.

    network           a linear Network with d readouts
    motif, fit        a Motif and its ModeFit
    loops             K ≥ d
    spread, tolerance, seed  as in `design_motif_loops`
    starts            the closed-form loops of seed, seed + 1, …; the best end is kept
    most_evaluations  of the cost, for each start
    precision         relative change of the cost in a step at which a start ends
    fixed_outputs     keep U and turn the directions only
    noise             p, for the deviations: standard deviation of the noise over the root mean
                      square activity of a unit
    trials            simulated runs that measure the deviations; 0: none
    threads           over starts; 0: one per core; any number gives the same bits

Returns a MotifLoops, never worse than the closed-form ones, whose `robustness` has the deviation
before and after, expected and measured with its standard error. Raises ShapeError, DomainError, or
NotConverged if no start has a finite cost. One Schur form, 25 n³ flops, about 14 n² d T / τ an
evaluation, 200 n³ for the evidence. After Logiaco, Abbott & Escola (2021), Cell Reports
35(9):109090, Eqs. 16–23, for one loop and one output.)");
}

}  // namespace

void bind_robust_motifs(nb::module_& module) {
    bind_values(module);
    bind_cost(module);
    bind_design(module);
}

}  // namespace heddle::python
