#include "spiking/row_stream.hpp"

#include <algorithm>

#include "heddle/core/random.hpp"

namespace heddle {

std::uint64_t RowStream::key(std::uint64_t seed, std::size_t projection) {
    return Random(seed, stream_of("connect")).integer(projection);
}

void RowStream::fill(std::span<std::uint32_t> out) noexcept {
    while (!out.empty()) {
        if (next_ == words_.size()) refill();
        const std::size_t count = std::min(out.size(), words_.size() - next_);
        std::copy_n(words_.data() + next_, count, out.data());
        next_ += count;
        out = out.subspan(count);
    }
}

}  // namespace heddle
