#include "heddle/core/error.hpp"

#include <utility>

namespace heddle {

ShapeError::ShapeError(std::string argument_name, std::string expected_shape,
                       std::string actual_shape)
    : Error(argument_name + " has shape " + actual_shape + "; expected " + expected_shape + "."),
      argument(std::move(argument_name)),
      expected(std::move(expected_shape)),
      actual(std::move(actual_shape)) {}

std::string shape_text(std::ptrdiff_t rows, std::ptrdiff_t columns) {
    return std::to_string(rows) + " × " + std::to_string(columns);
}

}  // namespace heddle
