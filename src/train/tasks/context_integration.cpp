#include "heddle/train/tasks/context_integration.hpp"

#include <array>
#include <cmath>
#include <vector>

#include "heddle/core/error.hpp"
#include "network/checks.hpp"
#include "train/tasks/timeline.hpp"

namespace heddle {
namespace {

struct Trial {
    std::size_t context;             ///< 0 motion, 1 colour.
    std::array<double, 2> evidence;  ///< c of motion and of colour.
    [[nodiscard]] double answer() const { return evidence[context] > 0.0 ? 1.0 : -1.0; }
};

/// Steps at which fixation, stimulus, delay and response end.
struct Ends {
    Index fixation, stimulus, delay, response;
};

Ends ends_of(const ContextIntegration& integration) {
    const double h = integration.h;
    const Index fixation = steps_of(integration.fixation, h);
    const Index stimulus = fixation + steps_of(integration.stimulus, h);
    const Index delay = stimulus + steps_of(integration.delay, h);
    return {fixation, stimulus, delay, delay + steps_of(integration.response, h)};
}

void check(const ContextIntegration& integration, const TaskBatch& batch) {
    check_task_step(integration.h);
    check_duration(integration.fixation, "fixation", integration.h);
    check_duration(integration.stimulus, "stimulus", integration.h, 1);
    check_duration(integration.delay, "delay", integration.h);
    check_duration(integration.response, "response", integration.h, 1);
    if (integration.strengths.size() == 0)
        throw DomainError("strengths: found none, expected at least one, above 0");
    for (const double strength : integration.strengths) check_positive(strength, "strengths");
    check_radius(integration.noise, "noise");
    check_batch(batch);
}

TrialRandom random_of(const TaskBatch& batch, Index trial) {
    return {"context-dependent integration", batch, trial};
}

Trial draw(const ContextIntegration& integration, const TrialRandom& random) {
    const auto evidence = [&](Index stream) {
        return random.sign(1 + stream) *
               integration.strengths(random.below(integration.strengths.size(), 3 + stream));
    };
    return {static_cast<std::size_t>(random.below(2, 0)), {evidence(0), evidence(1)}};
}

void write_inputs(const ContextIntegration& integration, const Trial& trial,
                  const TrialRandom& random, Index i, TrainingTask& task) {
    const Ends ends = ends_of(integration);
    for (Index t = 0; t < task.steps; ++t)
        task.inputs(2 + static_cast<Index>(trial.context), t * task.trials + i) = 1.0;
    std::vector<double> noise(static_cast<std::size_t>(2 * (ends.stimulus - ends.fixation)));
    random.fill_normal(noise);
    const double scale = integration.noise / std::sqrt(integration.h);
    auto next = noise.begin();
    for (Index t = ends.fixation; t < ends.stimulus; ++t)
        for (Index stream = 0; stream < 2; ++stream)
            task.inputs(stream, t * task.trials + i) =
                trial.evidence[static_cast<std::size_t>(stream)] + scale * *next++;
}

void write_targets(const Ends& ends, double answer, Index i, TrainingTask& task) {
    for (Index t = ends.fixation + 1; t <= ends.delay; ++t) task.weights(t, i) = 0.0;
    for (Index t = ends.delay + 1; t <= ends.response; ++t)
        task.targets(0, t * task.trials + i) = answer;
}

}  // namespace

TrainingTask make_task(const ContextIntegration& integration, const TaskBatch& batch) {
    check(integration, batch);
    const Ends ends = ends_of(integration);
    TrainingTask task = blank_task(integration.h, ends.response, batch.trials, 4, 1);
    for (Index i = 0; i < batch.trials; ++i) {
        const TrialRandom random = random_of(batch, i);
        const Trial trial = draw(integration, random);
        write_inputs(integration, trial, random, i, task);
        write_targets(ends, trial.answer(), i, task);
    }
    return task;
}

TrialConditions trial_conditions(const ContextIntegration& integration, const TaskBatch& batch) {
    check(integration, batch);
    TrialConditions found{{"context", "motion", "colour", "answer"}, Matrix(batch.trials, 4)};
    for (Index i = 0; i < batch.trials; ++i) {
        const Trial trial = draw(integration, random_of(batch, i));
        found.values.row(i) << static_cast<double>(trial.context), trial.evidence[0],
            trial.evidence[1], trial.answer();
    }
    return found;
}

TaskScore task_score(const ContextIntegration& integration, const TrainingTask& task,
                     const MatrixView& outputs) {
    check(integration, {});
    check_outputs(task, outputs, 1);
    const Index samples = steps_of(integration.response, integration.h);
    if (samples > task.steps)
        throw ShapeError("task.targets", "more than " + std::to_string(samples) + " samples",
                         std::to_string(task.steps + 1));
    TaskScore score = blank_score(task.trials);
    for (Index i = 0; i < task.trials; ++i) {
        for (Index t = task.steps + 1 - samples; t <= task.steps; ++t)
            score.measure(i) += outputs(0, t * task.trials + i) / static_cast<double>(samples);
        score.measure(i) *= task.targets(0, task.steps * task.trials + i);
        score.correct(i) = score.measure(i) > 0.0 ? 1.0 : 0.0;
    }
    summarise(score);
    return score;
}

}  // namespace heddle
