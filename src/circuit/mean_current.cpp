#include "circuit/mean_current.hpp"

#include <algorithm>

namespace heddle {

double mean_current(const CurrentInput& input, Index row, std::size_t at, double start,
                    double duration) {
    const double end = start + duration;
    double from = start;
    double sum = 0.0;
    for (std::size_t k = at; from < end; ++k) {
        const double until = k < input.times.size() ? std::min(end, input.times[k]) : end;
        if (k > 0) sum += (until - from) * input.values(row, static_cast<Index>(k) - 1);
        from = until;
    }
    return sum / duration;
}

}  // namespace heddle
