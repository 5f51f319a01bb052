#include "heddle/loops/placement.hpp"

#include <doctest/doctest.h>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/network/generators.hpp"
#include "heddle/spectrum/closed_loop.hpp"
#include "heddle/spectrum/gain_law.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

/// 1 + i · linspace(−1, 1, m): the targets of the paper's figures.
ComplexVector critical_line(Index m) {
    ComplexVector targets(m);
    for (Index i = 0; i < m; ++i)
        targets(i) = Complex(1.0, -1.0 + 2.0 * static_cast<double>(i) / static_cast<double>(m - 1));
    return targets;
}

Placement place(const Network& network, const ComplexVector& targets, Index loops,
                std::uint64_t seed = 0) {
    PlacementOptions options;
    options.loops = loops;
    options.seed = seed;
    return place_eigenvalues(network, targets, options);
}

}  // namespace

TEST_CASE("place_eigenvalues: every target is an eigenvalue of W + u vᵀ (residual identity)") {
    const Network network = examples::network(150, 0);
    for (const Index loops : {1, 2, 5}) {
        const Placement placement = place(network, critical_line(9), loops);
        const ComplexVector spectrum = closed_spectrum(dense_weights(network), placement.loops);
        CHECK(distances(placement.targets, spectrum).maxCoeff() < 1e-9);
        CHECK(placement.error.maxCoeff() < 1e-9);
        CHECK(placement.trusted);
        CHECK(placement.reason.empty());
    }
}

TEST_CASE(
    "place_eigenvalues: the published formula and the least-gain loop place the same targets, the "
    "latter with "
    "less gain") {
    const Network network = examples::network(150, 0);
    PlacementOptions options;
    options.method = PlacementMethod::spectral;
    const Placement published = place_eigenvalues(network, critical_line(12), options);
    const Placement least = place(network, critical_line(12), 1);
    CHECK(published.error.maxCoeff() < 1e-7);
    CHECK(least.error.maxCoeff() < 1e-9);
    CHECK(least.gain < published.gain);
}

TEST_CASE(
    "place_eigenvalues: the gain approaches the law g √(Π |λ/g|² − 1) from above as the network "
    "grows (limit case)") {
    const ComplexVector targets = 1.5 * critical_line(6);
    double previous = 1e300;
    for (const Index n : {100, 400, 1000}) {
        const Network network = examples::network(n, 0, 3, 0.9);
        PlacementOptions options;
        options.whole_spectrum = false;
        const double excess =
            place_eigenvalues(network, targets, options).gain / loop_gain(targets, 1, {0.0, 0.9});
        CHECK(excess > 0.8);
        CHECK(std::abs(excess - 1.0) < std::abs(previous - 1.0) + 0.1);
        previous = excess;
    }
    CHECK(std::abs(previous - 1.0) < 0.15);
}

TEST_CASE(
    "place_eigenvalues: the condition predicts how far a small change of the loop moves a target") {
    const Network network = examples::network(100, 0);
    const Placement placement = place(network, critical_line(6), 2);
    const Matrix change = 1e-8 * examples::random_matrix(100, 100, 5) / std::sqrt(100.0);
    const ComplexVector moved = eigenvalues(
        dense_weights(network) + placement.loops.u * placement.loops.v.transpose() + change);
    const double norm = 1e-8 * 2.0;  // ‖N(0, 1/n) matrix‖₂ → 2
    for (Index i = 0; i < 6; ++i) {
        const double shift = distances(placement.targets.segment(i, 1), moved)(0);
        CHECK(shift < 1.2 * placement.condition(i) * norm);
        CHECK(shift > 1e-4 * placement.condition(i) * norm);
    }
}

TEST_CASE("place_eigenvalues: the two-sided residual and the whole spectrum agree on the error") {
    const Network network = examples::network(100, 0);
    PlacementOptions options;
    options.whole_spectrum = false;
    const Placement residual = place_eigenvalues(network, critical_line(8), options);
    CHECK(residual.error.maxCoeff() < 1e-10);
    CHECK(std::isnan(residual.abscissa));
    CHECK(place(network, critical_line(8), 1).abscissa == doctest::Approx(1.0).epsilon(1e-9));
}

TEST_CASE("place_eigenvalues: real targets and given loop outputs are honoured") {
    const Network network = examples::network(80, 0);
    ComplexVector targets(3);
    targets << 1.2, Complex(0.9, 0.8), Complex(0.9, -0.8);
    PlacementOptions options;
    options.loops = 2;
    options.u = examples::random_matrix(80, 2, 9);
    const Placement placement = place_eigenvalues(network, targets, options);
    CHECK(placement.loops.u == options.u);
    CHECK(placement.error.maxCoeff() < 1e-10);
}

