#include "heddle/carry/survival.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "carry/carried.hpp"
#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"

using namespace heddle;

TEST_CASE("survival: errors and transitions are those of the equations as they are written") {
    const Vector point = 0.3 * examples::random_matrix(60, 1, 5);
    const CarriedLibrary net = carried(Response::softplus, 0.3, point);
    const Survival found = survival(net);
    for (std::size_t i = 0; i < 2; ++i) {
        const auto from = static_cast<Index>(i);
        const Matrix alone = plain_run(net, i, from, net.starts.col(from), net.motif_steps[i]);
        const Matrix& own = net.library.motifs[i].motif.values;
        CHECK(found.error(from) ==
              doctest::Approx(normalised_error(plain_output(net, alone, net.sample_steps[i]), own))
                  .epsilon(1e-9));
        for (std::size_t j = 0; j < 2; ++j) {
            const auto to = static_cast<Index>(j);
            const Vector arrived =
                plain_run(net, 2, 2 + to, alone.rightCols(1), net.preparation_steps).rightCols(1);
            const Matrix states = plain_run(net, j, to, arrived, net.motif_steps[j]);
            const Matrix& target = net.library.motifs[j].motif.values;
            CHECK(found.transitions(from, to) ==
                  doctest::Approx(
                      normalised_error(plain_output(net, states, net.sample_steps[j]), target))
                      .epsilon(1e-9));
            const double away = (arrived - net.starts.col(to)).norm() / (0.3 * std::sqrt(60.0));
            CHECK(found.state_error(from, to) / away == doctest::Approx(1.0).epsilon(1e-6));
        }
    }
}

TEST_CASE("survival: the spectrum along the trajectory is that of the Jacobians") {
    const CarriedLibrary net = carried(Response::tanh, 0.4);
    const SpectrumAlong found = survival(net, {.points = 3}).spectra[1];
    const Matrix states = plain_run(net, 1, 1, net.starts.col(1), net.motif_steps[1]);
    double abscissa = -1e9;
    for (Index p = 0; p < 3; ++p) {
        const Index t = p * net.motif_steps[1] / 2;
        const Vector slopes =
            states.col(t).unaryExpr([](double x) { return 1.0 - std::tanh(x) * std::tanh(x); });
        const ComplexVector all = eigenvalues(
            (std::get<Matrix>(net.network.weights) + net.loops[1].u * net.loops[1].v.transpose()) *
            slopes.asDiagonal());
        abscissa = std::max(abscissa, spectral_abscissa(all));
        CHECK(found.times(p) == doctest::Approx(net.h * static_cast<double>(t)));
        for (Index m = 0; m < found.placed.size(); ++m) {
            CHECK((all.array() - found.found(m, p)).abs().minCoeff() < 1e-9);
            CHECK(found.distance(m, p) ==
                  doctest::Approx(std::abs(found.found(m, p) - found.placed(m))));
        }
    }
    CHECK(found.abscissa == doctest::Approx(abscissa).epsilon(1e-9));
    const Matrix slopes =
        states.unaryExpr([](double x) { return 1.0 - std::tanh(x) * std::tanh(x); });
    CHECK(found.least_gain == doctest::Approx(slopes.minCoeff()).epsilon(1e-9));
    CHECK(found.lost > 0);
}

TEST_CASE("survival: of linear units nothing is lost, and placed eigenvalues stay in place") {
    const Survival found = survival(carried(Response::linear, 1.0));
    CHECK(found.survives);
    CHECK(found.deviation.maxCoeff() < 1e-12);
    CHECK(found.order == 0);
    for (const SpectrumAlong& spectrum : found.spectra) {
        CHECK(spectrum.distance.maxCoeff() < 1e-8);
        CHECK(spectrum.lost == 0);
        CHECK(spectrum.least_gain == 1.0);
        CHECK(spectrum.most_gain == 1.0);
    }
    CHECK(found.statement.find("every motif and every transition survives") == 0);
}

TEST_CASE("survival: where a motif fails the statement names it and an amplitude that would do") {
    const Survival found = survival(carried(Response::tanh, 2.0));
    CHECK_FALSE(found.survives);
    CHECK(found.failed > 0);
    CHECK(found.statement.find("motif '") == 0);
    const std::string before = "an amplitude below about ";
    const std::size_t at = found.statement.find(before);
    REQUIRE(at != std::string::npos);
    const double promised = std::stod(found.statement.substr(at + before.size()));
    CHECK(survival(carried(Response::tanh, 0.9 * promised)).survives);
}

TEST_CASE("survival: any number of threads gives the same bits, bad options are refused") {
    const CarriedLibrary net = carried(Response::tanh, 0.3);
    const Survival one = survival(net, {}, 1), two = survival(net, {}, 2);
    CHECK(one.transitions == two.transitions);
    CHECK(one.spectra[0].found == two.spectra[0].found);
    CHECK_THROWS_AS((void)survival(net, {.points = -1}), DomainError);
    CHECK_THROWS_AS((void)survival(net, {.lost = 0.0}), DomainError);
    CHECK_THROWS_AS((void)survival(net, {.failure = -1.0}), DomainError);
}

TEST_CASE("survival: states that are no longer finite are an error that names the motif") {
    const CarriedLibrary net = carried(Response::linear, 0.3);
    const Loops wild{1e4 * net.loops[1].u, 1e4 * net.loops[1].v};
    CHECK_THROWS_WITH_AS((void)survival(with_loops(net, 1, wild), {.points = 0}),
                         doctest::Contains("no longer finite in motif 'b'"), DomainError);
}
