#include "heddle/population/levels.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "heddle/core/error.hpp"
#include "heddle/equations/rate_solution.hpp"
#include "heddle/population/quadratic.hpp"
#include "population/quadratic_circuits.hpp"

using namespace heddle;

namespace {

bool describes(const Circuit& circuit, const std::string& name) {
    const auto levels = levels_of(circuit);
    const auto found = std::ranges::find(levels, name, &Level::name);
    REQUIRE(found != levels.end());
    CHECK(found->describes == found->reason.empty());
    return found->describes;
}

Circuit one(Neuron neuron) {
    Circuit circuit;
    circuit.populations.push_back({"E", 100, std::move(neuron)});
    return circuit;
}

}  // namespace

TEST_CASE("levels_of: neurons are told by the levels made for them, others say why not") {
    const EscapeNeuron unit{.t_ref = 0.0, .reset = false};
    CHECK(describes(one(EscapeNeuron{}), "mesoscopic"));
    CHECK(describes(one(EscapeNeuron{}), "rate-units"));
    CHECK_FALSE(describes(one(LeakyNeuron{}), "rate-units"));
    CHECK(describes(one(unit), "rate-units"));
    CHECK_FALSE(describes(one(unit), "quadratic"));
    CHECK(describes(examples::one_population(1.0, 1.0, 0.0), "quadratic"));
    CHECK_FALSE(describes(one(LeakyNeuron{}), "mesoscopic"));
}

TEST_CASE("reduce: without a name the first level that has equations and describes the circuit") {
    const Circuit circuit = examples::one_population(1.0, 1.0, 5.0);
    const RateEquations found = reduce(circuit);
    const RateEquations expected = rate_equations(quadratic_rates(circuit));
    const RateSolveOptions options{.duration = 50.0, .step = 0.5, .tolerance = 1e-5};
    CHECK((solve(found, options).states - solve(expected, options).states).norm() == 0.0);
    CHECK(reduce(one(EscapeNeuron{.t_ref = 0.0, .reset = false})).title == "Rate units");
}

TEST_CASE("reduce: a level that does not fit is refused with the reason and those that do") {
    CHECK_THROWS_WITH_AS((void)reduce(one(EscapeNeuron{}), "quadratic"),
                         doctest::Contains("what describes it: `mesoscopic`"), DomainError);
    CHECK_THROWS_WITH_AS((void)reduce(one(EscapeNeuron{}), "mesoscopic"),
                         doctest::Contains("has no equations to write; call mesoscopic"),
                         DomainError);
    CHECK_THROWS_WITH_AS((void)reduce(one(EscapeNeuron{}), "quadratics"),
                         doctest::Contains("did you mean 'quadratic'?"), DomainError);
    CHECK_THROWS_WITH_AS((void)reduce(one(LeakyNeuron{})),
                         doctest::Contains("no level has rate equations for this circuit"),
                         DomainError);
}
