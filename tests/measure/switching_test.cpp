#include "heddle/measure/switching.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "heddle/core/error.hpp"
#include "heddle/core/random.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/exponential.hpp"
#include "heddle/linalg/solve.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

SwitchingOptions discrete() {
    return {.time = MapTime::discrete};
}

/// Two rotations by shears of opposite kinds: each decays, in turn they grow.
std::vector<Matrix> opposed(double size) {
    Matrix a(2, 2), b(2, 2);
    a << 0.5, size, 0.0, 0.5;
    b << 0.5, 0.0, size, 0.5;
    return {a, b};
}

/// One map alone and with either of two loops u vᵀ and v uᵀ, u and v orthogonal unit vectors.
std::vector<Matrix> adapted_maps(Index n, double size) {
    const Matrix base = 0.2 * examples::random_matrix(n, n, 1) / std::sqrt(static_cast<double>(n));
    const Matrix uv = orthonormal(examples::random_matrix(n, 2, 2));
    const Matrix loop = size * uv.col(0) * uv.col(1).transpose();
    return {base, base + loop, base + loop.transpose()};
}

/// Largest |x| on the way, over random stays of `least` steps or more, from |x| = 1.
double largest_state(const std::vector<Matrix>& steps, std::uint64_t least, std::uint64_t seed) {
    const Random random(seed);
    Vector x = examples::random_matrix(steps.front().rows(), 1, seed + 7).col(0).normalized();
    double largest = 1.0;
    for (std::uint64_t k = 0; k < 60; ++k) {
        const Matrix& step = steps[random.integer(2 * k) % steps.size()];
        for (std::uint64_t t = least + random.integer(2 * k + 1) % (least + 1); t > 0; --t) {
            x = step * x;
            largest = std::max(largest, x.norm());
        }
    }
    return largest;
}

}  // namespace

TEST_CASE("certify_switching: maps of norm below 1 may switch in any way") {
    const std::vector<Matrix> maps{0.9 * Matrix::Identity(3, 3), -0.5 * Matrix::Identity(3, 3)};
    const SwitchingCertificate found = certify_switching(maps, discrete());
    CHECK(found.verdict == "any");
    CHECK(found.dwell == 0.0);
    CHECK(found.rate == doctest::Approx(-std::log(0.9)).epsilon(0.03));
    CHECK(found.margin(1) == doctest::Approx(0.5));
}

TEST_CASE("certify_switching: stable maps that grow in turn get a dwell time, and the word") {
    // The product has trace 2 (1/4) + size² > 2: its spectral radius exceeds 1.
    const std::vector<Matrix> maps = opposed(2.0);
    const SwitchingCertificate found = certify_switching(maps, discrete());
    CHECK(found.verdict == "dwell");
    CHECK(found.grows);
    REQUIRE(found.radius.word.size() >= 2);
    const double growth = std::sqrt(spectral_radius(eigenvalues(maps[1] * maps[0])));
    CHECK(found.radius.lower >= growth - 1e-12);
    CHECK(found.dwell > 1.0);
    CHECK(found.dwell < 20.0);
    // Words of equal stays grow below a dwell time that is not much shorter.
    const auto growing = [&](Index stay) {
        return spectral_radius(eigenvalues(power(maps[1], stay) * power(maps[0], stay))) > 1.0;
    };
    CHECK(!growing(static_cast<Index>(found.dwell)));
    CHECK(growing(1));
    CHECK(found.statement.find("stays for") != std::string::npos);
}

TEST_CASE("certify_switching: the dwell condition holds in the norm it names (residual)") {
    for (const MapTime time : {MapTime::discrete, MapTime::continuous}) {
        SwitchingOptions options{.time = time};
        const std::vector<Matrix> maps = adapted_maps(12, time == MapTime::discrete ? 2.0 : 6.0);
        const SwitchingCertificate found = certify_switching(maps, options);
        REQUIRE_MESSAGE(found.verdict == "dwell", found.statement);
        const Matrix& t = found.transform;
        const Matrix back = solve(t, Matrix::Identity(12, 12));
        for (const Matrix& w : maps)
            for (double stay = found.dwell; stay < 6.0 * found.dwell;
                 stay += 0.37 * options.resolution) {
                if (time == MapTime::discrete && stay != std::floor(stay)) continue;
                const Matrix flow = time == MapTime::discrete
                                        ? power(w, static_cast<Index>(stay))
                                        : exponential((w - Matrix::Identity(12, 12)) * stay);
                CHECK(spectral_norm(t * flow * back) < 1.0);
            }
    }
}

