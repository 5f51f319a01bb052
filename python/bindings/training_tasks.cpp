#include "training_tasks.hpp"

#include <sstream>
#include <utility>

#include "heddle/core/error.hpp"
#include "heddle/train/tasks/from_trials.hpp"
#include "modules.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

/// A function of the module that takes tasks from Python's shapes to the core's and back.
nb::object between(const char* name) {
    return nb::module_::import_("heddle.training.arrays").attr(name);
}

void bind_score(nb::module_& module) {
    Value<TaskScore>(module, "TaskScore",
                     R"(How well trials were done.

What is measured, and what makes a trial correct, each task of `heddle.tasks` says.)",
                     [](const TaskScore& score) {
                         std::ostringstream text;
                         text << "TaskScore(" << score.correct.sum() << " of "
                              << score.correct.size() << " trials correct, mean measure "
                              << score.mean_measure << " ± " << score.mean_error << ")";
                         return text.str();
                     })
        .required("correct", &TaskScore::correct, "1 or 0, shape (trials,).")
        .required("measure", &TaskScore::measure,
                  "The task's measure of each trial, shape (trials,); ∞ without an answer.")
        .required("parts", &TaskScore::parts,
                  "More numbers of each trial where the task has them, shape (trials, p).")
        .required("fraction_correct", &TaskScore::fraction_correct, "Mean of `correct`.")
        .required("fraction_error", &TaskScore::fraction_error,
                  "Its standard error over trials, √(p (1 − p) / trials).")
        .required("answered", &TaskScore::answered, "Trials that gave an answer.")
        .required("mean_measure", &TaskScore::mean_measure, "Mean over those; ∞ if there is none.")
        .required("mean_error", &TaskScore::mean_error, "Its standard error; 0 for fewer than two.")
        .done();
}

/// Trials from lists of arrays of shape (time, channels); there may be no inputs and no weights.
std::vector<TrialArrays> trials_of(const std::vector<Matrix>& targets,
                                   const std::vector<Matrix>& inputs,
                                   const std::vector<Vector>& weights) {
    const auto check = [&](std::size_t count, const char* name) {
        if (count != 0 && count != targets.size())
            throw ShapeError(name, std::to_string(targets.size()) + " arrays, one for each trial",
                             std::to_string(count));
    };
    check(inputs.size(), "inputs");
    check(weights.size(), "weights");
    std::vector<TrialArrays> trials(targets.size());
    for (std::size_t i = 0; i < targets.size(); ++i) {
        trials[i].targets = targets[i].transpose();
        if (!inputs.empty()) trials[i].inputs = inputs[i].transpose();
        if (!weights.empty()) trials[i].weights = weights[i];
    }
    return trials;
}

nb::object from_trials(double h, nb::handle targets, nb::handle inputs, nb::handle weights,
                       bool pad) {
    std::vector<TrialArrays> trials =
        trials_of(from_python<std::vector<Matrix>>(targets, "targets"),
                  from_python<std::vector<Matrix>>(inputs, "inputs"),
                  from_python<std::vector<Vector>>(weights, "weights"));
    if (pad) trials = pad_trials(std::move(trials));
    return to_training_task(task_from_trials(h, trials));
}

}  // namespace

nb::object to_training_task(TrainingTask task) {
    return between("training_task")(nb::cast(std::move(task)));
}

TrainingTask from_training_task(nb::handle task) {
    return nb::cast<TrainingTask>(between("task_arrays")(task));
}

Matrix columns_of(nb::handle outputs, nb::handle task) {
    return to_eigen<Matrix>(between("output_columns")(outputs, task), "outputs");
}

nb::dict to_dict(const TrialConditions& conditions) {
    nb::dict found;
    for (std::size_t k = 0; k < conditions.names.size(); ++k)
        found[conditions.names[k].c_str()] =
            to_numpy(Vector(conditions.values.col(static_cast<Index>(k))));
    return found;
}

void bind_training_tasks(nb::module_& module) {
    bind_score(module);
    bind_standard_tasks(module);
    bind_motif_tasks(module);
    module.def("task_from_trials", &from_trials, "h"_a, "targets"_a, "inputs"_a, "weights"_a,
               "pad"_a, "See heddle.tasks.from_trials.");
    module.def(
        "task_score",
        [](nb::handle task, nb::handle outputs, double failure) {
            return task_score(from_training_task(task), columns_of(outputs, task), failure);
        },
        "task"_a, "outputs"_a, "failure"_a, "See heddle.tasks.score.");
}

}  // namespace heddle::python
