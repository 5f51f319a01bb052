#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace heddle {

/// Base of every error Heddle throws. The message is one sentence: what was found, what would work.
class Error : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// A value lies outside the domain of the function it was given to.
class DomainError : public Error {
  public:
    using Error::Error;
};

/// An array has the wrong shape.
class ShapeError : public Error {
  public:
    ShapeError(std::string argument_name, std::string expected_shape, std::string actual_shape);

    std::string argument;  ///< The argument's name.
    std::string expected;  ///< The shape that would work, in words.
    std::string actual;    ///< The shape that was found.
};

/// A file is not what it should be.
class FormatError : public Error {
  public:
    using Error::Error;
};

/// An iteration ended without an answer.
class NotConverged : public Error {
  public:
    using Error::Error;
};

/// "rows × columns", for messages about shapes.
[[nodiscard]] std::string shape_text(std::ptrdiff_t rows, std::ptrdiff_t columns);

}  // namespace heddle
