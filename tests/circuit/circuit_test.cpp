#include "heddle/circuit/circuit.hpp"

#include <doctest/doctest.h>

#include <string>

#include "heddle/core/error.hpp"

using namespace heddle;

namespace {

Circuit two_populations() {
    const Synapse fast{.tau_syn = 0.5};
    const Synapse slow{.tau_syn = 5.0};
    Circuit circuit;
    circuit.populations = {{.name = "E", .size = 8}, {.name = "I", .size = 2}};
    circuit.projections = {{.source = "I", .target = "E", .rule = AllToAll{}, .synapse = slow},
                           {.source = "E", .target = "E", .rule = AllToAll{}, .synapse = fast},
                           {.source = "E", .target = "I", .rule = AllToAll{}, .synapse = fast}};
    circuit.inputs = {{"E", PoissonInput{.rate = 10.0, .synapse = fast}},
                      {"E", PoissonInput{.rate = 10.0, .synapse = {Synapse::Kind::delta}}}};
    return circuit;
}

}  // namespace

TEST_CASE("ports_of: each distinct synapse once, projections first, in their order") {
    const Circuit circuit = two_populations();
    const auto excitatory = ports_of(circuit, 0);
    REQUIRE(excitatory.size() == 3);
    CHECK(excitatory[0].tau_syn == 5.0);
    CHECK(excitatory[1].tau_syn == 0.5);
    CHECK(excitatory[2].kind == Synapse::Kind::delta);
    CHECK(ports_of(circuit, 1).size() == 1);
}

TEST_CASE("Synapses are equal where what they do is: unused fields make no difference") {
    const Synapse delta{.kind = Synapse::Kind::delta};
    CHECK(delta == Synapse{.kind = Synapse::Kind::delta, .tau_syn = 9.0});
    CHECK(Synapse{.E_rev = -80.0} == Synapse{});
    CHECK(Synapse{.conductance = true, .E_rev = -80.0} != Synapse{.conductance = true});
    CHECK(Synapse{.tau_syn = 3.0} != Synapse{});
}

TEST_CASE("population_index: the position of a name, or an error that says who asked") {
    const Circuit circuit = two_populations();
    CHECK(population_index(circuit, "I") == 1);
    CHECK(neurons_of(circuit) == 10);
    CHECK_THROWS_WITH_AS((void)population_index(circuit, "Exc", "inputs[0]"),
                         "inputs[0]: there is no population 'Exc'; it has E, I", DomainError);
}
