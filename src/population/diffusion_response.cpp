#include "heddle/population/diffusion_response.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "heddle/core/error.hpp"
#include "network/checks.hpp"
#include "population/leading_modes.hpp"
#include "population/threshold_sweep.hpp"

namespace heddle {
namespace {

constexpr double highest_frequency = 1e5;  // Hz

void check_pairs(const VectorView& mu, const VectorView& sigma, const VectorView& f) {
    check_finite(mu, "mu");
    check_finite(sigma, "sigma");
    check_finite(f, "f");
    if (mu.size() != sigma.size() && mu.size() != 1 && sigma.size() != 1)
        throw ShapeError("sigma", std::to_string(mu.size()) + ", as mu, or 1",
                         std::to_string(sigma.size()));
    for (const double value : sigma)
        if (value <= 0.0) throw DomainError("sigma is " + number_text(value) + "; expected > 0");
    for (const double value : f)
        if (value < 0.0 || value > highest_frequency)
            throw DomainError("f is " + number_text(value) + " Hz; expected 0 to 1e5 Hz");
}

/// Everything at one pair, on one grid; rates in 1 / ms.
struct PointResponse {
    StationarySweep stationary;
    ComplexVector mu;
    ComplexVector sigma;
};

/// Frequencies `first` … of a point.
void respond(const PotentialGrid& grid, const Faces& faces, const ModulationSources& sources,
             double t_ref, const Vector& omega, Index first, PointResponse& out) {
    LaneArray lanes{};
    const Index width = static_cast<Index>(sweep_width);
    const Index count = std::min(width, omega.size() - first);
    for (Index i = 0; i < width; ++i)
        lanes[static_cast<std::size_t>(i)] = omega[std::min(first + i, omega.size() - 1)];
    ResponseSweep sweep;
    kernels::response_sweep(grid, faces, sources, lanes, t_ref, sweep);
    for (Index i = 0; i < count; ++i) {
        const auto lane = static_cast<std::size_t>(i);
        const bool still = lanes[lane] == 0.0;
        const Complex unit(sweep.unit_re[lane], sweep.unit_im[lane]);
        const Complex by_mu(sweep.mu_re[lane], sweep.mu_im[lane]);
        const Complex by_sigma(sweep.sigma_re[lane], sweep.sigma_im[lane]);
        out.mu[first + i] = still ? out.stationary.d_mu : -by_mu / unit;
        out.sigma[first + i] = still ? out.stationary.d_sigma : -by_sigma / unit;
    }
}

PointResponse response_on(const DiffusiveMembrane& membrane, const PotentialGrid& grid, double mu,
                          double sigma, const Vector& omega) {
    const Faces faces = faces_of(membrane, grid, mu, sigma);
    PointResponse found{stationary_sweep(membrane, grid, faces, sigma),
                        ComplexVector::Zero(omega.size()), ComplexVector::Zero(omega.size())};
    if (found.stationary.rate == 0.0) return found;
    const ModulationSources sources =
        modulation_sources(membrane, grid, faces, sigma, found.stationary);
    for (Index first = 0; first < omega.size(); first += static_cast<Index>(sweep_width))
        respond(grid, faces, sources, membrane.t_ref, omega, first, found);
    return found;
}

/// Of second order in h: the value at h → 0 by those at h and h / 2.
template <class Number>
Number extrapolated(const Number& coarse, const Number& fine) {
    return fine + (fine - coarse) / 3.0;
}

double at(const VectorView& values, Index i) {
    return values[values.size() == 1 ? 0 : i];
}

DiffusionResponse empty_response(Index n, Index frequencies) {
    DiffusionResponse found;
    for (Vector* part : {&found.rate, &found.mean_potential, &found.cv, &found.d_mu, &found.d_sigma,
                         &found.rate_error, &found.response_error})
        *part = Vector::Zero(n);
    found.mu_response = found.sigma_response = ComplexMatrix::Zero(n, frequencies);
    return found;
}

/// Row i, from both grids.
void note(DiffusionResponse& found, Index i, const PointResponse& coarse,
          const PointResponse& fine) {
    const auto value = [&](double StationarySweep::* part) {
        return extrapolated(coarse.stationary.*part, fine.stationary.*part);
    };
    found.rate[i] = 1e3 * value(&StationarySweep::rate);
    found.mean_potential[i] = value(&StationarySweep::mean_potential);
    found.cv[i] = value(&StationarySweep::cv);
    found.d_mu[i] = 1e3 * value(&StationarySweep::d_mu);
    found.d_sigma[i] = 1e3 * value(&StationarySweep::d_sigma);
    found.rate_error[i] = std::abs(found.rate[i] - 1e3 * fine.stationary.rate);
    if (fine.mu.size() == 0) return;
    const ComplexVector by_mu = extrapolated(coarse.mu, fine.mu);
    const ComplexVector by_sigma = extrapolated(coarse.sigma, fine.sigma);
    found.mu_response.row(i) = 1e3 * by_mu.transpose();
    found.sigma_response.row(i) = 1e3 * by_sigma.transpose();
    found.response_error[i] = 1e3 * std::max((by_mu - fine.mu).cwiseAbs().maxCoeff(),
                                             (by_sigma - fine.sigma).cwiseAbs().maxCoeff());
}

}  // namespace

DiffusionResponse diffusion_response(const Neuron& neuron, const VectorView& mu,
                                     const VectorView& sigma, const VectorView& f,
                                     const DiffusionResponseOptions& options,
                                     const Progress& progress) {
    const DiffusiveMembrane membrane = diffusive_membrane(neuron, "diffusion_response");
    check_pairs(mu, sigma, f);
    const Index n = std::max(mu.size(), sigma.size());
    const Vector omega = 2e-3 * std::numbers::pi * f;
    const double fastest = omega.size() > 0 ? omega.maxCoeff() : 0.0;
    DiffusionResponse found = empty_response(n, f.size());
    const auto body = [&](std::size_t point) {
        const auto i = static_cast<Index>(point);
        const double m = at(mu, i), s = at(sigma, i);
        const PotentialGrid grid = potential_grid(membrane, m, s, fastest);
        note(found, i, response_on(membrane, grid, m, s, omega),
             response_on(membrane, grid.halved(), m, s, omega));
    };
    parallel_for(static_cast<std::size_t>(n), options.threads, body, progress);
    return found;
}

DiffusionModes diffusion_modes(const Neuron& neuron, const VectorView& mu, const VectorView& sigma,
                               const DiffusionResponseOptions& options, const Progress& progress) {
    const DiffusiveMembrane membrane = diffusive_membrane(neuron, "diffusion_modes");
    check_pairs(mu, sigma, Vector());
    const Index n = std::max(mu.size(), sigma.size());
    DiffusionModes found;
    for (ComplexVector* part : {&found.first, &found.second, &found.first_mu, &found.first_sigma,
                                &found.second_mu, &found.second_sigma})
        *part = ComplexVector::Zero(n);
    found.error = Vector::Zero(n);
    const auto body = [&](std::size_t point) {
        const auto i = static_cast<Index>(point);
        const LeadingModes modes = leading_modes(membrane, at(mu, i), at(sigma, i));
        found.first[i] = modes.first;
        found.second[i] = modes.second;
        found.first_mu[i] = 1e3 * modes.first_mu;
        found.first_sigma[i] = 1e3 * modes.first_sigma;
        found.second_mu[i] = 1e3 * modes.second_mu;
        found.second_sigma[i] = 1e3 * modes.second_sigma;
        found.error[i] = modes.error;
    };
    parallel_for(static_cast<std::size_t>(n), options.threads, body, progress);
    return found;
}

}  // namespace heddle
