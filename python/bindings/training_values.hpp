#pragma once

#include <nanobind/nanobind.h>

#include <string>

#include "heddle/train/task.hpp"

/// Between heddle.training's values, whose arrays are (time, trials, channels), and those of C++.
namespace heddle::python {

/// A heddle.training.TrainingTask of the same numbers.
[[nodiscard]] nanobind::object to_training_task(TrainingTask task);

/// What a heddle.training.TrainingTask says. \throws ShapeError, DomainError naming the field.
[[nodiscard]] TrainingTask from_training_task(nanobind::handle task);

/// An array of shape (time, trials, channels) with a column for each time and trial; empty for
/// None.
[[nodiscard]] Matrix columns_of(nanobind::handle series, const std::string& name);

}  // namespace heddle::python
