#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "heddle/core/error.hpp"
#include "heddle/spiking/simulate.hpp"
#include "spiking/circuits.hpp"

using namespace heddle;
using namespace heddle::examples;
using Kind = Distribution::Kind;

namespace {

constexpr Index size = 60;

/// Two populations of escape neurons whose rates depend on what arrives, without synapses.
Circuit excitable() {
    Circuit circuit;
    for (const char* name : {"a", "b"}) {
        circuit.populations.push_back(population(name, size));
        circuit.populations.back().neuron = EscapeNeuron{.Delta_V = 2.5, .I_e = 300.0};
    }
    return circuit;
}

/// Given connections, each with a weight and a delay of its own.
Edges own_edges() {
    Edges edges;
    for (std::uint32_t i = 0; i < size; i += 2)
        for (std::uint32_t j = i; j < size; j += 3) {
            edges.source.push_back(j);
            edges.target.push_back(i);
            edges.weight.push_back(10.0 * (1.0 + i % 7));
            edges.delay.push_back(0.1 * (1.0 + (i + j) % 11));
        }
    return edges;
}

std::vector<Rule> rules() {
    return {OneToOne{},
            AllToAll{},
            FixedOutdegree{constant(12)},
            FixedOutdegree{degree(15.0, 5.0, size - 1.0), true},
            FixedTotal{900},
            Bernoulli{0.25},
            CorrelatedDegrees{.p = 0.2, .in_cv = 0.5, .out_cv = 0.5, .correlation = 0.4},
            own_edges()};
}

struct Law {
    Distribution weight, delay;
};

std::vector<Law> laws() {
    return {{constant(120.0), constant(0.3)},
            {normal(120.0, 40.0), {Kind::uniform, 0.0, 0.0, 0.2, 2.5}},
            {{Kind::lognormal, -150.0, 90.0}, {Kind::normal, 1.5, 0.75, 0.1}}};
}

/// Both populations onto each other and themselves, by one rule and law; a second port for one.
Circuit connected(const Rule& rule, const Law& law) {
    Circuit circuit = excitable();
    for (const char* source : {"a", "b"})
        for (const char* target : {"a", "b"}) {
            const bool within = std::string(source) == target;
            Rule own = rule;
            if (auto* correlated = std::get_if<CorrelatedDegrees>(&own); correlated && !within)
                correlated->correlation = 0.0;
            circuit.projections.push_back(projection(source, target, own));
            circuit.projections.back().weight = law.weight;
            circuit.projections.back().delay = law.delay;
            circuit.projections.back().autapses = std::holds_alternative<OneToOne>(rule);
        }
    circuit.projections[1].synapse.tau_syn = 6.0;
    circuit.projections[3].left = Matrix::Constant(size, 1, 30.0);
    circuit.projections[3].right = Matrix::Constant(size, 1, 20.0);
    return circuit;
}

/// All rules and laws in one circuit.
Circuit all_together() {
    Circuit circuit = excitable();
    for (const Rule& rule : rules())
        for (const Law& law : laws()) {
            const Circuit one = connected(rule, law);
            circuit.projections.insert(circuit.projections.end(), one.projections.begin(),
                                       one.projections.end());
        }
    for (Projection& projection : circuit.projections) projection.weight.location *= 0.2;
    return circuit;
}

SpikeRecording run(const Circuit& circuit, bool regenerate, std::size_t threads = 1,
                   std::uint64_t seed = 5, SpikeTimes spike_times = SpikeTimes::interpolated) {
    return simulate(circuit, {.duration = 80.0,
                              .transient = 10.0,
                              .spike_times = spike_times,
                              .seed = seed,
                              .threads = threads,
                              .keep_spikes = true,
                              .regenerate = regenerate});
}

/// Neurons whose potentials rise from 0 to threshold in 50 ms, evenly, from anywhere between: each
/// fires at 20 Hz, and what arrives is too weak to matter.
Circuit clocks(Index count, const Rule& rule, const Distribution& delay) {
    Circuit circuit = recurrent(count, rule);
    const double tau = 2000.0, mean = 15.0 / (1.0 - std::exp(-50.0 / tau));
    circuit.populations[0].neuron = LeakyNeuron{.tau_m = tau,
                                                .E_L = 0.0,
                                                .V_th = 15.0,
                                                .V_reset = 0.0,
                                                .t_ref = 0.0,
                                                .I_e = mean * 250.0 / tau};
    circuit.populations[0].quenched["V_m"] = {Kind::uniform, 0.0, 0.0, 0.0, 15.0};
    circuit.projections[0].weight = normal(0.0, 1e-9);
    circuit.projections[0].delay = delay;
    return circuit;
}

std::string message_of(const auto& call) {
    try {
        call();
    } catch (const DomainError& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("simulate: regenerated synapses give the bits of stored ones (slow twin), for any rule") {
    for (const Rule& rule : rules())
        for (const Law& law : laws()) {
            const Circuit circuit = connected(rule, law);
            const SpikeRecording stored = run(circuit, false);
            INFO("rule " << rule.index() << ", weight " << law.weight.location);
            REQUIRE(stored.events > 300);
            REQUIRE(stored.spikes != run(excitable(), false).spikes);
            for (const std::size_t threads : {1u, 2u, 4u}) {
                const SpikeRecording again = run(circuit, true, threads);
                CHECK(again.spikes == stored.spikes);
                CHECK(again.events == stored.events);
            }
        }
}

TEST_CASE("simulate: so do all rules and laws at once, on the grid too") {
    const Circuit circuit = all_together();
    for (const SpikeTimes times : {SpikeTimes::interpolated, SpikeTimes::grid}) {
        const SpikeRecording stored = run(circuit, false, 1, 8, times);
        REQUIRE(stored.events > 50'000);
        for (const std::size_t threads : {1u, 2u, 4u, 7u})
            CHECK(run(circuit, true, threads, 8, times).spikes == stored.spikes);
    }
}

TEST_CASE("simulate: a connectome laid out once keeps the seed of its synapses") {
    const Circuit circuit = connected(Bernoulli{0.25}, laws()[1]);
    const auto with = [&](bool regenerate, std::uint64_t seed) {
        const Connectome connectome =
            connect(circuit, {.seed = seed, .threads = 3, .regenerate = regenerate});
        return simulate(circuit, connectome, {.duration = 80.0, .seed = 9, .keep_spikes = true})
            .spikes;
    };
    CHECK(with(true, 4) == with(false, 4));
    CHECK(with(true, 4) != with(true, 9));
}

TEST_CASE("simulate: without projections there is nothing to regenerate (limit case)") {
    CHECK(run(excitable(), true).spikes == run(excitable(), false).spikes);
    Circuit empty = excitable();
    empty.projections = {projection("a", "b", FixedTotal{0})};
    CHECK(run(empty, true, 2).spikes == run(excitable(), false).spikes);
}

TEST_CASE("memory_needed: regenerated, what spikes in flight take at 20 Hz, to 15 %") {
    // Of 4000 neurons, each fires in a given 10 ms with probability 1 / 5: 800 spikes in flight,
    // with a standard deviation of 25. 15 % are 4.7 of these: a false alarm in 10⁴ seeds.
    const Circuit circuit = clocks(4000, FixedOutdegree{constant(400)}, constant(10.0));
    const Connectome connectome = connect(circuit, {.regenerate = true});
    const std::int64_t needed = memory_needed(circuit, {.regenerate = true});
    CHECK(needed < memory_needed(circuit, {}) / 4);
    const auto with = [&](double part) {
        const auto memory = static_cast<std::int64_t>(part * static_cast<double>(needed));
        return simulate(circuit, connectome, {.duration = 60.0, .memory = memory});
    };
    CHECK(with(1.15).completed);
    const SpikeRecording stopped = with(0.85);
    CHECK_FALSE(stopped.completed);
    CHECK(stopped.duration < 60.0);
    CHECK(stopped.statement.find(" ms: the synapses of the spikes in flight outgrew the ") !=
          std::string::npos);
}

TEST_CASE("simulate: a circuit that does not fit when stored runs regenerated, to the same bits") {
    const Circuit circuit = clocks(3000, FixedOutdegree{constant(300)}, constant(1.5));
    const SimulateOptions options{.duration = 60.0, .keep_spikes = true};
    SimulateOptions little = options;
    little.memory = 1 << 20;
    CHECK(message_of([&] { (void)simulate(circuit, little); }).find("regenerate them") !=
          std::string::npos);
    little.regenerate = true;
    const SpikeRecording found = simulate(circuit, little);
    CHECK(found.completed);
    CHECK(found.spikes == simulate(circuit, options).spikes);
}

TEST_CASE("simulate: events are the synapses of the spikes that arrived, stored or regenerated") {
    const Circuit circuit = clocks(500, FixedOutdegree{constant(30)}, constant(1.5));
    for (const bool regenerate : {false, true}) {
        const SpikeRecording found =
            simulate(circuit, {.duration = 40.0, .keep_spikes = true, .regenerate = regenerate});
        const auto arrived = std::ranges::count_if(
            found.spikes, [](const Spike& spike) { return spike.time <= 40.0 - 1.5; });
        CHECK(arrived > 300);
        CHECK(found.events == 30 * arrived);
    }
}

TEST_CASE("simulate: what cannot be regenerated is refused, with what can") {
    const Circuit circuit = connected(Bernoulli{0.25}, laws()[0]);
    CHECK(message_of([&] { (void)run(connected(FixedIndegree{constant(9)}, laws()[0]), true); }) ==
          "regenerate: the projection 'a' → 'a' has a fixed in-degree, whose rows are drawn by "
          "target; store its synapses, or fix the out-degree, the total or a probability");
    const Connectome stored = connect(circuit);
    CHECK(message_of([&] { (void)simulate(circuit, stored, {.regenerate = true}); }) ==
          "regenerate is true, and the connectome stores its synapses; connect with regenerate, or "
          "give no connectome");
}

TEST_CASE("simulate: a connectome of another circuit is refused, with what differs") {
    const Circuit circuit = connected(Bernoulli{0.25}, laws()[0]);
    Circuit larger = circuit, moved = circuit, slower = circuit;
    larger.populations[1].size += 2;
    moved.populations[0].size -= 3;
    moved.populations[1].size += 3;
    for (Circuit* other : {&larger, &moved})
        for (Projection& projection : other->projections) projection.left = projection.right = {};
    slower.projections[2].delay = constant(0.7);
    const auto message = [&](const Circuit& other, bool regenerate) {
        const Connectome connectome = connect(circuit, {.regenerate = regenerate});
        return message_of([&] { (void)simulate(other, connectome, {.duration = 1.0}); });
    };
    for (const bool regenerate : {false, true}) {
        CHECK(message(larger, regenerate) ==
              "connectome: it connects 120 neurons, and the circuit has 122; connect the circuit "
              "again");
        CHECK(message(moved, regenerate) ==
              "connectome: its populations and synapses are not the circuit's; connect the circuit "
              "again");
    }
    CHECK(message(slower, true) ==
          "connectome: its delays or weights from population 'b' are not the circuit's; connect "
          "the circuit again");
}
