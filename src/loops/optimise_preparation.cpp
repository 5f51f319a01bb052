#include "heddle/loops/optimise_preparation.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "heddle/core/error.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/loops/decay_time.hpp"
#include "loops/frozen_cost.hpp"
#include "loops/lbfgs.hpp"
#include "loops/sphere_factors.hpp"

namespace heddle {
namespace {

using Options = OptimisePreparationOptions;

void require_semi_definite(const Matrix& weight) {
    try {
        static_cast<void>(square_root(weight));
    } catch (const DomainError&) {
        throw DomainError(
            "weight has a negative eigenvalue; a positive semi-definite matrix would work.");
    }
}

void validate(const Options& options, const Network& network) {
    validate(options.aim, network);
    if (options.aim.weight.size() > 0) require_semi_definite(options.aim.weight);
    const Index n = size(network);
    if (options.rank < 1 || options.rank > n)
        throw DomainError("rank is " + std::to_string(options.rank) + "; 1 to " +
                          std::to_string(n) + " would work.");
    for (const auto& [name, value] : {std::pair{"u_norm", options.u_norm},
                                      {"v_norm", options.v_norm},
                                      {"tolerance", options.tolerance}})
        if (!(value > 0.0) || !std::isfinite(value))
            throw DomainError(std::string(name) + " is " + std::to_string(value) +
                              "; a finite number above 0 would work.");
    if (options.most_evaluations < 1)
        throw DomainError("most_evaluations is " + std::to_string(options.most_evaluations) +
                          "; 1 or more would work.");
}

void require_enough_loops(const ComplexVector& eigenvalues, Index rank) {
    const Index unstable = (eigenvalues.real().array() >= 1.0).count();
    if (unstable <= rank) return;
    throw DomainError(
        "rank is " + std::to_string(rank) + ", but " + std::to_string(unstable) +
        " eigenvalues of the weights have Re λ ≥ 1, and a loop moves one; a rank of " +
        std::to_string(unstable) + " or more would work.");
}

/// The rightmost eigenvalues moved left by a b, along their Schur vectors.
Loops schur_start(const Network& network, const Options& options) {
    const Schur schur = real_schur(dense_weights(network));
    require_enough_loops(schur.eigenvalues, options.rank);
    const Matrix q = rightmost_first(schur, options.rank).schur.q.leftCols(options.rank);
    return {options.u_norm * q, -options.v_norm * q};
}

Loops start_of(const Network& network, const Options& options) {
    if (!options.start) return schur_start(network, options);
    validate(*options.start, size(network));
    if (options.start->u.cols() != options.rank)
        throw ShapeError("start", "u and v with " + std::to_string(options.rank) + " columns",
                         std::to_string(options.start->u.cols()));
    return *options.start;
}

void require_stable(const PreparationCost& cost, const Options& options) {
    if (cost.stable) return;
    std::ostringstream text;
    text << (options.start ? "start"
                           : "u_norm · v_norm is " +
                                 std::to_string(options.u_norm * options.v_norm) + ", which")
         << " leaves an eigenvalue of the closed network at Re λ = " << cost.abscissa
         << "; loops that bring all below 1 would work.";
    throw DomainError(text.str());
}

/// What is reported as `gradient_norm`.
double steepness(const Evaluated& at) {
    return at.gradient.norm() * at.x.norm() / at.value;
}

/// Minimises over loops of fixed norms, and keeps the parts of every cost it evaluated.
class Descent {
  public:
    Descent(const Network& network, const Options& options, const Progress& progress)
        : network_(network),
          options_(options),
          progress_(progress),
          frozen_(network, options.aim) {}

    struct Found {
        Loops loops;
        PreparationCost cost;  ///< Without gradients.
        double gradient_norm;
        bool converged;
    };

