#include "spiking/counter_words.hpp"

#include <Random123/philox.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/elementary.hpp"

namespace heddle {
namespace {

constexpr std::size_t lanes = 16;

struct Key {
    std::uint32_t a;
    std::uint32_t b;
};

/// Ten rounds of Philox4x32 on the counters of `many` groups. The groups do not wait for each
/// other: a round of one is a chain of four instructions.
template <std::size_t many>
HEDDLE_INLINE void rounds(std::uint32_t* __restrict words, Key key) {
    std::uint32_t c[many][4][lanes];
    for (std::size_t g = 0; g < many; ++g)
        for (std::size_t w = 0; w < 4; ++w)
            for (std::size_t l = 0; l < lanes; ++l) c[g][w][l] = words[64 * g + lanes * w + l];
    for (int round = 0; round < 10; ++round) {
        for (std::size_t g = 0; g < many; ++g)
            for (std::size_t l = 0; l < lanes; ++l) {
                const std::uint64_t p = std::uint64_t{0xD2511F53} * c[g][0][l];
                const std::uint64_t q = std::uint64_t{0xCD9E8D57} * c[g][2][l];
                const auto n0 = static_cast<std::uint32_t>(q >> 32) ^ c[g][1][l] ^ key.a;
                const auto n2 = static_cast<std::uint32_t>(p >> 32) ^ c[g][3][l] ^ key.b;
                c[g][1][l] = static_cast<std::uint32_t>(q);
                c[g][3][l] = static_cast<std::uint32_t>(p);
                c[g][0][l] = n0;
                c[g][2][l] = n2;
            }
        key.a += 0x9E3779B9u;
        key.b += 0xBB67AE85u;
    }
    for (std::size_t g = 0; g < many; ++g)
        for (std::size_t w = 0; w < 4; ++w)
            for (std::size_t l = 0; l < lanes; ++l) words[64 * g + lanes * w + l] = c[g][w][l];
}

HEDDLE_VECTORISE_WIDE void fill_groups(Key key, std::uint32_t step_low, std::uint32_t step_high,
                                       std::uint32_t use, std::uint32_t group, std::size_t groups,
                                       std::uint32_t* __restrict out) noexcept {
    for (std::size_t g = 0; g < groups; ++g) {
        std::uint32_t* words = out + 64 * g;
        const auto base = static_cast<std::uint32_t>((group + g) * lanes);
        for (std::size_t l = 0; l < lanes; ++l) {
            words[l] = base + static_cast<std::uint32_t>(l);
            words[lanes + l] = step_low;
            words[2 * lanes + l] = step_high;
            words[3 * lanes + l] = use;
        }
    }
    constexpr std::size_t at_once = 4;
    std::size_t g = 0;
    for (; g + at_once <= groups; g += at_once) rounds<at_once>(out + 64 * g, key);
    for (; g < groups; ++g) rounds<1>(out + 64 * g, key);
}

HEDDLE_VECTORISE_WIDE void to_normals(const std::uint32_t* __restrict words, std::size_t groups,
                                      double* __restrict out) noexcept {
    for (std::size_t g = 0; g < groups; ++g) {
        const std::uint32_t* w = words + 64 * g;
        double* n = out + 32 * g;
        for (std::size_t l = 0; l < lanes; ++l) {
            const double high = static_cast<double>(w[l]);
            const double low = static_cast<double>(w[lanes + l] >> 12);
            const double u = std::fma(high, 0x1p-32, std::fma(low, 0x1p-52, 0x1p-53));
            const double radius = std::sqrt(-2.0 * elementary::log(u));
            const auto angle = elementary::turn(static_cast<double>(w[2 * lanes + l]) * 0x1p-32);
            n[l] = radius * angle.cosine;
            n[lanes + l] = radius * angle.sine;
        }
    }
}

Key key_of(std::uint64_t seed) noexcept {
    return {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)};
}

std::uint32_t high_of(std::uint64_t step, std::uint32_t input) noexcept {
    // 2⁴⁸ steps and 2¹⁶ inputs fit beside each other.
    return static_cast<std::uint32_t>(step >> 32) | (input << 16);
}

}  // namespace

void CounterWords::fill(std::uint64_t step, std::uint32_t group,
                        std::span<std::uint32_t> out) const noexcept {
    fill_groups(key_of(seed), static_cast<std::uint32_t>(step), high_of(step, input),
                static_cast<std::uint32_t>(use), group, out.size() / 64, out.data());
}

void CounterWords::one(std::uint64_t step, std::uint32_t counter,
                       std::uint32_t* four) const noexcept {
    const r123::Philox4x32::ctr_type all{{counter, static_cast<std::uint32_t>(step),
                                          high_of(step, input), static_cast<std::uint32_t>(use)}};
    const Key key = key_of(seed);
    std::ranges::copy(r123::Philox4x32{}(all, {{key.a, key.b}}).v, four);
}

const std::uint32_t* words_at(const CounterWords& words, std::uint64_t step, std::size_t first,
                              std::size_t count, std::uint32_t* buffer) noexcept {
    const std::size_t group = first / 64;
    const std::size_t groups = (first + count + 63) / 64 - group;
    words.fill(step, static_cast<std::uint32_t>(group), {buffer, groups * 64});
    return buffer + first % 64;
}

const double* normals_at(const CounterWords& words, std::uint64_t step, std::size_t first,
                         std::size_t count, double* buffer) noexcept {
    const std::size_t group = first / 32;
    const std::size_t groups = (first + count + 31) / 32 - group;
    constexpr std::size_t at_once = 16;
    std::array<std::uint32_t, 64 * at_once> raw;
    for (std::size_t g = 0; g < groups; g += at_once) {
        const std::size_t now = groups - g < at_once ? groups - g : at_once;
        words.fill(step, static_cast<std::uint32_t>(group + g), {raw.data(), now * 64});
        to_normals(raw.data(), now, buffer + 32 * g);
    }
    return buffer + first % 32;
}

double to_uniform(std::uint32_t high, std::uint32_t low) noexcept {
    return static_cast<double>(high) * 0x1p-32 + static_cast<double>(low >> 12) * 0x1p-52 + 0x1p-53;
}

}  // namespace heddle
