#include "spiking/weight_law.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "circuit/laws.hpp"
#include "circuit/normal_law.hpp"

namespace heddle {
namespace {

constexpr std::size_t layers = 256;
constexpr double tail_start = 3.6541528853610088;
constexpr double layer_area = 0.00492867323399;

/// Layers of equal area under exp(−x²/2): layer i is edge[i] wide and reaches up to height[i + 1].
struct Ziggurat {
    std::array<double, layers + 1> edge;
    std::array<double, layers + 1> height;

    Ziggurat() {
        const auto density = [](double x) { return std::exp(-0.5 * x * x); };
        edge[0] = layer_area / density(tail_start);
        edge[1] = tail_start;
        for (std::size_t i = 2; i < layers; ++i)
            edge[i] = std::sqrt(-2.0 * std::log(layer_area / edge[i - 1] + density(edge[i - 1])));
        edge[layers] = 0.0;
        for (std::size_t i = 0; i <= layers; ++i) height[i] = density(edge[i]);
    }
};

const Ziggurat& ziggurat() {
    static const Ziggurat tables;
    return tables;
}

/// |x| of a normal given |x| > tail_start. \see Marsaglia (1964), Technometrics 6:101.
double draw_tail(RowStream& stream) {
    for (;;) {
        const double x = -std::log(stream.uniform()) / tail_start;
        const double y = -std::log(stream.uniform());
        if (2.0 * y > x * x) return tail_start + x;
    }
}

/// A normal from the upper 24 bits of a word, which is in its layer if |x| is below the next edge.
inline double candidate(const Ziggurat& tables, std::uint32_t word) {
    const auto place = static_cast<double>(static_cast<std::int32_t>(word) >> 8);
    return (place + 0.5) * 0x1p-23 * tables.edge[word % layers];
}

inline bool is_inside(const Ziggurat& tables, std::uint32_t word, double x) {
    return std::abs(x) < tables.edge[word % layers + 1];
}

/// A standard normal from a word, and more if that word is not enough: one time in a hundred.
double draw_normal(RowStream& stream, const Ziggurat& tables, std::uint32_t word) {
    for (;; word = stream.word()) {
        const std::size_t layer = word % layers;
        const double x = candidate(tables, word);
        if (is_inside(tables, word, x)) return x;
        if (layer == 0) return std::copysign(draw_tail(stream), x);
        const double rise = tables.height[layer + 1] - tables.height[layer];
        if (tables.height[layer] + stream.uniform() * rise < std::exp(-0.5 * x * x)) return x;
    }
}

/// Weights from standard normals, again where they fall outside the interval.
template <class Weight>
void draw_from_normals(const Distribution& law, RowStream& stream, std::span<float> weights,
                       const Weight& weight_of) {
    const Ziggurat& tables = ziggurat();
    std::array<std::uint32_t, 256> words;
    for (std::size_t first = 0; first < weights.size(); first += words.size()) {
        const std::size_t count = std::min(words.size(), weights.size() - first);
        stream.fill({words.data(), count});
        for (std::size_t i = 0; i < count; ++i) {
            const double normal = candidate(tables, words[i]);
            double x = weight_of(is_inside(tables, words[i], normal)
                                     ? normal
                                     : draw_normal(stream, tables, words[i]));
            while (!(x >= law.low && x <= law.high))
                x = weight_of(draw_normal(stream, tables, stream.word()));
            weights[first + i] = static_cast<float>(x);
        }
    }
}

void draw_normals(const Distribution& law, RowStream& stream, std::span<float> weights) {
    draw_from_normals(law, stream, weights,
                      [&](double normal) { return law.location + law.scale * normal; });
}

void draw_lognormals(const Distribution& law, RowStream& stream, std::span<float> weights) {
    const LogMoments moments = log_moments(law.location, law.scale);
    draw_from_normals(law, stream, weights, [&](double normal) {
        return std::copysign(std::exp(moments.mean + moments.deviation * normal), law.location);
    });
}

}  // namespace

void draw_weights(const Distribution& law, RowStream& stream, std::span<float> weights) {
    if (is_constant(law))
        return std::fill(weights.begin(), weights.end(), static_cast<float>(law.location));
    if (law.kind == Distribution::Kind::normal) return draw_normals(law, stream, weights);
    if (law.kind == Distribution::Kind::lognormal) return draw_lognormals(law, stream, weights);
    for (float& weight : weights) weight = static_cast<float>(quantile(law, stream.uniform()));
}

}  // namespace heddle
