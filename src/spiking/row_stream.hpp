#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "spiking/counter_words.hpp"

namespace heddle {

/// The random numbers of one row (what one neuron draws from one projection), in order: the words
/// of (seed, projection, use, row), so rows may be drawn in any order and twice.
class RowStream final {
  public:
    /// The key under which a projection draws; another for every seed and projection.
    [[nodiscard]] static std::uint64_t key(std::uint64_t seed, std::size_t projection);

    RowStream(std::uint64_t key, std::uint64_t row, Draw use = Draw::synapses) noexcept
        : source_{.seed = key, .use = use, .input = 0}, row_(row) {}

    [[nodiscard]] std::uint32_t word() noexcept {
        if (next_ == words_.size()) refill();
        return words_[next_++];
    }

    /// The next words, as many as `out` holds.
    void fill(std::span<std::uint32_t> out) noexcept;

    /// Uniform on 0 … count − 1, without bias. \see Lemire (2019), ACM TOMACS 29:3.
    [[nodiscard]] std::uint32_t below(std::uint32_t count) noexcept { return below(count, word()); }

    /// The same from a word drawn before; now and then it takes another.
    [[nodiscard]] std::uint32_t below(std::uint32_t count, std::uint32_t drawn) noexcept {
        std::uint64_t product = std::uint64_t{drawn} * count;
        if (static_cast<std::uint32_t>(product) < count) {
            const std::uint32_t least = (0u - count) % count;
            while (static_cast<std::uint32_t>(product) < least)
                product = std::uint64_t{word()} * count;
        }
        return static_cast<std::uint32_t>(product >> 32);
    }

    /// Uniform on (0, 1); neither end is ever returned.
    [[nodiscard]] double uniform() noexcept {
        const std::uint32_t high = word();
        return to_uniform(high, word());
    }

  private:
    void refill() noexcept {
        source_.fill(row_, group_++, words_);
        next_ = 0;
    }

    CounterWords source_;
    std::uint64_t row_;
    std::uint32_t group_ = 0;
    std::array<std::uint32_t, 64> words_;
    std::size_t next_ = 64;
};

}  // namespace heddle
