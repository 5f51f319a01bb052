#include "heddle/loops/optimise_preparation.hpp"

#include <doctest/doctest.h>

#include "heddle/core/error.hpp"
#include "heddle/linalg/exponential.hpp"
#include "heddle/linalg/solve.hpp"
#include "loops/sphere_factors.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

OptimisePreparationOptions options_of(Index rank, double beta = 0.01) {
    OptimisePreparationOptions options;
    options.rank = rank;
    options.aim.beta = beta;
    return options;
}

double largest_difference(const Vector& a, double b) {
    return (a.array() - b).abs().maxCoeff();
}

}  // namespace

TEST_CASE("even_columns: U Vᵀ stays, and balanced factors get columns of equal norms") {
    Matrix u = examples::random_matrix(30, 6, 1);
    u.col(2) *= 10.0;
    const Matrix turn = orthonormal(examples::random_matrix(30, 30, 2));
    const Loops even = even_columns({u, turn * u, 0.0});
    CHECK((even.u * even.v.transpose() - u * u.transpose() * turn.transpose()).norm() <
          1e-13 * u.squaredNorm());
    CHECK(largest_difference(even.u.colwise().norm().transpose(), u.norm() / std::sqrt(6.0)) <
          1e-12 * u.norm());
    CHECK(largest_difference(even.v.colwise().norm().transpose(), u.norm() / std::sqrt(6.0)) <
          1e-12 * u.norm());
}

TEST_CASE("optimise_preparation: columns have the norms asked for, and the loss is theirs") {
    const Network network = examples::network(60, 2, 5, 1.0);
    OptimisePreparationOptions options = options_of(6);
    options.u_norm = 0.5;
    options.v_norm = 3.0;
    const OptimalPreparation optimum = optimise_preparation(network, options);
    CHECK(optimum.trusted);
    CHECK(optimum.reason.empty());
    CHECK(optimum.gradient_norm <= options.tolerance);
    CHECK(largest_difference(optimum.loops.u.colwise().norm().transpose(), 0.5) < 1e-13);
    CHECK(largest_difference(optimum.loops.v.colwise().norm().transpose(), 3.0) < 1e-13);
    const PreparationCost cost = preparation_cost(network, optimum.loops, options.aim);
    CHECK(optimum.loss == doctest::Approx(cost.value).epsilon(1e-12));
    CHECK(optimum.decay + options.aim.beta * optimum.readout == doctest::Approx(optimum.loss));
    CHECK(optimum.slowest == doctest::Approx(cost.abscissa).epsilon(1e-9));
}

TEST_CASE("optimise_preparation: decay times are those of the closed network's exponential") {
    const Network network = examples::network(60, 1, 5, 1.0);
    const OptimalPreparation optimum = optimise_preparation(network, options_of(6));
    const Matrix a = dense_weights(network) + optimum.loops.u * optimum.loops.v.transpose() -
                     Matrix::Identity(60, 60);
    const auto left = [&](double t) { return exponential(a * t).norm() / std::sqrt(60.0); };
    CHECK(left(optimum.time_to_5_percent) == doctest::Approx(0.05).epsilon(1e-5));
    CHECK(left(optimum.time_to_1_percent) == doctest::Approx(0.01).epsilon(1e-5));
}

TEST_CASE("optimise_preparation: random loops on a weak network lead to the same minimum") {
    const Network network = examples::network(50, 1, 9, 0.6);
    OptimisePreparationOptions options = options_of(3);
    options.tolerance = 1e-6;
    options.u_norm = options.v_norm = 0.4;
    const double from_schur = optimise_preparation(network, options).loss;
    for (const std::uint64_t seed : {1, 2, 3}) {
        options.start = {0.02 * examples::random_matrix(50, 3, seed),
                         0.02 * examples::random_matrix(50, 3, seed + 10), 0.0};
        CHECK(optimise_preparation(network, options).loss ==
              doctest::Approx(from_schur).epsilon(1e-6));
    }
    options.start.reset();
    options.u_norm = options.v_norm = 1.0;
    CHECK(optimise_preparation(network, options).loss < from_schur);  // Stronger loops do better.
}

TEST_CASE("optimise_preparation: no loops of those norms near the optimum cost less") {
    const Network network = examples::network(40, 1, 3, 0.9);
    OptimisePreparationOptions options = options_of(4);
    options.tolerance = 1e-7;
    const OptimalPreparation optimum = optimise_preparation(network, options);
    for (std::uint64_t seed = 0; seed < 20; ++seed)
        for (const double size : {1e-1, 1e-2, 1e-3}) {
            Loops other = optimum.loops;
            other.u += size * examples::random_matrix(40, 4, 100 + seed) / std::sqrt(40.0);
            other.v += size * examples::random_matrix(40, 4, 200 + seed) / std::sqrt(40.0);
            other.u.colwise().normalize();
            other.v.colwise().normalize();
            CHECK(preparation_cost(network, other, options.aim).value > optimum.loss);
        }
}

