#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace heddle {

/// What random words are for: each use has words of its own.
enum class Draw : std::uint32_t {
    membrane_noise,
    bridge,
    poisson,
    ornstein_uhlenbeck,
    escape,
    passage,
    shared,
    synapses,
    synapse_totals,
};

/// Random words that belong to (seed, use, input, time, position), position after position:
/// Philox4x32-10. Sixteen counters at a time, so that a loop over them is a loop over vector lanes:
/// words 64 g + 16 w + l is word w of counter 16 g + l.
///
/// \see Salmon, Moraes, Dror & Shaw (2011), Parallel random numbers: as easy as 1, 2, 3, SC'11.
struct CounterWords {
    std::uint64_t seed;
    Draw use;
    std::uint32_t input;  ///< Population, or position of an input.

    /// Words 64 · group … of time `step`, as many as `out` holds: a multiple of 64.
    void fill(std::uint64_t step, std::uint32_t group, std::span<std::uint32_t> out) const noexcept;

    /// The four words of one counter, for draws out of order.
    void one(std::uint64_t step, std::uint32_t counter, std::uint32_t* four) const noexcept;
};

/// Words of positions first … first + count − 1, in `buffer` of at least count + 126.
[[nodiscard]] const std::uint32_t* words_at(const CounterWords& words, std::uint64_t step,
                                            std::size_t first, std::size_t count,
                                            std::uint32_t* buffer) noexcept;

/// Standard normals of positions first … first + count − 1, in `buffer` of at least count + 62:
/// Box and Muller with 52 bits for the radius and 32 for the angle.
[[nodiscard]] const double* normals_at(const CounterWords& words, std::uint64_t step,
                                       std::size_t first, std::size_t count,
                                       double* buffer) noexcept;

/// A uniform in (0, 1) from two words, or one.
[[nodiscard]] double to_uniform(std::uint32_t high, std::uint32_t low) noexcept;

}  // namespace heddle
