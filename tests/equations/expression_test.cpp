#include "heddle/equations/expression.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "equations/expansion.hpp"
#include "equations/interval.hpp"
#include "equations/tape.hpp"
#include "network/smoothed.hpp"

using namespace heddle;

namespace {

double value(const Expression& formula, double x, double y) {
    const Tape tape({"x", "y"}, {formula});
    std::vector<double> values(tape.size());
    values[0] = x;
    values[1] = y;
    tape.run(values.data());
    return tape.output(0, values.data());
}

/// One of each operation, smooth where it is tried.
std::vector<Expression> formulas() {
    const Expression x = symbol("x"), y = symbol("y");
    return {x * y + 3.0 * x - y / x,
            power(x, 3.0) - power(y, -2.0) + power(x, 0.5),
            exponential(-0.5 * x * y),
            logarithm(x + square(y)),
            hyperbolic_tangent(x - y),
            absolute(x - 4.0) * y,
            normal_below(x * y) + normal_density(y),
            softplus_mean(0, x - y, 0.3 * y),
            softplus_mean(1, x, y),
            softplus_mean(2, x - 1.0, x * y),
            rectified_mean(0, x - y, y),
            rectified_mean(1, x - 1.0, square(y)),
            rectified_mean(2, x - y, y)};
}

}  // namespace

TEST_CASE("expression: numbers fold, zeros and ones go, equal parts meet") {
    const Expression x = symbol("x");
    CHECK((x * 0.0).is(0.0));
    CHECK((x - x).is(0.0));
    CHECK((x / x).is(1.0));
    CHECK(equal(2.0 * x + 3.0 * x, 5.0 * x));
    CHECK(equal(x * x * x, power(x, 3.0)));
    CHECK((1.0 * x + 0.0).same(x));
    CHECK((Expression(2.0) * 3.0).is(6.0));
}

TEST_CASE("derivative: agrees with central differences, for every operation") {
    for (const Expression& formula : formulas())
        for (const auto& [x, y] : {std::pair(1.3, 0.7), {2.4, 1.9}, {0.6, 2.2}}) {
            const double h = 1e-4;
            const double by_x = (value(formula, x + h, y) - value(formula, x - h, y)) / (2.0 * h);
            const double by_y = (value(formula, x, y + h) - value(formula, x, y - h)) / (2.0 * h);
            CHECK(value(derivative(formula, "x"), x, y) == doctest::Approx(by_x).epsilon(1e-6));
            CHECK(value(derivative(formula, "y"), x, y) == doctest::Approx(by_y).epsilon(1e-6));
        }
}

TEST_CASE("jets: second and third derivatives along a direction are those of the derivatives") {
    for (const Expression& formula : formulas()) {
        const Tape tape({"x", "y"}, {formula});
        const double x = 1.3, y = 0.7, a = 0.8, b = -0.5;
        const Jet found = tape.run_with<Jet>({Jet(x, a), Jet(y, b)}, jet_step)[0];
        const auto along = [&](const Expression& f) {
            return a * derivative(f, "x") + b * derivative(f, "y");
        };
        const Expression once = along(formula), twice = along(once), thrice = along(twice);
        CHECK(found.c[0] == doctest::Approx(value(formula, x, y)).epsilon(1e-12));
        CHECK(found.c[1] == doctest::Approx(value(once, x, y)).epsilon(1e-10));
        CHECK(found.c[2] == doctest::Approx(value(twice, x, y) / 2.0).epsilon(1e-10));
        CHECK(found.c[3] == doctest::Approx(value(thrice, x, y) / 6.0).epsilon(1e-9));
    }
}

TEST_CASE("intervals: hold every value on a box, and shrink to it with the box") {
    for (const Expression& formula : formulas()) {
        const Tape tape({"x", "y"}, {formula});
        for (const double reach : {0.5, 0.1, 0.01}) {
            const Interval held = tape.run_with<Interval>(
                {{1.3 - reach, 1.3 + reach}, {0.7 - reach, 0.7 + reach}}, interval_step)[0];
            double least = INFINITY, most = -INFINITY;
            for (int i = -8; i <= 8; ++i)
                for (int j = -8; j <= 8; ++j) {
                    const double found = value(formula, 1.3 + reach * i / 8, 0.7 + reach * j / 8);
                    CHECK(held.holds(found));
                    least = std::min(least, found);
                    most = std::max(most, found);
                }
            if (reach < 0.05) CHECK(held.width() < 4.0 * (most - least) + 0.02);
        }
    }
}

TEST_CASE("intervals: powers and products at the ends of the number line") {
    const Tape inverse({"x"}, {power(symbol("x"), -1.0)});
    const auto at = [&](double a, double b) {
        return inverse.run_with<Interval>({{a, b}}, interval_step)[0];
    };
    CHECK(at(0.0, 2.0).most == INFINITY);
    CHECK(at(0.0, 2.0).least == doctest::Approx(0.5));
    CHECK(at(-1.0, 1.0).least == -INFINITY);
    CHECK(at(2.0, INFINITY).least <= 0.0);
}

