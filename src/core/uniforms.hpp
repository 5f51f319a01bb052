#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace heddle {

/// Numbers 4 k … 4 k + 3 of `Random(seed, stream)`, uniform on (0, 1): what one block holds.
[[nodiscard]] std::array<double, 4> uniform_block(std::uint64_t seed, std::uint64_t stream,
                                                  std::uint64_t k) noexcept;

/// The uniform numbers of a stream in order, each block computed once.
class Uniforms final {
  public:
    Uniforms(std::uint64_t seed, std::uint64_t stream) : seed_(seed), stream_(stream) {}

    [[nodiscard]] double uniform() noexcept {
        const std::size_t in_block = next_ % block_.size();
        if (in_block == 0) block_ = uniform_block(seed_, stream_, next_ / block_.size());
        ++next_;
        return block_[in_block];
    }

  private:
    std::uint64_t seed_;
    std::uint64_t stream_;
    std::uint64_t next_ = 0;
    std::array<double, 4> block_{};
};

}  // namespace heddle
