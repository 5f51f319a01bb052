#include "loops/frozen_cost.hpp"

#include <doctest/doctest.h>

#include "support/examples.hpp"

using namespace heddle;

namespace {

double difference(const Matrix& a, const Matrix& b) {
    return (a - b).norm() / b.norm();
}

Loops loops_at(double t, double size = 0.2) {
    const Index n = 60, k = 4;
    return {size * (examples::random_matrix(n, k, 1) + t * examples::random_matrix(n, k, 2)) / 8.0,
            size * (examples::random_matrix(n, k, 3) + t * examples::random_matrix(n, k, 4)) / 8.0};
}

}  // namespace

TEST_CASE("FrozenCost: along a path it is preparation_cost, to the tolerance or its square") {
    const Network network = examples::network(60, 2, 5, 0.7);
    const Matrix root = examples::random_matrix(60, 3, 8);
    for (const PreparationAim& aim :
         {PreparationAim{0.0, {}}, PreparationAim{0.5, Matrix(root * root.transpose())}})
        for (const double tolerance : {1e-4, 1e-6, 1e-9}) {
            FrozenCost frozen(network, aim);
            for (const double t : {0.0, 0.1, 0.15, 0.4, 1.5, 1.4}) {
                const auto fast = frozen.evaluate(loops_at(t), tolerance);
                const PreparationCost exact = preparation_cost(network, loops_at(t), aim);
                REQUIRE(fast.has_value());
                CHECK(std::abs(fast->value / exact.value - 1.0) <
                      100.0 * tolerance * tolerance + 1e-11);
                CHECK(difference(fast->gradient_u, exact.gradient_u) < 30.0 * tolerance);
                CHECK(difference(fast->gradient_v, exact.gradient_v) < 30.0 * tolerance);
            }
        }
}

TEST_CASE("FrozenCost: an unstable closed network costs infinity, and the way back is found") {
    const Network network = examples::network(60, 1, 5, 0.7);
    const PreparationAim aim;
    FrozenCost frozen(network, aim);
    (void)frozen.evaluate(loops_at(0.1), 1e-7);
    Loops strong = loops_at(0.1);
    strong.v = strong.u * (2.0 / strong.u.col(0).squaredNorm());
    const auto beyond = frozen.evaluate(strong, 1e-7);
    REQUIRE(beyond.has_value());
    CHECK(!beyond->stable);
    CHECK(std::isinf(beyond->value));
    CHECK(beyond->abscissa ==
          doctest::Approx(preparation_cost(network, strong).abscissa).epsilon(1e-9));
    CHECK(frozen.evaluate(loops_at(0.2), 1e-7)->value ==
          doctest::Approx(preparation_cost(network, loops_at(0.2)).value).epsilon(1e-10));
}

TEST_CASE("FrozenCost: just inside and just outside the stability limit it agrees on the side") {
    const Network network = examples::network(60, 1, 5, 0.7);
    const PreparationAim aim;
    const Matrix u = loops_at(0.0).u;
    const auto loops = [&](double gain) { return Loops{u, gain / u.col(0).squaredNorm() * u}; };
    double inside = 0.0, outside = 2.0;
    while (outside - inside > 1e-6) {
        const double gain = 0.5 * (inside + outside);
        (preparation_cost(network, loops(gain)).stable ? inside : outside) = gain;
    }
    FrozenCost frozen(network, aim);
    CHECK(frozen.evaluate(loops(0.9 * inside), 1e-6)->stable);
    for (const double margin : {0.03, 0.01, 0.003, 1e-3, 1e-4})
        for (const double side : {-1.0, 1.0}) {
            const double gain = inside + side * margin;
            CHECK(frozen.evaluate(loops(gain), 1e-6)->stable == (side < 0.0));
        }
}

TEST_CASE("FrozenCost: declines where the eigenvectors are nearly dependent") {
    Matrix weights = 0.5 * Matrix::Identity(10, 10);
    weights.diagonal(1).setOnes();
    weights.diagonal() += 1e-3 * Vector::LinSpaced(10, 0.0, 1.0);
    const Network network = make_network(weights, 1, 1);
    const PreparationAim aim;
    const Loops none{Matrix::Zero(10, 1), Matrix::Zero(10, 1)};
    CHECK(!FrozenCost(network, aim).evaluate(none, 1e-6).has_value());
}