TEST_CASE("softplus_mean: derivatives are bounded as the interval extension takes for granted") {
    for (int order = 1; order <= most_derivatives; ++order) {
        double most = 0.0;
        for (double u = -12.0; u < 12.0; u += 1e-3)
            most = std::max(most, std::abs(softplus_mean(order, u, 0.0)));
        CHECK(most <= softplus_bound(order));
        CHECK(most > 0.99 * softplus_bound(order));
    }
}

TEST_CASE("softplus_mean and rectified_mean: means over a normal law, by a fine rule") {
    const auto mean = [](auto f, double u, double w) {
        double sum = 0.0;
        for (int k = -40000; k <= 40000; ++k) {
            const double z = 3e-4 * k;
            sum += f(u + std::sqrt(w) * z) * std::exp(-0.5 * z * z);
        }
        return sum * 3e-4 / std::sqrt(2.0 * M_PI);
    };
    for (const auto& [u, w] : {std::pair(0.3, 2.0), {-3.0, 0.5}, {5.0, 30.0}}) {
        CHECK(softplus_mean(0, u, w) ==
              doctest::Approx(mean([](double x) { return std::log1p(std::exp(x)); }, u, w)));
        CHECK(softplus_mean(2, u, w) ==
              doctest::Approx(
                  mean([](double x) { return 0.25 / std::pow(std::cosh(x / 2), 2); }, u, w)));
        CHECK(rectified_mean(0, u, w) ==
              doctest::Approx(mean([](double x) { return std::max(x, 0.0); }, u, w)));
    }
}

TEST_CASE("softplus_mean: the rule is as near as intervals take for granted, for all derivatives") {
    for (const double w : {0.01, 0.011, 0.05, 0.17, 0.18, 0.68, 0.7, 2.0, 12.0, 60.0})
        for (double u = -14.0; u <= 14.0; u += 1.4)
            for (int order = 0; order <= most_derivatives; ++order) {
                // A fine rule on z.
                double fine = 0.0;
                const double spacing = 0.1 / (1.0 + std::sqrt(w));
                for (int k = -150 * 8; k <= 150 * 8; ++k) {
                    const double z = spacing * k;
                    if (std::abs(z) < 10.0)
                        fine += softplus_mean(order, u + std::sqrt(w) * z, 0.0) *
                                std::exp(-0.5 * z * z);
                }
                fine *= spacing / std::sqrt(2.0 * M_PI);
                const double unit = order == 0 ? 1.0 + std::sqrt(w) : softplus_bound(order);
                CHECK(std::abs(softplus_mean(order, u, w) - fine) < softplus_error(order) * unit);
            }
}

TEST_CASE("softplus_mean: the relative error is below 1e-11 however small the mean is") {
    const auto f = [](int order, double x) {
        const double e = std::exp(-std::abs(x));
        if (order == 0) return std::max(x, 0.0) + std::log1p(e);
        if (order == 1) return (x < 0.0 ? e : 1.0) / (1.0 + e);
        return e / ((1.0 + e) * (1.0 + e));
    };
    // By a fine rule, as far as e^{−|x|} moves what counts.
    const auto plain = [&](int order, double u, double w) {
        const double step = 0.05 * std::min(1.0, std::sqrt(w));
        const int reach = static_cast<int>((12.0 * std::sqrt(w) + w) / step);
        double sum = 0.0;
        for (int k = -reach; k <= reach; ++k)
            sum += f(order, u + k * step) * std::exp(-0.5 * k * step * (k * step / w));
        return sum * step / std::sqrt(2.0 * M_PI * w);
    };
    for (const double w : {0.01, 0.011, 0.05, 0.5, 0.7, 1.0, 4.0, 21.0, 49.0, 200.0})
        for (const double u :
             {0.0, 0.7, -2.0, 5.0, -30.0, 30.0, -60.0, 60.0, -110.0, 150.0, -300.0})
            for (int order = 0; order <= 2; ++order) {
                INFO("order " << order << ", u " << u << ", w " << w);
                const double mean = plain(order, u, w);
                CHECK(std::abs(softplus_mean(order, u, w) / mean - 1.0) < 1e-11);
            }
}

TEST_CASE("SoftplusMeans: orders in any number and order are those of one at a time, to the bit") {
    SoftplusMeans means(3.0, 9.0);
    for (const auto& [u, w] : {std::pair(1.0, 20.0), {1.0, 0.3}, {1.0, 0.0}, {-90.0, 4.0}}) {
        means.set(u, w);
        for (const int order : {2, 0, 1, 0, 8})
            CHECK(means.of(order) == softplus_mean(order, u, w));
    }
}

TEST_CASE("a tape: means of other parts in between do not change the next") {
    const Expression x = symbol("x"), y = symbol("y");
    for (const Expression& wide : {y, 0.01 * y}) {
        const Expression sum = softplus_mean(0, x, wide) + 2.0 * softplus_mean(1, y, x) +
                               3.0 * softplus_mean(1, x, wide) + softplus_mean(2, y, x);
        const double w = wide.same(y) ? 9.0 : 0.01 * 9.0;
        const double expected = softplus_mean(0, 4.0, w) + 2.0 * softplus_mean(1, 9.0, 4.0) +
                                3.0 * softplus_mean(1, 4.0, w) + softplus_mean(2, 9.0, 4.0);
        CHECK(value(sum, 4.0, 9.0) == doctest::Approx(expected).epsilon(1e-14));
    }
}
