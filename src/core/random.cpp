#include "heddle/core/random.hpp"

#include <Random123/philox.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

#include "core/uniforms.hpp"

namespace heddle {
namespace {

using Block = std::array<std::uint64_t, 4>;

Block block(std::uint64_t seed, std::uint64_t stream, std::uint64_t number) noexcept {
    // NumPy advances its counter before it draws, hence the + 1.
    const r123::Philox4x64::ctr_type counter{{number + 1, 0, 0, 0}};
    const auto words = r123::Philox4x64{}(counter, r123::Philox4x64::key_type{{seed, stream}});
    return {words[0], words[1], words[2], words[3]};
}

double to_unit(std::uint64_t integer) noexcept {
    return (static_cast<double>(integer >> 12) + 0.5) * 0x1p-52;
}

struct NormalPair {
    double first;
    double second;
};

NormalPair box_muller(std::uint64_t a, std::uint64_t b) noexcept {
    const double radius = std::sqrt(-2.0 * std::log(to_unit(a)));
    const double angle = 2.0 * std::numbers::pi * to_unit(b);
    return {radius * std::cos(angle), radius * std::sin(angle)};
}

}  // namespace

std::array<double, 4> uniform_block(std::uint64_t seed, std::uint64_t stream,
                                    std::uint64_t k) noexcept {
    const Block words = block(seed, stream, k);
    return {to_unit(words[0]), to_unit(words[1]), to_unit(words[2]), to_unit(words[3])};
}

Random::Random(std::uint64_t seed, std::uint64_t stream) noexcept : seed_(seed), stream_(stream) {}

std::uint64_t Random::integer(std::uint64_t index) const noexcept {
    return block(seed_, stream_, index / 4)[index % 4];
}

double Random::uniform(std::uint64_t index) const noexcept {
    return to_unit(integer(index));
}

double Random::normal(std::uint64_t index) const noexcept {
    const Block words = block(seed_, stream_, index / 4);
    const std::size_t pair = index % 4 / 2 * 2;
    const NormalPair normals = box_muller(words[pair], words[pair + 1]);
    return index % 2 == 0 ? normals.first : normals.second;
}

void Random::fill_normal(std::span<double> out, std::uint64_t first) const noexcept {
    std::size_t i = 0;
    while (i < out.size() && (first + i) % 4 != 0) {
        out[i] = normal(first + i);
        ++i;
    }
    for (; i + 4 <= out.size(); i += 4) {
        const Block words = block(seed_, stream_, (first + i) / 4);
        for (std::size_t pair = 0; pair < 4; pair += 2) {
            const NormalPair normals = box_muller(words[pair], words[pair + 1]);
            out[i + pair] = normals.first;
            out[i + pair + 1] = normals.second;
        }
    }
    for (; i < out.size(); ++i) out[i] = normal(first + i);
}

std::uint64_t stream_of(std::string_view name) noexcept {
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const char letter : name) {
        hash ^= static_cast<unsigned char>(letter);
        hash *= 0x100000001b3u;
    }
    return hash;
}

}  // namespace heddle
