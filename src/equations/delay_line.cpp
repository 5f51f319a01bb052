#include "equations/delay_line.hpp"

#include <cmath>

namespace heddle {

DelayLine::DelayLine(double delay) {
    if (std::abs(delay - std::round(delay)) < 1e-9 * delay) delay = std::round(delay);
    for (std::size_t stage = 0; stage < stages; ++stage) {
        const double position = 0.5 * static_cast<double>(stage) - delay;
        // A grid point is the right end of what is before it: nothing later is read.
        const double left = std::ceil(position) - 1.0;
        const double u = position - left;
        weights_[stage] = {static_cast<Index>(left), (1.0 + 2.0 * u) * (1.0 - u) * (1.0 - u),
                           u * u * (3.0 - 2.0 * u), u * (1.0 - u) * (1.0 - u), u * u * (u - 1.0)};
    }
}

}  // namespace heddle
