#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace heddle {

/// The random numbers of one row (what one neuron draws from one projection), in order: a pure
/// function of (seed, projection, row, purpose), so rows may be drawn in any order and twice.
///
/// Philox4x64-10 with key (seed, stream of the projection) and counter (block, row, purpose, 0),
/// each block cut into eight 32-bit words, low halves first.
class RowStream final {
  public:
    /// What a stream is for; different purposes never share a number.
    enum class Purpose : std::uint64_t { synapses = 1, totals = 2 };

    RowStream(std::uint64_t seed, std::uint64_t stream, std::uint64_t row,
              Purpose purpose = Purpose::synapses) noexcept
        : seed_(seed), stream_(stream), row_(row), purpose_(purpose) {}

    [[nodiscard]] std::uint32_t word() noexcept {
        if (next_ == words_.size()) refill();
        return words_[next_++];
    }

    /// Uniform on 0 … count − 1, without bias. \see Lemire (2019), ACM TOMACS 29:3.
    [[nodiscard]] std::uint32_t below(std::uint32_t count) noexcept {
        std::uint64_t product = std::uint64_t{word()} * count;
        if (static_cast<std::uint32_t>(product) < count) {
            const std::uint32_t least = (0u - count) % count;
            while (static_cast<std::uint32_t>(product) < least)
                product = std::uint64_t{word()} * count;
        }
        return static_cast<std::uint32_t>(product >> 32);
    }

    /// Uniform on (0, 1) with 52 bits, centred, so that neither end is ever returned.
    [[nodiscard]] double uniform() noexcept {
        const std::uint64_t high = word();
        return (static_cast<double>((high << 32 | word()) >> 12) + 0.5) * 0x1p-52;
    }

  private:
    void refill() noexcept;

    std::uint64_t seed_;
    std::uint64_t stream_;
    std::uint64_t row_;
    Purpose purpose_;
    std::uint64_t block_ = 0;
    std::array<std::uint32_t, 32> words_;
    std::size_t next_ = 32;
};

}  // namespace heddle
