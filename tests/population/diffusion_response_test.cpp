#include "heddle/population/diffusion_response.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <numbers>

#include "heddle/core/error.hpp"
#include "heddle/population/siegert.hpp"
#include "population/exponential_neurons.hpp"
#include "population/threshold_sweep.hpp"

using namespace heddle;

namespace {

LeakyNeuron leaky() {
    return {.tau_m = 20.0, .E_L = 0.0, .V_th = 20.0, .V_reset = 10.0, .t_ref = 2.0};
}

ExponentialNeuron published(double t_ref = 0.0) {
    ExponentialNeuron cell = examples::augustin_cell();
    cell.t_ref = t_ref;
    return cell;
}

const Vector means = (Vector(8) << 5.0, 15.0, 18.0, 22.0, 40.0, 18.0, 18.0, 8.0).finished();
const Vector noises = (Vector(8) << 4.0, 4.0, 4.0, 4.0, 4.0, 0.5, 20.0, 2.0).finished();

LeakyDrive drive() {
    const auto one = [](double x) { return Vector::Constant(1, x); };
    return {means, noises, one(20.0), one(20.0), one(10.0), one(2.0)};
}

Vector frequencies() {
    return (Vector(10) << 0.0, 0.01, 1.0, 5.0, 10.0, 40.0, 100.0, 300.0, 600.0, 1000.0).finished();
}

Vector constant(double x) {
    return Vector::Constant(1, x);
}

}  // namespace

TEST_CASE("diffusion_response: rates of leaky neurons and their slopes are Siegert's") {
    const DiffusionResponse found = diffusion_response(leaky(), means, noises, Vector());
    const SiegertRates exact = siegert_rates(drive());
    for (Index i = 0; i < means.size(); ++i) {
        CAPTURE(i);
        CHECK(std::abs(found.rate[i] / exact.rate[i] - 1.0) < 5e-6);
        CHECK(std::abs(found.d_mu[i] / exact.d_mu[i] - 1.0) < 2e-5);
        CHECK(std::abs(found.d_sigma[i] - exact.d_sigma[i]) < 2e-4 * exact.d_mu[i]);
        CHECK(std::abs(found.rate[i] - exact.rate[i]) <= found.rate_error[i]);
    }
}

TEST_CASE("diffusion_response: its errors, as stated, are above the true ones") {
    const DiffusionResponse found = diffusion_response(leaky(), means, noises, frequencies());
    const SiegertRates exact = siegert_rates(drive());
    const ComplexMatrix chi = siegert_susceptibility(drive(), Vector::Zero(1), frequencies());
    for (Index i = 0; i < means.size(); ++i) {
        CHECK(std::abs(found.rate[i] - exact.rate[i]) <= found.rate_error[i]);
        CHECK((found.mu_response.row(i) - chi.row(i)).cwiseAbs().maxCoeff() <=
              found.response_error[i]);
        CHECK(found.rate_error[i] < 1e-3 * exact.rate[i]);
    }
}

TEST_CASE("diffusion_response: χ_μ of leaky neurons is Siegert's to 1 kHz") {
    const DiffusionResponse found = diffusion_response(leaky(), means, noises, frequencies());
    const ComplexMatrix chi = siegert_susceptibility(drive(), Vector::Zero(1), frequencies());
    for (Index i = 0; i < chi.rows(); ++i)
        for (Index k = 0; k < chi.cols(); ++k) {
            CAPTURE(i);
            CAPTURE(k);
            CHECK(std::abs(found.mu_response(i, k) / chi(i, k) - 1.0) <
                  (frequencies()[k] > 200.0 ? 3e-5 : 6e-6));
        }
}

TEST_CASE("diffusion_response: responses at f → 0 are the slopes of the rate, and χ_σ that to σ") {
    for (const double t_ref : {0.0, 3.0})
        for (const double mu : {-60.0, -50.0, -30.0}) {
            const Vector sigma = (Vector(3) << 6.0, 6.0 + 1e-3, 6.0 - 1e-3).finished();
            const Vector at = (Vector(2) << 0.0, 1e-4).finished();
            const DiffusionResponse found =
                diffusion_response(published(t_ref), constant(mu), sigma, at);
            const double slope = (found.rate[1] - found.rate[2]) / 2e-3;
            CHECK(found.d_sigma[0] == doctest::Approx(slope).epsilon(1e-5));
            CHECK(std::abs(found.sigma_response(0, 1) - slope) < 1e-3 * std::abs(slope));
            CHECK(std::abs(found.mu_response(0, 1) - found.d_mu[0]) < 1e-4 * found.d_mu[0]);
            CHECK(found.mu_response(0, 0) == Complex(found.d_mu[0]));
        }
}

