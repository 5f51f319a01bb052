#include "heddle/loops/robust_motif_loops.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "heddle/core/error.hpp"
#include "heddle/linalg/exponential.hpp"
#include "heddle/linalg/schur.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/loops/readout_deviation.hpp"
#include "heddle/loops/robust_loop.hpp"
#include "heddle/spectrum/closed_loop.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

struct Case {
    Network network;
    Resolvent resolvent;
    Motif motif;
    ModeFit fit;
};

Case small_case(Index n = 60, Index channels = 2, Index pairs = 3) {
    const Network network = examples::network(n, channels);
    const Motif motif = examples::motif("a", channels);
    return {network, Resolvent(real_schur(dense_weights(network))), motif,
            fit_modes(motif, {.tau = network.tau, .pairs = pairs})};
}

ComplexMatrix complex_matrix(Index rows, Index columns, std::uint64_t seed) {
    ComplexMatrix a(rows, columns);
    a.real() = examples::random_matrix(rows, columns, seed);
    a.imag() = examples::random_matrix(rows, columns, seed + 1);
    return a;
}

RobustMotifCost cost_of(const Case& given, const MatrixView& u, const ComplexMatrixView& h) {
    return robust_motif_cost(given.network, given.resolvent, given.fit, duration(given.motif), u,
                             h);
}

ComplexMatrix directions_of(const MotifLoops& design) {
    return design.loops.v.transpose().cast<Complex>() * design.modes;
}

/// Central difference of ln cost along (du, dh), of fourth order.
double slope_along(const Case& given, const Matrix& u, const ComplexMatrix& h, const Matrix& du,
                   const ComplexMatrix& dh) {
    const auto log_cost = [&](double t) {
        return std::log(cost_of(given, u + t * du, h + t * dh).cost);
    };
    const double t = 1e-3;
    return (8.0 * (log_cost(t) - log_cost(-t)) - (log_cost(2 * t) - log_cost(-2 * t))) / (12.0 * t);
}

double relative_output(const Case& given, const MotifLoops& design) {
    const Matrix output =
        (given.network.readout * isolated_states(design, given.network.tau)).transpose();
    return normalised_error(output, given.motif.values);
}

}  // namespace

TEST_CASE("robust_motif_cost: the gradient is that of differences, in U and in the directions") {
    for (const Index channels : {Index{1}, Index{2}}) {
        const Case given = small_case(60, channels);
        const Matrix u = examples::random_matrix(60, 4, 5) / std::sqrt(60.0);
        const ComplexMatrix h = 3.0 * complex_matrix(4, 3, 6);
        const RobustMotifCost at = cost_of(given, u, h);
        REQUIRE(std::isfinite(at.cost));
        for (const std::uint64_t seed : {11u, 12u, 13u}) {
            const Matrix du = examples::random_matrix(60, 4, seed) / std::sqrt(240.0);
            const ComplexMatrix dh = complex_matrix(4, 3, seed + 20);
            const double in_u = at.u_gradient.cwiseProduct(du).sum();
            const double in_h = (at.directions_gradient.conjugate().cwiseProduct(dh)).sum().real();
            CHECK(in_u == doctest::Approx(slope_along(given, u, h, du, ComplexMatrix::Zero(4, 3)))
                              .epsilon(1e-6));
            CHECK(in_h ==
                  doctest::Approx(slope_along(given, u, h, Matrix::Zero(60, 4), dh)).epsilon(1e-6));
        }
    }
}

TEST_CASE("robust_motif_cost: equals the deviation from the whole propagator (slow twin)") {
    for (const Index k : {Index{2}, Index{5}}) {
        const Case given = small_case();
        const MotifLoops design = design_motif_loops(given.network, given.resolvent, given.motif,
                                                     given.fit, {.loops = k});
        const RobustMotifCost at = cost_of(given, design.loops.u, directions_of(design));
        const ReadoutDeviation slow =
            readout_deviation(given.network, design.loops,
                              design.initial_state - design.fixed_point, duration(given.motif));
        CHECK(at.cost == doctest::Approx(slow.deviation).epsilon(1e-8));
        CHECK(at.activity == doctest::Approx(slow.activity).epsilon(1e-8));
        CHECK(at.response == doctest::Approx(slow.response).epsilon(1e-8));
    }
}

