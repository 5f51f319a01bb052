#include "heddle/train/training.hpp"

#include <cmath>
#include <optional>

#include "heddle/core/error.hpp"
#include "network/checks.hpp"
#include "train/projection.hpp"
#include "train/quasi_newton.hpp"

namespace heddle {
namespace {

using End = TrainingEnd;

/// One training, from a state to where it ends.
class Training final {
  public:
    Training(TrainingState state, const TrainedParameters& trained, const TrainingOptions& options,
             const TrainingTask* validation, const Progress& progress)
        : state_(std::move(state)),
          options_(options),
          validation_(validation),
          progress_(progress),
          blocks_(state_.network, trained),
          parts_(blocks_.parts(options.window)) {
        if (validation_ != nullptr) validate(state_.network, *validation_);
    }

    TrainingOutcome run(const TaskOfStep& tasks, Index most) {
        for (Index taken = 0;; ++taken) {
            if (taken == most) return ended(End::paused, "paused after " + steps_text());
            if (state_.step >= options_.steps) return finish(tasks);
            const TrainingTask task = tasks(state_.step);
            validate(state_.network, task);
            try {
                if (std::optional<TrainingOutcome> outcome = advance(task)) return *outcome;
            } catch (const DomainError& error) {  // What was given is valid: a number is not
                                                  // finite.
                return diverged(error.what());
            }
        }
    }

  private:
    [[nodiscard]] std::optional<TrainingOutcome> advance(const TrainingTask& task) {
        if (validation_ != nullptr && state_.step % options_.validation_steps == 0) {
            state_.validation.push_back(loss_of(*validation_));
            judge(state_.validation.back());
            if (std::optional<TrainingOutcome> outcome = enough()) return outcome;
        }
        return options_.optimiser == Optimiser::adam ? adam(task) : quasi_newton(task);
    }

    [[nodiscard]] std::optional<TrainingOutcome> adam(const TrainingTask& task) {
        const LossAndGradient found = evaluate(state_.network, task);
        if (validation_ == nullptr) {
            judge(found.loss.value);
            if (std::optional<TrainingOutcome> outcome = enough()) return outcome;
        }
        blocks_.gather(found.gradient, slope_);
        const double length = slope_.norm();
        if (!(length <= options_.explosion))
            return diverged("the gradient has length " + number_text(length) +
                            ", more than explosion = " + number_text(options_.explosion));
        if (options_.clip > 0.0 && length > options_.clip) slope_ *= options_.clip / length;
        move_by_moments();
        took(found.loss.value);
        return std::nullopt;
    }

    void move_by_moments() {
        const double b = options_.mean_decay, c = options_.square_decay;
        if (state_.mean.size() == 0) state_.mean = state_.square = Vector::Zero(blocks_.size());
        state_.mean = b * state_.mean + (1.0 - b) * slope_;
        state_.square.array() = c * state_.square.array() + (1.0 - c) * slope_.array().square();
        const auto k = static_cast<double>(state_.step + 1);
        const double rate = options_.halving > 0.0
                                ? options_.rate * std::exp2(-(k - 1.0) / options_.halving)
                                : options_.rate;
        blocks_.gather(state_.network, theta_);
        theta_.array() -=
            (rate / (1.0 - std::pow(b, k))) * state_.mean.array() /
            ((state_.square.array() / (1.0 - std::pow(c, k))).sqrt() + options_.epsilon);
        blocks_.scatter(theta_, state_.network);
        project(blocks_, state_.network);
    }

    [[nodiscard]] std::optional<TrainingOutcome> quasi_newton(const TrainingTask& task) {
        Vector lower, upper;
        blocks_.bounds(state_.network, lower, upper);
        blocks_.gather(state_.network, theta_);
        std::optional<double> first;
        std::string failure;
        TrainableNetwork tried = state_.network;
        const Minimum least = minimise(
            [&](const Vector& theta, Vector& slope) {
                const double loss = attempt(tried, theta, task, slope, failure);
                if (!first) first = loss;
                return loss;
            },
            theta_, lower, upper, options_.memory, options_.evaluations);
        if (!first || !std::isfinite(*first)) return diverged(failure);
        if (validation_ == nullptr) judge(*first);
        blocks_.scatter(least.theta, state_.network);
        took(*first);
        if (validation_ != nullptr) return std::nullopt;
        judge(least.value);
        return enough();
    }

