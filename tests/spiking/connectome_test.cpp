#include "heddle/spiking/connectome.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "spiking/circuits.hpp"

using namespace heddle;
using namespace heddle::examples;

namespace {

std::vector<int> indegrees(const Circuit& circuit, const Connectome& connectome) {
    std::vector<int> out(static_cast<std::size_t>(neurons_of(circuit)));
    for (const Stored& synapse : all_stored(circuit, connectome))
        ++out[static_cast<std::size_t>(synapse.target)];
    return out;
}

}  // namespace

TEST_CASE("connect: with fixed in-degrees every neuron has exactly so many different sources") {
    const Circuit circuit = recurrent(500, FixedIndegree{.indegree = constant(60)});
    const Connectome connectome = connect(circuit);
    for (const int degree : indegrees(circuit, connectome)) CHECK(degree == 60);
    std::vector<Stored> all = all_stored(circuit, connectome);
    CHECK(all.size() == 30000);
    for (const Stored& synapse : all) CHECK(static_cast<Index>(synapse.source) != synapse.target);
    const auto same = [](const Stored& a, const Stored& b) {
        return a.source == b.source && a.target == b.target;
    };
    CHECK(std::adjacent_find(all.begin(), all.end(), same) == all.end());
}

TEST_CASE("connect: all to all and one to one connect exactly those") {
    CHECK(connect(recurrent(70, AllToAll{})).synapses == 70 * 69);
    Circuit circuit = recurrent(70, OneToOne{});
    circuit.projections[0].autapses = true;
    const Connectome connectome = connect(circuit);
    CHECK(connectome.synapses == 70);
    for (const Stored& synapse : all_stored(circuit, connectome))
        CHECK(static_cast<Index>(synapse.source) == synapse.target);
}

TEST_CASE("connect: Bernoulli connects N (N - 1) p pairs") {
    const Connectome connectome = connect(recurrent(1000, Bernoulli{.p = 0.1}));
    // Binomial: standard deviation 300; 5 of them, a false alarm once in 10⁶ seeds.
    CHECK(std::abs(static_cast<double>(connectome.synapses) - 99900.0) < 1500.0);
}
