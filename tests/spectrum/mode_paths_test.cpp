#include "heddle/spectrum/mode_paths.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/spectrum/closed_loop.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

Loops random_loops(Index n, Index k, double size, std::uint64_t seed) {
    const double scale = size / std::sqrt(static_cast<double>(n));
    return {scale * examples::random_matrix(n, k, seed), examples::random_matrix(n, k, seed + 1)};
}

Network network_of(const Matrix& weights) {
    return make_network(weights, 1, 1);
}

/// Eigenvalues at g = 1 by `steps` dense decompositions, each mode going to the nearest of the
/// next.
ComplexVector dense_paths(const Matrix& weights, const Loops& loops, int steps) {
    ComplexVector values = eigenvalues(weights);
    for (int s = 1; s <= steps; ++s) {
        const Matrix closed = weights + loops.u * loops.v.transpose() * (1.0 * s / steps);
        const ComplexVector next = eigenvalues(closed);
        for (Complex& value : values) {
            Index j = 0;
            (next.array() - value).abs().minCoeff(&j);
            value = next(j);
        }
    }
    return values;
}

}  // namespace

TEST_CASE("follow_modes: the ends are the spectrum of W + U Vᵀ, one for one") {
    for (const Index k : {1, 3, 8}) {
        const Network network = examples::network(60, static_cast<std::uint64_t>(k));
        const Loops loops = random_loops(60, k, 0.5, 5);
        const ModePaths paths = follow_modes(eigen_system(network), loops);
        CHECK_MESSAGE(paths.trusted, paths.reason);
        CHECK(paths.lost.empty());
        CHECK(paths.mismatch < 1e-9);
        CHECK(distances(paths.after, closed_spectrum(dense_weights(network), loops)).maxCoeff() <
              1e-9);
        CHECK((paths.before - eigenvalues(dense_weights(network))).norm() < 1e-9);
    }
}

TEST_CASE("follow_modes: modes that meet none end where tiny dense steps take them (slow twin)") {
    const Network network = examples::network(24, 4);
    const Loops loops = random_loops(24, 2, 0.1, 9);
    const ModePaths paths = follow_modes(eigen_system(network), loops);
    const ComplexVector twin = dense_paths(dense_weights(network), loops, 4000);
    std::vector<bool> met(24, false);
    for (const ModeMeeting& meeting : paths.meetings)
        for (const Index i : meeting.modes) met[static_cast<std::size_t>(i)] = true;
    Index compared = 0;
    for (Index i = 0; i < 24; ++i) {
        if (met[static_cast<std::size_t>(i)]) continue;
        CHECK(std::abs(paths.after(i) - twin(i)) < 1e-9);
        ++compared;
    }
    CHECK(compared > 12);
}

TEST_CASE("follow_modes: modes that cross without touching each other keep their names") {
    // Nearest neighbours at the ends would exchange them.
    Matrix weights = Matrix::Zero(3, 3);
    weights.diagonal() << 0.5, 0.4, -1.0;
    const Loops loops{Matrix::Identity(3, 1) * -0.3, Matrix::Identity(3, 1)};
    const ModePaths paths = follow_modes(eigen_system(network_of(weights)), loops);
    CHECK(paths.trusted);
    CHECK(paths.meetings.empty());
    CHECK(paths.after(0).real() == doctest::Approx(0.2));
    CHECK(paths.after(1).real() == doctest::Approx(0.4));
}

TEST_CASE("follow_modes: two real modes that become a pair meet where the closed form says") {
    // W + g U Vᵀ = [1, -g; g, 0]: λ = 1/2 ± √(1/4 − g²), together at g = 1/2.
    Matrix weights(2, 2), u(2, 2);
    weights << 1.0, 0.0, 0.0, 0.0;
    u << 0.0, -1.0, 1.0, 0.0;
    const ModePaths paths =
        follow_modes(eigen_system(network_of(weights)), {u, Matrix::Identity(2, 2)});
    CHECK(paths.trusted);
    REQUIRE(paths.meetings.size() == 1);
    CHECK(paths.meetings[0].modes == std::vector<Index>{0, 1});
    CHECK(paths.meetings[0].gate == doctest::Approx(0.5).epsilon(1e-4));
    CHECK(std::abs(paths.meetings[0].value - 0.5) < 0.02);
    const Complex end(0.5, std::sqrt(0.75));
    CHECK(distances(paths.after, ComplexVector{{end, std::conj(end)}}).maxCoeff() < 1e-12);
}

