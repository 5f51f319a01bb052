#include <doctest/doctest.h>

#include <cmath>
#include <set>
#include <vector>

#include "core/binomial.hpp"
#include "heddle/core/error.hpp"
#include "spiking/delay_law.hpp"
#include "spiking/distinct.hpp"
#include "spiking/statistics.hpp"
#include "spiking/weight_law.hpp"

using namespace heddle;
using namespace heddle::examples;
using Kind = Distribution::Kind;

// Every statistical check here gives a false alarm at most once in 10⁶ seeds; the seeds are fixed.

TEST_CASE("RowStream: a row is the same however often it is drawn, and rows share no number") {
    const std::uint64_t key = RowStream::key(1, 2);
    RowStream once(key, 3), again(key, 3), row(key, 4), use(key, 3, Draw::synapse_totals),
        projection(RowStream::key(1, 3), 3), seed(RowStream::key(2, 2), 3);
    std::set<std::uint32_t> words;
    for (int i = 0; i < 1000; ++i) {
        const std::uint32_t word = once.word();
        CHECK(word == again.word());
        words.insert({word, row.word(), use.word(), projection.word(), seed.word()});
    }
    // 5000 of 2³²: three pairs would agree by chance once in 10⁸ seeds.
    CHECK(words.size() > 4997);
}

