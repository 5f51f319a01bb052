#include "population/second_moment.hpp"

#include <cmath>

#include "circuit/laws.hpp"
#include "circuit/normal_law.hpp"

namespace heddle {
namespace {

using Kind = Distribution::Kind;

double standardised(const Distribution& law, double x) {
    return (x - law.location) / law.scale;
}

/// x φ(x), also at infinity.
double weighted_density(double x) {
    return std::isfinite(x) ? x * normal_density(x) : 0.0;
}

/// ⟨(m + s z)²⟩ = m (2 ⟨x⟩ − m) + s² ⟨z²⟩.
double from_standard(const Distribution& law, double square) {
    return law.location * (2.0 * mean_of(law) - law.location) + law.scale * law.scale * square;
}

double normal_moment(const Distribution& law) {
    const double a = standardised(law, law.low), b = standardised(law, law.high);
    const double mass = normal_below(b) - normal_below(a);
    return from_standard(law, 1.0 + (weighted_density(a) - weighted_density(b)) / mass);
}

double lognormal_moment(const Distribution& law) {
    if (law.location < 0.0)
        return lognormal_moment({law.kind, -law.location, law.scale, -law.high, -law.low});
    const auto [mean, deviation] = log_moments(law.location, law.scale);
    const auto below = [&, m = mean, s = deviation](double x, double power) {
        return x <= 0.0 ? 0.0 : normal_below((std::log(x) - m) / s - power * s);
    };
    const double square = std::exp(2.0 * (mean + deviation * deviation));
    return square * (below(law.high, 2.0) - below(law.low, 2.0)) /
           (below(law.high, 0.0) - below(law.low, 0.0));
}

double lorentzian_moment(const Distribution& law) {
    const double a = standardised(law, law.low), b = standardised(law, law.high);
    const double mass = std::atan(b) - std::atan(a);
    return from_standard(law, (b - a - mass) / mass);
}

}  // namespace

double second_moment_of(const Distribution& law) {
    if (is_constant(law)) return law.location * law.location;
    const double mean = mean_of(law);
    switch (law.kind) {
        case Kind::normal:
            return normal_moment(law);
        case Kind::lognormal:
            return lognormal_moment(law);
        case Kind::lorentzian:
            return lorentzian_moment(law);
        default:
            return mean * mean + (law.high - law.low) * (law.high - law.low) / 12.0;
    }
}

WeightMoments weight_moments(const Projection& projection) {
    const auto* edges = std::get_if<Edges>(&projection.rule);
    if (edges == nullptr || edges->weight.empty())
        return {mean_of(projection.weight), second_moment_of(projection.weight)};
    WeightMoments sum{0.0, 0.0};
    for (const double weight : edges->weight) {
        sum.first += weight;
        sum.second += weight * weight;
    }
    const auto count = static_cast<double>(edges->weight.size());
    return {sum.first / count, sum.second / count};
}

}  // namespace heddle
