#include "train/unit_kernels.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace heddle;

namespace {

/// Largest distance from the exact values in units in their last place.
template <typename Exact>
double units_off(const Vector& x, const Vector& found, const Exact& exact_of) {
    double worst = 0.0;
    for (Index i = 0; i < x.size(); ++i) {
        const auto exact = static_cast<double>(exact_of(static_cast<long double>(x(i))));
        const double unit = std::nextafter(exact, std::numeric_limits<double>::infinity()) - exact;
        worst = std::max(worst, std::abs(found(i) - exact) / unit);
    }
    return worst;
}

}  // namespace

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
    CHECK(units_off(x, found, [](long double y) { return std::tanh(y); }) <= 4.0);
    CHECK(found.maxCoeff() == 1.0);
}

TEST_CASE("fill_softplus: value and slope are within 4 units in the last place") {
    // Both sides closely, both tails up to where e^{−|x|} ends, and tiny numbers.
    const Index dense = 400'000, wide = 1'000;
    Vector x(2 * dense + 2 * wide);
    x.head(dense).setLinSpaced(-40.0, 40.0);
    x.segment(dense, dense).setLinSpaced(-707.9, 707.9);
    for (Index i = 0; i < wide; ++i) {
        const double size = std::pow(10.0, -320.0 + 322.0 * static_cast<double>(i) / wide);
        x(2 * dense + i) = size;
        x(2 * dense + wide + i) = -size;
    }
    Vector values(x.size()), slopes(x.size());
    fill_softplus(x.data(), x.size(), values.data());
    fill_softplus_slope(x.data(), x.size(), slopes.data());
    const auto value = [](long double y) {
        return std::max(y, 0.0L) + std::log1p(std::exp(-std::abs(y)));
    };
    CHECK(units_off(x, values, value) <= 4.0);
    CHECK(units_off(x, slopes, [](long double y) { return 1.0L / (1.0L + std::exp(-y)); }) <= 4.0);
}

TEST_CASE("fill_softplus: far out it is its argument or next to nothing, its slope 1 or nothing") {
    const double most = std::numeric_limits<double>::max();
    const Vector x{{-most, -1e10, -709.0, 709.0, 1e10, most}};
    Vector values(6), slopes(6);
    fill_softplus(x.data(), 6, values.data());
    fill_softplus_slope(x.data(), 6, slopes.data());
    CHECK(values.head(3).minCoeff() >= 0.0);
    CHECK(values.head(3).maxCoeff() < 1e-307);
    CHECK(values.tail(3) == x.tail(3));
    CHECK(slopes.head(3).minCoeff() >= 0.0);
    CHECK(slopes.head(3).maxCoeff() < 1e-307);
    CHECK(slopes.tail(3) == Vector::Ones(3));
}
