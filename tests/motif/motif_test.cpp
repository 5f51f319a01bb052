#include "heddle/motif/motif.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "heddle/core/error.hpp"
#include "support/examples.hpp"

using namespace heddle;

TEST_CASE("make_motif: channels without names are x, y, z, c3") {
    const Motif motif = make_motif("m", Matrix::Ones(5, 4), 0.1);
    CHECK(motif.channels == std::vector<std::string>{"x", "y", "z", "c3"});
    CHECK(duration(motif) == doctest::Approx(0.4));
}

TEST_CASE("make_motif: a single sample, NaN, a bad step and missing names are refused") {
    Matrix holed = Matrix::Ones(5, 2);
    holed(3, 1) = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_AS(static_cast<void>(make_motif("m", Matrix::Ones(1, 2), 0.1)), ShapeError);
    CHECK_THROWS_AS(static_cast<void>(make_motif("m", holed, 0.1)), DomainError);
    CHECK_THROWS_AS(static_cast<void>(make_motif("m", Matrix::Ones(5, 2), 0.0)), DomainError);
    CHECK_THROWS_AS(static_cast<void>(make_motif("", Matrix::Ones(5, 2), 0.1)), DomainError);
    CHECK_THROWS_AS(static_cast<void>(make_motif("m", Matrix::Ones(5, 2), 0.1, {"x"})), ShapeError);
}

TEST_CASE("normalised_error: 0 for the target itself, 1 for its mean, whatever the scale") {
    const Matrix target = examples::random_matrix(50, 3, 4);
    const Matrix mean = target.colwise().mean().replicate(50, 1);
    CHECK(normalised_error(target, target) == 0.0);
    CHECK(normalised_error(mean, target) == doctest::Approx(1.0));
    CHECK(normalised_error(1e6 * mean, 1e6 * target) == doctest::Approx(1.0));
    CHECK(normalised_error(Matrix::Zero(4, 1), Matrix::Ones(4, 1)) == doctest::Approx(1.0));
    CHECK_THROWS_AS(static_cast<void>(normalised_error(mean, Matrix::Ones(4, 1))), ShapeError);
}
