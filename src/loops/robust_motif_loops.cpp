#include "heddle/loops/robust_motif_loops.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "heddle/core/error.hpp"
#include "heddle/core/random.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/linalg/split.hpp"
#include "heddle/loops/readout_deviation.hpp"
#include "loops/deviation_trials.hpp"
#include "loops/motif_assembly.hpp"
#include "loops/motif_descent.hpp"
#include "loops/shared_count.hpp"

namespace heddle {
namespace {

/// The variables of loops that are there: with τ_T = 0, Vᵀ r_m = g_m.
LoopVariables variables_of(const MotifLoops& design, const Resolvent& resolvent) {
    return {resolvent.rotate(design.loops.u),
            join(design.loops.v.transpose() * split(design.modes))};
}

/// The loops at a point, with orthonormal loop outputs.
MotifLoops loops_at(const Network& network, const Resolvent& resolvent, const MotifLoops& start,
                    const MotifCost& cost, const LoopVariables& point,
                    const MotifLoopOptions& options) {
    const Matrix basis = orthonormal(point.u);
    const Matrix turn = basis.transpose() * point.u;
    const ComplexMatrix directions = join(turn * split(cost.directions(point)));
    return motif_loops_from(network, resolvent, start.motif, start.fit,
                            resolvent.rotate_back(basis), directions, options);
}

double largest_condition(const MotifLoops& design) {
    return design.condition.size() > 0 ? design.condition.maxCoeff() : 0.0;
}

/// Expected and simulated deviation of loops of known cost.
NoisyOutput noisy_output(const Network& network, const MotifLoops& design,
                         const MotifCost::Value& at, const RobustMotifOptions& options,
                         std::uint64_t seed) {
    const double time = duration(design.motif), n = static_cast<double>(size(network));
    const double strength = options.noise * std::sqrt(at.activity / (n * time));
    const Measured measured =
        measured_deviation(network, design.loops, time, strength, options.trials,
                           seed ^ stream_of("deviation/" + design.motif.name));
    return {options.noise * at.cost, measured.value, measured.standard_error};
}

std::vector<MotifLoops> starts_of(const Network& network, const Resolvent& resolvent,
                                  const Motif& motif, const ModeFit& fit,
                                  const MotifLoopOptions& loops, std::size_t count) {
    std::vector<MotifLoops> starts;
    for (std::size_t i = 0; i < count; ++i) {
        MotifLoopOptions own = loops;
        own.seed += i;
        starts.push_back(design_motif_loops(network, resolvent, motif, fit, own));
    }
    return starts;
}

std::vector<Descent> descents_from(const std::vector<MotifLoops>& starts,
                                   const Resolvent& resolvent, const MotifCost& cost,
                                   const RobustMotifOptions& options, const Progress& progress) {
    std::vector<Descent> descents(starts.size());
    const auto most = static_cast<std::size_t>(options.most_evaluations);
    SharedCount count(starts.size() * most, progress);
    const auto body = [&](std::size_t i) {
        Descent& descent = descents[i];
        descent.start = descent.end = variables_of(starts[i], resolvent);
        descent.start_cost = descent.cost = cost.at(descent.start).cost;
        if (std::isfinite(descent.cost))
            descend(descent, cost, options, [&count] { count.step(1); });
        count.step(most - static_cast<std::size_t>(descent.evaluations));
    };
    parallel_for(starts.size(), options.threads, body, count.polled());
    return descents;
}

/// The best end whose loops can be trusted, or the closed-form loops if no end is better.
MotifLoops chosen(const Network& network, const Resolvent& resolvent, const MotifLoops& plain,
                  const MotifCost& cost, const std::vector<Descent>& descents,
                  const MotifLoopOptions& options, Robustness& robustness) {
    std::vector<const Descent*> order;
    for (const Descent& descent : descents)
        if (descent.cost < descents.front().start_cost) order.push_back(&descent);
    std::ranges::stable_sort(order, {}, &Descent::cost);
    for (const Descent* descent : order) {
        MotifLoops design = loops_at(network, resolvent, plain, cost, descent->end, options);
        if (!design.trusted && plain.trusted) continue;
        robustness.slope = descent->slope;
        return design;
    }
    robustness.slope = std::numeric_limits<double>::quiet_NaN();
    return plain;
}

/// What is known before the descent.
Robustness prospects(const MotifLoops& plain, const RobustMotifOptions& options) {
    return {.noise = options.noise,
            .trials = options.trials,
            .gain_before = plain.gain,
            .condition_before = largest_condition(plain),
            .costs = Vector::Zero(static_cast<Index>(options.starts))};
}

void count_ends(Robustness& robustness, const std::vector<Descent>& descents, const Motif& motif) {
    for (std::size_t i = 0; i < descents.size(); ++i) {
        robustness.costs(static_cast<Index>(i)) = descents[i].cost;
        robustness.evaluations += descents[i].evaluations;
    }
    if (!std::isfinite(robustness.costs.minCoeff()))
        throw NotConverged("motif '" + motif.name +
                           "': no start has a finite cost; more loops or fewer pairs would do");
}

void require(bool holds, const char* name, const std::string& found, const char* expected) {
    if (!holds)
        throw DomainError(std::string(name) + ": found " + found + ", expected " + expected);
}

void check_variables(const ModeFit& fit, Index n, Index d, const MatrixView& u,
                     const ComplexMatrixView& directions) {
    const Index q = fit.eigenvalues.size();
    if (u.rows() != n || u.cols() < d)
        throw ShapeError("u", "(" + std::to_string(n) + ", " + std::to_string(d) + " or more)",
                         shape_text(u.rows(), u.cols()));
    if (directions.rows() != u.cols() || directions.cols() != q)
        throw ShapeError("directions", shape_text(u.cols(), q),
                         shape_text(directions.rows(), directions.cols()));
    if (fit.amplitudes.rows() != d || fit.amplitudes.cols() != q)
        throw ShapeError("fit", "amplitudes of shape " + shape_text(d, q),
                         shape_text(fit.amplitudes.rows(), fit.amplitudes.cols()));
    require(q >= 1 && 2 * q <= n, "fit", std::to_string(q) + " pairs of eigenvalues",
            "1 or more, and no more than half the units");
    require(u.allFinite(), "u", "NaN or infinity", "finite numbers");
    require(directions.allFinite(), "directions", "NaN or infinity", "finite numbers");
}

}  // namespace

void validate(const RobustMotifOptions& options, const MotifLoopOptions& loops) {
    require(loops.thalamic_tau == 0.0, "thalamic_tau", std::to_string(loops.thalamic_tau),
            "0, the only one for which loops are made robust");
    require(options.starts >= 1, "starts", "0", "1 or more");
    require(options.most_evaluations >= 1, "most_evaluations",
            std::to_string(options.most_evaluations), "1 or more");
    require(std::isfinite(options.precision) && options.precision >= 0.0, "precision",
            std::to_string(options.precision), "0 or more");
    require(std::isfinite(options.noise) && options.noise >= 0.0, "noise",
            std::to_string(options.noise), "0 or more");
    require(options.trials >= 0, "trials", std::to_string(options.trials), "0 or more");
}

RobustMotifCost robust_motif_cost(const Network& network, const Resolvent& resolvent,
                                  const ModeFit& fit, double duration, const MatrixView& u,
                                  const ComplexMatrixView& directions) {
    validate(network);
    require(network.response == Response::linear, "network",
            std::string("response '") + name_of(network.response) + "'", "a linear network");
    require(std::isfinite(duration) && duration > 0.0, "duration", std::to_string(duration),
            "a time > 0");
    check_variables(fit, size(network), network.readout.rows(), u, directions);
    const MotifCost::Value at =
        MotifCost(network, resolvent, fit, duration).at({resolvent.rotate(u), directions});
    RobustMotifCost cost{at.cost, at.activity, at.response, {}, at.gradient.directions};
    if (std::isfinite(at.cost)) cost.u_gradient = resolvent.rotate_back(at.gradient.u);
    return cost;
}

MotifLoops robust_motif_loops(const Network& network, const Resolvent& resolvent,
                              const Motif& motif, const ModeFit& fit, const MotifLoopOptions& loops,
                              const RobustMotifOptions& options, const Progress& progress) {
    validate(options, loops);
    const std::vector<MotifLoops> starts =
        starts_of(network, resolvent, motif, fit, loops, options.starts);
    const MotifLoops& plain = starts.front();
    Robustness robustness = prospects(plain, options);
    if (fit.eigenvalues.size() == 0) {  // A motif that never moves has nothing to disturb.
        MotifLoops still = plain;
        still.robustness = std::move(robustness);
        return still;
    }
    const MotifCost cost(network, resolvent, fit, duration(motif));
    const std::vector<Descent> descents = descents_from(starts, resolvent, cost, options, progress);
    count_ends(robustness, descents, motif);
    MotifLoops design = chosen(network, resolvent, plain, cost, descents, loops, robustness);
    const auto noisy = [&](const MotifLoops& of) {
        return noisy_output(network, of, cost.at(variables_of(of, resolvent)), options, loops.seed);
    };
    robustness.before = noisy(plain);
    robustness.after = noisy(design);
    const Vector deviation = design.initial_state - design.fixed_point;
    robustness.checked_deviation =
        readout_deviation(network, design.loops, deviation, duration(motif), options.noise)
            .deviation;
    design.robustness = std::move(robustness);
    return design;
}

}  // namespace heddle
