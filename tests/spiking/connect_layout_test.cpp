#include <doctest/doctest.h>

#include <algorithm>
#include <tuple>

#include "heddle/core/error.hpp"
#include "heddle/spiking/row_generator.hpp"
#include "spiking/circuits.hpp"

using namespace heddle;
using namespace heddle::examples;
using Kind = Distribution::Kind;

namespace {

/// Every rule by source, constant and drawn weights and delays, two ports.
Circuit mixed() {
    Circuit circuit{
        .populations = {population("a", 120), population("b", 80), population("c", 37)},
        .projections = {projection("a", "a", FixedTotal{2000}),
                        projection("a", "b", Bernoulli{0.2}),
                        projection("a", "b", FixedOutdegree{constant(11), true}),
                        projection("a", "c", AllToAll{}),
                        projection("b", "a",
                                   CorrelatedDegrees{.p = 0.2, .in_cv = 0.5, .out_cv = 0.5}),
                        projection("b", "b", OneToOne{}),
                        projection("c", "a", FixedOutdegree{degree(20, 5, 120)}),
                        projection("b", "c", Edges{{3, 3, 70}, {1, 36, 1}, {}, {}})},
        .inputs = {},
        .readouts = {}};
    circuit.projections[5].autapses = true;
    circuit.projections[1].delay = {Kind::normal, 1.5, 0.75, 0.1};
    circuit.projections[2].weight = normal(2.0, 0.2);
    circuit.projections[3].weight = constant(0.5);
    circuit.projections[3].synapse.tau_syn = 5.0;
    circuit.projections[4].weight = {Kind::lognormal, -1.0, 0.5};
    circuit.projections[7].synapse.kind = Synapse::Kind::delta;
    return circuit;
}

/// The same with rows by target among them.
Circuit mixed_with_indegrees() {
    Circuit circuit = mixed();
    circuit.projections.push_back(projection("a", "b", FixedIndegree{constant(30)}));
    circuit.projections.push_back(projection("b", "b", FixedIndegree{degree(9, 2, 99), true}));
    circuit.projections.back().weight = normal(1.0, 0.3);
    circuit.projections.back().delay = {Kind::uniform, 0.0, 0.0, 0.1, 2.0};
    return circuit;
}

/// Synapses in the order in which each neuron sees them.
std::vector<Stored> by_neuron(const Circuit& circuit, const Connectome& connectome) {
    std::vector<Stored> all = all_stored(circuit, connectome);
    std::stable_sort(all.begin(), all.end(),
                     [](const Stored& a, const Stored& b) { return a.target < b.target; });
    return all;
}

auto key(const Stored& s) {
    return std::tie(s.population, s.target, s.source, s.port, s.delay, s.weight);
}

/// What the naive generator gives: every projection by itself, in no particular order.
std::vector<Stored> from_edges(const Circuit& circuit) {
    std::vector<Stored> out;
    for (std::size_t k = 0; k < circuit.projections.size(); ++k) {
        const Projection& of = circuit.projections[k];
        const std::size_t target = population_index(circuit, of.target);
        const std::vector<Synapse> ports = ports_of(circuit, target);
        const auto port = std::find(ports.begin(), ports.end(), of.synapse) - ports.begin();
        Index first = 0;
        for (std::size_t p = 0; p < target; ++p) first += circuit.populations[p].size;
        const Edges edges = edges_of(circuit, {}, k);
        for (std::size_t e = 0; e < edges.source.size(); ++e)
            out.push_back({population_index(circuit, of.source), edges.source[e],
                           static_cast<std::uint32_t>(std::lround(edges.delay[e] / 0.1)),
                           first + edges.target[e], static_cast<std::size_t>(port),
                           static_cast<float>(edges.weight[e])});
    }
    return out;
}

template <class Order>
std::vector<Stored> sorted(std::vector<Stored> all, Order order) {
    std::sort(all.begin(), all.end(), order);
    return all;
}

}  // namespace

TEST_CASE(
    "connect: any number of threads and blocks gives each neuron the same synapses in order") {
    for (const Circuit& circuit : {mixed(), mixed_with_indegrees()}) {
        const Connectome one = connect(circuit);
        CHECK(one.blocks.size() == 1);
        CHECK(one.synapses > 4000);
        for (const std::size_t threads : {2u, 5u, 64u}) {
            const Connectome many = connect(circuit, {.threads = threads});
            CHECK(many.blocks.size() == threads);
            CHECK(many.synapses == one.synapses);
            CHECK(by_neuron(circuit, many) == by_neuron(circuit, one));
        }
    }
}

TEST_CASE("connect: what is stored is what every projection draws by itself (slow twin)") {
    const auto order = [](const Stored& a, const Stored& b) { return key(a) < key(b); };
    for (const Circuit& circuit : {mixed(), mixed_with_indegrees()})
        for (const std::size_t threads : {1u, 3u}) {
            const Connectome connectome = connect(circuit, {.threads = threads});
            CHECK(sorted(all_stored(circuit, connectome), order) ==
                  sorted(from_edges(circuit), order));
        }
}

