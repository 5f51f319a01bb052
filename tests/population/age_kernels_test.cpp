#include "population/age_kernels.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

using namespace heddle;

namespace {

/// More than the kernel moves at once.
constexpr std::size_t size = 152;

/// Cohorts of many sizes and ages; every eighth is empty.
struct Example {
    std::vector<double> mass, variance, potential, hazard, adaptation;

    Example() {
        for (std::size_t i = 0; i < size; ++i) {
            const double x = static_cast<double>(i);
            mass.push_back(i % 8 == 0 ? 0.0 : 20.0 + 10.0 * std::sin(x));
            variance.push_back(i % 8 == 0 ? 0.0 : 3.0 + 2.0 * std::cos(3.0 * x));
            potential.push_back(25.0 - 0.2 * x);
            hazard.push_back(0.02 + 0.01 * std::sin(2.0 * x));
            adaptation.push_back(0.03 * x);
        }
    }
    kernels::Cohorts cohorts() {
        return {mass.data(), variance.data(), potential.data(), hazard.data()};
    }
};

double shape(Hazard form, double u) {
    switch (form) {
        case Hazard::exponential:
            return std::exp(u);
        case Hazard::softplus:
            return std::log1p(std::exp(u));
        case Hazard::sigmoid:
            return 1.0 / (1.0 + std::exp(-u));
        default:
            return std::max(u, 0.0);
    }
}

/// The equations, one cohort after the other.
kernels::Passage plainly(Hazard form, const kernels::AgeStep& step, Example& c) {
    kernels::Passage sums;
    for (std::size_t i = 0; i < size; ++i) {
        const double added = step.adaptation != nullptr ? step.adaptation[i] : 0.0;
        const double floor = form == Hazard::rectified ? step.floor : 0.0;
        c.potential[i] = step.keep * c.potential[i] + step.drive;
        const double u = (c.potential[i] - step.threshold - added) * step.softness;
        const double now = step.scale * shape(form, u) + floor;
        const double p = -std::expm1(-(c.hazard[i] + now));
        const double m = c.mass[i], v = c.variance[i];
        c.hazard[i] = now;
        c.mass[i] = (1.0 - p) * m;
        c.variance[i] = (1.0 - p) * (1.0 - p) * v + (1.0 - p) * p * m;
        sums.held += m;
        sums.lost += p * m;
        sums.twice += p * p * m;
        sums.variance += v;
        sums.spread += p * v;
    }
    return sums;
}

}  // namespace

TEST_CASE("kernels::age: cohorts lose what the equations say, and sums are over all") {
    for (const Hazard form :
         {Hazard::exponential, Hazard::softplus, Hazard::sigmoid, Hazard::rectified})
        for (const bool adapts : {false, true}) {
            Example fast, slow;
            const kernels::AgeStep step{
                0.95, 0.8, 0.4, 0.02, 0.01, 18.0, adapts ? fast.adaptation.data() : nullptr};
            const kernels::Passage found = kernels::age(size, form, step, fast.cohorts());
            const kernels::Passage expected = plainly(form, step, slow);
            for (std::size_t i = 0; i < size; ++i) {
                INFO("hazard " << static_cast<int>(form) << ", cohort " << i);
                CHECK(fast.mass[i] == doctest::Approx(slow.mass[i]).epsilon(1e-14));
                CHECK(fast.variance[i] == doctest::Approx(slow.variance[i]).epsilon(1e-13));
                CHECK(fast.potential[i] == slow.potential[i]);
                CHECK(fast.hazard[i] == doctest::Approx(slow.hazard[i]).epsilon(1e-14));
            }
            CHECK(found.held == doctest::Approx(expected.held).epsilon(1e-14));
            CHECK(found.lost == doctest::Approx(expected.lost).epsilon(1e-12));
            CHECK(found.twice == doctest::Approx(expected.twice).epsilon(1e-12));
            CHECK(found.variance == doctest::Approx(expected.variance).epsilon(1e-14));
            CHECK(found.spread == doctest::Approx(expected.spread).epsilon(1e-12));
        }
}

TEST_CASE("kernels::age: sums are those of eight lanes, to the bit, whatever the processor") {
    Example c;
    std::array<double, kernels::lanes> part{};
    for (std::size_t i = 0; i < size; ++i) part[i % kernels::lanes] += c.mass[i];
    const double expected =
        ((part[0] + part[4]) + (part[2] + part[6])) + ((part[1] + part[5]) + (part[3] + part[7]));
    const kernels::AgeStep step{0.95, 0.8, 0.4, 0.02, 0.0, 18.0, nullptr};
    CHECK(kernels::sum(size, c.mass.data()) == expected);
    CHECK(kernels::age(size, Hazard::exponential, step, c.cohorts()).held == expected);
}

TEST_CASE("kernels::age_in_part: a cohort ages as in a step whose hazards are that part of it") {
    const kernels::AgeStep step{0.0, 21.0, 0.4, 0.02, 0.01, 18.0, nullptr};
    for (const Hazard form :
         {Hazard::exponential, Hazard::softplus, Hazard::sigmoid, Hazard::rectified}) {
        const auto part = kernels::age_in_part(0.25, form, step, 1.5, 17.0, 21.0);
        const double floor = form == Hazard::rectified ? step.floor : 0.0;
        const double first = 0.02 * shape(form, (17.0 - 19.5) * 0.4) + floor;
        const double last = 0.02 * shape(form, (21.0 - 19.5) * 0.4) + floor;
        CHECK(part.hazard == doctest::Approx(last).epsilon(1e-14));
        CHECK(part.q == doctest::Approx(std::exp(-0.25 * (first + last))).epsilon(1e-14));
    }
}

TEST_CASE("kernels::adapt: thresholds are a spike's own and those of all before it") {
    Example c;
    std::vector<double> found(size);
    const double all =
        kernels::adapt(size, c.mass.data(), c.hazard.data(), c.variance.data(), found.data());
    double before = 0.0;
    for (std::size_t i = 0; i < size; ++i) {
        const double effect = c.mass[i] * c.hazard[i];
        CHECK(found[i] == doctest::Approx(c.variance[i] + before + 0.5 * effect).epsilon(1e-13));
        before += effect;
    }
    CHECK(all == doctest::Approx(before).epsilon(1e-13));
}