TEST_CASE("stationary_sweep: the rate is off by h², and by h⁴ when two grids are extrapolated") {
    const DiffusiveMembrane membrane = diffusive_membrane(leaky(), "test");
    const double mu = 18.0, sigma = 4.0;
    const LeakyDrive one{constant(mu),   constant(sigma), constant(20.0),
                         constant(20.0), constant(10.0),  constant(2.0)};
    const double exact = 1e-3 * siegert_rates(one).rate[0];
    PotentialGrid grid = potential_grid_down_to(membrane, -25.0, 1.0);
    std::array<double, 4> rate{};
    for (double& value : rate) {
        value = stationary_sweep(membrane, grid, faces_of(membrane, grid, mu, sigma), sigma).rate;
        grid = grid.halved();
    }
    const auto better = [&](std::size_t k) { return rate[k + 1] + (rate[k + 1] - rate[k]) / 3.0; };
    CHECK(std::log2((rate[2] - exact) / (rate[3] - exact)) == doctest::Approx(2.0).epsilon(0.02));
    CHECK(std::log2((better(0) - exact) / (better(1) - exact)) ==
          doctest::Approx(4.0).epsilon(0.02));
}

TEST_CASE(
    "stationary_sweep: the rate of the exponential neuron is of second order in the spacing") {
    const DiffusiveMembrane membrane = diffusive_membrane(published(), "test");
    const double mu = -45.0, sigma = 6.0;
    const PotentialGrid grid = potential_grid_down_to(membrane, -130.0, 0.05);
    const auto rate_on = [&](const PotentialGrid& on) {
        return stationary_sweep(membrane, on, faces_of(membrane, on, mu, sigma), sigma).rate;
    };
    const double first = rate_on(grid), second = rate_on(grid.halved()),
                 third = rate_on(grid.halved().halved());
    CHECK(std::log2((first - second) / (second - third)) == doctest::Approx(2.0).epsilon(0.05));
}

TEST_CASE("diffusion_response: a silent neuron has rate 0 and responds to nothing") {
    const DiffusionResponse found =
        diffusion_response(leaky(), constant(-500.0), constant(1.0), constant(10.0));
    CHECK(found.rate[0] == 0.0);
    CHECK(found.mu_response(0, 0) == Complex(0.0));
    CHECK(found.cv[0] == 1.0);
    CHECK(std::abs(found.mean_potential[0] + 500.0) < 1e-3);
    const DiffusionModes modes = diffusion_modes(leaky(), constant(-500.0), constant(1.0));
    CHECK(std::abs(modes.first[0] + 0.05) < 1e-5);
    CHECK(std::abs(modes.second[0] + 0.10) < 1e-5);
    CHECK(modes.first_mu[0] == Complex(0.0));
}

TEST_CASE(
    "diffusion_response: far below threshold spikes are Poisson, far above they are regular") {
    const Vector mu = (Vector(2) << 8.0, 200.0).finished();
    const DiffusionResponse found = diffusion_response(leaky(), mu, constant(2.0), Vector());
    CHECK(found.cv[0] == doctest::Approx(1.0).epsilon(1e-5));
    // Drift μ − V ≫ σ: the passage is a Brownian one, CV² = ∫ σ² / τ_m / v³ dV / T²: a few percent.
    CHECK(found.cv[1] < 0.04);
    CHECK(found.cv[1] > 0.0);
}

TEST_CASE("diffusion_response: the same bits for any number of threads") {
    const auto run = [](std::size_t threads) {
        return diffusion_response(leaky(), means, noises, frequencies(), {.threads = threads});
    };
    const DiffusionResponse one = run(1), two = run(2);
    CHECK(one.rate == two.rate);
    CHECK(one.mu_response == two.mu_response);
}

TEST_CASE("diffusion_modes: far below threshold λ_k = −k / τ_m, of the free membrane") {
    const DiffusionModes found =
        diffusion_modes(leaky(), constant(-20.0), (Vector(2) << 2.0, 5.0).finished());
    for (Index i = 0; i < 2; ++i) {
        CHECK(std::abs(found.first[i] + 0.05) < 1e-6);
        CHECK(std::abs(found.second[i] + 0.10) < 1e-5);
    }
}

