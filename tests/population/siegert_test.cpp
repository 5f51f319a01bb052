#include "heddle/population/siegert.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numbers>

#include "heddle/core/error.hpp"
#include "population/gauss_legendre.hpp"
#include "population/siegert_integrals.hpp"

using namespace heddle;

namespace {

/// Figure 4 of Schuecker, Diesmann & Helias (2015), with the numbers that the toolbox NNMT tests
/// itself by (Layer et al. 2022).
LeakyDrive published() {
    return {(Vector(4) << 18.94, 20.96, 16.42, 19.66).finished(),
            (Vector(4) << 1.5, 1.5, 4.0, 4.0).finished(),
            Vector::Constant(1, 20.0),
            Vector::Constant(1, 20.0),
            Vector::Constant(1, 15.0),
            Vector::Zero(1)};
}

Vector half_millisecond() {
    return Vector::Constant(1, 0.5);
}

LeakyDrive one(double mu, double sigma, double t_ref = 2.0, double V_reset = 10.0) {
    return {Vector::Constant(1, mu),   Vector::Constant(1, sigma),   Vector::Constant(1, 20.0),
            Vector::Constant(1, 20.0), Vector::Constant(1, V_reset), Vector::Constant(1, t_ref)};
}

void agree(const Vector& found, const std::array<double, 4>& expected, double digits) {
    for (Index i = 0; i < 4; ++i)
        CHECK(std::abs(found[i] - expected[static_cast<std::size_t>(i)]) < 0.51 * digits);
}

/// Fourth-order central difference.
double difference(const std::function<double(double)>& of, double x, double h) {
    return (8.0 * (of(x + h) - of(x - h)) - (of(x + 2.0 * h) - of(x - 2.0 * h))) / (12.0 * h);
}

using Law = std::function<SiegertRates(const LeakyDrive&)>;

void slopes_are_differences(const Law& law, double mu, double sigma) {
    const SiegertRates at = law(one(mu, sigma));
    const double h = 1e-3 * sigma;
    const auto log_rate = [&](double m, double s) {
        return std::log(std::abs(law(one(m, s)).rate[0]));
    };
    const auto by_mu = [&](double x) { return log_rate(x, sigma); };
    const auto by_sigma = [&](double x) { return log_rate(mu, x); };
    const double d_mu = at.d_mu[0] / at.rate[0], d_sigma = at.d_sigma[0] / at.rate[0];
    CHECK(std::abs(d_mu - difference(by_mu, mu, h)) < 1e-9 * (std::abs(d_mu) + 1.0 / sigma));
    CHECK(std::abs(d_sigma - difference(by_sigma, sigma, h)) <
          1e-9 * (std::abs(d_sigma) + 1.0 / sigma));
}

}  // namespace

TEST_CASE("siegert_rates: the white-noise rates of Schuecker et al. (2015), figure 4") {
    agree(siegert_rates(published()).rate, {12.27983, 32.50074, 13.40674, 35.10388}, 1e-5);
}

TEST_CASE("shifted_siegert_rates: their rates in noise of 0.5 ms") {
    agree(shifted_siegert_rates(published(), half_millisecond()).rate,
          {10.09769, 29.97960, 10.20942, 30.10715}, 1e-5);
}

TEST_CASE("taylor_siegert_rates: their expanded rates and their slope, χ(0)") {
    const SiegertRates found = taylor_siegert_rates(published(), half_millisecond());
    agree(found.rate, {10.03654, 29.97869, 9.97448, 29.98825}, 1e-5);
    agree(found.d_mu, {8.70945, 10.29370, 4.55452, 7.48975}, 1e-5);
}

