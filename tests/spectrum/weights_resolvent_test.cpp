#include "heddle/spectrum/weights_resolvent.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/spectrum/gain_law.hpp"
#include "support/structures.hpp"

using namespace heddle;
using namespace heddle::examples;

namespace {

Network network_of(StructuredWeights weights) {
    return make_network(std::move(weights), 1, 1);
}

/// Shifts outside, at the edge of and within the hull of the spectrum.
ComplexVector shifts() {
    ComplexVector all(4);
    all << Complex(1.1, 0.3), Complex(0.4, 0.2), Complex(-0.05, 0.31), Complex(0.55, 0.0);
    return all;
}

/// Both directions against the dense resolvent.
void check_against_dense(const Network& network, WeightsSolver solver, double tolerance) {
    const auto fast = resolvent_of(network, solver, 1);
    const auto slow = resolvent_of(network, WeightsSolver::dense);
    const Matrix u = random_matrix(60, 2, 30);
    const ComplexMatrix h = ComplexMatrix::Random(2, 4);
    const ComplexMatrix x = fast->from_basis(fast->responses(shifts(), u));
    const ComplexMatrix expected = slow->from_basis(slow->responses(shifts(), u));
    CHECK((x - expected).norm() < tolerance * expected.norm());
    const ComplexMatrix l = fast->left_vectors(shifts(), u, h);
    const ComplexMatrix left = slow->left_vectors(shifts(), u, h);
    CHECK((l - left).norm() < tolerance * left.norm());
}

std::string message(const Network& network, WeightsSolver solver, Complex shift) {
    try {
        (void)resolvent_of(network, solver)
            ->responses(ComplexVector::Constant(1, shift), random_matrix(60, 1, 1));
    } catch (const Error& error) {
        return error.what();
    }
    return "solved";
}

}  // namespace

TEST_CASE("resolvent_of: every structure solves as the dense matrix does, also inside the hull") {
    check_against_dense(network_of(diagonal_and_low_rank()), WeightsSolver::structured, 1e-10);
    check_against_dense(network_of(sparse_and_low_rank()), WeightsSolver::structured, 1e-10);
    check_against_dense(network_of(kronecker_and_low_rank()), WeightsSolver::structured, 1e-10);
    check_against_dense(make_network(sparse_weights(60, 0.2, 0.8, 3), 1, 1),
                        WeightsSolver::structured, 1e-10);
    // A space of all 60 dimensions reaches everything.
    check_against_dense(network_of(all_parts()), WeightsSolver::krylov, 1e-7);
}

TEST_CASE("resolvent_of: without weights it is 1 / λ, without low rank the base alone") {
    const Matrix u = random_matrix(60, 1, 2);
    const Complex shift(0.3, 0.4);
    const auto nothing = resolvent_of(network_of(no_parts()), WeightsSolver::structured);
    const ComplexMatrix x = nothing->responses(ComplexVector::Constant(1, shift), u);
    CHECK((x - u.cast<Complex>() / shift).norm() < 1e-15 * u.norm());
    StructuredWeights weights = kronecker_and_low_rank();
    weights.p.resize(60, 0);
    weights.q.resize(60, 0);
    check_against_dense(network_of(weights), WeightsSolver::structured, 1e-10);
    weights.kronecker[0].a = Matrix::Identity(6, 6);
    check_against_dense(network_of(weights), WeightsSolver::structured, 1e-10);
    weights.kronecker = {{Matrix::Constant(1, 1, 1.0), random_matrix(60, 60, 4) / 9.0}};
    check_against_dense(network_of(weights), WeightsSolver::structured, 1e-10);
}

TEST_CASE("solver_for: automatic takes the structure where that is exact and cheap") {
    CHECK(solver_for(network_of(diagonal_and_low_rank()), WeightsSolver::automatic) ==
          WeightsSolver::structured);
    CHECK(solver_for(network_of(kronecker_and_low_rank()), WeightsSolver::automatic) ==
          WeightsSolver::structured);
    CHECK(solver_for(network_of(sparse_and_low_rank()), WeightsSolver::automatic) ==
          WeightsSolver::dense);
    CHECK(solver_for(network_of(sparse_and_low_rank(4001)), WeightsSolver::automatic) ==
          WeightsSolver::krylov);
    CHECK(solver_for(network_of(all_parts()), WeightsSolver::krylov) == WeightsSolver::krylov);
}

TEST_CASE("resolvent_of: a shift that W has as an eigenvalue is named") {
    for (const StructuredWeights& weights :
         {diagonal_and_low_rank(), sparse_and_low_rank(), kronecker_and_low_rank()}) {
        const Complex taken = eigenvalues(dense(weights))(0);
        const std::string said = message(network_of(weights), WeightsSolver::structured, taken);
        CHECK(said.find("eigenvalue") != std::string::npos);
        CHECK(said.find("shift") != std::string::npos);
    }
    const StructuredWeights weights = diagonal_and_low_rank();
    const double entry = weights.sparse.coeff(0, 0);
    CHECK(message(network_of(weights), WeightsSolver::structured, entry).find("diagonal") !=
          std::string::npos);
}

TEST_CASE("resolvent_of: parts without an exact resolvent are refused") {
    CHECK(message(network_of(all_parts()), WeightsSolver::structured, 1.0).find("Kronecker") !=
          std::string::npos);
    StructuredWeights mixed = kronecker_and_low_rank();
    mixed.sparse = sparse_weights(60, 0.1, 0.2, 1);
    CHECK(message(network_of(mixed), WeightsSolver::structured, 1.0).find("multiple of 1") !=
          std::string::npos);
    CHECK(message(examples::network(60, 1), WeightsSolver::structured, 1.0).find("dense") !=
          std::string::npos);
}

TEST_CASE("bulk_of: centre and radius of structured weights are those of the dense matrix") {
    for (const StructuredWeights& weights : {diagonal_and_low_rank(), all_parts()}) {
        const Bulk fast = bulk_of(network_of(weights));
        const Bulk slow = bulk_of(dense(weights));
        CHECK(std::abs(fast.centre - slow.centre) < 1e-14);
        CHECK(std::abs(fast.radius - slow.radius) < 1e-13);
    }
}
