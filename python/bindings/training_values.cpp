#include "training_values.hpp"

#include <utility>

#include "convert.hpp"
#include "heddle/core/error.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

/// None for an empty array, else one of shape (time, trials, channels).
nb::object to_series(Matrix columns, Index trials) {
    if (columns.size() == 0) return nb::none();
    const Index channels = columns.rows();
    const nb::object array = to_numpy(std::move(columns)).attr("T");
    return array.attr("reshape")(-1, trials, channels);
}

nb::object to_table(Matrix table) {
    return table.size() == 0 ? nb::none() : to_numpy(std::move(table));
}

nb::object to_gates(std::vector<Matrix> gates) {
    if (gates.empty()) return nb::none();
    nb::list items;
    for (Matrix& gate : gates) items.append(to_numpy(std::move(gate)));
    return nb::tuple(items);
}

}  // namespace

Matrix columns_of(nb::handle series, const std::string& name) {
    if (series.is_none()) return {};
    const nb::object array = nb::module_::import_("numpy").attr("asarray")(series);
    if (nb::cast<int>(array.attr("ndim")) != 3)
        throw ShapeError(name, "(steps, trials, channels)",
                         nb::cast<std::string>(nb::str(array.attr("shape"))));
    const nb::object flat = array.attr("reshape")(-1, array.attr("shape")[nb::int_(2)]);
    return to_eigen<Matrix>(flat.attr("T"), name);
}

nb::object to_training_task(TrainingTask task) {
    const Index trials = task.trials;
    nb::dict fields;
    fields["h"] = task.h;
    fields["steps"] = task.steps;
    fields["trials"] = trials;
    fields["start"] =
        task.start.size() == 0 ? nb::none() : nb::object(to_numpy(std::move(task.start)).attr("T"));
    fields["inputs"] = to_series(std::move(task.inputs), trials);
    fields["gates"] = to_gates(std::move(task.gates));
    fields["gain_weights"] = to_series(std::move(task.gain_weights), trials);
    fields["targets"] = to_series(std::move(task.targets), trials);
    fields["weights"] = to_table(std::move(task.weights));
    fields["activity"] = task.activity;
    fields["velocity"] = task.velocity;
    return nb::module_::import_("heddle.training.values").attr("TrainingTask")(**fields);
}

TrainingTask from_training_task(nb::handle value) {
    const nb::object arrays = nb::module_::import_("heddle.training.arrays");
    return nb::cast<TrainingTask>(arrays.attr("task_arrays")(value));
}

}  // namespace heddle::python