TEST_CASE("siegert_susceptibility: their |χ| and phase; 10.065 and 100.09 Hz are rounded") {
    const Vector f = (Vector(2) << 10.065, 100.09).finished();
    const ComplexMatrix chi = siegert_susceptibility(published(), half_millisecond(), f);
    const auto degrees = [](Complex z) { return std::arg(z) * 180.0 / std::numbers::pi; };
    CHECK(std::abs(chi(2, 0)) == doctest::Approx(3.71834).epsilon(5e-5));
    CHECK(degrees(chi(2, 0)) == doctest::Approx(-26.3306).epsilon(5e-5));
    CHECK(std::abs(chi(2, 1)) == doctest::Approx(1.17915).epsilon(5e-5));
    CHECK(degrees(chi(2, 1)) == doctest::Approx(-47.7230).epsilon(5e-5));
}

/// Of ln r, which is smooth also where r is 10⁻²⁷⁰ Hz; truncation and rounding are below 1e-10.
TEST_CASE("Derivatives to μ and σ are the differences of the rate, below and above threshold") {
    const Vector tau_s = half_millisecond();
    const Law shifted = [&](const LeakyDrive& d) { return shifted_siegert_rates(d, tau_s); };
    const Law taylor = [&](const LeakyDrive& d) { return taylor_siegert_rates(d, tau_s); };
    for (const double mu : {-5.0, 12.0, 19.0, 20.0, 23.0, 60.0})
        for (const double sigma : {1.0, 3.0, 12.0}) {
            CAPTURE(mu);
            CAPTURE(sigma);
            slopes_are_differences(siegert_rates, mu, sigma);
            slopes_are_differences(shifted, mu, sigma);
            slopes_are_differences(taylor, mu, sigma);
        }
}

TEST_CASE("Repeated integrals of erfc: g_n = (2 / √π) ∫ (tⁿ / n!) exp(−t² − 2 y t) dt") {
    for (const double y : {0.0, 0.3, 1.0, 1.9999, 2.0, 2.0001, 3.0, 5.0, 6.7, 8.0, 25.0, 300.0}) {
        const RepeatedErfc g = repeated_erfc(y);
        std::array<double, 3> moment{};
        const double end = std::min(6.5, 21.0 / (y + 1e-9)), step = end / 20000.0;
        for (int i = 0; i <= 20000; ++i) {  // Simpson's rule, off by (2 y step)⁴ / 60 < 1e-12.
            const double t = i * step;
            const double weight = i == 0 || i == 20000 ? 1.0 : (i % 2 == 0 ? 2.0 : 4.0);
            const double term = weight * step / 3.0 * std::exp(-t * (t + 2.0 * y));
            moment[0] += term;
            moment[1] += term * t;
            moment[2] += term * t * t / 2.0;
        }
        CAPTURE(y);
        const double factor = 2.0 * std::numbers::inv_sqrtpi;
        CHECK(std::abs(g.g0 - factor * moment[0]) < 4e-12 * g.g0);
        CHECK(std::abs(g.g1 - factor * moment[1]) < 4e-12 * g.g1);
        CHECK(std::abs(g.g2 - factor * moment[2]) < 4e-12 * g.g2);
    }
}

TEST_CASE("siegert_integrals: sums over nodes are those of erf and erfc in many panels, to 1e-12") {
    static const auto rule = gauss_legendre<16>();
    const double flat = 2.0 * std::numbers::inv_sqrtpi;
    for (const double high : {-40.0, -24.0, -3.0, -0.4, 0.0, 0.3, 1.7, 4.0, 6.0, 30.0})
        for (const double width : {1e-3, 0.7, 5.0, 33.0}) {
            const double top = std::max(high, 0.0), damping = std::exp(-top * top);
            double value = 0.0, slope = 0.0, moment = 0.0, bend = 0.0, bends = 0.0;
            // Panels of less than 0.02, as far as e^{x² − high²} counts.
            const double end = high > 7.0 ? std::min(width, 40.0 / high) : width;
            const int panels = static_cast<int>(end / 0.02) + 1;
            for (int k = 0; k < panels; ++k)
                for (std::size_t i = 0; i < rule.node.size(); ++i) {
                    const double x = high - end * (k + rule.node[i]) / panels;
                    const double weight = rule.weight[i] * end / panels;
                    const RepeatedErfc g = repeated_erfc(std::max(-x, 0.0));
                    const double f = x > 0.0 ? std::exp((x - top) * (x + top)) * (1.0 + std::erf(x))
                                             : damping * g.g0;
                    const double df = x > 0.0 ? 2.0 * x * f + flat * damping : 2.0 * damping * g.g1;
                    const double dm = x > 0.0 ? f + x * df : 4.0 * damping * g.g2;
                    value += weight * f;
                    slope += weight * df;
                    moment += weight * dm;
                    bend += weight * (df + 2.0 * x * dm);
                    bends += weight * (df + 2.0 * std::abs(x) * dm);
                }
            CAPTURE(high);
            CAPTURE(width);
            const SiegertIntegrals found = siegert_integrals(high, width);
            CHECK(found.value == doctest::Approx(value).epsilon(1e-12));
            CHECK(found.slope == doctest::Approx(slope).epsilon(1e-12));
            CHECK(found.moment == doctest::Approx(moment).epsilon(1e-12));
            CHECK(std::abs(found.bend - bend) < 1e-12 * bends);
        }
}

