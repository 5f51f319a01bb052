#include "spiking/event_words.hpp"

#include <algorithm>

namespace heddle {

double passage_time(double distance, double end, double variance, EventWords& random) {
    if (distance <= 0.0) return 0.0;
    const double shape = distance * distance / variance;
    const double drift = std::abs(end - distance);
    const double n = random.normal();
    const double u = random.uniform();
    double s = shape / (n * n);  // without drift: Lévy's law
    if (drift > 1e-9 * distance) {
        const double mean = distance / drift;
        const double y = mean * n * n / (2.0 * shape);
        // 1 + y − √(y² + 2 y), without cancellation.
        const double x = mean / (1.0 + y + std::sqrt(y * (y + 2.0)));
        s = u <= mean / (mean + x) ? x : mean * mean / x;
    }
    return s / (1.0 + s);
}

}  // namespace heddle
