#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include <sstream>

#include "heddle/core/error.hpp"
#include "heddle/core/similar.hpp"
#include "heddle/loops/readout_deviation.hpp"
#include "heddle/loops/robust_loop.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const RobustLoop& loop) {
    std::ostringstream text;
    text << "RobustLoop(" << loop.targets.size() << " targets, cost " << loop.start_cost << " to "
         << loop.cost << ", deviation " << loop.deviation << ", gain " << loop.gain
         << (loop.trusted ? ", trusted)" : ", not trusted)");
    return text.str();
}

std::string describe(const RobustCost& cost) {
    std::ostringstream text;
    text << "RobustCost(" << cost.cost << ")";
    return text.str();
}

std::string describe(const ReadoutDeviation& deviation) {
    std::ostringstream text;
    text << "ReadoutDeviation(" << deviation.deviation << ")";
    return text.str();
}

Strengths strengths_from(const std::string& name) {
    if (name == "least") return Strengths::least;
    if (name == "least_gain") return Strengths::least_gain;
    throw DomainError("strengths is '" + name + "'" + did_you_mean(name, {"least", "least_gain"}));
}

template <class F>
void add_field(nb::class_<RobustProblem>& type, const char* name, F RobustProblem::* member,
               const char* doc) {
    type.def_prop_ro(
        name,
        [member](nb::handle self) {
            return to_python(nb::cast<const RobustProblem&>(self).*member, self);
        },
        doc);
}

void bind_problem(nb::module_& module) {
    nb::class_<RobustProblem> type(module, "RobustProblem",
                                   "All that the cost of a noise-robust loop does not depend on.");
    add_field(type, "tau", &RobustProblem::tau, "s.");
    add_field(type, "duration", &RobustProblem::duration, "T, s.");
    add_field(type, "targets", &RobustProblem::targets, "λ^des, shape (m,), as given.");
    add_field(type, "amplitudes", &RobustProblem::amplitudes, "α, shape (m,), as given.");
    add_field(type, "eigenvalues", &RobustProblem::eigenvalues,
              "λ_j of W, shape (n,): real ones, those with Im > 0, the conjugates of these.");
    add_field(type, "strengths", &RobustProblem::strengths, "d_j, in the order of `eigenvalues`.");
    add_field(type, "spectrum", &RobustProblem::spectrum,
              "λ′_i of W + u vᵀ, the same for every u, shape (n,).");
    add_field(type, "miss", &RobustProblem::miss,
              "Largest distance of a target from the spectrum, in exact arithmetic.");
    add_field(type, "solve_condition", &RobustProblem::solve_condition,
              "κ₂ of the system that gave d.");
    type.def("__repr__", [](const RobustProblem& problem) {
        return "RobustProblem(" + std::to_string(problem.eigenvalues.size()) + " units, " +
               std::to_string(problem.targets.size()) + " targets)";
    });
    module.def(
        "robust_problem",
        [](const Network& network, nb::handle targets, nb::handle amplitudes, double duration,
           const std::string& strengths, nb::handle u) {
            return robust_problem(network, to_eigen<ComplexVector>(targets, "targets"),
                                  to_eigen<ComplexVector>(amplitudes, "amplitudes"), duration,
                                  strengths_from(strengths),
                                  u.is_none() ? Vector() : to_eigen<Vector>(u, "u"));
        },
        "network"_a, "targets"_a, "amplitudes"_a, "duration"_a, nb::kw_only(),
        "strengths"_a = "least", "u"_a = nb::none(),
        R"(What `robust_loop_cost` needs and u does not change; arguments as in `robust_loop`.

u, shape (n,), is needed for strengths "least_gain": those of its loop of least |v|. About 50 n³
flops.)");
}

