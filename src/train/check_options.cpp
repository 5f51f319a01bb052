#include <cmath>
#include <string>

#include "heddle/core/error.hpp"
#include "heddle/train/training.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

void require(bool holds, const char* name, double found, const char* expected) {
    if (!holds)
        throw DomainError(std::string(name) + ": found " + number_text(found) + ", expected " +
                          expected);
}

void require_positive(double value, const char* name) {
    require(value > 0.0 && std::isfinite(value), name, value, "a finite number above 0");
}

void require_limit(double value, const char* name) {
    require(value >= 0.0 && std::isfinite(value), name, value,
            "a finite number above 0, or 0 for none");
}

void require_decay(double value, const char* name) {
    require(value >= 0.0 && value < 1.0, name, value, "a number from 0 to below 1");
}

void require_count(Index value, Index least, const char* name) {
    if (value < least)
        throw DomainError(std::string(name) + ": found " + std::to_string(value) +
                          ", expected at least " + std::to_string(least));
}

void check_adam(const TrainingOptions& options) {
    require_positive(options.rate, "rate");
    require_limit(options.halving, "halving");
    require_decay(options.mean_decay, "mean_decay");
    require_decay(options.square_decay, "square_decay");
    require_positive(options.epsilon, "epsilon");
    require_limit(options.clip, "clip");
    require_positive(options.explosion, "explosion");
}

void check_quasi_newton(const TrainingOptions& options, const TrainedParameters& trained) {
    require_count(options.evaluations, 2, "evaluations");
    require_count(options.memory, 1, "memory");
    for (const Constraint& constraint : trained.constraints)
        if (constraint.norm > 0.0 || constraint.rank > 0)
            throw DomainError("optimiser: found L-BFGS with a limit on the " +
                              std::string(constraint.norm > 0.0 ? "norm" : "rank") + " of " +
                              constraint.parameter + ", which it cannot keep; Adam can");
}

}  // namespace

Optimiser optimiser_from(std::string_view name) {
    if (name == "adam") return Optimiser::adam;
    if (name == "lbfgs") return Optimiser::lbfgs;
    throw DomainError("optimiser: found '" + std::string(name) +
                      "', expected \"adam\" or \"lbfgs\"");
}

void validate(const TrainingOptions& options, const TrainedParameters& trained) {
    require_count(options.steps, 1, "steps");
    if (options.optimiser == Optimiser::adam)
        check_adam(options);
    else
        check_quasi_newton(options, trained);
    require_count(options.window, 0, "window");
    require_limit(options.target, "target");
    require_count(options.patience, 0, "patience");
    require(options.improvement >= 0.0 && options.improvement < 1.0, "improvement",
            options.improvement, "a number from 0 to below 1");
    require_count(options.validation_steps, 1, "validation_steps");
}

}  // namespace heddle
