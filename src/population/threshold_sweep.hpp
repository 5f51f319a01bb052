#pragma once

#include <array>
#include <vector>

#include "heddle/core/parallel.hpp"
#include "population/potential_grid.hpp"

namespace heddle {

/// Density and rate without modulation, from a sweep down from V_peak with unit flux.
struct StationarySweep {
    double rate;            ///< 1 / ms; 0 where it is below 1e-290.
    double mean_potential;  ///< Refractory neurons at V_reset, mV.
    double cv;              ///< Of intervals.
    double d_mu;            ///< ∂ rate / ∂μ, 1 / (ms mV).
    double d_sigma;         ///< 1 / (ms mV).
    std::vector<double> p;  ///< At the nodes 0 … size − 1, 1 / mV.
};

[[nodiscard]] StationarySweep stationary_sweep(const DiffusiveMembrane& membrane,
                                               const PotentialGrid& grid, const Faces& faces,
                                               double sigma);

/// How many frequencies one sweep takes.
constexpr std::size_t sweep_width = 8;
using LaneArray = std::array<double, sweep_width>;

/// Flux that is left below the lowest node, at frequencies ω in 1 / ms: of a sweep that starts with
/// unit flux at V_peak and is reset, and of sweeps that start with none and are driven by a
/// modulation of μ and of σ.
struct ResponseSweep {
    LaneArray unit_re, unit_im, mu_re, mu_im, sigma_re, sigma_im;
};

/// What of the unperturbed density drives a sweep at each face: −∂(J) / ∂μ and −∂J / ∂σ.
struct ModulationSources {
    std::vector<double> mu;
    std::vector<double> sigma;
};

[[nodiscard]] ModulationSources modulation_sources(const DiffusiveMembrane& membrane,
                                                   const PotentialGrid& grid, const Faces& faces,
                                                   double sigma, const StationarySweep& stationary);

namespace kernels {

void response_sweep(const PotentialGrid& grid, const Faces& faces, const ModulationSources& sources,
                    const LaneArray& omega, double t_ref, ResponseSweep& out);

}  // namespace kernels
}  // namespace heddle