TEST_CASE("siegert_rates: without noise, the charging membrane; at its threshold, silence") {
    for (const double mu : {20.5, 30.0, 400.0}) {
        const double way = mu - 10.0, over = mu - 20.0;
        const double period = 2.0 + 20.0 * std::log(way / over);
        for (const double sigma : {1e-6, 1e-200, 1e-308}) {
            const SiegertRates found = siegert_rates(one(mu, sigma));
            CHECK(found.rate[0] == doctest::Approx(1e3 / period).epsilon(1e-10));
            const double slope = 2e4 / (period * period) * (1.0 / over - 1.0 / way);
            CHECK(found.d_mu[0] == doctest::Approx(slope).epsilon(1e-9));
        }
    }
    CHECK(siegert_rates(one(19.9, 1e-6)).rate[0] == 0.0);
    CHECK(siegert_rates(one(19.9, 1e-308)).rate[0] == 0.0);
}

TEST_CASE("siegert_rates: far below threshold ln r is Kramers', to order 1 / y²") {
    // ∫ e^{x²} (1 + erf x) dx = (e^{y²} / y) (1 + 1 / (2 y²) + 3 / (4 y⁴) + …).
    for (const double y : {8.0, 15.0, 26.0}) {
        const double series = 1.0 + 0.5 / (y * y) + 0.75 / std::pow(y, 4);
        const double expected = std::log(1e3 * y / (20.0 * std::sqrt(std::numbers::pi) * series));
        const double found = std::log(siegert_rates(one(20.0 - y, 1.0, 2.0, -50.0)).rate[0]);
        CHECK(std::abs(found - (expected - y * y)) < 2.0 * 15.0 / 8.0 * std::pow(y, -6));
    }
}

TEST_CASE("siegert_rates: for μ → ∞ the refractory period alone is left, 1 / (1 + ...) above it") {
    const double found = siegert_rates(one(1e6, 2.0)).rate[0];
    CHECK(found == doctest::Approx(1e3 / (2.0 + 20.0 * 10.0 / 1e6)).epsilon(1e-8));
}

TEST_CASE(
    "siegert_rates: a reset next to the threshold, r ≈ f(y)⁻¹ σ / (τ_m √π (V_th − V_reset))") {
    const double gap = 0x1p-30;  // Exact below 20.
    const double y = 0.8;
    const double f = std::exp(y * y) * (1.0 + std::erf(y));
    const double expected = 1e3 * 3.0 / (20.0 * std::sqrt(std::numbers::pi) * gap * f);
    const SiegertRates found = siegert_rates(one(20.0 - 3.0 * y, 3.0, 0.0, 20.0 - gap));
    CHECK(found.rate[0] == doctest::Approx(expected).epsilon(2e-9));
    // ∂ ln r / ∂μ = f' / (σ f).
    const double slope = (2.0 * y + 2.0 * std::numbers::inv_sqrtpi / f) / 3.0;
    CHECK(found.d_mu[0] == doctest::Approx(expected * slope).epsilon(4e-9));
}

