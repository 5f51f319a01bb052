#include "heddle/spectrum/gate_spectra.hpp"

#include <doctest/doctest.h>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/spectrum/closed_loop.hpp"
#include "heddle/spectrum/closed_spectra.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

constexpr Index units = 40;

std::vector<Loops> groups_of(const std::vector<Index>& sizes) {
    std::vector<Loops> groups;
    for (const Index k : sizes) {
        const auto seed = static_cast<std::uint64_t>(10 * groups.size() + 20);
        groups.push_back({examples::random_matrix(units, k, seed) / std::sqrt(units * 1.0),
                          examples::random_matrix(units, k, seed + 1) / std::sqrt(units * 1.0)});
    }
    return groups;
}

GatePatterns all_patterns(Index loops) {
    GatePatterns patterns(Index{1} << loops, loops);
    for (Index i = 0; i < patterns.rows(); ++i)
        for (Index k = 0; k < loops; ++k) patterns(i, k) = ((i >> k) & 1) != 0;
    return patterns;
}

Matrix open_weights(const Network& network, const std::vector<Loops>& groups,
                    const GatePatterns& patterns, Index i) {
    Matrix weights = dense_weights(network);
    for (std::size_t k = 0; k < groups.size(); ++k)
        if (patterns(i, static_cast<Index>(k))) weights += groups[k].u * groups[k].v.transpose();
    return weights;
}

}  // namespace

TEST_CASE("gate_spectra: every pattern has the spectrum of its own W + U Vᵀ (slow twin)") {
    const Network network = examples::network(units, 1);
    const std::vector<Loops> groups = groups_of({1, 2, 1, 3, 1});
    const GatePatterns patterns = all_patterns(5);
    const GateSpectra spectra = gate_spectra(eigen_system(network), groups, patterns);
    CHECK(spectra.trusted);
    for (Index i = 0; i < patterns.rows(); ++i) {
        const ComplexVector twin = eigenvalues(open_weights(network, groups, patterns, i));
        CHECK(distances(spectra.eigenvalues.col(i), twin).maxCoeff() < 1e-11);
        CHECK(spectra.abscissa(i) == doctest::Approx(spectral_abscissa(twin)).epsilon(1e-11));
    }
}

TEST_CASE("gate_spectra: all patterns of K loops take little more than one update each") {
    const Network network = examples::network(units, 1);
    const std::vector<Loops> groups = groups_of({1, 1, 1, 1, 1, 1});
    const GateSpectra spectra = gate_spectra(eigen_system(network), groups, all_patterns(6));
    CHECK(spectra.updates >= 63);
    CHECK(spectra.updates <= 63 + 4 * 6);
    // Two patterns that differ in their rarest loop share the rest, in whatever column it stands.
    GatePatterns two = GatePatterns::Constant(2, 6, true);
    two(1, 0) = false;
    CHECK(gate_spectra(eigen_system(network), groups, two).updates == 6);
}

TEST_CASE("gate_spectra: the same bits for any number of threads, and the order of patterns") {
    const Network network = examples::network(units, 1);
    const EigenSystem system = eigen_system(network);
    const std::vector<Loops> groups = groups_of({1, 2, 1, 1, 1});
    const GatePatterns patterns = all_patterns(5);
    const GateSpectra one = gate_spectra(system, groups, patterns, 1);
    const GateSpectra two = gate_spectra(system, groups, patterns, 2);
    CHECK(one.eigenvalues == two.eigenvalues);
    CHECK(one.error == two.error);
    const GatePatterns reversed = patterns.colwise().reverse();
    CHECK(gate_spectra(system, groups, reversed, 1).eigenvalues ==
          one.eigenvalues.rowwise().reverse());
}

TEST_CASE("gate_spectra: patterns need one column a group") {
    const EigenSystem system = eigen_system(examples::network(units, 1));
    CHECK_THROWS_WITH_AS(
        static_cast<void>(gate_spectra(system, groups_of({1, 1}), GatePatterns(3, 1))),
        doctest::Contains("patterns"), ShapeError);
    CHECK(gate_spectra(system, {}, GatePatterns(2, 0)).eigenvalues.col(1) == system.eigenvalues);
}

TEST_CASE("closed_spectra: shared or not, each is the spectrum of W + U Vᵀ (slow twin)") {
    Matrix jordan = 0.5 * Matrix::Identity(units, units);
    jordan.diagonal(1).setConstant(0.1);
    const std::vector<Loops> groups = groups_of({1, 2, 3, 1, 2});
    for (const Network& network : {examples::network(units, 1), make_network(jordan, 1, 1)})
        for (const std::size_t count : {2, 5}) {
            std::vector<const Loops*> chosen;
            for (std::size_t k = 0; k < count; ++k) chosen.push_back(&groups[k]);
            const std::vector<ComplexVector> spectra = closed_spectra(network, chosen, 2);
            CHECK(spectra.size() == count);
            for (std::size_t k = 0; k < count; ++k)
                CHECK(distances(spectra[k], closed_spectrum(dense_weights(network), groups[k]))
                          .maxCoeff() < 1e-11);
        }
}