TEST_CASE("certify_switching: no random switching grows beyond the constant it proves") {
    const std::vector<Matrix> any = adapted_maps(12, 0.5), slow = adapted_maps(12, 2.0);
    const SwitchingCertificate fast = certify_switching(any, discrete());
    REQUIRE(fast.verdict == "any");
    const SwitchingCertificate dwell = certify_switching(slow, discrete());
    REQUIRE(dwell.verdict == "dwell");
    const auto least = static_cast<std::uint64_t>(dwell.dwell);
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        CHECK(largest_state(any, 1, seed) <= fast.constant * (1 + 1e-9));
        CHECK(largest_state(slow, least, seed) <= dwell.constant * (1 + 1e-9));
    }
}

TEST_CASE("certify_switching: in continuous time a common Lyapunov matrix proves any switching") {
    // Not normal, so that the 2-norm alone proves nothing.
    Matrix a(2, 2), b(2, 2);
    a << 0.0, 3.0, 0.0, 0.0;
    b << 0.2, 3.0, 0.0, -0.3;
    const SwitchingCertificate found = certify_switching({a, b});
    REQUIRE_MESSAGE(found.verdict == "any", found.statement);
    const Matrix p = found.transform.transpose() * found.transform;
    for (const Matrix& w : {a, b}) {
        const Matrix generator = w - Matrix::Identity(2, 2);
        const Matrix lyapunov = p * generator + generator.transpose() * p + 2.0 * found.rate * p;
        CHECK(spectral_abscissa(eigenvalues(lyapunov)) < 1e-9 * p.norm());
    }
    CHECK(found.rate > 0.0);
    CHECK(found.constant > 1.0);
}

TEST_CASE("certify_switching: a map that is not stable by itself is named") {
    std::vector<Matrix> maps = opposed(0.1);
    maps.push_back(1.25 * Matrix::Identity(2, 2));
    const SwitchingCertificate found = certify_switching(maps, discrete());
    CHECK(found.verdict == "unstable");
    CHECK(found.statement.find("map 2 is not stable by itself, max |λ| = 1.25") == 0);
    CHECK(std::isinf(found.dwell));
    CHECK(certify_switching({1.25 * Matrix::Identity(2, 2)}).verdict == "unstable");
}

TEST_CASE("certify_switching: a dwell time beyond the limit leaves it undecided, and it is said") {
    SwitchingOptions options = discrete();
    options.most_dwell = 2;
    const SwitchingCertificate found = certify_switching(opposed(50.0), options);
    CHECK(found.verdict == "undecided");
    CHECK(found.statement.find("nothing is proven, up to a dwell time of 2 steps") == 0);
    CHECK(found.constant == 0.0);
}

TEST_CASE("certify_switching: maps that do not fit and options out of range are refused by name") {
    CHECK_THROWS_WITH_AS(certify_switching({}), doctest::Contains("maps: found none"), DomainError);
    CHECK_THROWS_WITH_AS(certify_switching({Matrix::Zero(2, 2), Matrix::Zero(3, 3)}),
                         doctest::Contains("maps[1]"), ShapeError);
    CHECK_THROWS_WITH_AS(certify_switching({Matrix::Constant(2, 2, NAN)}),
                         doctest::Contains("maps[0]"), DomainError);
    CHECK_THROWS_WITH_AS(certify_switching({Matrix::Zero(2, 2)}, {.resolution = 0.0}),
                         doctest::Contains("resolution"), DomainError);
    CHECK_THROWS_WITH_AS(certify_switching({Matrix::Zero(2, 2)}, {.most_dwell = 0}),
                         doctest::Contains("most_dwell: found 0"), DomainError);
}
