#include "heddle/rectified/lyapunov_spectrum.hpp"

#include <utility>

#include "rectified/exponents.hpp"
#include "rectified/map_tangents.hpp"
#include "rectified/rectified_tangents.hpp"
#include "rectified/smooth_tangents.hpp"

namespace heddle {
namespace {

constexpr double default_time_constants = 1000.0;
constexpr double default_map_steps = 10'000.0;

}  // namespace

LyapunovSpectrum lyapunov_spectrum(const Network& network, const LyapunovOptions& options,
                                   const Progress& progress) {
    validate(network);
    const Index n = size(network);
    const double tau = network.tau;
    const ExponentRun run = run_from(options, n, tau, default_time_constants * tau);
    const bool smooth = is_smooth(network.response);
    const bool fixed = options.step > 0.0 || !smooth;
    const double step = options.step > 0.0 ? options.step : smooth ? tau / 2 : tau / 20;
    SmoothTangents flow(network, start_of(options, n), step, fixed, options.threads);
    return exponents_of(flow, run, progress);
}

LyapunovSpectrum lyapunov_spectrum(const ThresholdLinear& system, const LyapunovOptions& options,
                                   const Progress& progress) {
    validate(system);
    const ExponentRun run =
        run_from(options, system.states(), system.tau, default_time_constants * system.tau);
    const double step = options.step > 0.0 ? options.step : system.tau / 4;
    RectifiedTangents flow(system, start_of(options, system.states()), step);
    return exponents_of(flow, run, progress);
}

LyapunovSpectrum lyapunov_spectrum(const ThresholdMap& map, const LyapunovOptions& options,
                                   const Progress& progress) {
    validate(map);
    const ExponentRun run = run_from(options, map.states(), 1.0, default_map_steps);
    MapTangents flow(map, start_of(options, map.states()), run.count == map.states());
    return exponents_of(flow, run, progress);
}

}  // namespace heddle
