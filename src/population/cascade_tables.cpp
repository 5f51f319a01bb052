#include "heddle/population/cascade_tables.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "circuit/checks.hpp"
#include "heddle/core/error.hpp"
#include "heddle/population/diffusion_response.hpp"
#include "network/checks.hpp"
#include "population/cascade_fits.hpp"
#include "population/diffusive_membrane.hpp"
#include "population/table_lookup.hpp"

namespace heddle {
namespace {

void check_axis(const Vector& values, const char* name) {
    check_finite(values, name);
    const Subject subject("cascade_tables");
    const Index n = values.size();
    subject.require(n >= 4,
                    std::string(name) + " has " + std::to_string(n) + " values; give at least 4");
    const double step = (values[n - 1] - values[0]) / static_cast<double>(n - 1);
    for (Index i = 0; i + 1 < n; ++i)
        subject.require(step > 0.0 && std::abs(values[i + 1] - values[i] - step) < 1e-6 * step,
                        std::string(name) + " must increase in equal steps; found " +
                            number_text(values[i + 1]) + " after " + number_text(values[i]));
}

void check_grid(const CascadeGrid& grid) {
    check_axis(grid.mu, "mu");
    check_axis(grid.sigma, "sigma");
    check_finite(grid.f, "f");
    const Subject subject("cascade_tables");
    subject.require(grid.sigma[0] > 0.0,
                    "sigma begins at " + quantity(grid.sigma[0], "mV") + "; it must be > 0");
    subject.require(grid.f.size() >= 4 && grid.f[0] > 0.0,
                    "f must have at least 4 values, all above 0 Hz");
    for (Index i = 0; i + 1 < grid.f.size(); ++i)
        subject.require(grid.f[i + 1] > grid.f[i], "f must increase; found " +
                                                       number_text(grid.f[i + 1]) + " Hz after " +
                                                       number_text(grid.f[i]) + " Hz");
}

/// The fits at one pair.
void fit(CascadeTables& tables, const DiffusionResponse& found, double tau_m, Index i, Index j) {
    tables.tau_mu(i, j) = tables.tau_sigma(i, j) = tables.tau(i, j) = tau_m;
    if (found.rate[0] > 0.0 && found.d_mu[0] > 0.0) {
        const ComplexVector c = found.mu_response.row(0).transpose() / found.d_mu[0];
        const FittedFilter exponential = fit_exponential(tables.f, c);
        const FittedFilter oscillator = fit_oscillator(tables.f, c);
        tables.tau_mu(i, j) = exponential.tau;
        tables.exponential_misfit(i, j) = exponential.misfit;
        tables.tau(i, j) = oscillator.tau;
        tables.omega(i, j) = oscillator.omega;
        tables.oscillator_misfit(i, j) = oscillator.misfit;
    }
    if (found.rate[0] > 0.0) {
        const ComplexVector c = found.sigma_response.row(0).transpose() / found.d_sigma[0];
        tables.tau_sigma(i, j) = found.d_sigma[0] > 0.0 ? fit_exponential(tables.f, c).tau : 0.0;
    }
}

/// Of r_∞ between nodes, by computing it there; `told` may throw to stop.
double interpolation_error(const CascadeTables& tables, std::size_t threads, const Progress& told) {
    const TableLookup lookup(tables);
    const Index rows = tables.mu.size() - 1, columns = tables.sigma.size() - 1;
    Vector error(rows * columns);
    const auto body = [&](std::size_t cell) {
        const Index k = static_cast<Index>(cell), i = k / columns, j = k % columns;
        const double mu = 0.5 * (tables.mu[i] + tables.mu[i + 1]);
        const double sigma = 0.5 * (tables.sigma[j] + tables.sigma[j + 1]);
        const DiffusionResponse exact = diffusion_response(tables.neuron, Vector::Constant(1, mu),
                                                           Vector::Constant(1, sigma), Vector());
        error[k] = std::abs(1e3 * lookup.at(mu, sigma).rate - exact.rate[0]);
    };
    parallel_for(static_cast<std::size_t>(error.size()), threads, body, told);
    return error.maxCoeff();
}

}  // namespace

CascadeGrid default_cascade_grid(const Neuron& neuron) {
    const DiffusiveMembrane membrane = diffusive_membrane(neuron, "cascade_tables");
    const double E_L = std::visit(
        [](const auto& law) {
            if constexpr (requires { law.E_L; }) return law.E_L;
            return 0.0;
        },
        neuron);
    const double V_th = membrane.Delta_T > 0.0 ? membrane.V_th : membrane.V_peak;
    const double d = V_th > E_L ? V_th - E_L : V_th - membrane.V_reset;
    const double ratio = std::log(1000.0 / 0.25);
    return {Vector::LinSpaced(291, E_L - 3.0 * d, E_L + 20.0 / 3.0 * d),
            Vector::LinSpaced(46, 0.15 * d, 1.5 * d),
            (Vector::LinSpaced(40, 0.0, ratio).array().exp() * 0.25).matrix()};
}

CascadeTables cascade_tables(const Neuron& neuron, const CascadeGrid& grid,
                             const CascadeTablesOptions& options, const Progress& progress) {
    const double tau_m = diffusive_membrane(neuron, "cascade_tables").tau_m;
    check_grid(grid);
    const Index rows = grid.mu.size(), columns = grid.sigma.size();
    CascadeTables tables{.neuron = neuron, .mu = grid.mu, .sigma = grid.sigma, .f = grid.f};
    for (Matrix* part :
         {&tables.rate, &tables.mean_potential, &tables.tau_mu, &tables.tau_sigma, &tables.tau,
          &tables.omega, &tables.exponential_misfit, &tables.oscillator_misfit})
        *part = Matrix::Zero(rows, columns);
    for (ComplexMatrix* part :
         {&tables.lambda_1, &tables.lambda_2, &tables.mu_coupling_1, &tables.mu_coupling_2,
          &tables.sigma_coupling_1, &tables.sigma_coupling_2})
        *part = ComplexMatrix::Zero(rows, columns);
    Matrix error(rows, columns);
    const auto body = [&](std::size_t pair) {
        const Index i = static_cast<Index>(pair) / columns, j = static_cast<Index>(pair) % columns;
        const Vector mu = Vector::Constant(1, grid.mu[i]);
        const Vector sigma = Vector::Constant(1, grid.sigma[j]);
        const DiffusionResponse found = diffusion_response(neuron, mu, sigma, grid.f);
        const DiffusionModes modes = diffusion_modes(neuron, mu, sigma);
        tables.rate(i, j) = found.rate[0];
        tables.mean_potential(i, j) = found.mean_potential[0];
        fit(tables, found, tau_m, i, j);
        const bool lost = !std::isfinite(modes.error[0]);
        tables.lambda_1(i, j) = lost ? Complex(-1.0 / tau_m) : modes.first[0];
        tables.lambda_2(i, j) = lost ? Complex(-2.0 / tau_m) : modes.second[0];
        tables.mu_coupling_1(i, j) = modes.first_mu[0];
        tables.mu_coupling_2(i, j) = modes.second_mu[0];
        tables.sigma_coupling_1(i, j) = modes.first_sigma[0];
        tables.sigma_coupling_2(i, j) = modes.second_sigma[0];
        error(i, j) = lost ? -1.0 : found.rate_error[0];
    };
    parallel_for(static_cast<std::size_t>(rows * columns), options.threads, body, progress);
    tables.rate_error = std::max(0.0, error.maxCoeff());
    tables.lost_modes = (error.array() < 0.0).count();
    const auto total = static_cast<std::size_t>(rows * columns);
    tables.interpolation_error =
        interpolation_error(tables, options.threads, [&](std::size_t, std::size_t) {
            if (progress) progress(total, total);
        });
    return tables;
}

}  // namespace heddle