void bind_cost(nb::module_& module) {
    Value<RobustCost>(module, "RobustCost", "What noise does to the readout of a loop, at one u.",
                      [](const RobustCost& cost) { return describe(cost); })
        .required("cost", &RobustCost::cost, "√(I_x I_y) / (√n T), deviation per unit of p.")
        .required("activity", &RobustCost::activity, "I_x = ∫₀ᵀ |x|² dt, s.")
        .required("response", &RobustCost::response, "I_y = ∫₀ᵀ |wᵀ e^{A t}|² dt, s.")
        .required("gradient", &RobustCost::gradient, "∂ ln cost / ∂u, shape (n,).")
        .done();
    module.def(
        "robust_loop_cost",
        [](const RobustProblem& problem, nb::handle u) {
            return robust_loop_cost(problem, to_eigen<Vector>(u, "u"));
        },
        "problem"_a, "u"_a,
        R"(The cost of the loop u, shape (n,), and its exact gradient:

    cost = √(I_x I_y) / (√n T) ,   v = Lᵀ (d / (L u)) ,   A = (W + u vᵀ − 1) / τ
    I_x = ∫₀ᵀ |x(t)|² dt ,   x(0) = Σ_i α_i r′_i / (wᵀ r′_i) ,   I_y = ∫₀ᵀ |wᵀ e^{A t}|² dt

With x(0) + ξ for x(0), ξ white with standard deviation p times the root mean square activity of a
unit, p · cost is the expected root mean square deviation of the readout over [0, T]. Scaling u
changes nothing. Returns a RobustCost; infinite where a mode has no weight in u. 8 n² r flops, r
about 30. Logiaco, Abbott & Escola (2021), Cell Reports 35(9):109090, Eqs. 16–23.)");
    module.def(
        "robust_loop_at",
        [](const RobustProblem& problem, nb::handle u) {
            return robust_loop_at(problem, to_eigen<Vector>(u, "u"));
        },
        "problem"_a, "u"_a, "The Loops (u, v) with v = Lᵀ (d / (L u)), which place the targets.");
    module.def(
        "robust_initial_state",
        [](const RobustProblem& problem, nb::handle u) {
            return to_numpy(robust_initial_state(problem, to_eigen<Vector>(u, "u")));
        },
        "problem"_a, "u"_a, "x(0) = Σ_i α_i r′_i / (wᵀ r′_i), shape (n,).");
}

void bind_deviation(nb::module_& module) {
    Value<ReadoutDeviation>(module, "ReadoutDeviation",
                            "What white noise on the initial state does to the readouts.",
                            [](const ReadoutDeviation& deviation) { return describe(deviation); })
        .required("deviation", &ReadoutDeviation::deviation,
                  "Expected root mean square deviation over [0, T], all channels together.")
        .required("activity", &ReadoutDeviation::activity, "I_x = ∫₀ᵀ |x|² dt, s.")
        .required("response", &ReadoutDeviation::response, "I_y = ∫₀ᵀ ‖C e^{A t}‖_F² dt, s.")
        .done();
    module.def(
        "readout_deviation",
        [](const Network& network, const Loops& loops, nb::handle initial_state, double duration,
           double noise) {
            return long_call(nb::none(),
                             [network, loops, duration, noise,
                              x = to_eigen<Vector>(initial_state, "initial_state")](LongCall&) {
                                 return readout_deviation(network, loops, x, duration, noise);
                             });
        },
        "network"_a, "loops"_a, "initial_state"_a, "duration"_a, nb::kw_only(), "noise"_a = 1.0,
        R"(What white noise on the initial state does to the readouts with `loops` open.

    deviation = p √(I_x I_y) / (√n T) ,   I_x = x₀ᵀ G(1) x₀ ,   I_y = tr G(Cᵀ C) ,
    G(Q) = ∫₀ᵀ e^{Aᵀ t} Q e^{A t} dt ,   A = (W + U Vᵀ − 1) / τ

from the weights alone, for any number of loops and outputs; A need not be stable.

    loops          Loops with thalamic_tau 0
    initial_state  x₀ as a deviation from the fixed point, shape (n,)
    duration       T, s
    noise          p: standard deviation of the noise over the root mean square activity of a unit

Returns a ReadoutDeviation. About 160 n³ flops and 4 (d + 1) n² T / τ. Logiaco, Abbott & Escola (2021),
Cell Reports 35(9):109090, Eqs. 22–23.)");
}

