#include "heddle/rectified/ctln.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/rectified/fixed_points.hpp"
#include "support/examples.hpp"

// Graph rules as numbered by Curto & Morrison (2023), arXiv:2301.12638.
using namespace heddle;

namespace {

Matrix random_graph(Index n, std::uint64_t seed, double p = 0.5) {
    Matrix graph = Matrix::Zero(n, n);
    const Random random(seed);
    for (Index j = 0; j < n; ++j)
        for (Index i = 0; i < n; ++i)
            if (i != j && random.uniform(static_cast<std::uint64_t>(i + n * j)) < p)
                graph(i, j) = 1.0;
    return graph;
}

Matrix cycle(Index n) {
    Matrix graph = Matrix::Zero(n, n);
    for (Index j = 0; j < n; ++j) graph((j + 1) % n, j) = 1.0;
    return graph;
}

FixedPoints points_of(const Matrix& graph, double epsilon = 0.25, double delta = 0.5) {
    Network network =
        make_network(ctln_weights(graph, epsilon, delta), 1, 0, 0.01, Response::rectified);
    network.bias = Vector::Ones(graph.rows());
    return fixed_points(rate_form(network), {.threads = 1});
}

std::set<Support> supports(const FixedPoints& found, Index shift = 0) {
    std::set<Support> all;
    for (const FixedPoint& point : found.points) {
        Support support = point.support;
        for (Index& unit : support) unit += shift;
        all.insert(support);
    }
    return all;
}

Support everyone(Index n) {
    Support all;
    for (Index j = 0; j < n; ++j) all.push_back(j);
    return all;
}

Support joined(Support a, const Support& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

}  // namespace

TEST_CASE("ctln: the points of random graphs are those of the 2ⁿ enumeration (slow twin)") {
    std::size_t most = 0;
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        const Index n = 12;
        const Matrix w = ctln_weights(random_graph(n, seed), 0.21, 0.47);
        std::set<Support> enumerated;
        for (std::uint64_t bits = 1; bits < (1U << n); ++bits) {
            Support support;
            for (Index j = 0; j < n; ++j)
                if ((bits >> j) & 1U) support.push_back(j);
            const auto size = static_cast<Index>(support.size());
            Vector z = Vector::Zero(n);
            z(support) =
                solve(Matrix::Identity(size, size) - w(support, support), Vector::Ones(size));
            const Vector y = w * z + Vector::Ones(n);
            bool holds = true;
            for (Index j = 0; j < n; ++j)
                holds = holds && (((bits >> j) & 1U) != 0) == (y[j] > 0.0);
            if (holds) enumerated.insert(support);
        }
        const FixedPoints found = points_of(random_graph(n, seed), 0.21, 0.47);
        CHECK(found.trusted);
        CHECK(supports(found) == enumerated);
        most = std::max(most, found.points.size());
    }
    CHECK(most > 6);
}

TEST_CASE("ctln: the number of points is odd and their indices add up to 1 (parity)") {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const FixedPoints found = points_of(random_graph(18, seed), 0.21, 0.47);
        CHECK(found.trusted);
        CHECK(found.degree_known);
        CHECK(found.points.size() % 2 == 1);
        CHECK(found.index_sum == 1);
        CHECK(found.bounded);
    }
}

TEST_CASE("ctln: {i} supports a stable point iff i is a sink (rule of sinks)") {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        Matrix graph = random_graph(9, seed, 0.4);
        graph.col(2).setZero();
        const FixedPoints found = points_of(graph);
        for (Index j = 0; j < 9; ++j)
            CHECK(supports(found).contains({j}) == (graph.col(j).sum() == 0.0));
        for (const FixedPoint& point : found.points)
            if (point.support.size() == 1) CHECK(point.stable);
    }
}

TEST_CASE("ctln: an n-cycle has one point; it has full support and is unstable (cycles)") {
    for (Index n = 3; n <= 9; ++n) {
        const FixedPoints found = points_of(cycle(n));
        REQUIRE(found.points.size() == 1);
        CHECK(found.points[0].support == everyone(n));
        CHECK(!found.points[0].stable);
    }
}

