#include "circuit/checks.hpp"

#include <cmath>
#include <limits>

#include "heddle/core/error.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

constexpr double unbounded = std::numeric_limits<double>::infinity();

/// Lognormals keep their sign without bounds.
bool keeps_sign(const Distribution& law, double sign) {
    return law.kind == Distribution::Kind::lognormal && law.location * sign > 0.0;
}

}  // namespace

void Subject::refuse(const std::string& why) const {
    throw DomainError(who_ + ": " + why);
}

void Subject::require(bool holds, const std::string& why) const {
    if (!holds) refuse(why);
}

void Subject::finite(double value, const std::string& key, const char* unit) const {
    require(std::isfinite(value),
            key + " is " + quantity(value, unit) + "; it must be a finite number");
}

void Subject::positive(double value, const std::string& key, const char* unit) const {
    finite(value, key, unit);
    require(value > 0.0, key + " is " + quantity(value, unit) + "; it must be > 0");
}

void Subject::not_negative(double value, const std::string& key, const char* unit) const {
    finite(value, key, unit);
    require(value >= 0.0, key + " is " + quantity(value, unit) + "; it must be 0 or more");
}

void Subject::positive(const Distribution& law, const std::string& key, const char* unit) const {
    if (law.kind == Distribution::Kind::constant) return positive(law.location, key, unit);
    require(least(law) > 0.0 || (keeps_sign(law, 1.0) && law.high > 0.0),
            key + " may be drawn at or below 0" + (*unit ? " " : "") + unit +
                "; give its law a low > 0");
}

void Subject::not_negative(const Distribution& law, const std::string& key,
                           const char* unit) const {
    if (law.kind == Distribution::Kind::constant) return not_negative(law.location, key, unit);
    require(least(law) >= 0.0, key + " may be drawn below 0" + (*unit ? " " : "") + unit +
                                   "; give its law a low of 0 or more");
}

void Subject::valid(const Distribution& law, const std::string& key) const {
    validate(law, who_ + ": " + key);
}

void Subject::shape(bool holds, const std::string& key, const std::string& expected,
                    const Matrix& found) const {
    if (!holds)
        throw ShapeError(who_ + ": " + key, expected, shape_text(found.rows(), found.cols()));
}

std::string quantity(double value, const char* unit) {
    return number_text(value) + (*unit ? " " : "") + unit;
}

double least(const Distribution& law) {
    if (law.kind == Distribution::Kind::constant) return law.location;
    if (keeps_sign(law, 1.0)) return std::max(law.low, 0.0);
    return law.low;
}

double most(const Distribution& law) {
    if (law.kind == Distribution::Kind::constant) return law.location;
    if (keeps_sign(law, -1.0)) return std::min(law.high, 0.0);
    return law.high;
}

Subject subject_of(const Population& population) {
    return Subject("population '" + population.name + "'");
}

Subject subject_of(const Projection& projection) {
    return Subject("projection '" + projection.source + "' → '" + projection.target + "'");
}

}  // namespace heddle
