#include "population/threshold_sweep.hpp"

#include <cmath>

namespace heddle {
namespace {

constexpr double least_rate = 1e-293;  // 1 / ms

/// Flux below the lowest node in powers of s, for a solution that grows as e^{st}.
struct Series {
    double first;   ///< Of s.
    double second;  ///< Of s².
};

/// Of a sweep that starts with flux `top`; and with `jump` subtracted at V_reset.
Series series_of(const PotentialGrid& grid, const Faces& faces, double top, double jump) {
    double p0 = 0.0, p1 = 0.0, q0 = top, q1 = 0.0, q2 = 0.0;
    for (std::size_t k = grid.size; k-- > 0;) {
        p0 = faces.keep[k] * p0 + faces.gain[k] * q0;
        p1 = faces.keep[k] * p1 + faces.gain[k] * q1;
        q1 += grid.h * p0;
        q2 += grid.h * p1;
        if (k == grid.reset) q0 -= jump;
    }
    return {q1, q2};
}

/// The CV of intervals: their transform is the flux that a unit source at V_reset leaves below,
/// over that of unit flux at V_peak; its logarithm gives mean and variance.
double cv_of(const PotentialGrid& grid, const Faces& faces, double mean_passage, double t_ref) {
    const Series top = series_of(grid, faces, 1.0, 0.0);
    const Series source = series_of(grid, faces, 0.0, 1.0);
    const double a1 = top.first, j1 = -source.first, a2 = top.second, j2 = -source.second;
    const double variance = 2.0 * (j2 - a2) + (a1 - j1) * (a1 + j1);
    return std::sqrt(std::max(0.0, variance)) / (mean_passage + t_ref);
}

/// h Σ δp of a sweep without flux that these sources drive.
double driven_mass(const PotentialGrid& grid, const Faces& faces,
                   const std::vector<double>& source) {
    double p = 0.0, sum = 0.0;
    for (std::size_t k = grid.size; k-- > 0;) {
        p = faces.keep[k] * p + faces.gain[k] * source[k];
        sum += p;
    }
    return grid.h * sum;
}

}  // namespace

StationarySweep stationary_sweep(const DiffusiveMembrane& membrane, const PotentialGrid& grid,
                                 const Faces& faces, double sigma) {
    StationarySweep found{0.0, membrane.V_reset, 1.0, 0.0, 0.0, std::vector<double>(grid.size)};
    double p = 0.0, sum = 0.0, moment = 0.0;
    for (std::size_t k = grid.size; k-- > 0;) {
        p = faces.keep[k] * p + faces.gain[k] * (k >= grid.reset ? 1.0 : 0.0);
        found.p[k] = p;
        sum += p;
        moment += p * grid.node(k);
    }
    const double passage = grid.h * sum;
    found.rate = 1.0 / (membrane.t_ref + passage);
    if (!(found.rate > least_rate)) {
        found.rate = 0.0;
        return found;
    }
    found.mean_potential = found.rate * (grid.h * moment + membrane.t_ref * membrane.V_reset);
    found.cv = cv_of(grid, faces, passage, membrane.t_ref);
    for (double& value : found.p) value *= found.rate;
    const ModulationSources sources = modulation_sources(membrane, grid, faces, sigma, found);
    found.d_mu = -found.rate * driven_mass(grid, faces, sources.mu);
    found.d_sigma = -found.rate * driven_mass(grid, faces, sources.sigma);
    return found;
}

ModulationSources modulation_sources(const DiffusiveMembrane& membrane, const PotentialGrid& grid,
                                     const Faces& faces, double sigma,
                                     const StationarySweep& stationary) {
    ModulationSources sources{std::vector<double>(grid.size), std::vector<double>(grid.size)};
    for (std::size_t k = 0; k < grid.size; ++k) {
        const double above = k + 1 < grid.size ? stationary.p[k + 1] : 0.0;
        const double slope = faces.slope[k];
        const double by_mu = (1.0 + slope) * stationary.p[k] - slope * above;
        const double flux = k >= grid.reset ? stationary.rate : 0.0;
        sources.mu[k] = -by_mu / membrane.tau_m;
        sources.sigma[k] = -2.0 / sigma * (flux - faces.pull[k] * by_mu / membrane.tau_m);
    }
    return sources;
}

}  // namespace heddle
