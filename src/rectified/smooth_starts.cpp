#include "rectified/smooth_starts.hpp"

#include "heddle/core/random.hpp"

namespace heddle {
namespace {

constexpr double duration = 30.0;  ///< In τ.
constexpr double step = 0.1;

/// Heun's steps: where the network goes matters here, not how accurately.
Vector followed(const SmoothMap& map, Vector x) {
    for (int i = 0; i < static_cast<int>(duration / step); ++i) {
        const Vector first = residual_of(map, x);
        x += 0.5 * step * (first + residual_of(map, x + step * first));
    }
    return x;
}

}  // namespace

SmoothStart smooth_start(const SmoothMap& map, std::uint64_t seed, Index i) {
    Vector z(map.size());
    const std::uint64_t stream = stream_of("fixed point start") + static_cast<std::uint64_t>(i);
    Random(seed, stream).fill_normal({z.data(), static_cast<std::size_t>(z.size())});
    Vector x = map.b + map.w * response_of(map, 1.5 * z);
    const std::string name = "start " + std::to_string(i);
    if (i % 2 == 0) return {std::move(x), name + " (random)"};
    Vector later = followed(map, x);
    return {later.allFinite() ? std::move(later) : std::move(x), name + " (trajectory)"};
}

}  // namespace heddle
