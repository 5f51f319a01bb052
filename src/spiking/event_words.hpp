#pragma once

#include <array>
#include <cmath>

#include "core/elementary.hpp"
#include "spiking/counter_words.hpp"

namespace heddle {

/// Random numbers for what happens to one neuron inside one step.
class EventWords final {
  public:
    EventWords(std::uint64_t seed, std::uint32_t population, std::uint64_t step,
               std::uint32_t neuron)
        : words_{seed, Draw::passage, population}, step_(step), neuron_(neuron) {}

    [[nodiscard]] double uniform() {
        const auto w = next();
        return to_uniform(w[0], w[1]);
    }
    [[nodiscard]] double normal() {
        const auto w = next();
        const double radius = std::sqrt(-2.0 * elementary::log_of(to_uniform(w[0], w[1])));
        return radius * elementary::turn(static_cast<double>(w[2]) * 0x1p-32).cosine;
    }

  private:
    [[nodiscard]] std::array<std::uint32_t, 4> next() {
        std::array<std::uint32_t, 4> four;
        // Sixteen draws of a step have counters of their own; later ones move on in a far time.
        words_.one(step_ + ((used_ / 16) << 44), neuron_ * 16 + used_ % 16, four.data());
        ++used_;
        return four;
    }

    CounterWords words_;
    std::uint64_t step_;
    std::uint32_t neuron_;
    std::uint64_t used_ = 0;
};

/// When a Brownian motion that starts `distance` below a level and ends `end` above where it
/// started, after time 1, first reached it, given that it did; `variance` over that time.
///
/// With s = t / (1 − t) the bridge is a Brownian motion that meets a line: s is inverse Gaussian
/// with mean distance / |end − distance| and shape distance² / variance. Drawn as by Michael,
/// Schucany & Haas (1976), Am Stat 30:88.
[[nodiscard]] double passage_time(double distance, double end, double variance, EventWords& random);

}  // namespace heddle