void bind_loop_value(nb::module_& module) {
    Value<RobustLoop>(module, "RobustLoop",
                      "The loop that places its targets and lets noise disturb the readout least.",
                      [](const RobustLoop& loop) { return describe(loop); })
        .required("loops", &RobustLoop::loops, "u and v, shape (n, 1), |u| = 1.")
        .required("targets", &RobustLoop::targets, "λ^des, shape (m,), as given.")
        .required("initial_state", &RobustLoop::initial_state, "x(0), shape (n,).")
        .required("start_cost", &RobustLoop::start_cost, "Cost of the start that ended best.")
        .required("cost", &RobustLoop::cost, "Its end: deviation per unit of p.")
        .required("costs", &RobustLoop::costs, "The end of every start, shape (starts,).")
        .required("slope", &RobustLoop::slope, "|u| |∂ ln cost / ∂u| at the end.")
        .required("deviation", &RobustLoop::deviation,
                  "p · cost: expected root mean square deviation of the readout.")
        .required("checked_deviation", &RobustLoop::checked_deviation,
                  "The same from the weights alone, by `readout_deviation`.")
        .required("evaluations", &RobustLoop::evaluations, "Of cost and gradient, all starts.")
        .required("error", &RobustLoop::error,
                  "|λ_i − λ_i^des| of the closed network, measured, shape (m,).")
        .required("condition", &RobustLoop::condition,
                  "κ_i: shift of target i per unit ‖δ(u vᵀ)‖₂, shape (m,).")
        .required("gain", &RobustLoop::gain, "‖u vᵀ‖_F.")
        .required("solve_condition", &RobustLoop::solve_condition, "κ₂ of the system that gave d.")
        .required("abscissa", &RobustLoop::abscissa, "max Re of the closed network's spectrum.")
        .required("trusted", &RobustLoop::trusted,
                  "Whether errors are below the tolerance and the two deviations agree to 1e-3.")
        .required("reason", &RobustLoop::reason, "Why not; empty if trusted.")
        .done();
}

}  // namespace

void bind_robust(nb::module_& module) {
    bind_problem(module);
    bind_cost(module);
    bind_deviation(module);
    bind_loop_value(module);
    module.def(
        "robust_loop",
        [](const Network& network, nb::handle targets, nb::handle amplitudes, double duration,
           const std::string& strengths, std::size_t starts, std::uint64_t seed,
           int most_evaluations, double precision, double noise, double tolerance,
           std::size_t threads, nb::handle progress) {
            const RobustLoopOptions options{strengths_from(strengths),
                                            starts,
                                            seed,
                                            most_evaluations,
                                            precision,
                                            noise,
                                            tolerance,
                                            threads};
            return long_call(progress, [network, options, duration,
                                        wanted = to_eigen<ComplexVector>(targets, "targets"),
                                        weights = to_eigen<ComplexVector>(
                                            amplitudes, "amplitudes")](LongCall& call) {
                return robust_loop(network, wanted, weights, duration, options, call.progress());
            });
        },
        "network"_a, "targets"_a, "amplitudes"_a, "duration"_a, nb::kw_only(),
        "strengths"_a = "least", "starts"_a = 4, "seed"_a = 0, "most_evaluations"_a = 1000,
        "precision"_a = 1e-6, "noise"_a = 0.02, "tolerance"_a = 1e-8, "threads"_a = 0,
        "progress"_a = nb::none(),
        R"(One loop that places `targets` and lets noise on the initial state disturb the readout least.

With W = R diag(λ) L, strengths d_j = (L u)_j (Rᵀ v)_j fix the spectrum of W + u vᵀ, the zeros of
1 − Σ_j d_j / (z − λ_j), for every u; u moves the eigenvectors r′ only, and minimises

    cost = √(I_x I_y) / (√n T)
    I_x = ∫₀ᵀ |x(t)|² dt ,   x(0) = Σ_i α_i r′_i / (wᵀ r′_i)
    I_y = ∫₀ᵀ |wᵀ e^{(W + u vᵀ − 1) t / τ}|² dt

by a limited-memory BFGS method with the exact gradient, from random u ~ N(0, 1/n). With x(0) + ξ
for x(0), ξ white with standard deviation p times the root mean square activity of a unit, p · cost
is the expected root mean square deviation of the readout over [0, T].

    network      a linear Network of n units with one readout w
    targets      λ^des, shape (m,), closed under conjugation, distinct, none an eigenvalue of W
    amplitudes   α, shape (m,), conjugate for conjugate targets: y(t) = Σ_i α_i e^{(λ_i − 1) t / τ};
                 of a ModeFit, both members of a pair have C_m / 2
    duration     T, s
    strengths    "least": d = P⁺ 1, P_ij = 1 / (λ_i^des − λ_j), as published; "least_gain": those
                 of the loop of least |v| for each start
    starts       random u; the best end is kept
    most_evaluations  of the cost, for each start
    precision    relative change of the cost in a step at which a start ends
    noise        p, for `deviation`
    tolerance    largest error of an eigenvalue that still counts as placed
    threads      0: one per core; any number gives the same bits

Returns a RobustLoop. Raises ShapeError, DomainError, naming the argument, or NotConverged if
eigenvalues of the closed loop coincide. 50 n³ flops, 8 n² r an evaluation (r about 30),
200 n³ for the evidence. Logiaco, Abbott & Escola (2021), Cell Reports 35(9):109090, Eqs. 16–23.)");
}

}  // namespace heddle::python
