#include "population/threshold_sweep.hpp"

#include <cmath>

namespace heddle {
namespace {

constexpr double least_rate = 1e-293;      // 1 / ms
constexpr double largest_density = 1e150;  // Before it is scaled, 1 / mV.
constexpr double poisson_rate = 1e-140;    // 1 / ms; moments of intervals overflow below it.

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

/// The density below a flux through V_peak; both as small as keeps the density finite.
/// \return the flux.
double swept(const PotentialGrid& grid, const Faces& faces, std::vector<double>& density) {
    double p = 0.0, flux = 1.0;
    for (std::size_t k = grid.size; k-- > 0;) {
        p = faces.keep[k] * p + faces.gain[k] * (k >= grid.reset ? flux : 0.0);
        density[k] = p;
        if (p < largest_density) continue;
        for (std::size_t above = k; above < grid.size; ++above) density[above] /= p;
        flux /= p;
        p = 1.0;
    }
    return flux;
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
    const double flux = swept(grid, faces, found.p);
    double sum = 0.0, moment = 0.0;
    for (std::size_t k = 0; k < grid.size; ++k) {
        sum += found.p[k];
        moment += found.p[k] * grid.node(k);
    }
    const double mass = membrane.t_ref * flux + grid.h * sum;
    found.rate = flux / mass;
    found.mean_potential = (grid.h * moment + membrane.t_ref * flux * membrane.V_reset) / mass;
    for (double& value : found.p) value /= mass;
    if (found.rate < least_rate) {
        found.rate = 0.0;
        return found;
    }
    if (found.rate > poisson_rate)
        found.cv = cv_of(grid, faces, grid.h * sum / flux, membrane.t_ref);
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
