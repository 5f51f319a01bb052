#include <doctest/doctest.h>

#include "heddle/population/quadratic.hpp"
#include "heddle/population/rate_units.hpp"
#include "population/quadratic_circuits.hpp"
#include "support/programs.hpp"

using namespace heddle;

namespace {

const CodeOptions short_run{.duration = 50.0, .step = 0.25};

/// Two populations of escape neurons with drawn weights, adaptation, delays, and a current that
/// steps within a step of the method.
Circuit unit_circuit() {
    const EscapeNeuron neuron{.V_T_star = 0.0,
                              .t_ref = 0.0,
                              .Delta_V = 1.5,
                              .lambda_0 = 7.0,
                              .lambda_floor = 2.0,
                              .hazard = Hazard::softplus,
                              .reset = false};
    Circuit circuit;
    circuit.populations = {{"L2/3e", 100, neuron}, {"I", 50, neuron}};
    circuit.populations[0].adaptation = {{.tau = 100.0, .q = 1.0}};
    const auto connect = [&](const char* source, const char* target, double weight) {
        circuit.projections.push_back({.source = source,
                                       .target = target,
                                       .rule = Bernoulli{0.2},
                                       .synapse = {},
                                       .weight = {.location = weight},
                                       .delay = {.location = 1.3}});
    };
    connect("L2/3e", "L2/3e", 5.0);
    connect("L2/3e", "I", 5.0);
    connect("I", "L2/3e", -8.0);
    circuit.inputs.push_back(
        {"L2/3e", CurrentInput{.times = {0.0, 20.07}, .values = Matrix{{30.0, 60.0}}}});
    return circuit;
}

RateEquations quadratic_equations() {
    return rate_equations(quadratic_rates(examples::two_populations()));
}

}  // namespace

TEST_CASE("equation_code: rate units in numpy and C++ do what rate units in Heddle do") {
    const RateEquations equations = rate_unit_equations(unit_circuit());
    if (examples::has(examples::python()))
        CHECK(examples::difference(equations, CodeLanguage::numpy, short_run) < 1e-12);
    else
        MESSAGE("no Python with numpy: not run");
    if (examples::has("g++"))
        CHECK(examples::difference(equations, CodeLanguage::cpp, short_run) < 1e-12);
    else
        MESSAGE("no g++: not run");
}

TEST_CASE("equation_code: refractory and reset neurons do so in numpy and C++") {
    Circuit circuit = unit_circuit();
    for (Population& population : circuit.populations)
        std::get<EscapeNeuron>(population.neuron).t_ref = 2.0;
    std::get<EscapeNeuron>(circuit.populations[1].neuron).reset = true;
    circuit.populations[0].adaptation.push_back({Adaptation::Kind::current, 50.0, 5.0});
    const RateEquations equations = rate_unit_equations(circuit);
    if (examples::has(examples::python()))
        CHECK(examples::difference(equations, CodeLanguage::numpy, short_run) < 1e-11);
    else
        MESSAGE("no Python with numpy: not run");
    if (examples::has("g++"))
        CHECK(examples::difference(equations, CodeLanguage::cpp, short_run) < 1e-11);
    else
        MESSAGE("no g++: not run");
}

TEST_CASE("equation_code: quadratic neurons with delays and currents do so in numpy and C++") {
    const RateEquations equations = quadratic_equations();
    if (examples::has(examples::python()))
        CHECK(examples::difference(equations, CodeLanguage::numpy, short_run) < 1e-12);
    else
        MESSAGE("no Python with numpy: not run");
    if (examples::has("g++"))
        CHECK(examples::difference(equations, CodeLanguage::cpp, short_run) < 1e-12);
    else
        MESSAGE("no g++: not run");
}

TEST_CASE("equation_code: circuits without delays can be said in every language") {
    for (const RateEquations& equations :
         {rate_unit_equations(unit_circuit()), quadratic_equations()})
        for (const CodeLanguage language :
             {CodeLanguage::auto07, CodeLanguage::xpp, CodeLanguage::pyrates})
            CHECK_NOTHROW((void)equation_code(without_delays(equations, 4), language));
}