TEST_CASE("optimise_preparation: a weight on the readout alone is served better by its own loops") {
    const Network network = examples::network(60, 2, 5, 0.8);
    OptimisePreparationOptions options = options_of(3, 0.0);
    options.tolerance = 1e-4;
    const OptimalPreparation all = optimise_preparation(network, options);
    options.aim.weight = network.readout.transpose() * network.readout;
    const OptimalPreparation relevant = optimise_preparation(network, options);
    CHECK(relevant.trusted);
    CHECK(relevant.loss < 0.9 * preparation_cost(network, all.loops, options.aim).value);
}

TEST_CASE(
    "optimise_preparation: a mode that the weight cannot see may end at the limit: reported") {
    const Network network = examples::network(60, 2, 5, 0.95);
    OptimisePreparationOptions options = options_of(3, 0.0);
    options.aim.weight = network.readout.transpose() * network.readout;
    const OptimalPreparation optimum = optimise_preparation(network, options);
    CHECK(!optimum.trusted);
    CHECK(optimum.reason.find("part of the identity would work") != std::string::npos);
    options.aim.weight += 0.01 * Matrix::Identity(60, 60);
    CHECK(optimise_preparation(network, options).trusted);
}

TEST_CASE("optimise_preparation: stops at the budget, and says what would help") {
    const Network network = examples::network(60, 1, 5, 1.0);
    OptimisePreparationOptions options = options_of(6);
    options.most_evaluations = 8;
    const OptimalPreparation optimum = optimise_preparation(network, options);
    CHECK(!optimum.trusted);
    CHECK(optimum.evaluations <= 9);
    CHECK(optimum.loss < optimum.start_loss);
    CHECK(optimum.reason.find("more of them would work") != std::string::npos);
}

TEST_CASE("optimise_preparation: the same bits twice, and progress can end it") {
    const Network network = examples::network(60, 1, 5, 1.0);
    const OptimalPreparation one = optimise_preparation(network, options_of(6));
    std::size_t told = 0;
    const OptimalPreparation two = optimise_preparation(
        network, options_of(6), [&](std::size_t done, std::size_t) { told = done; });
    CHECK(one.loops.u == two.loops.u);
    CHECK(told == static_cast<std::size_t>(two.evaluations));
    struct Stop {};
    CHECK_THROWS_AS((void)optimise_preparation(network, options_of(6),
                                               [](std::size_t, std::size_t) { throw Stop(); }),
                    Stop);
}

TEST_CASE("optimise_preparation: what cannot work is refused with what would") {
    Network network = examples::network(60, 1, 5, 1.6);
    CHECK_THROWS_WITH_AS((void)optimise_preparation(network, options_of(0)),
                         doctest::Contains("rank is 0; 1 to 60"), DomainError);
    CHECK_THROWS_WITH_AS((void)optimise_preparation(network, options_of(61)),
                         doctest::Contains("rank is 61"), DomainError);
    CHECK_THROWS_WITH_AS((void)optimise_preparation(network, options_of(1)),
                         doctest::Contains("or more would work"), DomainError);
    OptimisePreparationOptions weak = options_of(28);
    weak.u_norm = 0.1;
    CHECK_THROWS_WITH_AS((void)optimise_preparation(network, weak),
                         doctest::Contains("u_norm · v_norm is 0.1"), DomainError);
    OptimisePreparationOptions negative = options_of(30);
    negative.aim.weight = Vector::LinSpaced(60, -1.0, 1.0).asDiagonal();
    CHECK_THROWS_WITH_AS((void)optimise_preparation(network, negative),
                         doctest::Contains("weight has a negative eigenvalue"), DomainError);
    OptimisePreparationOptions given = options_of(2);
    given.start = Loops{examples::random_matrix(60, 2, 1), examples::random_matrix(60, 2, 1), 0.0};
    CHECK_THROWS_WITH_AS((void)optimise_preparation(network, given), doctest::Contains("start"),
                         DomainError);
    given.rank = 3;
    CHECK_THROWS_AS((void)optimise_preparation(network, given), ShapeError);
    given.tolerance = 0.0;
    CHECK_THROWS_WITH_AS((void)optimise_preparation(network, given), doctest::Contains("tolerance"),
                         DomainError);
}

TEST_CASE("preparation_from: the optimum as a library's preparation") {
    const Network network = examples::network(60, 1, 5, 1.0);
    const OptimalPreparation optimum = optimise_preparation(network, options_of(6));
    const Preparation preparation = preparation_from(optimum, 0.1);
    CHECK(preparation.loops.u == optimum.loops.u);
    CHECK(preparation.slowest == optimum.slowest);
    CHECK_THROWS_AS((void)preparation_from(optimum, 0.0), DomainError);
}
