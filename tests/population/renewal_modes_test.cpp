#include "heddle/population/renewal_modes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "heddle/core/error.hpp"

using namespace heddle;

namespace {

constexpr double softness = 2.0;  // mV

/// Its hazard is 100 Hz e^{h / 2 mV}.
EscapeNeuron neuron(double dead = 4.0) {
    return {.V_T_star = 0.0, .t_ref = dead, .Delta_V = softness, .lambda_0 = 100.0, .reset = false};
}

double potential_of(double hazard) {
    return softness * std::log(hazard / 100.0);
}

/// The hazard goes from 50 to 200 Hz as a tanh of width w around 0 ms.
double hazard_at(double t, double w) {
    return 125.0 + 75.0 * std::tanh(t / w);
}

constexpr double start = -100.0, duration = 150.0;  // ms

/// A by the density of ages: ν times the part that can fire, g' = −ν g + A(t − D), by steps of h
/// that are exact but for the change of ν.
std::vector<double> slow_twin(double w, double h) {
    const auto dead = static_cast<std::size_t>(std::llround(4.0 / h));
    const auto steps = static_cast<std::size_t>(std::llround(duration / h));
    std::vector<double> activity(steps + 1);
    double able = 1.0 / (1.0 + 4e-3 * hazard_at(start, w));
    const double first = hazard_at(start, w) * able;
    for (std::size_t k = 0; k <= steps; ++k) {
        const double now = hazard_at(start + static_cast<double>(k) * h, w);
        const double next = hazard_at(start + static_cast<double>(k + 1) * h, w);
        activity[k] = now * able;
        const double back = k < dead ? first : activity[k - dead];
        const double after = k + 1 < dead ? first : activity[k + 1 - dead];
        const double kept = std::exp(-0.5e-3 * h * (now + next));
        able = kept * able + 0.5e-3 * h * (kept * back + after);
    }
    return activity;
}

/// RMS of what modes are off by from −30 to 50 ms, over the range of the activity.
double error_of(double w, Index pairs) {
    const double step = 0.05;
    const auto count = static_cast<Index>(std::llround(duration / step)) + 1;
    Vector potential(count);
    for (Index k = 0; k < count; ++k)
        potential[k] = potential_of(hazard_at(start + static_cast<double>(k) * step, w));
    const ModeRates found = mode_rates(neuron(), potential, step, std::max<Index>(pairs, 1));
    const Vector& rates = pairs > 0 ? found.activity : found.stationary;
    const std::vector<double> exact = slow_twin(w, 0.01);
    double sum = 0.0;
    const auto from = static_cast<Index>(70.0 / step);
    for (Index k = from; k < count; ++k) {
        const double difference = rates[k] - exact[static_cast<std::size_t>(5 * k)];
        sum += difference * difference;
    }
    const auto [least, most] = std::ranges::minmax(exact);
    return std::sqrt(sum / static_cast<double>(count - from)) / (most - least);
}

}  // namespace

TEST_CASE("renewal_modes: eigenvalues solve P̂(λ) = 1, and are those of Lambert's W") {
    const std::vector<double> hazards{50.0, 200.0, 500.0};
    Vector potential(3);
    for (Index i = 0; i < 3; ++i) potential[i] = potential_of(hazards[static_cast<std::size_t>(i)]);
    const RenewalModes found = renewal_modes(neuron(), potential, 5);
    const Complex known[] = {{-808.60, 1017.99}, {-437.50, 1126.13}, {-231.22, 1231.81}};
    for (Index i = 0; i < 3; ++i) {
        CHECK(std::abs(found.eigenvalues(0, i) - known[i]) < 0.01);
        const double nu = hazards[static_cast<std::size_t>(i)];
        CHECK(found.rate[i] == doctest::Approx(nu / (1.0 + 4e-3 * nu)));
        for (Index k = 0; k < 5; ++k) {
            const Complex value = found.eigenvalues(k, i);
            CHECK(std::abs(nu * std::exp(-4e-3 * value) / (nu + value) - 1.0) < 1e-10);
            if (k > 0) CHECK(value.imag() > found.eigenvalues(k - 1, i).imag());
        }
    }
}

