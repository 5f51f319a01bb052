#include "spiking/delay_law.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "heddle/core/error.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

constexpr std::uint32_t most_steps = DelayLaw::most_steps;
constexpr unsigned guide_bits = 10;
/// The least probability that is drawn.
constexpr double resolution = 0x1p-32;

/// The largest delay that is drawn, in steps; most_steps + 1 if it is beyond.
std::uint32_t largest(const Distribution& law, double step) {
    return delay_steps(quantile(law, 1.0 - 0.5 * resolution), step);
}

}  // namespace

std::uint32_t delay_steps(double delay, double step) {
    return static_cast<std::uint32_t>(
        std::clamp(std::round(delay / step), 1.0, static_cast<double>(most_steps) + 1.0));
}

DelayLaw::DelayLaw(const Distribution& law, double step, const std::string& what) {
    const std::uint32_t most = largest(law, step);
    if (most > most_steps)
        throw DomainError(what + ": the law reaches beyond " + std::to_string(most_steps) +
                          " steps of " + number_text(step) + " ms; bound it by `high`");
    std::uint64_t given = 0;  // Words that give one of the positions so far.
    for (std::uint32_t k = delay_steps(quantile(law, 0.5 * resolution), step); k <= most; ++k) {
        const double below =
            k == most ? 1.0 : probability_below(law, (static_cast<double>(k) + 0.5) * step);
        const auto words = static_cast<std::uint64_t>(std::round(below * 0x1p32));
        if (words <= given) continue;
        steps_.push_back(k);
        last_.push_back(static_cast<std::uint32_t>(words - 1));
        given = words;
    }
    set_guide();
}

void DelayLaw::set_guide() {
    guide_.resize(std::size_t{1} << guide_bits);
    std::uint16_t position = 0;
    for (std::size_t i = 0; i < guide_.size(); ++i) {
        const auto first = static_cast<std::uint32_t>(i << (32 - guide_bits));
        while (last_[position] < first) ++position;
        guide_[i] = position;
    }
}

void DelayLaw::draw(RowStream& stream, std::span<std::uint16_t> positions) const {
    if (steps_.size() == 1) {
        std::fill(positions.begin(), positions.end(), std::uint16_t{0});
        return;
    }
    std::array<std::uint32_t, 256> words;
    for (std::size_t first = 0; first < positions.size(); first += words.size()) {
        const std::size_t count = std::min(words.size(), positions.size() - first);
        stream.fill({words.data(), count});
        for (std::size_t i = 0; i < count; ++i) {
            std::uint16_t position = guide_[words[i] >> (32 - guide_bits)];
            while (last_[position] < words[i]) ++position;
            positions[first + i] = position;
        }
    }
}

}  // namespace heddle