TEST_CASE("robust_motif_cost: with one loop and one output it is the published cost (limit case)") {
    const Case given = small_case(40, 1, 2);
    const ComplexVector& half = given.fit.eigenvalues;
    ComplexVector targets(4), amplitudes(4);
    targets << half, half.conjugate();
    amplitudes << given.fit.amplitudes.row(0).transpose() / 2.0,
        given.fit.amplitudes.row(0).adjoint() / 2.0;
    const Vector u = examples::random_matrix(40, 1, 3).col(0);
    // The loop of least gain is the least-norm V of this u.
    const RobustProblem problem = robust_problem(given.network, targets, amplitudes,
                                                 duration(given.motif), Strengths::least_gain, u);
    const RobustMotifCost at = cost_of(given, u, ComplexMatrix::Ones(1, 2));
    CHECK(at.cost == doctest::Approx(robust_loop_cost(problem, u).cost).epsilon(1e-8));
}

TEST_CASE("robust_motif_cost: turning and stretching U with the directions changes nothing") {
    const Case given = small_case();
    const MotifLoops design =
        design_motif_loops(given.network, given.resolvent, given.motif, given.fit, {.loops = 4});
    const ComplexMatrix h = directions_of(design);
    const Matrix g = Matrix::Identity(4, 4) + 0.3 * examples::random_matrix(4, 4, 2);
    const ComplexMatrix turned = solve(g, Matrix::Identity(4, 4)).cast<Complex>() * h;
    CHECK(cost_of(given, design.loops.u * g, turned).cost ==
          doctest::Approx(cost_of(given, design.loops.u, h).cost).epsilon(1e-9));
}

TEST_CASE("robust_motif_cost: what the output does not see of the directions changes nothing") {
    const Case given = small_case();
    const Matrix u = examples::random_matrix(60, 2, 5);
    // Two loops for two outputs leave no freedom: any h means the same loops.
    const double first = cost_of(given, u, complex_matrix(2, 3, 6)).cost;
    const RobustMotifCost other = cost_of(given, u, complex_matrix(2, 3, 8));
    CHECK(other.cost == doctest::Approx(first).epsilon(1e-9));
    CHECK(other.directions_gradient.norm() < 1e-8);
}

TEST_CASE("robust_motif_cost: dependent loop outputs are outside the domain, not an exception") {
    const Case given = small_case();
    const Matrix u = examples::random_matrix(60, 1, 5).replicate(1, 3);
    CHECK(std::isinf(cost_of(given, u, ComplexMatrix::Ones(3, 3)).cost));
}

TEST_CASE("robust_motif_loops: noise disturbs the output less, and everything else stays") {
    const Case given = small_case(100, 2, 4);
    for (const bool fixed : {false, true}) {
        const MotifLoops plain = design_motif_loops(given.network, given.resolvent, given.motif,
                                                    given.fit, {.loops = 4});
        const MotifLoops robust =
            robust_motif_loops(given.network, given.resolvent, given.motif, given.fit, {.loops = 4},
                               {.fixed_outputs = fixed});
        const Robustness& gained = *robust.robustness;
        CAPTURE(gained.before.deviation);
        CAPTURE(gained.after.deviation);
        CHECK(gained.after.deviation < (fixed ? 0.95 : 0.5) * gained.before.deviation);
        CHECK(gained.checked_deviation == doctest::Approx(gained.after.deviation).epsilon(1e-7));
        CHECK(robust.trusted);
        CHECK(robust.error.maxCoeff() < 1e-9);
        const ComplexVector closed = closed_spectrum(dense_weights(given.network), robust.loops);
        CHECK(distances(given.fit.eigenvalues, closed).maxCoeff() < 1e-9);
        CHECK(relative_output(given, robust) == doctest::Approx(given.fit.error).epsilon(1e-6));
        CHECK((robust.loops.u.transpose() * robust.loops.u - Matrix::Identity(4, 4)).norm() <
              1e-12);
        if (fixed) CHECK((robust.loops.u - plain.loops.u).norm() < 1e-12);
    }
}

TEST_CASE("robust_motif_loops: integrating the equations gives the fit (slow twin)") {
    const Case given = small_case(80, 2, 3);
    const MotifLoops robust = robust_motif_loops(given.network, given.resolvent, given.motif,
                                                 given.fit, {.loops = 4}, {.trials = 0});
    const Segment segment{"a", &robust.loops, robust.fixed_point, robust.thalamic_state, 0.3};
    const Vector end = examples::integrate(given.network, segment, robust.initial_state, 0.3, 6000);
    const Vector planned = isolated_states(robust, given.network.tau).col(60);
    CHECK((end - planned).norm() < 1e-7 * planned.norm());
}

TEST_CASE(
    "robust_motif_loops: the simulated deviation is the expected one, before and after "
    "(statistics: 4 standard errors, about 1 false alarm in 8000 other seeds)") {
    const Case given = small_case(60, 2, 3);
    const MotifLoops robust = robust_motif_loops(given.network, given.resolvent, given.motif,
                                                 given.fit, {.loops = 4}, {.trials = 2000});
    for (const NoisyOutput& noisy : {robust.robustness->before, robust.robustness->after}) {
        CHECK(noisy.standard_error < 0.05 * noisy.deviation);
        CHECK(std::abs(noisy.measured - noisy.deviation) < 4.0 * noisy.standard_error);
    }
}

