#include "heddle/loops/library.hpp"

#include <doctest/doctest.h>

#include "heddle/core/error.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

bool same_bits(const MotifLoops& a, const MotifLoops& b) {
    return a.motif.name == b.motif.name && a.loops.u == b.loops.u && a.loops.v == b.loops.v &&
           a.modes == b.modes && a.initial_state == b.initial_state &&
           a.fixed_point == b.fixed_point && a.fit.eigenvalues == b.fit.eigenvalues &&
           a.fit.amplitudes == b.fit.amplitudes && a.gain == b.gain;
}

std::string message_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("extend: one more motif changes no bit of what exists") {
    const Library before = examples::library({"a", "b"});
    const Library after = extend(before, {examples::motif("c")});
    REQUIRE(after.motifs.size() == 3);
    for (std::size_t i = 0; i < 2; ++i) CHECK(same_bits(before.motifs[i], after.motifs[i]));
    CHECK(before.preparation.loops.u == after.preparation.loops.u);
    CHECK(std::get<Matrix>(before.network.weights) == std::get<Matrix>(after.network.weights));
    CHECK(same_bits(after.motifs[2], examples::library({"c", "a"}).motifs[0]));
}

TEST_CASE("design: the same bits for any number of threads and any order of the motifs") {
    DesignOptions one, three;
    one.threads = 1;
    three.threads = 3;
    const Library serial = examples::library({"a", "b", "c", "d"}, one);
    const Library parallel = examples::library({"d", "c", "b", "a"}, three);
    for (std::size_t i = 0; i < 4; ++i) CHECK(same_bits(serial.motifs[i], parallel.motifs[3 - i]));
}

TEST_CASE("design: bad input is named before any long computation") {
    const Network network = examples::network(40, 2);
    DesignOptions options;
    options.motif_loops.loops = 4;
    CHECK(message_of([&] {
              static_cast<void>(
                  design(network, {examples::motif("a"), examples::motif("a")}, options));
          }).find("'a' twice") != std::string::npos);
    CHECK(message_of([&] {
              static_cast<void>(design(network, {examples::motif("a", 3)}, options));
          }).find("channels") != std::string::npos);
    CHECK(message_of([&] {
              static_cast<void>(
                  design(examples::network(40, 2, 1, 1.5), {examples::motif("a")}, options));
          }).find("unstable") != std::string::npos);
    Network curved = network;
    curved.response = Response::tanh;
    CHECK(message_of([&] {
              static_cast<void>(design(curved, {examples::motif("a")}, options));
          }).find("'tanh'") != std::string::npos);
    options.motif_loops.loops = 1;
    CHECK(message_of([&] {
              static_cast<void>(design(network, {examples::motif("a")}, options));
          }).find("one loop per channel") != std::string::npos);
}

TEST_CASE("find_motif: an unknown name brings the nearest known one") {
    const Library library = examples::library({"alpha", "beta"});
    CHECK(find_motif(library, "beta") == 1);
    CHECK(message_of([&] {
              static_cast<void>(find_motif(library, "alpah"));
          }).find("did you mean 'alpha'") != std::string::npos);
}

TEST_CASE(
    "schedule: preparation and motif take turns, and the tonic input makes the next start the "
    "fixed point") {
    const Library library = examples::library({"a", "b"});
    const Schedule plan = schedule(library, {"b", "a"});
    REQUIRE(plan.size() == 4);
    CHECK(plan[0].open == &library.preparation.loops);
    CHECK(plan[0].fixed_point == library.motifs[1].initial_state);
    CHECK(plan[1].open == &library.motifs[1].loops);
    CHECK(plan[3].name == "a");
}
