#include "population/table_lookup.hpp"

#include <algorithm>
#include <cmath>

#include "circuit/checks.hpp"

namespace heddle {
namespace {

constexpr double slack = 1e-9;  // Of a step.

/// Weights of the four nodes around, of the cubic with central slopes; at an edge the node outside
/// is on the parabola through the last three.
std::array<double, 4> cubic_weights(double t, bool at_start, bool at_end) {
    const double u = 1.0 - t;
    std::array<double, 4> w{-0.5 * t * u * u, 1.0 - t * t * (2.5 - 1.5 * t),
                            1.0 - u * u * (2.5 - 1.5 * u), -0.5 * u * t * t};
    if (at_start) {
        w[1] += 3.0 * w[0];
        w[2] -= 3.0 * w[0];
        w[3] += w[0];
        w[0] = 0.0;
    }
    if (at_end) {
        w[2] += 3.0 * w[3];
        w[1] -= 3.0 * w[3];
        w[0] += w[3];
        w[3] = 0.0;
    }
    return w;
}

}  // namespace

TableLookup::TableLookup(const CascadeTables& tables)
    : mu_{tables.mu[0], tables.mu[1] - tables.mu[0], tables.mu.size()},
      sigma_{tables.sigma[0], tables.sigma[1] - tables.sigma[0], tables.sigma.size()} {
    for (Index i = 0; i < mu_.count; ++i)
        for (Index j = 0; j < sigma_.count; ++j) {
            smooth_.push_back({1e-3 * tables.rate(i, j), tables.mean_potential(i, j)});
            const Complex first = tables.lambda_1(i, j), second = tables.lambda_2(i, j);
            const auto both = [&](const ComplexMatrix& one, const ComplexMatrix& two, int power) {
                const Complex a = power ? first : 1.0, b = power ? second : 1.0;
                return 1e-3 * (a * one(i, j) + b * two(i, j)).real();
            };
            const ComplexMatrix &mu_1 = tables.mu_coupling_1, &mu_2 = tables.mu_coupling_2;
            const ComplexMatrix &sigma_1 = tables.sigma_coupling_1,
                                &sigma_2 = tables.sigma_coupling_2;
            const Rough row{tables.tau_mu(i, j),
                            tables.tau_sigma(i, j),
                            tables.tau(i, j),
                            tables.omega(i, j),
                            first.real(),
                            first.imag(),
                            (first + second).real(),
                            (first * second).real(),
                            both(mu_1, mu_2, 0),
                            both(mu_1, mu_2, 1),
                            both(sigma_1, sigma_2, 0),
                            both(sigma_1, sigma_2, 1)};
            rough_.push_back(row);
        }
    for (Index i = 0; i < mu_.count; ++i)
        for (Index j = 0; j < sigma_.count; ++j) steep_.push_back(steep_at(i, j));
}

TableLookup::Steep TableLookup::steep_at(Index i, Index j) const {
    const auto rate = [&](Index k, Index l) {
        return smooth_[static_cast<std::size_t>(k * sigma_.count + l)][0];
    };
    const auto slope = [](const auto& along, Index at, const Axis& axis) {
        if (at == 0) return (4.0 * along(1) - 3.0 * along(0) - along(2)) / (2.0 * axis.step);
        if (at + 1 == axis.count)
            return (3.0 * along(at) - 4.0 * along(at - 1) + along(at - 2)) / (2.0 * axis.step);
        return (along(at + 1) - along(at - 1)) / (2.0 * axis.step);
    };
    const Rough& node = rough_[static_cast<std::size_t>(i * sigma_.count + j)];
    return {slope([&](Index k) { return rate(k, j); }, i, mu_) + node[8],
            slope([&](Index l) { return rate(i, l); }, j, sigma_) + node[10]};
}

TableLookup::Place TableLookup::Axis::place(double x) const {
    const double at = std::clamp((x - first) / step, 0.0, static_cast<double>(count - 1));
    const Index left = std::min(static_cast<Index>(at), count - 2);
    return {left, at - static_cast<double>(left)};
}

bool TableLookup::holds(double mu, double sigma) const {
    const auto within = [](const Axis& axis, double x) {
        return x >= axis.first - slack * axis.step && x <= axis.last() + slack * axis.step;
    };
    return within(mu_, mu) && within(sigma_, sigma);
}

TableLookup::Smooth TableLookup::cubic(const Place& mu, const Place& sigma) const {
    const auto along_mu = cubic_weights(mu.part, mu.left == 0, mu.left + 2 == mu_.count);
    const auto along_sigma =
        cubic_weights(sigma.part, sigma.left == 0, sigma.left + 2 == sigma_.count);
    Smooth sum{};
    for (Index i = 0; i < 4; ++i) {
        const double of_row = along_mu[static_cast<std::size_t>(i)];
        if (of_row == 0.0) continue;
        const Index row = (mu.left + i - 1) * sigma_.count + sigma.left - 1;
        for (Index j = 0; j < 4; ++j) {
            const double weight = of_row * along_sigma[static_cast<std::size_t>(j)];
            if (weight == 0.0) continue;
            const Smooth& node = smooth_[static_cast<std::size_t>(row + j)];
            for (std::size_t k = 0; k < smooth; ++k) sum[k] += weight * node[k];
        }
    }
    return sum;
}

TableLookup::Rough TableLookup::linear(const Place& mu, const Place& sigma) const {
    Rough sum{};
    for (Index i = 0; i < 2; ++i)
        for (Index j = 0; j < 2; ++j) {
            const double weight =
                (i ? mu.part : 1.0 - mu.part) * (j ? sigma.part : 1.0 - sigma.part);
            const Index node = (mu.left + i) * sigma_.count + sigma.left + j;
            for (std::size_t k = 0; k < rough; ++k)
                sum[k] += weight * rough_[static_cast<std::size_t>(node)][k];
        }
    return sum;
}

TableValue TableLookup::at(double mu, double sigma) const {
    const Place on_mu = mu_.place(mu), on_sigma = sigma_.place(sigma);
    const Smooth s = cubic(on_mu, on_sigma);
    const Rough r = linear(on_mu, on_sigma);
    return {std::max(0.0, s[0]),
            s[1],
            r[0],
            r[1],
            r[2],
            r[3],
            {r[4], r[5]},
            r[6],
            r[7],
            r[8],
            r[9],
            r[10],
            r[11]};
}

TableBend TableLookup::bend(double mu, double sigma) const {
    const Place on_mu = mu_.place(mu), on_sigma = sigma_.place(sigma);
    const auto row = static_cast<std::size_t>(on_mu.left * sigma_.count + on_sigma.left);
    const auto next = row + static_cast<std::size_t>(sigma_.count);
    const auto along = [&](std::size_t k) {
        const double a = steep_[row][k], b = steep_[row + 1][k];
        const double c = steep_[next][k], d = steep_[next + 1][k];
        const double p = on_mu.part, q = on_sigma.part;
        return std::array{(1 - p) * ((1 - q) * a + q * b) + p * ((1 - q) * c + q * d),
                          ((1 - q) * (c - a) + q * (d - b)) / mu_.step,
                          ((1 - p) * (b - a) + p * (d - c)) / sigma_.step};
    };
    const auto m = along(0), s = along(1);
    return {m[0], s[0], m[1], m[2], s[1], s[2]};
}

std::string TableLookup::range() const {
    return "mu from " + quantity(mu_.first, "mV") + " to " + quantity(mu_.last(), "mV") +
           " and sigma from " + quantity(sigma_.first, "mV") + " to " +
           quantity(sigma_.last(), "mV");
}

}  // namespace heddle