TEST_CASE("robust_motif_loops: a descent cut short is never worse than the closed-form loops") {
    const Case given = small_case();
    for (const int most : {1, 2, 5}) {
        const MotifLoops robust =
            robust_motif_loops(given.network, given.resolvent, given.motif, given.fit, {.loops = 4},
                               {.most_evaluations = most, .trials = 0});
        CHECK(robust.robustness->after.deviation <= robust.robustness->before.deviation);
        CHECK(robust.robustness->evaluations <= most);
    }
}

TEST_CASE("robust_motif_loops: more starts are never worse, and threads do not change a bit") {
    const Case given = small_case();
    const auto made = [&](std::size_t starts, std::size_t threads) {
        return robust_motif_loops(
            given.network, given.resolvent, given.motif, given.fit, {.loops = 4},
            {.starts = starts, .most_evaluations = 30, .trials = 10, .threads = threads});
    };
    const MotifLoops one = made(3, 1), two = made(3, 2), single = made(1, 1);
    CHECK(one.loops.u == two.loops.u);
    CHECK(one.loops.v == two.loops.v);
    CHECK(one.robustness->after.measured == two.robustness->after.measured);
    CHECK(one.robustness->costs.size() == 3);
    CHECK(one.robustness->after.deviation <= single.robustness->after.deviation);
    CHECK(single.robustness->costs(0) == one.robustness->costs(0));
}

TEST_CASE("robust_motif_loops: progress is counted in evaluations, and what it throws ends it") {
    const Case given = small_case();
    const auto run = [&](const Progress& progress, std::size_t threads) {
        return robust_motif_loops(
            given.network, given.resolvent, given.motif, given.fit, {.loops = 4},
            {.starts = 2, .most_evaluations = 20, .trials = 0, .threads = threads}, progress);
    };
    std::size_t last = 0, all = 0;
    CHECK_NOTHROW((void)run(
        [&](std::size_t done, std::size_t total) {
            CHECK(done >= last);
            last = done;
            all = total;
        },
        1));
    CHECK(last == 40);
    CHECK(all == 40);
    struct Enough {};
    for (const std::size_t threads : {1u, 2u}) {
        std::size_t told = 0;
        const auto stop = [&told](std::size_t done, std::size_t) {
            told = std::max(told, done);
            if (done >= 3) throw Enough{};
        };
        CHECK_THROWS_AS((void)run(stop, threads), Enough);
    }
}

TEST_CASE("robust_motif_loops: a motif that never moves has nothing to disturb") {
    const Case given = small_case();
    const Motif still = make_motif("still", Matrix::Constant(20, 2, 0.7), 0.01);
    const MotifLoops robust = robust_motif_loops(given.network, given.resolvent, still,
                                                 fit_modes(still, {.tau = 0.01}), {.loops = 2});
    REQUIRE(robust.robustness);
    CHECK(robust.robustness->after.deviation == 0.0);
}

TEST_CASE("robust_motif_loops: a caller's mistake is named") {
    const Case given = small_case();
    const auto refused = [&](const MotifLoopOptions& loops, const RobustMotifOptions& options,
                             const char* words) {
        CHECK_THROWS_WITH_AS((void)robust_motif_loops(given.network, given.resolvent, given.motif,
                                                      given.fit, loops, options),
                             doctest::Contains(words), DomainError);
    };
    refused({.loops = 1}, {}, "loops: found 1 for the 2 channels");
    refused({.thalamic_tau = 0.003}, {}, "thalamic_tau: found 0.003");
    refused({}, {.starts = 0}, "starts: found 0");
    refused({}, {.most_evaluations = 0}, "most_evaluations: found 0");
    refused({}, {.precision = -1.0}, "precision: found -1");
    refused({}, {.noise = -0.1}, "noise: found -0.1");
    refused({}, {.trials = -1}, "trials: found -1");
    const Matrix u = examples::random_matrix(60, 4, 1);
    CHECK_THROWS_WITH_AS((void)cost_of(given, u.topRows(50), ComplexMatrix::Ones(4, 3)),
                         doctest::Contains("u"), ShapeError);
    CHECK_THROWS_WITH_AS((void)cost_of(given, u, ComplexMatrix::Ones(4, 2)),
                         doctest::Contains("directions"), ShapeError);
    CHECK_THROWS_WITH_AS((void)robust_motif_cost(given.network, given.resolvent, given.fit, 0.0, u,
                                                 ComplexMatrix::Ones(4, 3)),
                         doctest::Contains("duration: found 0"), DomainError);
}
