#include "population/step_input.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace heddle;

TEST_CASE("SpreadInput: what is straight stays as it is, with its slope") {
    SpreadInput spread(2.0, 0.5);
    for (int k = 0; k < 10; ++k) {
        const double at = 0.5 * k;
        const StepInput found =
            spread.advance({-50.0 + at, -49.5 + at, 49.0 - at, 48.5 - at});  // 1 mV / ms, −1 mV² /
                                                                             // ms
        CHECK(found.first.mu == doctest::Approx(-50.0 + at).epsilon(1e-14));
        CHECK(found.last.mu == doctest::Approx(-49.5 + at).epsilon(1e-14));
        CHECK(found.first.mu_change == doctest::Approx(1.0));
        CHECK(found.last.sigma == doctest::Approx(std::sqrt(48.5 - at)));
        CHECK(found.last.sigma_change == doctest::Approx(-0.5 / std::sqrt(48.5 - at)));
    }
}

TEST_CASE("SpreadInput: jumps are made up for exponentially, and add up") {
    const double tau = 1.5, h = 0.25;
    SpreadInput spread(tau, h);
    (void)spread.advance({0.0, 0.0, 16.0, 16.0});
    double behind_mu = 0.0, behind_variance = 0.0, mu = 0.0, variance = 16.0;
    for (int k = 0; k < 40; ++k) {
        if (k % 8 == 0) {
            behind_mu -= 3.0;
            behind_variance += k == 0 ? 7.0 : 0.0;
            mu += 3.0;
            variance = 9.0;
        }
        const StepInput found = spread.advance({mu, mu, variance, variance});
        CHECK(found.first.mu == doctest::Approx(mu + behind_mu));
        CHECK(found.first.mu_change == doctest::Approx(-behind_mu / tau));
        CHECK(found.first.sigma == doctest::Approx(std::sqrt(9.0 + behind_variance)));
        behind_mu *= std::exp(-h / tau);
        behind_variance *= std::exp(-h / tau);
        CHECK(found.last.mu == doctest::Approx(mu + behind_mu));
        CHECK(found.last.sigma_change ==
              doctest::Approx(-0.5 * behind_variance / tau / found.last.sigma));
    }
}

TEST_CASE("straight_input: ends of a step and one slope") {
    const StepInput found = straight_input({1.0, 2.0, 4.0, 9.0}, 0.5);
    CHECK(found.first.mu == 1.0);
    CHECK(found.last.sigma == doctest::Approx(3.0));
    CHECK(found.first.mu_change == doctest::Approx(2.0));
    CHECK(found.last.sigma_change == doctest::Approx(2.0));
}