TEST_CASE("renewal_modes: the response to slow and fast sines adds up to χ, as pairs are added") {
    // Linear in h: A = F' δh + 2 Re Σ: F' − iω Σ_k [c_k0 / (iω − λ_k) + conj. c / (iω − conj. λ)].
    const double nu = 200.0, dead = 4e-3, slope = nu / softness;
    for (const double omega : {10.0, 600.0, 2000.0}) {
        const Complex s(0.0, omega);
        const Complex survival = (1.0 - std::exp(-s * dead)) / s + std::exp(-s * dead) / (nu + s);
        const Complex chi = nu / (1.0 + nu * dead) * slope / nu / (nu + s) / survival;
        double before = 1e9;
        for (const Index pairs : {1, 4, 16, 64}) {
            const RenewalModes found =
                renewal_modes(neuron(), Vector::Constant(1, potential_of(nu)), pairs);
            Complex sum = slope / std::pow(1.0 + nu * dead, 2);
            for (Index k = 0; k < pairs; ++k) {
                const Complex value = found.eigenvalues(k, 0), drive = found.drive(k, 0);
                sum -= s * (drive / (s - value) + std::conj(drive) / (s - std::conj(value)));
            }
            const double error = std::abs(sum - chi) / std::abs(chi);
            CHECK(error < 0.5 * before);
            before = error;
        }
        CHECK(before < 1e-2);
    }
}

TEST_CASE("mode_rates: as good as the table says, for changes in 20, 5 and 1 ms") {
    // RMS over the range, for F(h) alone and one, two and four pairs; computed apart from this
    // code.
    const double widths[] = {20.0, 5.0, 1.0};
    const double table[3][4] = {{0.0098, 0.0033, 0.0020, 0.0011},
                                {0.0200, 0.0066, 0.0040, 0.0023},
                                {0.0424, 0.0140, 0.0081, 0.0046}};
    const Index pairs[] = {0, 1, 2, 4};
    for (int w = 0; w < 3; ++w)
        for (int p = 0; p < 4; ++p) {
            // Which times it averages over is not known: 80 ms here, 70 to 80 ms there.
            const double error = error_of(widths[w], pairs[p]);
            INFO("width " << widths[w] << " ms, " << pairs[p] << " pairs: " << error);
            CHECK(std::abs(error - table[w][p]) < 0.15 * table[w][p]);
        }
}

TEST_CASE("mode_rates: steps are of second order, and step_error is their error") {
    const auto run = [](double step) {
        const auto count = static_cast<Index>(std::llround(40.0 / step)) + 1;
        Vector potential(count);
        for (Index k = 0; k < count; ++k)
            potential[k] = potential_of(hazard_at(static_cast<double>(k) * step - 20.0, 5.0));
        return mode_rates(neuron(), potential, step, 2);
    };
    const Vector fine = run(0.0125).activity;
    const auto error = [&](double step) {
        const Vector coarse = run(step).activity;
        double most = 0.0;
        const auto every = static_cast<Index>(std::llround(step / 0.0125));
        for (Index k = 0; k < coarse.size(); ++k)
            most = std::max(most, std::abs(coarse[k] - fine[every * k]));
        return most;
    };
    CHECK(std::abs(std::log2(error(0.4) / error(0.2)) - 2.0) < 0.1);
    CHECK(run(0.2).step_error < 2.0 * error(0.2));
    CHECK(run(0.2).last > 0.01);
}

TEST_CASE("renewal_modes: neurons that have no such modes are refused") {
    const Vector h = Vector::Constant(3, 1.0);
    EscapeNeuron resetting = neuron();
    resetting.reset = true;
    CHECK_THROWS_WITH_AS((void)renewal_modes(resetting, h),
                         doctest::Contains("neuron: a spike resets V"), DomainError);
    CHECK_THROWS_WITH_AS((void)renewal_modes(neuron(0.0), h),
                         doctest::Contains("neuron: t_ref is 0 ms"), DomainError);
    EscapeNeuron silent = neuron();
    silent.hazard = Hazard::rectified;
    CHECK_THROWS_WITH_AS((void)renewal_modes(silent, -h),
                         "potential holds -1 mV, where the hazard is 0 Hz; it must be above 0 and "
                         "finite",
                         DomainError);
    CHECK_THROWS_WITH_AS((void)renewal_modes(neuron(), h, 0), "pairs is 0; expected 1 to 100",
                         DomainError);
    CHECK_THROWS_WITH_AS((void)mode_rates(neuron(), h, 0.0),
                         "mode_rates: step is 0 ms; it must be > 0", DomainError);
    CHECK_THROWS_AS((void)mode_rates(neuron(), h.head(1), 0.1), ShapeError);
}
