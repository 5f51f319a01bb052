#include "spiking/row_stream.hpp"

#include <Random123/philox.h>

namespace heddle {

void RowStream::refill() noexcept {
    using Philox = r123::Philox4x64;
    // Blocks do not depend on each other: the processor works on several at once.
    for (std::size_t first = 0; first < words_.size(); first += 8) {
        const Philox::ctr_type counter{{block_++, row_, static_cast<std::uint64_t>(purpose_), 0}};
        const auto words = Philox{}(counter, Philox::key_type{{seed_, stream_}});
        for (std::size_t i = 0; i < 4; ++i) {
            words_[first + 2 * i] = static_cast<std::uint32_t>(words[i]);
            words_[first + 2 * i + 1] = static_cast<std::uint32_t>(words[i] >> 32);
        }
    }
    next_ = 0;
}

}  // namespace heddle
