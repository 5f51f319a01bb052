#include "train/unit_kernels.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace heddle;

TEST_CASE("fill_tanh: it is within 4 units in the last place of tanh, and odd") {
    // Both branches closely, numbers below 1e-300 and above 1e300, their neighbours at 0.625.
    const Index dense = 400'000, wide = 2'000;
    Vector x(dense + wide + 3);
    x.head(dense).setLinSpaced(0.0, 25.0);
    for (Index i = 0; i < wide; ++i)
        x(dense + i) = std::pow(10.0, -320.0 + 628.0 * static_cast<double>(i) / wide);
    x.tail(3) << std::nextafter(0.625, 0.0), 0.625, std::numeric_limits<double>::max();
    const Vector negative = -x;
    Vector found(x.size()), mirrored(x.size());
    fill_tanh(x.data(), x.size(), found.data());
    fill_tanh(negative.data(), x.size(), mirrored.data());
    CHECK(found == -mirrored);
    double worst = 0.0;
    for (Index i = 0; i < x.size(); ++i) {
        const auto exact = static_cast<double>(std::tanh(static_cast<long double>(x(i))));
        const double unit = std::nextafter(exact, 2.0) - exact;
        worst = std::max(worst, std::abs(found(i) - exact) / unit);
    }
    CHECK(worst <= 4.0);
    CHECK(found.maxCoeff() == 1.0);
}
