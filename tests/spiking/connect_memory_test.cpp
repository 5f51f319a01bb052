#include <doctest/doctest.h>

#include <string>

#include "heddle/core/error.hpp"
#include "spiking/circuits.hpp"

using namespace heddle;
using namespace heddle::examples;

TEST_CASE("memory_needed: is what the synapses then take, to 10 %") {
    Circuit weighted = recurrent(4000, Bernoulli{0.25});
    weighted.projections[0].weight = normal(1.0, 0.1);
    weighted.projections[0].delay = {Distribution::Kind::normal, 1.5, 0.75, 0.1};
    Circuit several = recurrent(3000, FixedTotal{3'000'000});
    several.populations.push_back(population("i", 1000));
    several.projections.push_back(projection("i", "e", AllToAll{}));
    several.projections.push_back(projection("e", "i", FixedOutdegree{degree(300, 50, 1000)}));
    several.projections.back().delay = {Distribution::Kind::uniform, 0.0, 0.0, 0.1, 3.0};
    for (const Circuit& circuit :
         {weighted, several, recurrent(5000, FixedIndegree{degree(900, 300, 4999)}),
          recurrent(20'000, FixedIndegree{constant(200), true})})
        for (const std::size_t threads : {1u, 3u}) {
            const ConnectOptions options{.threads = threads};
            const auto needed = static_cast<double>(memory_needed(circuit, options));
            const auto taken = static_cast<double>(connect(circuit, options).bytes);
            // What waits for its place while it is drawn comes on top.
            const double waiting = 3.2e6 * static_cast<double>(threads);
            CHECK(taken < 1.01 * needed);
            CHECK(taken > 0.9 * needed - waiting);
        }
}

TEST_CASE("connect: a circuit too large for its memory is refused before anything is drawn") {
    Circuit circuit = recurrent(2'000'000, FixedTotal{20'000'000'000});
    circuit.projections[0].weight = normal(1.0, 0.1);
    std::string message;
    try {
        (void)connect(circuit, {.memory = std::int64_t{3} << 30});
    } catch (const DomainError& error) {
        message = error.what();
    }
    CHECK(
        message ==
        "memory: the circuit's synapses need about 112 GiB, more than the 3 GiB that may be used; "
        "take fewer synapses, or constant weights, which need 2 bytes a synapse instead of 6; or "
        "regenerate them at every spike, which needs about 2.25 GiB");
}

TEST_CASE("connect: regenerating is a remedy where it is possible and enough, and nowhere else") {
    const auto refusal = [](const Circuit& circuit, const ConnectOptions& options) {
        try {
            (void)connect(circuit, options);
        } catch (const DomainError& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    const Circuit possible = recurrent(20'000, FixedOutdegree{constant(1000)});
    const ConnectOptions little{.memory = 4 << 20}, least{.memory = 1 << 18};
    CHECK(refusal(possible, little)
              .ends_with("regenerate them at every spike, which needs about "
                         "0.000747 GiB"));
    CHECK(refusal(possible, least).ends_with("2 bytes a synapse instead of 6"));
    CHECK(refusal(recurrent(20'000, FixedIndegree{constant(1000)}), little)
              .ends_with("2 bytes a synapse instead of 6"));
    const std::string in_flight = refusal(possible, {.memory = 1 << 18, .regenerate = true});
    CHECK(in_flight.find("0.000747 GiB in flight, more than the 0.000244 GiB") !=
          std::string::npos);
    CHECK(in_flight.ends_with("or shorter delays"));
}

TEST_CASE("connect: tells its progress, and stops where progress throws") {
    struct Stop {};
    const Circuit circuit = recurrent(2000, FixedTotal{2'000'000});
    std::size_t calls = 0, last = 0;
    (void)connect(circuit, {}, [&](std::size_t done, std::size_t total) {
        CHECK(done >= last);
        CHECK(done <= total);
        last = done;
        ++calls;
    });
    CHECK(last == 1000);
    CHECK(calls >= 4);
    CHECK_THROWS_AS((void)connect(circuit, {}, [](std::size_t, std::size_t) { throw Stop{}; }),
                    Stop);
}
