#include "population/potential_grid.hpp"

#include <algorithm>
#include <cmath>

namespace heddle {
namespace {

constexpr double most_nodes = 40000.0;
constexpr double largest_rise = 300.0;  // Of ln p in a cell: a wall.

/// (1 − e^{−z}) / z.
double mean_decay(double z) {
    return std::abs(z) < 1e-8 ? 1.0 - 0.5 * z : -std::expm1(-z) / z;
}

/// B'(z), between −1 and 0.
double bernoulli_slope(double z) {
    if (z < 0.0) return -1.0 - bernoulli_slope(-z);
    if (z < 0.02) return -0.5 + z / 6.0 - z * z * z / 180.0;
    const double e = std::exp(-z), one = -std::expm1(-z);
    return e * (one - z) / (one * one);
}

}  // namespace

double bernoulli(double z) {
    return std::abs(z) < 1e-8 ? 1.0 - 0.5 * z : z / std::expm1(z);
}

PotentialGrid potential_grid_down_to(const DiffusiveMembrane& membrane, double low, double h) {
    const double above = membrane.V_peak - membrane.V_reset;
    const double up = std::ceil(std::clamp(above / h, 8.0, most_nodes));
    const double step = above / up;
    const double down = std::ceil(std::clamp((membrane.V_reset - low) / step, 1.0, most_nodes));
    return {membrane.V_reset - down * step, step, static_cast<std::size_t>(up + down),
            static_cast<std::size_t>(down)};
}

double resolving_spacing(const DiffusiveMembrane& membrane, double mu, double sigma) {
    double h = sigma / 16.0;
    if (membrane.Delta_T > 0.0) h = std::min(h, membrane.Delta_T / 8.0);
    const double way = mu - membrane.V_reset;
    return way > 0.0 ? std::min(h, 0.5 * sigma * sigma / way) : h;
}

PotentialGrid potential_grid(const DiffusiveMembrane& membrane, double mu, double sigma,
                             double fastest) {
    const double y_reset = std::max(0.0, (mu - membrane.V_reset) / sigma);
    const double low = mu - sigma * std::sqrt(44.0 + y_reset * y_reset);
    const double layer = sigma / std::sqrt(2.0 * fastest * membrane.tau_m);
    const double h = std::min(resolving_spacing(membrane, mu, sigma), 0.3 * layer);
    return potential_grid_down_to(membrane, low, h);
}

Faces faces_of(const DiffusiveMembrane& membrane, const PotentialGrid& grid, double mu,
               double sigma) {
    Faces faces;
    for (auto* list : {&faces.keep, &faces.gain, &faces.slope, &faces.pull})
        list->resize(grid.size);
    const double scale = 2.0 * grid.h / (sigma * sigma);
    for (std::size_t k = 0; k < grid.size; ++k) {
        const double pull = mu + membrane.drift(grid.face(k));
        const double z = scale * pull;
        faces.pull[k] = pull;
        faces.keep[k] = std::exp(std::min(-z, largest_rise));
        faces.gain[k] = scale * membrane.tau_m * mean_decay(z);
        faces.slope[k] = bernoulli_slope(z);
    }
    return faces;
}

}  // namespace heddle
