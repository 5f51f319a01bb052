#pragma once

#include "heddle/train/tasks/trials.hpp"
#include "value.hpp"

/// What the bindings of all tasks share.
namespace heddle::python {

void bind_standard_tasks(nb::module_& module);
void bind_motif_tasks(nb::module_& module);

/// Between heddle.TrainingTask, whose arrays are (time, trials, channels), and the core's.
[[nodiscard]] nb::object to_training_task(TrainingTask task);
[[nodiscard]] TrainingTask from_training_task(nb::handle task);

/// Outputs in a task in columns, from an array of shape (time, trials, channels).
[[nodiscard]] Matrix columns_of(nb::handle outputs, nb::handle task);

/// An array of shape (trials,) for each name.
[[nodiscard]] nb::dict to_dict(const TrialConditions& conditions);

inline constexpr const char* batch_doc = R"(Trials as a TrainingTask, for training and for `score`.

    trials  how many, at least 1
    seed    source of everything that is drawn
    batch   which batch, say the step of training

Trial i of batch b depends on (seed, b, i) alone: not on how many trials there are, nor on what was
drawn before. Raises DomainError naming what does not fit. O(steps · trials).)";

inline constexpr const char* conditions_doc = R"(What was drawn for the trials of `batch`, by name.

Returns a dict of arrays of shape (trials,).)";

inline constexpr const char* score_doc = R"(How well the trials of a task were done.

    task     what `batch` returned
    outputs  y, shape (T + 1, trials, d), as task.targets

Returns a TaskScore. Raises ShapeError for arrays that do not belong to the task.)";

/// The three functions that every task has, as methods; an option that does not fit is refused when
/// the value is made.
template <class T>
void bind_methods(Value<T>& value) {
    value.check([](T& task) { static_cast<void>(trial_conditions(task, {.trials = 1})); });
    value.done()
        .def(
            "batch",
            [](const T& task, Index trials, std::uint64_t seed, std::uint64_t batch) {
                return to_training_task(make_task(task, {trials, seed, batch}));
            },
            nb::arg("trials") = 64, nb::arg("seed") = 0, nb::arg("batch") = 0, batch_doc)
        .def(
            "conditions",
            [](const T& task, Index trials, std::uint64_t seed, std::uint64_t batch) {
                return to_dict(trial_conditions(task, {trials, seed, batch}));
            },
            nb::arg("trials") = 64, nb::arg("seed") = 0, nb::arg("batch") = 0, conditions_doc)
        .def(
            "score",
            [](const T& options, nb::handle task, nb::handle outputs) {
                return task_score(options, from_training_task(task), columns_of(outputs, task));
            },
            nb::arg("task"), nb::arg("outputs"), score_doc);
}

}  // namespace heddle::python
