#include "population/threshold_sweep.hpp"

#include <cmath>

namespace heddle {
namespace {

constexpr double least_rate = 1e-293;      // 1 / ms
constexpr double largest_density = 1e150;  // Before it is scaled, 1 / mV.
constexpr double poisson_rate = 1e-140;    // 1 / ms; moments of intervals overflow below it.

/// The mean square of the time from V_reset to V_peak: twice the mean of what is left to go, over
/// the places where that time is spent; `density` is that of unit flux. All terms are positive.
double square_passage(const PotentialGrid& grid, const Faces& faces,
                      const std::vector<double>& density, double flux) {
    std::vector<double> left(grid.size);  // From a node to the next, then from it to V_peak.
    double back = 0.0;
    for (std::size_t k = 0; k < grid.size; ++k) {
        left[k] = faces.gain[k] * (grid.h + back);
        back = faces.keep[k] / faces.gain[k] * left[k];
    }
    double to_peak = 0.0, sum = 0.0;
    for (std::size_t k = grid.size; k-- > 0;) {
        to_peak += left[k];
        sum += density[k] / flux * to_peak;
    }
    return 2.0 * grid.h * sum;
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
    const double passage = grid.h * sum / flux;
    if (flux / mass > poisson_rate) {
        const double square = square_passage(grid, faces, found.p, flux) - passage * passage;
        found.cv = std::sqrt(std::max(0.0, square)) / (passage + membrane.t_ref);
    }
    for (double& value : found.p) value /= mass;
    if (found.rate < least_rate) {
        found.rate = 0.0;
        return found;
    }
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
