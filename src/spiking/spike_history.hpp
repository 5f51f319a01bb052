#pragma once

#include <cstdint>
#include <vector>

#include "spiking/group.hpp"

namespace heddle {

/// The spikes of the last steps, by step, population and block: written by the thread of the block,
/// read by all a delay later.
class SpikeHistory final {
  public:
    SpikeHistory(std::size_t steps, std::size_t populations, std::size_t blocks)
        : steps_(steps), populations_(populations), blocks_(blocks) {
        lists_.resize(steps * populations * blocks);
    }

    [[nodiscard]] std::vector<Emitted>& at(std::uint64_t step, std::size_t population,
                                           std::size_t block) {
        return lists_[((step % steps_) * populations_ + population) * blocks_ + block];
    }
    [[nodiscard]] std::size_t blocks() const { return blocks_; }

  private:
    std::size_t steps_;
    std::size_t populations_;
    std::size_t blocks_;
    std::vector<std::vector<Emitted>> lists_;
};

}  // namespace heddle
