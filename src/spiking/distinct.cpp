#include "spiking/distinct.hpp"

#include <cassert>

namespace heddle {
namespace {

bool take(std::vector<std::uint64_t>& taken, std::uint32_t number) {
    std::uint64_t& word = taken[number / 64];
    const std::uint64_t bit = std::uint64_t{1} << (number % 64);
    const bool fresh = (word & bit) == 0;
    word |= bit;
    return fresh;
}

void append_fresh(RowStream& stream, std::uint32_t count, std::uint32_t range, EndsDraw& out) {
    for (std::uint32_t found = 0; found < count;) {
        const std::uint32_t number = stream.below(range);
        if (!take(out.taken, number)) continue;
        out.ends.push_back(number);
        ++found;
    }
}

void clear(std::size_t first, EndsDraw& out) {
    for (std::size_t i = first; i < out.ends.size(); ++i) out.taken[out.ends[i] / 64] = 0;
}

}  // namespace

void draw_distinct(RowStream& stream, std::uint32_t count, std::uint32_t range, EndsDraw& out) {
    assert(count <= range);
    if (out.taken.size() < range / 64 + 1) out.taken.resize(range / 64 + 1);
    const std::size_t first = out.ends.size();
    const bool few = count <= range / 2;
    append_fresh(stream, few ? count : range - count, range, out);
    if (few) return clear(first, out);
    std::vector<std::uint32_t> others(out.ends.begin() + static_cast<std::ptrdiff_t>(first),
                                      out.ends.end());
    out.ends.resize(first);
    for (std::uint32_t number = 0; number < range; ++number)
        if ((out.taken[number / 64] >> (number % 64) & 1) == 0) out.ends.push_back(number);
    for (const std::uint32_t number : others) out.taken[number / 64] = 0;
}

void skip_self(std::uint32_t self, std::vector<std::uint32_t>& ends) {
    for (std::uint32_t& end : ends) end += end >= self ? 1 : 0;
}

}  // namespace heddle
