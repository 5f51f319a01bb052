#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <numbers>

#include "heddle/core/error.hpp"
#include "heddle/population/cascade_rates.hpp"
#include "heddle/population/diffusion_response.hpp"
#include "heddle/population/fokker_planck.hpp"
#include "population/cascade_fits.hpp"
#include "population/exponential_neurons.hpp"
#include "population/table_lookup.hpp"

using namespace heddle;

namespace {

constexpr std::array models{CascadeModel::lnexp, CascadeModel::lndos,
                            CascadeModel::spec1, CascadeModel::spec2_reduced,
                            CascadeModel::spec2, CascadeModel::two_modes};

ExponentialNeuron published(double a = 4.0, double b = 40.0) {
    return examples::augustin_cell(a, b);
}

const CascadeTables& tables() {
    static const CascadeTables found = [] {
        CascadeGrid grid = default_cascade_grid(published());
        grid.mu = Vector::LinSpaced(121, -90.0, 0.0);
        grid.sigma = Vector::LinSpaced(5, 5.0, 9.0);
        return cascade_tables(published(), grid, {.threads = 2});
    }();
    return found;
}

/// Current steps to these levels (mV / ms, as Augustin et al. have them), `dwell` ms each.
Circuit driven(const std::vector<double>& levels, double dwell, const Neuron& neuron,
               double sigma = 7.0) {
    Circuit circuit;
    circuit.populations.push_back({.name = "A",
                                   .size = 1000,
                                   .neuron = neuron,
                                   .noise = {.sigma = sigma},
                                   .adaptation = {},
                                   .quenched = {}});
    CurrentInput current{{}, Matrix(1, static_cast<Index>(levels.size()))};
    for (std::size_t k = 0; k < levels.size(); ++k) {
        current.times.push_back(dwell * static_cast<double>(k));
        current.values(0, static_cast<Index>(k)) = 200.0 * levels[k];
    }
    circuit.inputs.push_back({"A", current});
    return circuit;
}

double last(const Matrix& values) {
    return values(0, values.cols() - 1);
}

/// Root mean square distance from the density, after `skipped` ms.
double distance(const Circuit& circuit, CascadeModel model, double duration, Index skipped) {
    const Matrix exact = fokker_planck(circuit, {.duration = duration}).activity;
    const Matrix found =
        cascade_rates(circuit, {tables()}, {.model = model, .duration = duration}).activity;
    const Index bins = exact.cols() - skipped;
    return std::sqrt((found - exact).rightCols(bins).squaredNorm() / static_cast<double>(bins));
}

}  // namespace

TEST_CASE("fit_exponential and fit_oscillator find what made the response") {
    const Vector f = default_cascade_grid(published()).f;
    for (const double tau : {0.3, 2.0, 30.0})
        for (const double omega : {0.05, 0.8}) {
            ComplexVector exponential(f.size()), oscillator(f.size());
            for (Index i = 0; i < f.size(); ++i) {
                const Complex s(0.0, 2e-3 * std::numbers::pi * f[i] * tau);
                const double u = omega * tau;
                exponential[i] = 1.0 / (1.0 + s);
                oscillator[i] = (1.0 + u * u) * (1.0 + s) / ((1.0 + s) * (1.0 + s) + u * u);
            }
            CHECK(fit_exponential(f, exponential).tau == doctest::Approx(tau).epsilon(1e-6));
            const FittedFilter found = fit_oscillator(f, oscillator);
            CHECK(found.tau == doctest::Approx(tau).epsilon(1e-4));
            if (omega * tau > 0.1) CHECK(found.omega == doctest::Approx(omega).epsilon(1e-3));
            CHECK(found.misfit < 1e-5);
        }
}

TEST_CASE("TableLookup: nodes are themselves, planes are planes, edges belong to it") {
    CascadeTables plane = tables();
    for (Index i = 0; i < plane.mu.size(); ++i)
        for (Index j = 0; j < plane.sigma.size(); ++j) {
            plane.rate(i, j) = 300.0 + 2.0 * plane.mu[i] + 3.0 * plane.sigma[j];
            plane.tau_mu(i, j) = 100.0 + plane.mu[i] - plane.sigma[j];
        }
    const TableLookup lookup(plane);
    for (const double mu : {-90.0, -89.9, -47.123, -0.2, 0.0})
        for (const double sigma : {5.0, 5.4, 8.7, 9.0}) {
            REQUIRE(lookup.holds(mu, sigma));
            const TableValue at = lookup.at(mu, sigma);
            CHECK(1e3 * at.rate == doctest::Approx(300.0 + 2.0 * mu + 3.0 * sigma));
            CHECK(at.tau_mu == doctest::Approx(100.0 + mu - sigma));
        }
    CHECK_FALSE(lookup.holds(-90.1, 6.0));
    CHECK_FALSE(lookup.holds(-50.0, 9.1));
    const TableLookup real(tables());
    CHECK(1e3 * real.at(tables().mu[40], tables().sigma[2]).rate ==
          doctest::Approx(tables().rate(40, 2)).epsilon(1e-12));
}