    Found run(const Loops& start, Fixed fixed) {
        const SphereFactors factors{size(network_), options_.rank, options_.u_norm, options_.v_norm,
                                    fixed};
        const Objective evaluate = [&](Evaluated& at) { this->evaluate(factors, at); };
        const auto left = options_.most_evaluations - static_cast<int>(costs_.size());
        const Minimum found =
            minimise(evaluate, factors.raw(start), {options_.tolerance, std::max(left, 1)});
        const auto cost = std::find_if(costs_.rbegin(), costs_.rend(), [&](const auto& evaluated) {
            return evaluated.value == found.at.value;
        });
        return {factors.loops(found.at.x), *cost, steepness(found.at), found.converged};
    }

    [[nodiscard]] const std::vector<PreparationCost>& costs() const { return costs_; }

  private:
    /// Of the Gramians: a fraction of the gradient that is still there.
    [[nodiscard]] double frozen_tolerance() const {
        return std::clamp(0.05 * steepness_, 1e-9, 1e-2);
    }

    /// The first descent needs no last digits; what is reported comes from the second.
    PreparationCost cost(const Loops& loops, Fixed fixed) {
        if (fixed == Fixed::factors)
            if (auto fast = frozen_.evaluate(loops, frozen_tolerance())) return *std::move(fast);
        return preparation_cost(network_, loops, options_.aim);
    }

    void evaluate(const SphereFactors& factors, Evaluated& at) {
        PreparationCost cost = this->cost(factors.loops(at.x), factors.fixed);
        if (costs_.empty()) require_stable(cost, options_);
        at.value = cost.value;
        if (cost.stable) {
            at.gradient = factors.pull_back(at.x, cost.gradient_u, cost.gradient_v);
            steepness_ = steepness(at);
        }
        cost.gradient_u = cost.gradient_v = Matrix();
        costs_.push_back(std::move(cost));
        const auto most = static_cast<std::size_t>(options_.most_evaluations);
        if (progress_) progress_(std::min(costs_.size(), most), most);
    }

    const Network& network_;
    const Options& options_;
    const Progress& progress_;
    FrozenCost frozen_;
    double steepness_ = 0.1;  ///< `gradient_norm` at the last point.
    std::vector<PreparationCost> costs_;
};

/// What would help a descent that stopped early.
const char* remedy(const OptimalPreparation& optimum, const Options& options) {
    if (optimum.slowest > 0.99)
        return ", at the stability limit: a mode that the weight does not see is left there; a "
               "weight with a part of the identity would work.";
    if (optimum.evaluations >= options.most_evaluations) return "; more of them would work.";
    return ", and rounding hides further descent; a larger tolerance would work.";
}

void judge(OptimalPreparation& optimum, const Options& options) {
    if (optimum.trusted) return;
    std::ostringstream text;
    text << "the gradient is still " << optimum.gradient_norm << " after " << optimum.evaluations
         << " evaluations" << remedy(optimum, options);
    optimum.reason = text.str();
}

}  // namespace

OptimalPreparation optimise_preparation(const Network& network, const Options& options,
                                        const Progress& progress) {
    validate(options, network);
    Descent descent(network, options, progress);
    const Loops free = descent.run(start_of(network, options), Fixed::factors).loops;
    Descent::Found found = descent.run(even_columns(free), Fixed::columns);
    OptimalPreparation optimum{std::move(found.loops),
                               found.cost.value,
                               found.cost.decay,
                               found.cost.readout,
                               descent.costs().front().value,
                               found.gradient_norm,
                               static_cast<Index>(descent.costs().size()),
                               found.cost.abscissa,
                               0.0,
                               0.0,
                               found.converged,
                               ""};
    Matrix a = dense_weights(network) + optimum.loops.u * optimum.loops.v.transpose();
    a.diagonal().array() -= 1.0;
    const std::vector<double> times = decay_times(a, {0.05, 0.01});
    optimum.time_to_5_percent = times[0];
    optimum.time_to_1_percent = times[1];
    judge(optimum, options);
    return optimum;
}

Preparation preparation_from(const OptimalPreparation& optimum, double duration) {
    if (!(duration > 0.0) || !std::isfinite(duration))
        throw DomainError("duration is " + std::to_string(duration) +
                          " s; a finite time above 0 would work.");
    return {optimum.loops, duration, optimum.slowest};
}

}  // namespace heddle
