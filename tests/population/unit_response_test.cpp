#include <doctest/doctest.h>

#include "heddle/core/error.hpp"
#include "heddle/equations/rate_solution.hpp"
#include "population/unit_examples.hpp"

using namespace heddle;
using namespace heddle::examples;

TEST_CASE("response_of: a network with a unit's response is that of its formulas, far from rest") {
    const Loops loops{Matrix::Random(3, 1), Matrix::Random(3, 1)};
    for (const Hazard hazard :
         {Hazard::exponential, Hazard::softplus, Hazard::sigmoid, Hazard::rectified}) {
        const ArtificialUnit unit = artificial_unit(population(hazard), 1.5);
        Network network = network_of(3);
        network.response = response_of(unit);
        network.bias = Vector{{0.3, -0.2, 0.1}};
        const RateEquations by_itself = network_equations(network, {loops});
        const RateEquations by_unit = network_equations(network, unit, {loops}, Carrier::membrane);
        const Vector x{{-1.7, 0.4, 2.1}};
        Vector phi(3);
        for (Index i = 0; i < 3; ++i) phi[i] = unit_response(network.response, x[i]).value;
        const Matrix w = dense_weights(network) + loops.u * loops.v.transpose();
        const Vector expected = (w * phi + network.bias - x) / 10.0;
        CHECK((steady_velocity(by_itself, x) - expected).cwiseAbs().maxCoeff() < 1e-10);
        CHECK((steady_velocity(by_unit, x) - expected).cwiseAbs().maxCoeff() < 1e-10);
        CHECK(by_itself.parameters[parameter_index(by_itself, "r0")].value ==
              doctest::Approx(unit.rate));
    }
}

TEST_CASE("response_of: thresholds that move are refused, or held where they rest") {
    const ArtificialUnit unit = artificial_unit(population(Hazard::softplus, two_thresholds));
    CHECK_THROWS_WITH_AS((void)response_of(unit),
                         "unit 'A': it adapts with tau = 30 ms, and a network has no states for "
                         "that; network_equations has, or hold adaptation where it rests, which "
                         "describes what is over before",
                         DomainError);
    Network network = network_of(2);
    network.response = response_of(unit, true);
    // The adapting network's own derivative, with thresholds where they rest.
    const RateEquations equations = network_equations(network_of(2), unit, {}, Carrier::membrane);
    Vector state = Vector::Zero(6);
    state[0] = 0.8;
    state[3] = -0.5;
    const Vector adapting = steady_velocity(equations, state);
    const Vector held = steady_velocity(network_equations(network), Vector{{0.8, -0.5}});
    CHECK(held[0] == doctest::Approx(adapting[0]));
    CHECK(held[1] == doctest::Approx(adapting[3]));
}

TEST_CASE("network_equations: a network that has a unit's response takes no other") {
    const ArtificialUnit unit = artificial_unit(population(Hazard::softplus));
    Network network = network_of(2);
    network.response = response_of(unit);
    CHECK_THROWS_WITH_AS((void)network_equations(network, unit),
                         doctest::Contains("carrier: found synapse for a network whose response"),
                         DomainError);
    const ArtificialUnit other = artificial_unit(population(Hazard::sigmoid));
    CHECK_THROWS_WITH_AS((void)network_equations(network, other, {}, Carrier::membrane),
                         doctest::Contains("its response is that of another unit than 'A'"),
                         DomainError);
    CHECK_THROWS_WITH_AS((void)network_equations(network_of(2)),
                         doctest::Contains("found the response linear"), DomainError);
}
