#include "heddle/circuit/distribution.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "circuit/laws.hpp"
#include "circuit/normal_law.hpp"
#include "heddle/core/error.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

using Kind = Distribution::Kind;

double standardised(const Distribution& law, double x) {
    return (x - law.location) / law.scale;
}

double lognormal_below(const Distribution& law, double x) {
    if (law.location < 0.0)
        return x >= 0.0 ? 1.0 : 1.0 - lognormal_below({law.kind, -law.location, law.scale}, -x);
    if (x <= 0.0) return 0.0;
    const auto [mean, deviation] = log_moments(law.location, law.scale);
    return normal_below((std::log(x) - mean) / deviation);
}

double lognormal_quantile(const Distribution& law, double p) {
    if (law.location < 0.0)
        return -lognormal_quantile({law.kind, -law.location, law.scale}, 1.0 - p);
    const auto [mean, deviation] = log_moments(law.location, law.scale);
    return std::exp(mean + deviation * normal_quantile(p));
}

/// P(x ≤ bound) without the interval.
double unbounded_below(const Distribution& law, double x) {
    if (is_constant(law)) return x >= law.location ? 1.0 : 0.0;
    switch (law.kind) {
        case Kind::normal:
            return normal_below(standardised(law, x));
        case Kind::lognormal:
            return lognormal_below(law, x);
        case Kind::lorentzian:
            return 0.5 + std::atan(standardised(law, x)) / std::numbers::pi;
        default:
            return std::clamp((x - law.low) / (law.high - law.low), 0.0, 1.0);
    }
}

double unbounded_quantile(const Distribution& law, double p) {
    switch (law.kind) {
        case Kind::normal:
            return law.location + law.scale * normal_quantile(p);
        case Kind::lognormal:
            return lognormal_quantile(law, p);
        case Kind::lorentzian:
            return law.location + law.scale * std::tan(std::numbers::pi * (p - 0.5));
        default:
            return law.low + p * (law.high - law.low);
    }
}

/// What the interval holds of the law.
struct Inside {
    double below;  ///< P(x < low).
    double mass;   ///< P(low ≤ x ≤ high).
};

Inside inside(const Distribution& law) {
    if (law.kind == Kind::uniform) return {0.0, 1.0};
    if (is_constant(law))
        return {0.0, law.low <= law.location && law.location <= law.high ? 1.0 : 0.0};
    const double below = unbounded_below(law, law.low);
    return {below, unbounded_below(law, law.high) - below};
}

double normal_mean(const Distribution& law) {
    const double a = standardised(law, law.low), b = standardised(law, law.high);
    return law.location + law.scale * (normal_density(a) - normal_density(b)) / inside(law).mass;
}

double lognormal_mean(const Distribution& law) {
    if (law.location < 0.0)
        return -lognormal_mean({law.kind, -law.location, law.scale, -law.high, -law.low});
    const auto [mean, deviation] = log_moments(law.location, law.scale);
    const auto weighted_below = [&, mean = mean, deviation = deviation](double x) {
        return x <= 0.0 ? 0.0 : normal_below((std::log(x) - mean) / deviation - deviation);
    };
    return law.location * (weighted_below(law.high) - weighted_below(law.low)) / inside(law).mass;
}

double lorentzian_mean(const Distribution& law) {
    if (!std::isfinite(law.low) || !std::isfinite(law.high))
        throw DomainError("a Lorentzian law without low and high has no mean; give it both");
    const double a = standardised(law, law.low), b = standardised(law, law.high);
    const double logarithm = 0.5 * std::log((1.0 + b * b) / (1.0 + a * a));
    return law.location + law.scale * logarithm / (std::atan(b) - std::atan(a));
}

void require(bool holds, const std::string& key, double found, const char* expected) {
    if (!holds) throw DomainError(key + ": found " + number_text(found) + ", expected " + expected);
}

void check_mass(const Distribution& law, const std::string& what) {
    const double mass = inside(law).mass;
    if (mass >= 0.01) return;
    throw DomainError(what + ": low = " + number_text(law.low) +
                      " to high = " + number_text(law.high) + " holds " +
                      number_text(100.0 * mass) + " % of the law around " +
                      number_text(law.location) + ", expected at least 1 %");
}

}  // namespace

bool is_constant(const Distribution& law) {
    return law.kind == Kind::constant || (law.kind != Kind::uniform && law.scale == 0.0);
}

void validate(const Distribution& law, const std::string& what) {
    require(std::isfinite(law.location), what + ".location", law.location, "a finite number");
    require(law.scale >= 0.0 && std::isfinite(law.scale), what + ".scale", law.scale,
            "a finite number, 0 or more");
    require(!std::isnan(law.low), what + ".low", law.low, "a number");
    require(law.high > law.low, what + ".high", law.high, "a number above low");
    if (law.kind == Kind::uniform) {
        require(std::isfinite(law.low), what + ".low", law.low,
                "a finite number for a uniform law");
        require(std::isfinite(law.high), what + ".high", law.high,
                "a finite number for a uniform law");
    }
    require(law.kind != Kind::lognormal || law.location != 0.0, what + ".location", law.location,
            "a mean other than 0 for a lognormal law");
    check_mass(law, what);
}

double probability_below(const Distribution& law, double bound) {
    if (bound < law.low) return 0.0;
    if (bound >= law.high) return 1.0;
    const auto [below, mass] = inside(law);
    return std::clamp((unbounded_below(law, bound) - below) / mass, 0.0, 1.0);
}

double quantile(const Distribution& law, double p) {
    if (is_constant(law)) return law.location;
    const auto [below, mass] = inside(law);
    return std::clamp(unbounded_quantile(law, below + p * mass), law.low, law.high);
}

double mean_of(const Distribution& law) {
    if (is_constant(law)) return law.location;
    switch (law.kind) {
        case Kind::normal:
            return normal_mean(law);
        case Kind::lognormal:
            return lognormal_mean(law);
        case Kind::lorentzian:
            return lorentzian_mean(law);
        default:
            return 0.5 * (law.low + law.high);
    }
}

}  // namespace heddle