TEST_CASE("RowStream::below: every number is equally likely (chi-square)") {
    RowStream stream(5, 0);
    for (const std::uint32_t range : {2u, 3u, 1000u, 3'000'000'000u}) {
        std::vector<double> counts(std::min(range, 1000u));
        for (int i = 0; i < 200'000; ++i)
            ++counts[static_cast<std::size_t>(static_cast<double>(stream.below(range)) /
                                              static_cast<double>(range) *
                                              static_cast<double>(counts.size()))];
        const double each = 200'000.0 / static_cast<double>(counts.size());
        CHECK(chi_square_passes(counts, std::vector<double>(counts.size(), each)));
    }
}

TEST_CASE(
    "draw_binomial: numbers follow the binomial law, by search and by rejection (chi-square)") {
    RowStream stream(6, 0);
    struct Law {
        int n;
        double p;
    };
    for (const Law law : {Law{20, 0.1}, Law{19, 0.5}, Law{2000, 0.0049}, Law{100, 0.11},
                          Law{400, 0.3}, Law{2000, 0.7}, Law{50, 0.98}}) {
        std::vector<double> counts(static_cast<std::size_t>(law.n) + 1);
        for (int i = 0; i < 300'000; ++i)
            ++counts[static_cast<std::size_t>(draw_binomial(stream, law.n, law.p))];
        CHECK(chi_square_passes(counts, binomial_counts(law.n, law.p, 300'000.0)));
    }
    CHECK(draw_binomial(stream, 7, 0.0) == 0);
    CHECK(draw_binomial(stream, 7, 1.0) == 7);
    CHECK(draw_binomial(stream, 0, 0.5) == 0);
}

TEST_CASE("draw_binomial: moments stay right for half a billion trials") {
    RowStream stream(7, 0);
    const double n = 5e8, p = 1.0 / 20683.0, variance = n * p * (1.0 - p);
    const int draws = 100'000;
    double sum = 0.0, squares = 0.0;
    for (int i = 0; i < draws; ++i) {
        const double x = static_cast<double>(draw_binomial(stream, 500'000'000, p)) - n * p;
        sum += x;
        squares += x * x;
    }
    CHECK(std::abs(sum / draws) < 5.0 * std::sqrt(variance / draws));
    CHECK(std::abs(squares / draws / variance - 1.0) < 5.0 * std::sqrt(2.0 / draws));
}

TEST_CASE("draw_distinct: no number twice, each equally often, few and many alike (chi-square)") {
    for (const std::uint32_t count : {0u, 1u, 30u, 60u, 99u, 100u}) {
        EndsDraw out;
        std::vector<double> counts(100);
        for (std::uint64_t row = 0; row < 5000; ++row) {
            RowStream stream(8, row);
            out.ends.clear();
            draw_distinct(stream, count, 100, out);
            CHECK(std::set<std::uint32_t>(out.ends.begin(), out.ends.end()).size() == count);
            for (const std::uint32_t end : out.ends) ++counts[end];
        }
        // Without replacement counts vary less than those of a chi-square with 99 cells.
        if (count > 0) CHECK(chi_square_passes(counts, std::vector<double>(100, 50.0 * count)));
    }
}

TEST_CASE("draw_weights: weights follow their law, interval included (Kolmogorov)") {
    const std::vector<Distribution> laws{
        {Kind::normal, 87.8, 8.78},         {Kind::normal, 0.0, 1.0, -0.5, 3.0},
        {Kind::lognormal, -2.0, 1.0},       {Kind::lognormal, 2.0, 2.0, 0.5, 4.0},
        {Kind::lorentzian, 1.0, 0.5, -9.0}, {Kind::uniform, 0.0, 0.0, -1.0, 2.0},
    };
    for (std::size_t i = 0; i < laws.size(); ++i) {
        RowStream stream(9, i);
        std::vector<float> weights(500'000);
        draw_weights(laws[i], stream, weights);
        const std::vector<double> sample(weights.begin(), weights.end());
        CHECK(kolmogorov(sample, [&](double x) { return probability_below(laws[i], x); }) <
              kolmogorov_limit);
    }
}

TEST_CASE("draw_weights: the tail of the normal beyond 3.65 is there and no thicker") {
    RowStream stream(10, 0);
    std::vector<float> weights(4'000'000);
    draw_weights({Kind::normal, 0.0, 1.0}, stream, weights);
    for (const double bound : {3.0, 3.7, 4.2}) {
        const double expected = std::erfc(bound / std::sqrt(2.0)) * 4e6;
        double beyond = 0.0;
        for (const float w : weights) beyond += std::abs(w) > bound ? 1.0 : 0.0;
        CHECK(std::abs(beyond - expected) < 5.0 * std::sqrt(expected));
    }
}

TEST_CASE("DelayLaw: delays follow the law rounded to steps, at least one (chi-square)") {
    const std::vector<Distribution> laws{{Kind::normal, 1.5, 0.75, 0.1},
                                         {Kind::lognormal, 1.0, 0.5},
                                         {Kind::uniform, 0.0, 0.0, 0.02, 0.6}};
    for (std::size_t i = 0; i < laws.size(); ++i) {
        const DelayLaw law(laws[i], 0.1, "delay");
        RowStream stream(11, i);
        std::vector<std::uint16_t> drawn(400'000);
        law.draw(stream, drawn);
        std::vector<double> counts(law.steps().size()), expected;
        for (const std::uint16_t position : drawn) ++counts[position];
        for (const std::uint32_t k : law.steps()) {
            const double below = k == 1 ? 0.0 : probability_below(laws[i], (k - 0.5) * 0.1);
            expected.push_back(4e5 * (probability_below(laws[i], (k + 0.5) * 0.1) - below));
        }
        CHECK(law.steps().front() == 1);
        CHECK(chi_square_passes(counts, expected));
    }
}

TEST_CASE("DelayLaw: constants are rounded to the grid and draw nothing") {
    CHECK(DelayLaw({Kind::constant, 1.5}, 0.1, "delay").steps() == std::vector<std::uint32_t>{15});
    CHECK(DelayLaw({Kind::constant, 0.01}, 0.1, "delay").steps() == std::vector<std::uint32_t>{1});
    RowStream stream(1, 1), twin(1, 1);
    std::vector<std::uint16_t> drawn(10);
    DelayLaw({Kind::constant, 1.5}, 0.1, "delay").draw(stream, drawn);
    CHECK(stream.word() == twin.word());
}

TEST_CASE("DelayLaw: a law without a bound that reaches for hours is refused, and told so") {
    CHECK_THROWS_WITH_AS(DelayLaw({Kind::lorentzian, 1.0, 0.5}, 0.1, "delay"),
                         "delay: the law reaches beyond 65535 steps of 0.1 ms; bound it by `high`",
                         DomainError);
}