TEST_CASE("TableLookup: M and S are slopes of the rate and couplings, and bend as they change") {
    const CascadeTables& all = tables();
    const TableLookup lookup(all);
    const double h = all.mu[1] - all.mu[0], k = all.sigma[1] - all.sigma[0];
    for (const Index i : {20, 61, 90}) {
        const TableBend node = lookup.bend(all.mu[i], all.sigma[2]);
        const double by_mu = (all.rate(i + 1, 2) - all.rate(i - 1, 2)) / (2.0 * h);
        const double by_sigma = (all.rate(i, 3) - all.rate(i, 1)) / (2.0 * k);
        const Complex to_mu = all.mu_coupling_1(i, 2) + all.mu_coupling_2(i, 2);
        const Complex to_sigma = all.sigma_coupling_1(i, 2) + all.sigma_coupling_2(i, 2);
        CHECK(1e3 * node.m == doctest::Approx(by_mu + to_mu.real()));
        CHECK(1e3 * node.s == doctest::Approx(by_sigma + to_sigma.real()));
        const double mu = all.mu[i] + 0.3 * h, sigma = all.sigma[2] + 0.6 * k, small = 0.05;
        const auto slope = [&](double TableBend::* of, double along_mu, double along_sigma) {
            return (lookup.bend(mu + along_mu, sigma + along_sigma).*of -
                    lookup.bend(mu - along_mu, sigma - along_sigma).*of) /
                   (2.0 * small);
        };
        const TableBend found = lookup.bend(mu, sigma);
        CHECK(found.m_mu == doctest::Approx(slope(&TableBend::m, small, 0.0)));
        CHECK(found.m_sigma == doctest::Approx(slope(&TableBend::m, 0.0, small)));
        CHECK(found.s_mu == doctest::Approx(slope(&TableBend::s, small, 0.0)));
        CHECK(found.s_sigma == doctest::Approx(slope(&TableBend::s, 0.0, small)));
    }
}

TEST_CASE("cascade_tables: rates between nodes are right to a thousandth") {
    const TableLookup lookup(tables());
    for (const double mu : {-55.4, -48.1, -40.6, -20.2}) {
        const double exact = diffusion_response(published(), Vector::Constant(1, mu),
                                                Vector::Constant(1, 6.45), Vector())
                                 .rate[0];
        CHECK(1e3 * lookup.at(mu, 6.45).rate == doctest::Approx(exact).epsilon(2e-3));
    }
    CHECK(tables().lost_modes == 0);
    CHECK(tables().rate_error < 0.02);
    const double exact =
        diffusion_response(published(),
                           Vector::Constant(1, 0.5 * (tables().mu[60] + tables().mu[61])),
                           Vector::Constant(1, 5.5), Vector())
            .rate[0];
    const double read = 1e3 * lookup.at(0.5 * (tables().mu[60] + tables().mu[61]), 5.5).rate;
    CHECK(std::abs(read - exact) <= tables().interpolation_error);
    CHECK(tables().interpolation_error > 0.0);
    CHECK(tables().interpolation_error < 0.03);
}

TEST_CASE("cascade_rates: every model rests where the stationary equations say") {
    const Circuit circuit = driven({2.0}, 1.0, published());
    for (const CascadeModel model : models) {
        CAPTURE(name_of(model));
        const CascadeRecording found =
            cascade_rates(circuit, {tables()}, {.model = model, .duration = 3000.0});
        const double mu = -25.0 - last(found.adaptation) / 10.0;
        const TableValue at = TableLookup(tables()).at(mu, 7.0);
        CHECK(last(found.mu) == doctest::Approx(mu));
        CHECK(last(found.activity) == doctest::Approx(1e3 * at.rate).epsilon(1e-4));
        const double w = 4.0 * (at.potential + 80.0) + 40.0 * 200.0 * at.rate;
        CHECK(last(found.adaptation) == doctest::Approx(w).epsilon(1e-4));
    }
}

