#include "network/checks.hpp"

#include <cmath>
#include <sstream>

#include "heddle/core/error.hpp"

namespace heddle {
namespace {

void require(bool holds, double value, const char* name, const char* expected) {
    if (!holds)
        throw DomainError(std::string(name) + ": found " + number_text(value) + ", expected " +
                          expected);
}

}  // namespace

std::string number_text(double value) {
    std::ostringstream out;
    out << value;
    return out.str();
}

void check_finite(const MatrixView& values, const char* name) {
    if (!values.allFinite())
        throw DomainError(std::string(name) + ": found NaN or infinity, expected finite numbers");
}

void check_size(Index n) {
    if (n < 1) throw DomainError("n: found " + std::to_string(n) + " units, expected at least 1");
}

void check_radius(double value, const char* name) {
    require(value >= 0.0 && std::isfinite(value), value, name, "a finite number, 0 or more");
}

void check_positive(double value, const char* name) {
    require(value > 0.0 && std::isfinite(value), value, name, "a finite number above 0");
}

void check_probability(double value, const char* name) {
    require(value > 0.0 && value <= 1.0, value, name, "a probability in (0, 1]");
}

void check_open_probability(double value, const char* name) {
    require(value > 0.0 && value < 1.0, value, name, "a probability in (0, 1)");
}

}  // namespace heddle
