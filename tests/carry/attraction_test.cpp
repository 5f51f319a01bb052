#include "heddle/carry/attraction.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "carry/carried.hpp"
#include "heddle/carry/survival.hpp"
#include "heddle/core/error.hpp"

using namespace heddle;

TEST_CASE("attraction_trials: undisplaced starts have no distance and the motif's own error") {
    const CarriedLibrary net = carried(Response::tanh, 0.5);
    const AttractionTrials found = attraction_trials(net, 1, {.radius = 0.0, .starts = 3});
    CHECK(found.distance.maxCoeff() < 1e-9);
    const double error = survival(net, {.points = 0}).error(1);
    for (Index i = 0; i < 3; ++i) CHECK(found.error(i) == doctest::Approx(error).epsilon(1e-9));
}

TEST_CASE("attraction_trials: displacements have the asked size (statistics)") {
    // Without preparation distance is at least that of the start; with units that nothing moves,
    // W = 0 and closed loops, it is that of the start.
    CarriedLibrary net = carried(Response::linear, 0.5);
    net.network.weights = Matrix(Matrix::Zero(60, 60));
    for (Loops& loops : net.loops) loops.v.setZero();
    const Index starts = 4000;
    const Arrival at_once{.preparation = false};
    const Vector gaussian =
        attraction_trials(net, 0, {.radius = 2.0, .starts = starts}, at_once).distance;
    // n |δ|² / (s a)² is χ² of n degrees: mean square 4, standard error 4 √(2 / (n N)); 4 σ, 6e-5.
    const double mean = gaussian.squaredNorm() / static_cast<double>(starts);
    CHECK(std::abs(mean - 4.0) < 4.0 * 4.0 * std::sqrt(2.0 / (60.0 * static_cast<double>(starts))));
    const Vector ball =
        attraction_trials(net, 0, {.radius = 2.0, .ball = true, .starts = starts}, at_once)
            .distance;
    CHECK(ball.maxCoeff() <= 2.0);
    // (|δ| / r)^n is uniform: mean 1/2, standard error 1 / √(12 N); 4 σ, 6e-5.
    const double share = (ball / 2.0).array().pow(60.0).mean();
    CHECK(std::abs(share - 0.5) < 4.0 / std::sqrt(12.0 * static_cast<double>(starts)));
}

TEST_CASE("attraction_trials: no start of a certified ball leaves its tube") {
    const CarriedLibrary net = carried(Response::tanh, 0.1);
    const Tube proof = largest_tube(net, 0, 0.2);
    REQUIRE(proof.certified);
    const AttractionTrials found =
        attraction_trials(net, 0, {.radius = proof.start, .ball = true, .starts = 200});
    CHECK(found.distance.maxCoeff() <= proof.largest);
}

TEST_CASE("attraction_trials: any number of threads gives the same bits") {
    const CarriedLibrary net = carried(Response::tanh, 0.1);
    const Arrival after{.after = 1};
    const AttractionTrials one = attraction_trials(net, 0, {.starts = 130}, after, 1);
    const AttractionTrials two = attraction_trials(net, 0, {.starts = 130}, after, 2);
    CHECK(one.distance == two.distance);
    CHECK(one.error == two.error);
}

TEST_CASE("attraction_trials: bad arguments are refused by name") {
    CHECK_THROWS_WITH_AS((void)attraction_trials(carried(), 0, {.radius = -1.0}),
                         doctest::Contains("radius"), DomainError);
    CHECK_THROWS_WITH_AS((void)attraction_trials(carried(), 0, {.starts = 0}),
                         doctest::Contains("starts: found 0"), DomainError);
    CHECK_THROWS_AS((void)attraction_trials(carried(), 9), DomainError);
}
