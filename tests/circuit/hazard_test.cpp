#include "circuit/hazard.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>

#include "heddle/core/random.hpp"

using namespace heddle;

TEST_CASE("hazard_shape: calls give the bits of the functions that loops contain") {
    const Random random(3);
    for (std::uint64_t k = 0; k < 20'000; ++k) {
        const double x = 40.0 * (random.uniform(k) - 0.5);
        CHECK(hazard_shape(Hazard::softplus, x) == HazardShape<Hazard::softplus>{}(x));
        CHECK(hazard_shape(Hazard::sigmoid, x) == HazardShape<Hazard::sigmoid>{}(x));
        CHECK(hazard_shape(Hazard::rectified, x) == std::max(x, 0.0));
    }
}
