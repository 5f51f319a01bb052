#include "population/third_moment.hpp"

#include <cmath>

#include "circuit/laws.hpp"
#include "circuit/normal_law.hpp"
#include "population/second_moment.hpp"

namespace heddle {
namespace {

using Kind = Distribution::Kind;

/// (x² + 2) φ(x), also at infinity: −∫ x³ φ.
double cubic_density(double x) {
    return std::isfinite(x) ? (x * x + 2.0) * normal_density(x) : 0.0;
}

/// ⟨(m + s z)³⟩ from ⟨z³⟩ and the moments below.
double from_standard(const Distribution& law, double cube) {
    const double m = law.location;
    const double first = mean_of(law) - m;                                       // s ⟨z⟩
    const double second = second_moment_of(law) - m * (2.0 * mean_of(law) - m);  // s² ⟨z²⟩
    return m * m * m + 3.0 * m * m * first + 3.0 * m * second +
           law.scale * law.scale * law.scale * cube;
}

double normal_moment(const Distribution& law) {
    const double a = (law.low - law.location) / law.scale;
    const double b = (law.high - law.location) / law.scale;
    const double mass = normal_below(b) - normal_below(a);
    return from_standard(law, (cubic_density(a) - cubic_density(b)) / mass);
}

double lognormal_moment(const Distribution& law) {
    if (law.location < 0.0)
        return -lognormal_moment({law.kind, -law.location, law.scale, -law.high, -law.low});
    const auto [mean, deviation] = log_moments(law.location, law.scale);
    const auto below = [&, m = mean, s = deviation](double x, double power) {
        return x <= 0.0 ? 0.0 : normal_below((std::log(x) - m) / s - power * s);
    };
    const double cube = std::exp(3.0 * mean + 4.5 * deviation * deviation);
    return cube * (below(law.high, 3.0) - below(law.low, 3.0)) /
           (below(law.high, 0.0) - below(law.low, 0.0));
}

double lorentzian_moment(const Distribution& law) {
    const double a = (law.low - law.location) / law.scale;
    const double b = (law.high - law.location) / law.scale;
    const double integral = 0.5 * (b * b - a * a) - 0.5 * std::log((1.0 + b * b) / (1.0 + a * a));
    return from_standard(law, integral / (std::atan(b) - std::atan(a)));
}

}  // namespace

double third_moment_of(const Distribution& law) {
    if (is_constant(law)) return law.location * law.location * law.location;
    switch (law.kind) {
        case Kind::normal:
            return normal_moment(law);
        case Kind::lognormal:
            return lognormal_moment(law);
        case Kind::lorentzian:
            return lorentzian_moment(law);
        default:
            return 0.25 * (law.low + law.high) * (law.low * law.low + law.high * law.high);
    }
}

}  // namespace heddle
