#include "heddle/rectified/p_matrix.hpp"

#include <doctest/doctest.h>

#include <set>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/rectified/permitted.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

Support bits_of(std::uint64_t bits) {
    Support set;
    for (Index j = 0; bits != 0; ++j, bits >>= 1U)
        if (bits & 1U) set.push_back(j);
    return set;
}

double minor(const Matrix& a, const Support& rows) {
    return determinant(Matrix(a(rows, rows)).cast<Complex>()).real();
}

}  // namespace

TEST_CASE("is_p_matrix: it agrees with all 2ⁿ minors, and a witness is a minor ≤ 0 (slow twin)") {
    int matrices = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        const Matrix a = Matrix::Identity(7, 7) -
                         0.1 * static_cast<double>(seed % 8) * examples::random_matrix(7, 7, seed);
        bool all = true;
        for (std::uint64_t bits = 1; bits < 128; ++bits) all = all && minor(a, bits_of(bits)) > 0.0;
        const PMatrixTest test = is_p_matrix(a);
        CHECK(test.decided);
        CHECK(test.holds == all);
        if (!test.holds) CHECK(minor(a, test.witness) <= 0.0);
        matrices += all ? 1 : 0;
    }
    CHECK(matrices > 10);
    CHECK(matrices < 50);
}

TEST_CASE("is_p_matrix: a P-matrix that no cheap test knows is found by recursion (closed form)") {
    const Matrix a{{1.0, 5.0}, {0.0, 1.0}};
    const PMatrixTest test = is_p_matrix(a);
    CHECK(test.holds);
    CHECK(test.steps == 3);
    CHECK(!is_p_matrix(a, 1).decided);
    CHECK_THROWS_WITH_AS((void)is_p_matrix(a, 0), doctest::Contains("most_steps"), DomainError);
    CHECK_THROWS_AS((void)is_p_matrix(Matrix::Ones(2, 3)), ShapeError);
}

TEST_CASE(
    "maximal_permitted_sets: they are those of the 2ⁿ enumeration by eigenvalues (slow twin)") {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        Matrix w = examples::random_matrix(9, 9, seed);
        w = 0.5 * (w + w.transpose()).eval();
        std::vector<bool> permitted(512);
        for (std::uint64_t bits = 0; bits < 512; ++bits) {
            const Support set = bits_of(bits);
            permitted[bits] = set.empty() || spectral_abscissa(eigenvalues(w(set, set))) < 1.0;
        }
        std::set<Support> maximal;
        for (std::uint64_t bits = 0; bits < 512; ++bits) {
            bool grows = false;
            for (unsigned j = 0; j < 9; ++j)
                grows = grows || (((bits >> j) & 1U) == 0 && permitted[bits | (1U << j)]);
            if (permitted[bits] && !grows) maximal.insert(bits_of(bits));
        }
        const PermittedSets found = maximal_permitted_sets(w);
        CHECK(found.complete);
        CHECK(std::set<Support>(found.maximal.begin(), found.maximal.end()) == maximal);
        CHECK(found.maximal.size() == maximal.size());
        CHECK(!maximal_permitted_sets(w, {.most_sets = 3}).complete);
        CHECK(!maximal_permitted_sets(w, {.most_units = 1}).complete);
    }
}

TEST_CASE(
    "permission: the eigenvalues of W_σσ below 1 say it for a rectified network (slow twin)") {
    Network network = examples::network(8, 1, 2, 2.0);
    network.response = Response::rectified;
    const Matrix w = dense_weights(network);
    for (std::uint64_t bits = 1; bits < 256; bits += 7) {
        const Support set = bits_of(bits);
        const Permission found = permission(rate_form(network), set);
        // A_σ has the eigenvalue −1 of every silent unit besides.
        const double abscissa = std::max(spectral_abscissa(eigenvalues(w(set, set))) - 1.0,
                                         set.size() < 8 ? -1.0 : -1e300);
        CHECK(found.abscissa == doctest::Approx(abscissa));
        CHECK(found.permitted == (abscissa < 0.0));
    }
}
