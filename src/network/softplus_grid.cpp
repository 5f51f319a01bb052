#include "network/softplus_grid.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/vectorise.hpp"
#include "network/smoothed.hpp"

namespace heddle {
namespace {

constexpr std::size_t lanes = 8;
// For f⁽ᵏ⁾, analytic for |Im x| < π, the rule is off by exp(−2 π² / h), times that exponent's power
// k; for the law by exp(−2 π² w / h²).
constexpr double widest = 0.5;
constexpr double least_variance = 2.76;  // Over h².
// Terms e^{−|x|} N(x; u, w) are left out below e⁻³⁰ of the greatest.
constexpr double left_out = 30.0;

/// The x from which terms are left out. They are greatest at 0, at u − w if that is above, at u + w
/// if that is below.
double last_term(double u, double w) {
    const double towards = w - u, square = 2.0 * left_out * w, width = std::sqrt(square);
    if (towards <= 0.0) return width - towards;
    return std::min(square / (towards + std::sqrt(towards * towards + square)), u + w + width);
}

/// weights[j] = h N(from + j h; 0, w), by products.
/// \param n  A multiple of the lanes.
HEDDLE_VECTORISE_WIDE void normal_weights(std::size_t n, double from, double h, double w,
                                          double* __restrict weights) {
    const double scale = h / std::sqrt(2.0 * std::numbers::pi * w);
    const double shrinks = std::exp(-h * h / w);
    double weight = scale * std::exp(-0.5 * from * from / w);
    double next = std::exp(-h * (from + 0.5 * h) / w);
    // Of the next `lanes`: the product of as many ratios of neighbours.
    const double shrinks2 = shrinks * shrinks, shrinks4 = shrinks2 * shrinks2;
    const double shrinks8 = shrinks4 * shrinks4, shrinks16 = shrinks8 * shrinks8;
    const double shrinks28 = shrinks16 * shrinks8 * shrinks4;
    const double shrinks64 = shrinks16 * shrinks16 * shrinks16 * shrinks16;
    double now[lanes], ratio[lanes];
    for (std::size_t l = 0; l < lanes; ++l) {
        const double next2 = next * next, next4 = next2 * next2;
        now[l] = weight;
        ratio[l] = next4 * next4 * shrinks28;
        weight *= next;
        next *= shrinks;
    }
    for (std::size_t j = 0; j < n; j += lanes)
        for (std::size_t l = 0; l < lanes; ++l) {
            weights[j + l] = now[l];
            now[l] *= ratio[l];
            ratio[l] *= shrinks64;
        }
}

HEDDLE_VECTORISE_WIDE double dot(std::size_t n, const double* __restrict a,
                                 const double* __restrict b) {
    double part[lanes] = {};
    for (std::size_t j = 0; j < n; j += lanes)
        for (std::size_t l = 0; l < lanes; ++l) part[l] += a[j + l] * b[j + l];
    for (std::size_t width = lanes / 2; width > 0; width /= 2)
        for (std::size_t l = 0; l < width; ++l) part[l] += part[l + width];
    return part[0];
}

}  // namespace

/// d⁽ᵏ⁾ on a grid, and zeros behind it.
struct SoftplusGrid::Remainders {
    std::array<std::array<double, most>, most_derivatives + 1> of{};

    explicit Remainders(double h) {
        for (int order = 0; order <= most_derivatives; ++order)
            for (int j = -reach; j <= reach; ++j) {
                // d is even; where x is negative, nothing is lost.
                const double x = -h * std::abs(j);
                const double sign = j > 0 && order % 2 == 1 ? -1.0 : 1.0;
                of[static_cast<std::size_t>(order)][static_cast<std::size_t>(j + reach)] =
                    sign * (softplus_mean(order, x, 0.0) - rectified_mean(order, x, variance));
            }
    }
};

const SoftplusGrid::Remainders& SoftplusGrid::remainders(std::size_t halvings) {
    static const std::array<Remainders, grids> tables{
        Remainders(widest), Remainders(widest / 2), Remainders(widest / 4), Remainders(widest / 8)};
    return tables[halvings];
}

bool SoftplusGrid::set(double u, double w) {
    double h = widest;
    halvings_ = 0;
    for (; w < least_variance * h * h; h *= 0.5)
        if (++halvings_ == grids) return false;
    const double least = -last_term(-u, w) / h, greatest = last_term(u, w) / h;
    if (!(least >= -reach && greatest <= reach)) return false;
    const int first = static_cast<int>(least), last = static_cast<int>(greatest);
    first_ = static_cast<std::size_t>(first + reach);
    count_ = (static_cast<std::size_t>(last - first) / lanes + 1) * lanes;
    normal_weights(count_, h * first - u, h, w, weights_.data());
    return true;
}

double SoftplusGrid::sum(int order) const {
    const double* table = remainders(halvings_).of[static_cast<std::size_t>(order)].data();
    return dot(count_, table + first_, weights_.data());
}

}  // namespace heddle