TEST_CASE("follow_modes: derivatives are those of eigenvalues with one gate moved (differences)") {
    const Network network = examples::network(20, 3);
    const Matrix weights = dense_weights(network);
    const Loops loops = random_loops(20, 3, 0.3, 2);
    const ModePaths paths = follow_modes(eigen_system(network), loops);
    REQUIRE(paths.trusted);
    const double h = 1e-6;
    for (const double gate : {0.0, 1.0}) {
        const ComplexMatrix& found = gate == 0.0 ? paths.first : paths.last;
        const ComplexVector& at = gate == 0.0 ? paths.before : paths.after;
        const Matrix centre = weights + gate * loops.u * loops.v.transpose();
        for (Index k = 0; k < 3; ++k) {
            const Matrix change = h * loops.u.col(k) * loops.v.col(k).transpose();
            const ComplexVector up = eigenvalues(centre + change),
                                down = eigenvalues(centre - change);
            for (Index i = 0; i < 20; ++i) {
                const Complex step = h * found(i, k);
                CHECK((up.array() - at(i) - step).abs().minCoeff() < 1e-9);
                CHECK((down.array() - at(i) + step).abs().minCoeff() < 1e-9);
            }
        }
    }
}

TEST_CASE("follow_modes: paths through many meetings still end in different eigenvalues") {
    for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U, 6U}) {
        const Network network = examples::network(40, seed);
        const Loops loops = random_loops(40, 4, 3.0, 10 * seed);
        const ModePaths paths = follow_modes(eigen_system(network), loops);
        CHECK_MESSAGE(paths.trusted, paths.reason);
        CHECK(!paths.meetings.empty());
    }
}

TEST_CASE("follow_modes: modes of symmetric weights and loops never change places") {
    // Real eigenvalues of a symmetric family repel each other: the i-th stays the i-th.
    for (const double size : {-3.0, 0.5, 5.0}) {
        const Matrix draw = examples::random_matrix(40, 40, 3) / 9.0;
        const Matrix u = examples::random_matrix(40, 2, 4) / 6.0;
        const ModePaths paths =
            follow_modes(eigen_system(network_of(draw + draw.transpose())), {size * u, u});
        CHECK_MESSAGE(paths.trusted, paths.reason);
        CHECK(paths.meetings.empty());
        for (Index i = 0; i + 1 < 40; ++i) CHECK(paths.after(i).real() > paths.after(i + 1).real());
    }
}

TEST_CASE("follow_modes: the same bits for any number of threads") {
    const EigenSystem system = eigen_system(examples::network(40, 7));
    const Loops loops = random_loops(40, 3, 2.0, 1);
    const ModePaths one = follow_modes(system, loops, 1), three = follow_modes(system, loops, 3);
    CHECK(one.after == three.after);
    CHECK(one.last == three.last);
    CHECK(one.meetings.size() == three.meetings.size());
}

TEST_CASE("follow_modes: eigenvalues that W has twice are not followed, and it is said") {
    Matrix weights = Matrix::Zero(4, 4);
    weights.diagonal() << 0.5, 0.5, -0.5, -1.0;
    const Loops loops = random_loops(4, 2, 0.4, 3);
    const ModePaths paths = follow_modes(eigen_system(network_of(weights)), loops);
    CHECK(!paths.trusted);
    CHECK(paths.lost == std::vector<Index>{0, 1});
    CHECK(paths.reason.find("more than once") != std::string::npos);
    CHECK(distances(paths.after, closed_spectrum(weights, loops)).maxCoeff() < 1e-9);
}

TEST_CASE("follow_modes: what a loop does not touch stays to the last bit") {
    Matrix weights = Matrix::Zero(3, 3);
    weights.diagonal() << 0.5, 0.5, -1.0;
    Matrix u = Matrix::Zero(3, 1);
    u(2, 0) = 0.25;
    const ModePaths paths = follow_modes(eigen_system(network_of(weights)), {u, u});
    CHECK(paths.trusted);
    CHECK(paths.after(0) == Complex(0.5));
    CHECK(paths.after(1) == Complex(0.5));
    CHECK(paths.after(2).real() == doctest::Approx(-1.0 + 0.0625));
}

TEST_CASE("follow_modes: a system with open loops is refused") {
    const EigenSystem system = eigen_system(examples::network(10, 1));
    const Loops loops = random_loops(10, 1, 0.1, 1);
    CHECK_THROWS_WITH_AS(follow_modes(open_loops(system, loops), loops),
                         doctest::Contains("system: found 1 loops open"), DomainError);
    CHECK_THROWS_AS(follow_modes(system, random_loops(11, 1, 0.1, 1)), ShapeError);
}