TEST_CASE("diffusion_modes: a cell that rests or fires has a mode as slow as its switches") {
    ExponentialNeuron cell = published();
    cell.V_reset = -45.0;  // Above its threshold: once it has fired, it goes on.
    const Vector mu = constant(-53.0), sigma = (Vector(3) << 1.8, 1.4, 1.0).finished();
    const DiffusionModes found = diffusion_modes(cell, mu, sigma);
    for (Index i = 0; i < 3; ++i) {
        CHECK(found.first[i].imag() == 0.0);
        CHECK(found.first[i].real() < 0.0);
        CHECK(found.second[i].real() < -0.03);
    }
    CHECK(found.first[0].real() > -1e-3);
    CHECK(found.first[1].real() > 0.3 * found.first[0].real());
    CHECK(found.first[2].real() > -1e-5);
}

TEST_CASE("diffusion_modes: regular spikes ring at their rate") {
    const Vector mu = constant(60.0), sigma = constant(1.0);
    const DiffusionModes found = diffusion_modes(leaky(), mu, sigma);
    const double rate = diffusion_response(leaky(), mu, sigma, Vector()).rate[0];
    CHECK(found.first[0].imag() / (2e-3 * std::numbers::pi) == doctest::Approx(rate).epsilon(2e-3));
    CHECK(found.second[0] == std::conj(found.first[0]));
    CHECK(found.first[0].real() < 0.0);
}

TEST_CASE("diffusion_modes: a denser table finds the same modes, refractory or not") {
    const Vector mu = Vector::LinSpaced(31, -75.0, 15.0);
    for (const double t_ref : {0.0, 3.0}) {
        const DiffusionModes found = diffusion_modes(published(t_ref), mu, constant(6.0));
        CHECK(found.error.maxCoeff() < 1e-3);
        Index changes = 0;  // From real ones to a pair, and nowhere else.
        for (Index i = 1; i < mu.size(); ++i) {
            changes += (found.first[i].imag() > 0.0) != (found.first[i - 1].imag() > 0.0);
            if (found.first[i - 1].imag() > 0.1)
                CHECK(std::abs(found.first[i] - found.first[i - 1]) < 0.12);
        }
        CHECK(changes == 1);
    }
}

TEST_CASE("diffusion_modes: modes and their couplings make the resonance that they ring with") {
    const Vector mu = Vector::Constant(1, -40.0), sigma = Vector::Constant(1, 1.5);
    const DiffusionModes modes = diffusion_modes(published(), mu, sigma);
    const Complex s(0.0, modes.first[0].imag());
    const Vector f = Vector::Constant(1, s.imag() / (2e-3 * std::numbers::pi));
    const DiffusionResponse found = diffusion_response(published(), mu, sigma, f);
    const auto sum = [&](double slope, Complex first, Complex second) {
        return slope + first * s / (s - modes.first[0]) + second * s / (s - modes.second[0]);
    };
    const Complex by_mu = sum(found.d_mu[0], modes.first_mu[0], modes.second_mu[0]);
    const Complex by_sigma = sum(found.d_sigma[0], modes.first_sigma[0], modes.second_sigma[0]);
    CHECK(std::abs(found.mu_response(0, 0)) > 5.0 * found.d_mu[0]);
    CHECK(std::abs(by_mu / found.mu_response(0, 0) - 1.0) < 0.01);
    CHECK(std::abs(by_sigma / found.sigma_response(0, 0) - 1.0) < 0.1);
}

TEST_CASE("diffusion_response and diffusion_modes: every bad argument is named") {
    const auto respond = [](const Neuron& neuron, double mu, double sigma, double f) {
        (void)diffusion_response(neuron, constant(mu), constant(sigma), constant(f));
    };
    CHECK_THROWS_WITH_AS(respond(leaky(), 0.0, 0.0, 1.0), "sigma is 0; expected > 0", DomainError);
    CHECK_THROWS_WITH_AS(respond(leaky(), 0.0, 1.0, -1.0), "f is -1 Hz; expected 0 to 1e5 Hz",
                         DomainError);
    CHECK_THROWS_WITH_AS(respond(leaky(), NAN, 1.0, 1.0),
                         "mu: found NaN or infinity, expected finite numbers", DomainError);
    CHECK_THROWS_WITH_AS(
        respond(EscapeNeuron{}, 0.0, 1.0, 1.0),
        "diffusion_response: its neurons are 'gif', and diffusion to a threshold is that of 'lif' "
        "and 'adex'; `mesoscopic` has escape noise",
        DomainError);
    CHECK_THROWS_AS((void)diffusion_modes(leaky(), Vector::Zero(3), Vector::Ones(2)), ShapeError);
    CHECK_THROWS_AS((void)diffusion_modes(QuadraticNeuron{}, constant(0.0), constant(1.0)),
                    DomainError);
}
