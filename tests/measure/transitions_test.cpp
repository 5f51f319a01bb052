#include "heddle/measure/transitions.hpp"

#include <doctest/doctest.h>

#include "heddle/loops/perform.hpp"
#include "support/examples.hpp"

using namespace heddle;

TEST_CASE("transitions: the error of j after i is the one a performance shows") {
    const Library library = examples::library({"a", "b", "c"});
    const Transitions result = transitions(library);
    for (const auto& [first, second] :
         {std::pair<std::size_t, std::size_t>{0, 1}, {2, 1}, {1, 1}}) {
        std::vector<PerformedMotif> items;
        PerformOptions options;
        options.initial_state = library.motifs[first].initial_state;  // prepared already: stays
                                                                      // there
        perform(library, {library.motifs[first].motif.name, library.motifs[second].motif.name},
                options, [&](PerformedMotif&& item) { items.push_back(std::move(item)); });
        const auto i = static_cast<Index>(first), j = static_cast<Index>(second);
        CHECK(items[1].state_error == doctest::Approx(result.state_error(i, j)).epsilon(1e-6));
        CHECK(items[1].error == doctest::Approx(result.error(i, j)).epsilon(1e-6));
    }
}

TEST_CASE("transitions: q < 1 bounds the deviation in a long random sequence") {
    const Library library = examples::library({"a", "b", "c"});
    const Transitions result = transitions(library);
    REQUIRE(result.q < 1.0);
    CHECK(result.radius <= result.q);
    std::vector<std::string> sequence;
    const Random random(3);
    for (std::uint64_t k = 0; k < 200; ++k)
        sequence.push_back(library.motifs[random.integer(k) % 3].motif.name);
    double largest = 0.0;
    PerformOptions options;
    options.initial_state = library.motifs[find_motif(library, sequence[0])].initial_state;
    perform(library, sequence, options, [&](PerformedMotif&& item) {
        largest =
            std::max(largest, item.state_error * library.motifs[item.motif].initial_state.norm());
    });
    CHECK(largest <= result.bound);
    CHECK(result.bound < 100.0 * largest);
}

TEST_CASE("transitions: at the safe time q is 1, and shorter preparation loses the bound") {
    Library library = examples::library({"a", "b"});
    const double safe = transitions(library).safe_time;
    REQUIRE(safe > 0.0);
    library.preparation.duration = 1.02 * safe;
    CHECK(transitions(library).q < 1.0);
    library.preparation.duration = 0.97 * safe;
    const Transitions unsafe = transitions(library);
    CHECK(unsafe.q > 1.0);
    CHECK(std::isinf(unsafe.bound));
    CHECK(std::isnan(unsafe.safe_time));
}

TEST_CASE("transitions: the same bits for any number of threads") {
    const Library library = examples::library({"a", "b", "c"});
    const Transitions one = transitions(library, 1), four = transitions(library, 4);
    CHECK(one.error == four.error);
    CHECK(one.q == four.q);
    CHECK(one.safe_time == four.safe_time);
}