/// Tables with one time constant everywhere, where the rate is a straight line: the closed forms.
TEST_CASE("cascade_rates: steps through filters of constant tables are exponentials and waves") {
    CascadeTables flat = tables();
    for (Index i = 0; i < flat.mu.size(); ++i) flat.rate.row(i).setConstant(100.0 + flat.mu[i]);
    flat.tau_mu.setConstant(5.0);
    flat.tau.setConstant(8.0);
    flat.omega.setConstant(0.3);
    const Circuit circuit = driven({1.0, 1.5}, 50.0, published(0.0, 0.0));  // μ: −45, −35 mV.
    const auto run = [&](CascadeModel model) {
        return cascade_rates(circuit, {flat}, {.model = model, .duration = 80.0, .step = 0.05});
    };
    const Matrix plain = run(CascadeModel::lnexp).activity;
    const Matrix wave = run(CascadeModel::lndos).activity;
    for (const Index bin : {52, 58, 70}) {
        const double t = static_cast<double>(bin) - 50.0;
        const auto bin_mean = [&](auto law) {  // Simpson's rule.
            return (law(t) + 4.0 * law(t + 0.5) + law(t + 1.0)) / 6.0;
        };
        CHECK(plain(0, bin) == doctest::Approx(bin_mean([](double x) {
                                   return 65.0 - 10.0 * std::exp(-x / 5.0);
                               })).epsilon(1e-4));
        // The filter's step response, 1 − e^{−t/τ} (cos ωt − ω τ sin ωt).
        CHECK(wave(0, bin) == doctest::Approx(bin_mean([](double x) {
                                  return 65.0 - 10.0 * std::exp(-x / 8.0) *
                                                    (std::cos(0.3 * x) - 2.4 * std::sin(0.3 * x));
                              })).epsilon(2e-4));
    }
}

TEST_CASE("cascade_rates: the error it states is that of a method of second order") {
    const Circuit circuit = driven({1.0, 1.6, 0.8, 1.2}, 20.0, published());
    for (const CascadeModel model : {CascadeModel::lnexp, CascadeModel::lndos}) {
        const auto error = [&](double step) {
            return cascade_rates(circuit, {tables()},
                                 {.model = model, .duration = 80.0, .step = step})
                .step_error;
        };
        CHECK(error(0.1) < 0.05);
        CHECK(std::log2(error(0.2) / error(0.1)) == doctest::Approx(2.0).epsilon(0.15));
    }
}

TEST_CASE("cascade_rates: slow input is followed by all, fast input by the cascades") {
    const Circuit slow = driven({1.0, 1.1, 1.2, 1.3}, 150.0, published());
    for (const CascadeModel model : models) {
        CAPTURE(name_of(model));
        CHECK(distance(slow, model, 600.0, 100) < 0.45);
    }
    std::vector<double> levels;
    for (int k = 0; k < 400; ++k)
        levels.push_back(1.3 + 0.3 * std::sin(0.35 * k) * std::cos(0.11 * k));
    const Circuit fast = driven(levels, 1.0, published());
    CHECK(distance(fast, CascadeModel::lndos, 400.0, 50) < 0.65);
    CHECK(distance(fast, CascadeModel::lnexp, 400.0, 50) < 0.65);
    CHECK(distance(fast, CascadeModel::spec1, 400.0, 50) > 1.0);
}

TEST_CASE("cascade_tables and cascade_rates: what is wrong is named") {
    CascadeGrid grid = default_cascade_grid(published());
    grid.mu[3] += 0.1;
    CHECK_THROWS_AS((void)cascade_tables(published(), grid), DomainError);
    grid = default_cascade_grid(published());
    grid.sigma = Vector::LinSpaced(5, 0.0, 4.0);
    CHECK_THROWS_WITH_AS((void)cascade_tables(published(), grid),
                         "cascade_tables: sigma begins at 0 mV; it must be > 0", DomainError);
    grid = default_cascade_grid(published());
    grid.f[1] = grid.f[0];
    CHECK_THROWS_AS((void)cascade_tables(published(), grid), DomainError);
    const Circuit circuit = driven({4.0}, 1.0, published());
    CHECK_THROWS_WITH_AS(
        (void)cascade_rates(circuit, {tables()}),
        "population 'A' at 0 ms: mu - w / g_L is 9 mV and sigma 7 mV, outside its tables of mu "
        "from "
        "-90 mV to 0 mV and sigma from 5 mV to 9 mV; give `cascade_tables` of a wider range, or "
        "`fokker_planck`",
        DomainError);
    ExponentialNeuron other = published();
    other.Delta_T = 2.0;
    CHECK_THROWS_WITH_AS((void)cascade_rates(driven({1.0}, 1.0, other), {tables()}),
                         "population 'A': its tables are of another neuron; compute "
                         "`cascade_tables` of its own",
                         DomainError);
    CHECK_THROWS_AS((void)cascade_rates(circuit, {}), ShapeError);
    CHECK_THROWS_WITH_AS((void)cascade_model_from("lnexpo"),
                         "model is 'lnexpo'; did you mean 'lnexp'?", DomainError);
}