TEST_CASE("siegert_susceptibility: χ(0) is the slope of the rate, with refractoriness and colour") {
    const Vector tau_s = half_millisecond();
    const Vector none = Vector::Zero(1);
    const Vector f = (Vector(2) << 0.0, 1e-7).finished();
    for (const double mu : {-8.0, 5.0, 19.0, 20.0, 24.0, 90.0})
        for (const double sigma : {0.6, 4.0, 30.0}) {
            const LeakyDrive drive = one(mu, sigma, 3.0);
            if (siegert_rates(drive).rate[0] < 1e-280) continue;
            CAPTURE(mu);
            CAPTURE(sigma);
            const ComplexMatrix white = siegert_susceptibility(drive, none, f);
            const ComplexMatrix coloured = siegert_susceptibility(drive, tau_s, f);
            const double slope = siegert_rates(drive).d_mu[0];
            CHECK(std::abs(white(0, 0) - slope) < 1e-10 * slope);
            CHECK(std::abs(white(0, 1) - slope) < 1e-6 * slope);
            const double shifted = shifted_siegert_rates(drive, tau_s).d_mu[0];
            CHECK(std::abs(coloured(0, 0) - shifted) < 1e-10 * shifted);
        }
}

TEST_CASE(
    "siegert_susceptibility: √2 r / (σ √s) at high frequency, an error that falls as 1 / √f") {
    const LeakyDrive drive = one(18.0, 4.0);
    const double rate = siegert_rates(drive).rate[0];
    const auto off = [&](double f) {
        const Complex s(0.0, 2e-3 * std::numbers::pi * f * 20.0);
        const Complex limit = std::numbers::sqrt2 * rate / 4.0 / std::sqrt(s);
        const Vector at = Vector::Constant(1, f);
        return std::abs(siegert_susceptibility(drive, Vector::Zero(1), at)(0, 0) / limit - 1.0);
    };
    CHECK(off(1e6) < 2e-3);
    CHECK(std::log(off(1e4) / off(1e6)) / std::log(100.0) == doctest::Approx(0.5).epsilon(0.1));
}

TEST_CASE("siegert_susceptibility: χ(−f) is the conjugate of χ(f)") {
    const Vector f = (Vector(2) << 37.0, -37.0).finished();
    const ComplexMatrix chi = siegert_susceptibility(one(18.0, 4.0), Vector::Zero(1), f);
    CHECK(std::abs(chi(0, 0) - std::conj(chi(0, 1))) < 1e-14 * std::abs(chi(0, 0)));
    CHECK(std::abs(chi(0, 0).imag()) > 0.1 * std::abs(chi(0, 0)));
}

TEST_CASE("Siegert: every bad argument is named") {
    LeakyDrive drive = published();
    drive.tau_m = Vector::Constant(1, -20.0);
    CHECK_THROWS_WITH_AS((void)siegert_rates(drive), "tau_m is -20; expected > 0", DomainError);
    drive = published();
    drive.V_reset = Vector::Constant(1, 21.0);
    CHECK_THROWS_WITH_AS((void)siegert_rates(drive), "V_reset is 21; expected below V_th",
                         DomainError);
    drive = published();
    drive.sigma[2] = 0.0;
    CHECK_THROWS_WITH_AS((void)siegert_rates(drive), "sigma is 0; expected > 0", DomainError);
    CHECK_THROWS_WITH_AS((void)shifted_siegert_rates(published(), Vector::Constant(1, -1.0)),
                         "tau_s is -1; expected ≥ 0", DomainError);
    CHECK_THROWS_WITH_AS(
        (void)siegert_susceptibility(published(), Vector::Zero(1), Vector::Constant(1, INFINITY)),
        "f: found NaN or infinity, expected finite numbers", DomainError);
    drive = published();
    drive.sigma = Vector::Constant(3, 1.0);
    CHECK_THROWS_AS((void)siegert_rates(drive), ShapeError);
}
