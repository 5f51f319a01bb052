#include "heddle/loops/perform.hpp"

#include <doctest/doctest.h>

#include "heddle/core/error.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

std::vector<PerformedMotif> performed(const Library& library,
                                      const std::vector<std::string>& sequence,
                                      const PerformOptions& options = {}) {
    std::vector<PerformedMotif> items;
    perform(library, sequence, options,
            [&](PerformedMotif&& item) { items.push_back(std::move(item)); });
    return items;
}

const Library& two_motifs() {
    static const Library library = examples::library({"a", "b"});
    return library;
}

}  // namespace

TEST_CASE("perform: the outputs are those of the equations integrated in tiny steps (slow twin)") {
    for (const double thalamic_tau : {0.0, 0.005}) {
        DesignOptions options;
        options.motif_loops.thalamic_tau = thalamic_tau;
        const Library library = examples::library({"a", "b"}, options, 60);
        const auto items = performed(library, {"a", "b"}, {.units = {3, 17}});
        Vector x = Vector::Zero(60);
        for (std::size_t i = 0; i < 2; ++i) {
            x = examples::integrate(library.network, preparation_segment(library, i), x,
                                    library.preparation.duration, 3000);
            const Segment segment = motif_segment(library, i);
            CHECK((library.network.readout * x - items[i].output.row(0).transpose()).norm() < 1e-8);
            x = examples::integrate(library.network, segment, x, segment.duration, 12000);
            CHECK((library.network.readout * x - items[i].output.bottomRows(1).transpose()).norm() <
                  1e-7);
            CHECK(items[i].units(items[i].units.rows() - 1, 1) ==
                  doctest::Approx(x(17)).epsilon(1e-6));
        }
    }
}

TEST_CASE("perform: in isolation the error is the fit's, and in sequence a motif adds little") {
    const Library& library = two_motifs();
    for (const PerformedMotif& item : performed(library, {"a", "b", "b", "a", "a"})) {
        CHECK(item.isolated_error ==
              doctest::Approx(library.motifs[item.motif].fit.error).epsilon(1e-6));
        CHECK(item.error < item.isolated_error + 1e-3);
        CHECK_FALSE(item.failed);
    }
}

TEST_CASE(
    "perform: the predicted noise error is the Monte-Carlo mean (statistics, 4 standard errors, "
    "false alarm 1e-3)") {
    // The errors of few runs are skewed (sums of a few squared Gaussians), so a t-like bound at 4
    // standard errors of 400 runs has a false-alarm rate near 2e-4 for each of four motifs.
    const auto items =
        performed(two_motifs(), {"a", "b", "a", "b"}, {.noise = 0.02, .trials = 400, .seed = 5});
    for (const PerformedMotif& item : items) {
        CHECK(item.predicted_error > item.error);
        CHECK(std::abs(item.mean_error - item.predicted_error) < 4.0 * item.standard_error);
        CHECK(item.standard_error < 0.2 * item.mean_error);
    }
}

TEST_CASE("perform: recording units changes no prediction") {
    const auto plain = performed(two_motifs(), {"a", "b"}, {.noise = 0.05});
    const auto recorded = performed(two_motifs(), {"a", "b"}, {.noise = 0.05, .units = {0, 5, 70}});
    for (std::size_t i = 0; i < 2; ++i)
        CHECK(recorded[i].predicted_error ==
              doctest::Approx(plain[i].predicted_error).epsilon(1e-12));
}

TEST_CASE(
    "perform: a noisy run has the same bits whatever runs beside it, on any number of threads") {
    const auto few =
        performed(two_motifs(), {"a", "b"}, {.noise = 0.1, .trials = 3, .seed = 5, .threads = 1});
    const auto many =
        performed(two_motifs(), {"a", "b"}, {.noise = 0.1, .trials = 19, .seed = 5, .threads = 3});
    for (std::size_t i = 0; i < 2; ++i)
        for (std::size_t trial = 0; trial < 3; ++trial)
            CHECK(few[i].trials[trial] == many[i].trials[trial]);
    const auto other = performed(two_motifs(), {"a", "b"}, {.noise = 0.1, .trials = 3, .seed = 6});
    CHECK(few[0].trials[0] != other[0].trials[0]);
}

TEST_CASE("perform: letting go of segment maps changes time, not bits") {
    const auto kept = performed(two_motifs(), {"a", "b", "a", "b"});
    const auto made_again = performed(two_motifs(), {"a", "b", "a", "b"}, {.memory = 1});
    for (std::size_t i = 0; i < 4; ++i) CHECK(kept[i].output == made_again[i].output);
}

TEST_CASE("perform: a longer preparation brings the state closer to the next motif's start") {
    const auto brief = performed(two_motifs(), {"a", "b"}, {.preparation = 0.03});
    const auto patient = performed(two_motifs(), {"a", "b"}, {.preparation = 0.3});
    CHECK(patient[1].state_error < 0.1 * brief[1].state_error);
}

TEST_CASE("perform: a performance may begin anywhere") {
    const Vector far = 3.0 * Vector::Ones(120);
    const auto items = performed(two_motifs(), {"a"}, {.initial_state = far, .preparation = 0.4});
    CHECK(items[0].error < items[0].isolated_error + 1e-4);
}

TEST_CASE("perform: bad requests are named") {
    const Library& library = two_motifs();
    CHECK_THROWS_AS(performed(library, {}), DomainError);
    CHECK_THROWS_AS(performed(library, {"z"}), DomainError);
    CHECK_THROWS_AS(performed(library, {"a"}, {.noise = -1.0}), DomainError);
    CHECK_THROWS_AS(performed(library, {"a"}, {.trials = 5}), DomainError);
    CHECK_THROWS_AS(performed(library, {"a"}, {.units = {120}}), DomainError);
    CHECK_THROWS_AS(performed(library, {"a"}, {.initial_state = Vector::Zero(3)}), ShapeError);
}
