#include "heddle/core/error.hpp"

#include <doctest/doctest.h>

using namespace heddle;

TEST_CASE("ShapeError: the message names the argument, what would work and what was found") {
    const ShapeError error("targets", "(m,)", shape_text(3, 4));
    CHECK(error.argument == "targets");
    CHECK(error.expected == "(m,)");
    CHECK(error.actual == "3 × 4");
    CHECK(std::string(error.what()) == "targets has shape 3 × 4; expected (m,).");
}

TEST_CASE("every error is an Error and keeps its message") {
    CHECK_THROWS_WITH_AS(throw DomainError("outside"), "outside", Error);
    CHECK_THROWS_WITH_AS(throw FormatError("broken"), "broken", Error);
    CHECK_THROWS_WITH_AS(throw NotConverged("stopped"), "stopped", Error);
    CHECK_THROWS_AS(throw ShapeError("a", "b", "c"), Error);
    CHECK_THROWS_AS(throw Error("any"), std::runtime_error);
}
