#include "heddle/core/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/uniforms.hpp"

using namespace heddle;

namespace {

std::vector<double> normals(const Random& random, std::size_t count) {
    std::vector<double> values(count);
    random.fill_normal(values);
    return values;
}

double mean_power(const std::vector<double>& values, int power) {
    double sum = 0.0;
    for (const double value : values) sum += std::pow(value, power);
    return sum / static_cast<double>(values.size());
}

double normal_distribution(double x) {
    return 0.5 * std::erfc(-x / std::sqrt(2.0));
}

}  // namespace

TEST_CASE("Random: the integers are those of numpy.random.Philox(key=[seed, stream])") {
    const std::array<std::uint64_t, 9> zero{
        0x02f4ba6408e4d89b, 0x3dd62b0b9ca8c5b2, 0x1c8667a55d902e79,
        0x907d7a052fd5b4dc, 0x809bf322883987c3, 0x471128b9e807f7dd,
        0xf250ba0dbec065b7, 0xfc6ed66767a457bc, 0x40fa86f0f781945d};
    const std::array<std::uint64_t, 9> one_two{
        0x4f2f4313b5536b09, 0x5b617be3219ff32a, 0x097293476f9275cb,
        0xf63f3bf4962c3942, 0x04dcc60473aa0f43, 0x6d905c9b986b0028,
        0x559a6c953d16fe9d, 0xbd24fd1da9945eea, 0xa3484ceef3376fef};
    const std::array<std::uint64_t, 9> large{
        0xaac6ed7682549aa4, 0x8d5dbc73b6ecb4b8, 0x7da3b8ed25330359,
        0xfca6c533a43dde4c, 0xd8eade7b9198fda6, 0x03d6ffce2546aa43,
        0xd14f6e0b3ccc9f2f, 0xc439db8092b289b7, 0xfccab38cfa1a8ba5};
    for (std::uint64_t i = 0; i < 9; ++i) {
        CHECK(Random(0).integer(i) == zero[i]);
        CHECK(Random(1, 2).integer(i) == one_two[i]);
        CHECK(Random(12345678901234567890u, 9876543210987654321u).integer(i) == large[i]);
    }
    // After bit_generator.advance(250000), which counts blocks of four.
    CHECK(Random(7, 3).integer(1000000) == 0x37a3145c06f91c8b);
    CHECK(Random(7, 3).integer(1000001) == 0x283903ed2d0a3aa8);
}

TEST_CASE("Random: a normal depends on its index alone, not on where a range begins or ends") {
    const Random random(11, 5);
    for (const std::uint64_t first : {0u, 1u, 2u, 3u, 4u, 1021u}) {
        for (const std::size_t count : {0u, 1u, 2u, 3u, 5u, 8u, 13u}) {
            std::vector<double> out(count);
            random.fill_normal(out, first);
            for (std::size_t i = 0; i < count; ++i) CHECK(out[i] == random.normal(first + i));
        }
    }
}

TEST_CASE("Random: uniforms are the upper 52 bits, centred") {
    const Random random(3);
    for (std::uint64_t i = 0; i < 100; ++i) {
        const double bits = std::ldexp(random.uniform(i), 52) - 0.5;
        CHECK(static_cast<std::uint64_t>(bits) == random.integer(i) >> 12);
    }
}

// Statistics with tolerances of 5 standard errors: each would fail once in two million seeds.
TEST_CASE("Random: uniforms have mean 1/2 and variance 1/12") {
    constexpr std::size_t n = 200000;
    double sum = 0.0;
    double squares = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
        const double centred = Random(1).uniform(i) - 0.5;
        CHECK_UNARY(std::abs(centred) < 0.5);
        sum += centred;
        squares += centred * centred;
    }
    CHECK(std::abs(sum / n) < 5 * std::sqrt(1.0 / 12 / n));
    CHECK(std::abs(squares / n - 1.0 / 12) < 5 * std::sqrt(1.0 / 180 / n));
}

TEST_CASE("Random: normals have the moments 0, 1, 0, 3") {
    constexpr std::size_t n = 200000;
    const std::vector<double> values = normals(Random(1), n);
    CHECK(std::abs(mean_power(values, 1)) < 5 * std::sqrt(1.0 / n));
    CHECK(std::abs(mean_power(values, 2) - 1) < 5 * std::sqrt(2.0 / n));
    CHECK(std::abs(mean_power(values, 3)) < 5 * std::sqrt(15.0 / n));
    CHECK(std::abs(mean_power(values, 4) - 3) < 5 * std::sqrt(96.0 / n));
}

TEST_CASE("Random: normals follow the normal distribution") {
    constexpr std::size_t n = 100000;
    std::vector<double> values = normals(Random(2), n);
    std::sort(values.begin(), values.end());
    double distance = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
        const double expected = normal_distribution(values[i]);
        distance = std::max({distance, std::abs(expected - static_cast<double>(i) / n),
                             std::abs(expected - static_cast<double>(i + 1) / n)});
    }
    // Kolmogorov's distribution: 2 exp(−2 · 2.7²) = 1e-6 of all seeds would fail.
    CHECK(distance * std::sqrt(static_cast<double>(n)) < 2.7);
}

TEST_CASE("Random: neighbouring seeds, streams and indices are uncorrelated") {
    constexpr std::size_t n = 200000;
    const std::vector<double> base = normals(Random(4, 4), n);
    const std::vector<double> other_seed = normals(Random(5, 4), n);
    const std::vector<double> other_stream = normals(Random(4, 5), n);
    double seed = 0.0;
    double stream = 0.0;
    double index = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
        seed += base[i] * other_seed[i];
        stream += base[i] * other_stream[i];
        index += base[i] * base[(i + 1) % n];
    }
    const double bound = 5 * std::sqrt(static_cast<double>(n));
    CHECK(std::abs(seed) < bound);
    CHECK(std::abs(stream) < bound);
    CHECK(std::abs(index) < bound);
}

TEST_CASE("stream_of: the published values of FNV-1a") {
    CHECK(stream_of("") == 0xcbf29ce484222325);
    CHECK(stream_of("a") == 0xaf63dc4c8601ec8c);
    CHECK(stream_of("foobar") == 0x85944171f73967e8);
}

TEST_CASE("Uniforms: the numbers of a stream in order") {
    const Random random(7, 11);
    Uniforms stream(7, 11);
    for (std::uint64_t k = 0; k < 10; ++k) CHECK(stream.uniform() == random.uniform(k));
}