    /// The loss at θ, or +∞ where a state or the gradient is not finite, and then why.
    double attempt(TrainableNetwork& network, const Vector& theta, const TrainingTask& task,
                   Vector& slope, std::string& failure) {
        blocks_.scatter(theta, network);
        try {
            const LossAndGradient found = evaluate(network, task);
            blocks_.gather(found.gradient, slope);
            return found.loss.value;
        } catch (const DomainError& error) {
            failure = error.what();
            return std::numeric_limits<double>::infinity();
        }
    }

    [[nodiscard]] LossAndGradient evaluate(const TrainableNetwork& network,
                                           const TrainingTask& task) {
        if (progress_)
            progress_(static_cast<std::size_t>(state_.step),
                      static_cast<std::size_t>(options_.steps));
        return value_and_gradient(network, task, parts_, workspace_, options_.threads);
    }

    [[nodiscard]] double loss_of(const TrainingTask& task) {
        return training_loss(state_.network, task, workspace_, options_.threads).value;
    }

    void took(double loss) {
        state_.losses.push_back(loss);
        ++state_.step;
    }

    void judge(double loss) {
        if (loss < (1.0 - options_.improvement) * state_.best_loss)
            state_.improved_step = state_.step;
        if (!(loss < state_.best_loss)) return;
        state_.best_loss = loss;
        state_.best_step = state_.step;
        state_.best = state_.network;
    }

    /// Is the best loss small enough, or does it no longer improve?
    [[nodiscard]] std::optional<TrainingOutcome> enough() {
        if (state_.best_loss <= options_.target && options_.target > 0.0)
            return ended(End::target, "the loss is " + best_text() + ", no larger than target = " +
                                          number_text(options_.target));
        if (options_.patience > 0 && state_.step - state_.improved_step >= options_.patience)
            return ended(End::patience, "the best loss, " + best_text() + ", has not improved by " +
                                            number_text(100.0 * options_.improvement) + " % in " +
                                            std::to_string(state_.step - state_.improved_step) +
                                            " steps");
        return std::nullopt;
    }

    /// The last network is judged too.
    [[nodiscard]] TrainingOutcome finish(const TaskOfStep& tasks) {
        const TrainingTask task = validation_ != nullptr ? *validation_ : tasks(state_.step);
        validate(state_.network, task);
        try {
            judge(loss_of(task));
        } catch (const DomainError& error) {
            return diverged(error.what());
        }
        return ended(End::steps,
                     "took all of " + steps_text() + "; the best loss is " + best_text());
    }

    [[nodiscard]] TrainingOutcome diverged(const std::string& why) {
        std::string reason = "diverged at step " + std::to_string(state_.step) + ": " + why;
        if (std::isfinite(state_.best_loss)) reason += "; the best loss was " + best_text();
        return ended(End::diverged, reason + ". A smaller rate, clip or window would help");
    }

    [[nodiscard]] std::string best_text() const {
        return number_text(state_.best_loss) + " at step " + std::to_string(state_.best_step);
    }
    [[nodiscard]] std::string steps_text() const { return std::to_string(state_.step) + " steps"; }
    [[nodiscard]] TrainingOutcome ended(End end, std::string reason) {
        return {std::move(state_), end, std::move(reason)};
    }

    TrainingState state_;
    const TrainingOptions& options_;
    const TrainingTask* validation_;
    const Progress& progress_;
    ParameterBlocks blocks_;
    TrainedParts parts_;
    TrainingWorkspace workspace_;
    Vector theta_, slope_;
};

}  // namespace

TrainingState start_training(const TrainableNetwork& network, const TrainedParameters& trained) {
    validate(trained, network);
    TrainingState state;
    state.network = state.best = network;
    return state;
}

TrainingOutcome train(TrainingState state, const TaskOfStep& tasks,
                      const TrainedParameters& trained, const TrainingOptions& options,
                      const TrainingTask* validation, Index most, const Progress& progress) {
    validate(trained, state.network);
    validate(options, trained);
    return Training(std::move(state), trained, options, validation, progress).run(tasks, most);
}

}  // namespace heddle