TEST_CASE(
    "place_eigenvalues: what one loop cannot place is refused with a reason, and a second loop "
    "places it") {
    // loops.md H3–H5: the cases in which the published formula fails.
    struct Case {
        Index n;
        double shift;
        Index targets;
    };
    for (const Case& c : {Case{500, 0.0, 50}, Case{500, -0.5, 24}, Case{100, 0.0, 34}}) {
        Network network = examples::network(c.n, 0, 11, 1.0);
        std::get<Matrix>(network.weights).diagonal().array() += c.shift;
        const Placement one = place(network, critical_line(c.targets), 1);
        CHECK_FALSE(one.trusted);
        CHECK(one.reason.find("loops would do") != std::string::npos);
        const Placement two = place(network, critical_line(c.targets), 2);
        MESSAGE("n = " << c.n << ", " << c.targets << " targets: one loop " << one.error.maxCoeff()
                       << ", two loops " << two.error.maxCoeff() << ": " << one.reason);
        CHECK(two.error.maxCoeff() < 1e-8);
        CHECK(two.trusted);
    }
}

TEST_CASE("place_eigenvalues: bad targets are named") {
    const Network network = examples::network(50, 0);
    const auto message = [&](const ComplexVector& targets, const PlacementOptions& options = {}) {
        try {
            static_cast<void>(place_eigenvalues(network, targets, options));
        } catch (const Error& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    ComplexVector alone(1), twice(2), taken(1), none(0);
    alone << Complex(1.0, 0.5);
    twice << 1.2, 1.2;
    CHECK(message(alone).find("without its conjugate") != std::string::npos);
    CHECK(message(twice).find("twice") != std::string::npos);
    CHECK(message(none).find("targets") != std::string::npos);
    const ComplexVector spectrum = eigenvalues(dense_weights(network));
    for (Index i = 0; i < spectrum.size(); ++i)
        if (spectrum(i).imag() == 0.0) taken << spectrum(i);
    CHECK(message(taken).find("eigenvalue of the") != std::string::npos);
    PlacementOptions many;
    many.loops = 51;
    CHECK(message(1.0 * critical_line(2), many).find("loops") != std::string::npos);
}

TEST_CASE("place_eigenvalues: Krylov spaces place as one reduction does (slow twin)") {
    const SparseMatrix weights = sparse_weights(400, 0.1, 0.8, 3);
    const Network network = make_network(weights, 0, 1);
    ComplexVector targets(6);
    targets << Complex(1, 0.4), Complex(1, -0.4), Complex(0.98, 0.1), Complex(0.98, -0.1), 1.02,
        1.1;
    PlacementOptions options{.loops = 3, .whole_spectrum = false, .seed = 2};
    options.solver = PlacementSolver::dense;
    const Placement dense = place_eigenvalues(network, targets, options);
    options.solver = PlacementSolver::krylov;
    const Placement krylov = place_eigenvalues(network, targets, options);
    CHECK((krylov.loops.u - dense.loops.u).norm() == 0.0);
    CHECK((krylov.loops.v - dense.loops.v).norm() < 1e-8 * dense.loops.v.norm());
    CHECK((krylov.condition - dense.condition).norm() < 1e-6 * dense.condition.norm());
    CHECK(distances(targets, closed_spectrum(dense_weights(network), krylov.loops)).maxCoeff() <
          1e-9);
    CHECK(krylov.trusted);
    CHECK(krylov.outliers == 0);
    CHECK(dense.outliers == -1);
    options.threads = 1;
    CHECK(place_eigenvalues(network, targets, options).loops.v == krylov.loops.v);
}

TEST_CASE(
    "place_eigenvalues: a target inside the bulk is named when Krylov spaces do not reach it") {
    const Network network = make_network(sparse_weights(1500, 0.05, 0.9, 3), 0, 1);
    const ComplexVector inside = ComplexVector::Constant(1, 0.3);
    PlacementOptions options{.whole_spectrum = false};
    options.solver = PlacementSolver::krylov;
    CHECK_THROWS_AS((void)place_eigenvalues(network, inside, options), NotConverged);
    options.method = PlacementMethod::spectral;
    CHECK_THROWS_AS((void)place_eigenvalues(network, inside, options), DomainError);
}
