#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace heddle {

/// A counter-based source of random numbers: number `index` of stream (seed, stream) is a pure
/// function of the three, so any order of drawing and any number of threads give the same bits.
///
/// Philox4x64-10 with key (seed, stream) and counter (index / 4 + 1, 0, 0, 0): the integers equal
/// `numpy.random.Philox(key=[seed, stream]).random_raw()`.
///
/// \see Salmon, Moraes, Dror & Shaw (2011), Parallel random numbers: as easy as 1, 2, 3, SC'11.
class Random final {
  public:
    explicit Random(std::uint64_t seed, std::uint64_t stream = 0) noexcept;

    /// The raw 64-bit integer.
    [[nodiscard]] std::uint64_t integer(std::uint64_t index) const noexcept;
    /// Uniform on (0, 1): the upper 52 bits, centred, so neither end is ever returned (with 53 bits
    /// the largest would round to 1).
    [[nodiscard]] double uniform(std::uint64_t index) const noexcept;
    /// Standard normal, by Box and Muller from the uniforms of the pair that holds `index`.
    [[nodiscard]] double normal(std::uint64_t index) const noexcept;
    /// Standard normals `first` … `first + out.size() − 1`.
    void fill_normal(std::span<double> out, std::uint64_t first = 0) const noexcept;

  private:
    std::uint64_t seed_;
    std::uint64_t stream_;
};

/// A stream number that belongs to a name (FNV-1a), so that what is drawn for one thing does not
/// depend on which other things exist.
[[nodiscard]] std::uint64_t stream_of(std::string_view name) noexcept;

}  // namespace heddle
