#include <doctest/doctest.h>

#include <cmath>

#include "cycle_examples.hpp"
#include "heddle/core/error.hpp"
#include "heddle/rectified/continuation.hpp"

using namespace heddle;
using namespace heddle::examples;

namespace {

const BranchEvent* first_of(const CycleBranch& branch, BranchEventKind kind) {
    for (const BranchEvent& event : branch.events)
        if (event.kind == kind) return &event;
    return nullptr;
}

}  // namespace

TEST_CASE("follow_cycle: the cycle of the cyclic graph is born at δ = ε (closed form)") {
    // There the pair (δ − ε) / 2 ± i … of the full support crosses the imaginary axis.
    const ThresholdFamily family = [](double delta) { return ctln(cyclic_graph(3), 0.25, delta); };
    const Cycle cycle = cycle_from(family(0.5), Vector{{0.3, 0.1, 0.0}});
    const CycleBranch branch = follow_cycle(family, cycle, 0.5, 0.05);
    CHECK(!branch.complete);
    const BranchEvent* event = first_of(branch, BranchEventKind::border_collision);
    REQUIRE(event != nullptr);
    CHECK(std::abs(event->parameter - 0.25) < 1e-6);
    CHECK(branch.statement.find("no cycle") != std::string::npos);
    for (const Cycle& at : branch.cycles) CHECK(at.residual < 1e-9);
}

TEST_CASE("follow_cycle: the jerk system's cycle is born at a = 1 (closed form)") {
    // s³ + a s² + s + 1 has roots ± i at a = 1 (Routh and Hurwitz), with period 2π τ.
    const Cycle cycle = cycle_from(jerk(0.8), Vector{{0.1, 0.0, 0.0}});
    const CycleBranch branch = follow_cycle(jerk, cycle, 0.8, 1.2);
    const BranchEvent* event = first_of(branch, BranchEventKind::border_collision);
    REQUIRE(event != nullptr);
    CHECK(std::abs(event->parameter - 1.0) < 1e-6);
    CHECK(branch.cycles.back().period == doctest::Approx(0.01 * 2.0 * M_PI).epsilon(1e-5));
}

TEST_CASE("follow_cycle: behind a period doubling trajectories go round twice (slow twin)") {
    const Cycle cycle = cycle_from(jerk(0.8), Vector{{0.1, 0.0, 0.0}});
    const CycleBranch branch = follow_cycle(jerk, cycle, 0.8, 0.7);
    CHECK(branch.complete);
    REQUIRE(branch.events.size() == 1);
    CHECK(branch.events[0].kind == BranchEventKind::period_doubling);
    const double at = branch.events[0].parameter;
    const Cycle before = cycle_from(jerk(at + 0.01), Vector{{0.1, 0.0, 0.0}});
    const Cycle after = cycle_from(jerk(at - 0.01), Vector{{0.1, 0.0, 0.0}});
    REQUIRE(before.stable);
    REQUIRE(after.stable);
    CHECK(after.itinerary.size() == 2 * before.itinerary.size());
    CHECK(after.period == doctest::Approx(2.0 * before.period).epsilon(0.02));
    CHECK(!branch.cycles.back().stable);
}

TEST_CASE("follow_cycle: a stable and an unstable cycle meet in a fold, multiplier 1 (residual)") {
    const Cycle outer = cycle_from(two_cycles(0.4), Vector{{4.0, 0.5}});
    const CycleBranch branch = follow_cycle(two_cycles, outer, 0.4, 0.0);
    CHECK(branch.complete);
    const BranchEvent* fold = first_of(branch, BranchEventKind::fold);
    REQUIRE(fold != nullptr);
    CHECK(std::abs(branch.cycles[static_cast<std::size_t>(fold->point)].largest - 1.0) < 0.3);
    CHECK(fold->parameter == doctest::Approx(branch.parameters.minCoeff()).epsilon(1e-3));
    CHECK(branch.cycles.front().stable);
    CHECK(!branch.cycles.back().stable);
    // Back at the start it is the cycle that attracts in reversed time.
    const Cycle inner = cycle_from(time_reversed(two_cycles(0.4)), Vector{{1.2, 0.5}});
    CHECK(branch.cycles.back().period == doctest::Approx(inner.period).epsilon(1e-10));
    // On the way its amplitude falls below 3, and the outer units fall silent.
    const BranchEvent* border = first_of(branch, BranchEventKind::border_collision);
    REQUIRE(border != nullptr);
    CHECK(branch.cycles.back().itinerary.size() < branch.cycles.front().itinerary.size());
}

TEST_CASE("follow_cycle: behind border collisions it is the simulated cycle (slow twin)") {
    const ThresholdFamily family = [](double bias) {
        ThresholdLinear system = ctln(cyclic_graph(3));
        system.bias[0] = bias;
        return system;
    };
    const Cycle cycle = cycle_from(family(1.0), Vector{{0.3, 0.1, 0.0}});
    const CycleBranch branch = follow_cycle(family, cycle, 1.0, 1.3);
    CHECK(branch.complete);
    REQUIRE(branch.events.size() == 2);
    for (const BranchEvent& event : branch.events) {
        CHECK(event.kind == BranchEventKind::border_collision);
        const Cycle& at = branch.cycles[static_cast<std::size_t>(event.point) - 1];
        CHECK(at.margin < 1e-6);
    }
    const Cycle simulated = cycle_from(family(1.3), Vector{{0.3, 0.1, 0.0}});
    CHECK(branch.cycles.back().itinerary.size() == 2);
    CHECK(branch.cycles.back().period == doctest::Approx(simulated.period).epsilon(1e-12));
}

TEST_CASE("follow_cycle: bad input is named") {
    const ThresholdFamily family = [](double delta) { return ctln(cyclic_graph(3), 0.25, delta); };
    const Cycle cycle = cycle_from(family(0.5), Vector{{0.3, 0.1, 0.0}});
    CHECK_THROWS_WITH_AS(static_cast<void>(follow_cycle(family, cycle, 0.2, 0.5)),
                         doctest::Contains("does not solve"), DomainError);
    Cycle none = cycle;
    none.outcome = CycleOutcome::fixed_point;
    CHECK_THROWS_WITH_AS(static_cast<void>(follow_cycle(family, none, 0.5, 0.6)),
                         doctest::Contains("fixed point"), DomainError);
    CHECK_THROWS_WITH_AS(
        static_cast<void>(follow_cycle(family, cycle, 0.5, 0.6, {.largest_step = 0.0})),
        doctest::Contains("largest_step"), DomainError);
}