TEST_CASE("connect: rows are sorted by lane, then cell; lanes by delay") {
    for (const Circuit& circuit : {mixed(), mixed_with_indegrees()})
        for (const Block& block : connect(circuit, {.threads = 2}).blocks)
            for (const Rows& rows : block.from) {
                CHECK(
                    std::is_sorted(rows.lanes.begin(), rows.lanes.end(),
                                   [](const Lane& a, const Lane& b) { return a.delay < b.delay; }));
                for (std::size_t k = 0; k + 1 < rows.starts.size(); ++k)
                    CHECK(std::is_sorted(rows.cells.data() + rows.starts[k],
                                         rows.cells.data() + rows.starts[k + 1]));
            }
}

TEST_CASE("connect: blocks hold every neuron once, and each neuron one cell a port") {
    const Circuit circuit = mixed();
    for (const std::size_t threads : {1u, 2u, 7u}) {
        Index next = 0;
        for (const Block& block : connect(circuit, {.threads = threads}).blocks) {
            CHECK(block.first == next);
            std::uint32_t cells = 0;
            for (const Slice& slice : block.slices) {
                CHECK(slice.cell == cells);
                cells += static_cast<std::uint32_t>(slice.count) *
                         static_cast<std::uint32_t>(ports_of(circuit, slice.population).size());
                next += slice.count;
            }
            CHECK(block.cells == cells);
            CHECK(block.last == next);
        }
        CHECK(next == neurons_of(circuit));
    }
}

TEST_CASE("connect: constant weights are stored once a lane, two bytes a synapse") {
    const Connectome connectome = connect(recurrent(2000, FixedOutdegree{constant(500)}));
    const Rows& rows = connectome.blocks[0].from[0];
    CHECK(rows.weights.empty());
    CHECK(rows.lanes.size() == 1);
    CHECK(rows.lanes[0].weight == 1.0F);
    CHECK(connectome.bytes == 2'000'000 + 4 * 2001 + static_cast<std::int64_t>(sizeof(Lane)));
    CHECK(connectome.least_delay == 10);
    CHECK(connectome.most_delay == 10);
}

TEST_CASE("connect: more than 65,536 cells are cut into blocks") {
    Circuit circuit = recurrent(40'000, FixedOutdegree{constant(3), true});
    circuit.projections.push_back(circuit.projections[0]);
    circuit.projections.back().synapse.tau_syn = 7.0;
    const Connectome connectome = connect(circuit);
    CHECK(connectome.blocks.size() == 2);
    for (const Block& block : connectome.blocks) CHECK(block.cells <= 65536);
    CHECK(connectome.synapses == 240'000);
    const auto order = [](const Stored& a, const Stored& b) { return key(a) < key(b); };
    CHECK(sorted(all_stored(circuit, connectome), order) == sorted(from_edges(circuit), order));
}

TEST_CASE("connect: without synapses there are blocks and nothing in them (limit case)") {
    const Circuit circuit{
        .populations = {population("a", 5)}, .projections = {}, .inputs = {}, .readouts = {}};
    const Connectome connectome = connect(circuit, {.threads = 9});
    CHECK(connectome.blocks.size() == 5);
    CHECK(connectome.synapses == 0);
    CHECK(connectome.least_delay == 1);
    CHECK(connectome.blocks[4].from[0].starts.empty());
    CHECK(connectome.blocks[4].cells == 0);
}

TEST_CASE("RowGenerator: a row drawn again is the stored row, bit for bit") {
    const Circuit circuit = mixed();
    for (const std::size_t threads : {1u, 3u}) {
        const Connectome stored = connect(circuit, {.seed = 4, .threads = threads});
        const Connectome laid_out =
            connect(circuit, {.seed = 4, .threads = threads, .regenerate = true});
        const RowGenerator generator(circuit, laid_out);
        CHECK(laid_out.regenerated);
        CHECK(laid_out.bytes < 8000);
        DrawnRows row;
        for (std::size_t b = 0; b < stored.blocks.size(); ++b)
            for (std::size_t p = 0; p < 3; ++p) {
                const Rows& rows = stored.blocks[b].from[p];
                CHECK(rows.lanes.size() == laid_out.blocks[b].from[p].lanes.size());
                if (rows.starts.empty()) continue;
                const std::size_t lanes = rows.lanes.size();
                for (std::size_t j = 0; j < (rows.starts.size() - 1) / lanes; ++j) {
                    generator.row(b, p, static_cast<std::uint32_t>(j), row);
                    const std::uint32_t first = rows.starts[j * lanes],
                                        last = rows.starts[(j + 1) * lanes];
                    CHECK(std::equal(row.cells.begin(), row.cells.end(), rows.cells.data() + first,
                                     rows.cells.data() + last));
                    for (std::size_t l = 0; l <= lanes; ++l)
                        CHECK(row.starts[l] == rows.starts[j * lanes + l] - first);
                    if (!rows.weights.empty())
                        CHECK(std::equal(row.weights.begin(), row.weights.end(),
                                         rows.weights.data() + first, rows.weights.data() + last));
                }
            }
    }
}

TEST_CASE("connect: fixed in-degrees cannot be regenerated, and the message says what can") {
    CHECK_THROWS_WITH_AS(
        (void)connect(recurrent(50, FixedIndegree{constant(5)}), {.regenerate = true}),
        "regenerate: the projection 'e' → 'e' has a fixed in-degree, whose rows are drawn by "
        "target; store its synapses, or fix the out-degree, the total or a probability",
        DomainError);
}
