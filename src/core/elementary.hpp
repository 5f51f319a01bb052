#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "core/vectorise.hpp"

// Elementary functions without branches, for loops that the compiler vectorises: the same bits on
// every processor. Errors against the exact value are below 2 units in the last place.

namespace heddle::elementary {

/// eˣ for |x| < 1e15; below −708 and above 700 some number that is as small or as large, finite
/// also times a hazard.
HEDDLE_INLINE double exp(double x) {
    constexpr double shift = 0x1.8p52;  // adding it rounds to an integer, in the low bits
    const double shifted = std::fma(x, 0x1.71547652b82fep0, shift);
    const double k = shifted - shift;
    double r = std::fma(k, -0x1.62e42fefa39efp-1, x);
    r = std::fma(k, -0x1.abc9e3b39803fp-56, r);
    // eʳ = 1 + r + r² q(r) on |r| ≤ ln 2 / 2: q interpolates at the nodes of Chebyshev, relative
    // error below 2e-17; summed in pairs, so that no sum waits long for another.
    const double r2 = r * r;
    const double r4 = r2 * r2;
    const double q01 = std::fma(0x1.5555555555556p-3, r, 0x1.0000000000001p-1);
    const double q23 = std::fma(0x1.11111111109b3p-7, r, 0x1.5555555553d63p-5);
    const double q45 = std::fma(0x1.a01a01a7c41d5p-13, r, 0x1.6c16c1788bd90p-10);
    const double q67 = std::fma(0x1.71de0dae63bb3p-19, r, 0x1.a019b90d2ae7ap-16);
    const double q89 = std::fma(0x1.af38a9b0ec855p-26, r, 0x1.289185613a3d6p-22);
    const double low = std::fma(q23, r2, q01);
    const double high = std::fma(q89, r4, std::fma(q67, r2, q45));
    const double p = std::fma(r2, std::fma(high, r4, low), r) + 1.0;
    std::int64_t exponent =
        std::bit_cast<std::int64_t>(shifted) - (std::bit_cast<std::int64_t>(shift) - 1023);
    exponent = std::max(exponent, std::int64_t{1});
    exponent = std::min(exponent, std::int64_t{1023 + 1010});
    return p * std::bit_cast<double>(exponent << 52);
}

/// ln x for normal positive x; for x ≤ 0 some number.
HEDDLE_INLINE double log(double x) {
    const std::uint64_t bits = std::bit_cast<std::uint64_t>(x);
    // x = 2ᵏ m with m in [√½, √2).
    const std::uint64_t moved = bits - 0x3fe6a09e667f3bcdull;
    const std::uint64_t kept = 0xfff0000000000000ull & moved;
    const double m = std::bit_cast<double>(bits - kept);
    // The exponent as a double, by way of the mantissa of 2⁵² + 2⁵¹.
    const std::uint64_t raw = (moved >> 52) ^ 0x800;  // k + 2048, if k is taken modulo 4096
    const double k = std::bit_cast<double>(0x4330000000000000ull | raw) - 0x1p52 - 2048.0;
    const double f = m - 1.0;
    const double s = f / (2.0 + f);
    const double z = s * s;
    // log((1 + s) / (1 − s)) = 2 s (1 + z p(z)), |s| < 0.1716: p interpolates at the nodes of
    // Chebyshev, relative error below 1e-17.
    const double z2 = z * z;
    const double p01 = std::fma(0x1.99999999952ccp-3, z, 0x1.5555555555558p-2);
    const double p23 = std::fma(0x1.c71c62e26208bp-4, z, 0x1.2492492df3ba9p-3);
    const double p45 = std::fma(0x1.39fe42e9740a7p-4, z, 0x1.7462b58e46ebep-4);
    const double p456 = std::fma(0x1.2b59b713616c9p-4, z2, p45);
    const double p = std::fma(std::fma(p456, z2, p23), z2, p01);
    // f − (f²/2 − s (f²/2 + 2 z s⁻¹ …)): the leading term stays exact.
    const double half = 0.5 * f * f;
    const double tail = s * (half + 2.0 * z * p);
    const double low = std::fma(k, 0x1.abc9e3b39803fp-56, tail - half);
    return std::fma(k, 0x1.62e42fefa39efp-1, f + low);
}

struct SineCosine {
    double sine;
    double cosine;
};

/// sin 2πu and cos 2πu for 0 ≤ u < 1.
HEDDLE_INLINE SineCosine turn(double u) {
    constexpr double shift = 0x1.8p52;
    const double shifted = std::fma(u, 4.0, shift);
    const double quarter = shifted - shift;
    const double a = std::fma(quarter, -0.25, u) * 6.283185307179586;  // |a| ≤ π/4
    const double z = a * a;
    double s = -1.0 / 1307674368000.0;
    s = std::fma(s, z, 1.0 / 6227020800.0);
    s = std::fma(s, z, -1.0 / 39916800.0);
    s = std::fma(s, z, 1.0 / 362880.0);
    s = std::fma(s, z, -1.0 / 5040.0);
    s = std::fma(s, z, 1.0 / 120.0);
    s = std::fma(s, z, -1.0 / 6.0);
    s = std::fma(s * z, a, a);
    double c = 1.0 / 20922789888000.0;
    c = std::fma(c, z, -1.0 / 87178291200.0);
    c = std::fma(c, z, 1.0 / 479001600.0);
    c = std::fma(c, z, -1.0 / 3628800.0);
    c = std::fma(c, z, 1.0 / 40320.0);
    c = std::fma(c, z, -1.0 / 720.0);
    c = std::fma(c, z, 1.0 / 24.0);
    c = std::fma(c, z, -0.5);
    c = std::fma(c, z, 1.0);
    const std::int64_t q = std::bit_cast<std::int64_t>(shifted) & 3;
    const double odd_sine = (q & 1) != 0 ? c : s;
    const double odd_cosine = (q & 1) != 0 ? s : c;
    return {(q & 2) != 0 ? -odd_sine : odd_sine, ((q + 1) & 2) != 0 ? -odd_cosine : odd_cosine};
}

/// The same functions as calls, compiled for what the processor has: outside of a loop over lanes
/// every std::fma would be one.
[[nodiscard]] double exp_of(double x);
[[nodiscard]] double log_of(double x);

}  // namespace heddle::elementary
