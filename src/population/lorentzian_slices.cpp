#include <cmath>
#include <complex>
#include <numbers>

#include "population/quadratic_writer.hpp"

namespace heddle {

std::vector<LorentzianSlice> lorentzian_slices(Index count) {
    constexpr double ripple = 0.02;
    const auto parts = static_cast<double>(count);
    const double radius = count == 1 ? 0.0 : std::pow(ripple, 1.0 / (parts - 1.0));
    std::vector<LorentzianSlice> slices;
    for (Index m = 0; m < count; ++m) {
        const double angle =
            2.0 * std::numbers::pi * (static_cast<double>(m) - 0.5 * (parts - 1.0)) / parts;
        const Complex z = -std::polar(radius, angle);
        const Complex place = Complex(0.0, 1.0) * (1.0 + z) / (1.0 - z);
        slices.push_back({place.real(), place.imag()});
    }
    return slices;
}

}  // namespace heddle