TEST_CASE(
    "ctln: a set of uniform in-degree d is a support iff no other unit gets more than d of it") {
    // Uniform in-degree: here a 3-cycle (d = 1) and one unit outside that gets edges of k of it.
    for (Index k = 0; k <= 3; ++k) {
        Matrix graph = Matrix::Zero(4, 4);
        graph.topLeftCorner(3, 3) = cycle(3);
        for (Index j = 0; j < k; ++j) graph(3, j) = 1.0;
        CHECK(supports(points_of(graph)).contains({0, 1, 2}) == (k <= 1));
    }
}

TEST_CASE("ctln: a clique supports a stable point iff no unit gets edges of all of it") {
    for (const bool target : {false, true}) {
        Matrix graph = Matrix::Zero(5, 5);
        graph.topLeftCorner(3, 3) = Matrix::Ones(3, 3) - Matrix::Identity(3, 3);
        for (Index j = 0; j < (target ? 3 : 2); ++j) graph(3, j) = 1.0;
        const FixedPoints found = points_of(graph);
        const auto clique = std::ranges::find(found.points, Support{0, 1, 2}, &FixedPoint::support);
        CHECK((clique != found.points.end()) == !target);
        if (!target) CHECK(clique->stable);
    }
}

TEST_CASE("ctln: independent sets: every non-empty subset of n sinks is a support (closed form)") {
    const FixedPoints found = points_of(Matrix::Zero(6, 6));
    CHECK(found.points.size() == 63);
    for (const FixedPoint& point : found.points) CHECK(point.stable == (point.support.size() == 1));
}

TEST_CASE("ctln: unions: disjoint ones have FP(G₁) ∪ FP(G₂) ∪ pairs, clique unions pairs alone") {
    const Matrix one = random_graph(5, 3);
    const Matrix two = random_graph(6, 8);
    Matrix both = Matrix::Zero(11, 11);
    both.topLeftCorner(5, 5) = one;
    both.bottomRightCorner(6, 6) = two;
    const std::set<Support> first = supports(points_of(one, 0.21, 0.47));
    const std::set<Support> second = supports(points_of(two, 0.21, 0.47), 5);
    std::set<Support> pairs;
    for (const Support& a : first)
        for (const Support& b : second) pairs.insert(joined(a, b));
    std::set<Support> disjoint = pairs;
    disjoint.insert(first.begin(), first.end());
    disjoint.insert(second.begin(), second.end());
    CHECK(supports(points_of(both, 0.21, 0.47)) == disjoint);
    both.topRightCorner(5, 6).setOnes();
    both.bottomLeftCorner(6, 5).setOnes();
    CHECK(supports(points_of(both, 0.21, 0.47)) == pairs);
}

TEST_CASE(
    "ctln: a unit that another dominates within σ keeps σ from being a support (domination)") {
    // k = 2 gets all that j = 1 gets within {0, 1, 2}, and an edge of j, and sends none to it.
    Matrix graph = Matrix::Zero(3, 3);
    graph(1, 0) = graph(2, 0) = graph(2, 1) = 1.0;
    CHECK(supports(points_of(graph)) == std::set<Support>{{2}});
}

TEST_CASE(
    "ctln: symmetric graphs have stable supports that do not contain each other (antichain)") {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        Matrix graph = random_graph(14, seed);
        graph = graph.cwiseMax(graph.transpose()).eval();
        const FixedPoints found = points_of(graph, 0.21, 0.47);
        for (const FixedPoint& a : found.points)
            for (const FixedPoint& b : found.points)
                if (a.stable && b.stable && a.support != b.support)
                    CHECK(!std::ranges::includes(a.support, b.support));
    }
}

TEST_CASE("ctln_weights says which of its arguments is wrong") {
    CHECK_THROWS_WITH_AS((void)ctln_weights(cycle(3), 0.4, 0.5), doctest::Contains("epsilon"),
                         DomainError);
    CHECK_THROWS_WITH_AS((void)ctln_weights(cycle(3), 0.1, -1.0), doctest::Contains("delta"),
                         DomainError);
    CHECK_THROWS_WITH_AS((void)ctln_weights(Matrix::Ones(2, 2)), doctest::Contains("loop"),
                         DomainError);
    CHECK_THROWS_WITH_AS((void)ctln_weights(2.0 * cycle(3)), doctest::Contains("expected 1"),
                         DomainError);
}
