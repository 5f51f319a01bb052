#pragma once

#include <array>
#include <cmath>
#include <vector>

namespace heddle {

/// `power` of formulas, for numbers.
inline double power(double base, double exponent) {
    return std::pow(base, exponent);
}

/// Poisson input to a conductance. Numbers are doubles or formulas.
template <class Number>
struct ConductanceSource {
    Number rate;      ///< All together, 1 / ms.
    Number weight;    ///< nS.
    Number tau;       ///< ms.
    Number reversal;  ///< mV.
};

/// μ_G, nS.
template <class Number>
Number conductance_of(const std::vector<ConductanceSource<Number>>& sources, const Number& leak) {
    Number sum = leak;
    for (const auto& item : sources) sum += item.rate * item.weight * item.tau;
    return sum;
}

/// μ_G μ_V, pA; `steady` what does not depend on the sources.
template <class Number>
Number drive_of(const std::vector<ConductanceSource<Number>>& sources, const Number& steady) {
    Number sum = steady;
    for (const auto& item : sources) sum += item.rate * item.weight * item.tau * item.reversal;
    return sum;
}

/// σ_V², mV², and 2 σ_V² T_V.
template <class Number>
struct Fluctuation {
    Number variance;
    Number power;
};

template <class Number>
Fluctuation<Number> fluctuation_of(const std::vector<ConductanceSource<Number>>& sources,
                                   const Number& conductance, const Number& mean,
                                   const Number& membrane) {
    Fluctuation<Number> sums{0.0, 0.0};
    for (const auto& item : sources) {
        const Number u = item.weight * item.tau * (item.reversal - mean) / conductance;
        const Number one = item.rate * u * u;
        sums.power += one;
        sums.variance += 0.5 * one / (item.tau + membrane);
    }
    return sums;
}

/// The ten terms of V_eff; `inverse` is g_L / C_m.
template <class Number>
std::array<Number, 10> threshold_terms(const Number& mean, const Number& deviation,
                                       const Number& time, const Number& inverse) {
    const Number x = (mean + 60.0) / 10.0;
    const Number y = (deviation - 4.0) / 6.0;
    const Number z = time * inverse - 0.5;
    return {Number(1.0), x, y, z, x * x, y * y, z * z, x * y, x * z, y * z};
}

}  // namespace heddle
