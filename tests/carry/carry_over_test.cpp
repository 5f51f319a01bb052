#include "heddle/carry/carry_over.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "carry/carried.hpp"
#include "heddle/carry/survival.hpp"
#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"

using namespace heddle;

namespace {

/// Deviations from the linear design at two amplitudes, as an order in the amplitude.
double fitted_order(const Response& response, const Vector& point) {
    const Vector small = survival(carried(response, 0.002, point), {.points = 0}).deviation;
    const Vector large = survival(carried(response, 0.004, point), {.points = 0}).deviation;
    return std::log2(large.sum() / small.sum());
}

}  // namespace

TEST_CASE("carry_over: with linear units the steps' outputs are the fits, whatever the step") {
    const Library& library = small_library();
    for (const double h : {0.00125, 0.0025, 0.005}) {
        const CarriedLibrary net = carry_over(library, {.response = Response::linear, .h = h});
        CHECK(net.trusted);
        for (std::size_t i = 0; i < 2; ++i) {
            const MotifLoops& design = library.motifs[i];
            const Matrix states =
                plain_run(net, i, static_cast<Index>(i), net.starts.col(static_cast<Index>(i)),
                          net.motif_steps[i]);
            const Matrix output = plain_output(net, states, net.sample_steps[i]);
            const Matrix fit = evaluate(design.fit, library.network.tau, design.motif.dt,
                                        design.motif.values.rows());
            CHECK((output - fit).norm() < 1e-8 * fit.norm());
        }
    }
}

TEST_CASE(
    "carry_over: deviations are of second order in the amplitude for tanh, and as the law "
    "says") {
    CHECK(fitted_order(Response::tanh, {}) == doctest::Approx(2.0).epsilon(0.03));
    const CarriedLibrary net = carried(Response::tanh, 0.002);
    const Survival found = survival(net, {.points = 0});
    CHECK(found.order == 2);
    for (Index i = 0; i < 2; ++i)
        CHECK(found.deviation(i) / (found.law(i) * net.amplitude * net.amplitude) ==
              doctest::Approx(1.0).epsilon(2e-4));
}

TEST_CASE("carry_over: deviations are of first order where φ bends at the operating point") {
    const Vector points = 0.5 * examples::random_matrix(60, 1, 3);
    for (const Response& response : {Response::softplus, Response::tanh}) {
        CHECK(fitted_order(response, points) == doctest::Approx(1.0).epsilon(0.04));
        const CarriedLibrary net = carried(response, 1e-5, points);
        const Survival found = survival(net, {.points = 0});
        CHECK(found.order == 1);
        for (Index i = 0; i < 2; ++i)
            CHECK(found.deviation(i) / (found.law(i) * net.amplitude) ==
                  doctest::Approx(1.0).epsilon(5e-4));
    }
}

TEST_CASE("carry_over: the law holds for motifs far from the operating point, too") {
    Motif motif = examples::motif("a");
    motif.values.array() += 20.0;
    DesignOptions options;
    options.motif_loops.loops = 4;
    const Library library = design(examples::network(60, 2), {motif}, options);
    for (const Response& response : {Response::softplus, Response::tanh}) {
        const CarriedLibrary net = carry_over(library, {.response = response, .amplitude = 1e-4});
        const Survival found = survival(net, {.points = 0});
        CHECK(found.deviation(0) / (found.law(0) * std::pow(1e-4, found.order)) ==
              doctest::Approx(1.0).epsilon(2e-3));
    }
}

TEST_CASE("carry_over: a population's response is carried over like any smooth one") {
    const Response population(TransferResponse{.hazard = Hazard::softplus,
                                               .tau_m = 10.0,
                                               .potential = 1.0,
                                               .variance = 2.0,
                                               .scale = 1.0});
    const CarriedLibrary net = carried(population, 1e-3);
    CHECK(net.gain.isOnes(1e-9));
    const Survival found = survival(net, {.points = 0});
    CHECK(found.order == 1);
    CHECK(found.deviation(0) / (1e-3 * found.law(0)) == doctest::Approx(1.0).epsilon(0.02));
}

TEST_CASE("carry_over: rectified units deviate by nothing until one crosses its threshold") {
    const Survival above = survival(carried(Response::rectified, 0.05, Vector::Ones(1)));
    CHECK(above.order == 0);
    CHECK(above.deviation.maxCoeff() < 1e-9);
    CHECK(above.survives);
    const Survival below = survival(carried(Response::rectified, 1.0, Vector::Constant(1, 0.5)));
    CHECK(below.deviation.minCoeff() > 1e-2);
}

TEST_CASE("carry_over: the Jacobian at the operating point is that of the linear network") {
    const CarriedLibrary net = carried(Response::softplus, 0.1, examples::random_matrix(60, 1, 4));
    for (std::size_t i = 0; i < 3; ++i) {
        const Loops& linear = i < 2 ? net.library.motifs[i].loops : net.library.preparation.loops;
        const Matrix expected =
            std::get<Matrix>(net.library.network.weights) + linear.u * linear.v.transpose();
        const Matrix found =
            (std::get<Matrix>(net.network.weights) + net.loops[i].u * net.loops[i].v.transpose()) *
            net.gain.asDiagonal();
        CHECK((found - expected).norm() < 1e-13 * expected.norm());
    }
}

TEST_CASE("carry_over: fixed points of motifs and preparations stay where they are") {
    const CarriedLibrary net = carried(Response::softplus, 0.7, examples::random_matrix(60, 1, 4));
    for (std::size_t i = 0; i < 2; ++i) {
        const auto at = static_cast<Index>(i);
        const Vector rest = net.operating_point + net.scale * net.library.motifs[i].fixed_point;
        const Vector start = net.starts.col(at);
        CHECK((plain_run(net, i, at, rest, 1).col(1) - rest).norm() < 1e-13 * rest.norm());
        CHECK((plain_run(net, 2, 2 + at, start, 1).col(1) - start).norm() < 1e-13 * start.norm());
    }
}

TEST_CASE("carry_over: the amplitude is the root mean square of the motif that has most") {
    const CarriedLibrary net = carried(Response::linear, 0.3);
    Vector strength(2);
    for (std::size_t i = 0; i < 2; ++i) {
        const auto at = static_cast<Index>(i);
        Matrix states = plain_run(net, i, at, net.starts.col(at), net.motif_steps[i]);
        Matrix samples(states.rows(), net.motif_steps[i] / net.sample_steps[i] + 1);
        for (Index j = 0; j < samples.cols(); ++j)
            samples.col(j) = states.col(j * net.sample_steps[i]) - net.operating_point;
        strength(at) = samples.norm() / std::sqrt(static_cast<double>(samples.size()));
    }
    CHECK(strength.maxCoeff() == doctest::Approx(0.3).epsilon(1e-9));
}

TEST_CASE("step_eigenvalues: a step multiplies a mode by what time does") {
    const ComplexVector designed = small_library().motifs[0].fit.eigenvalues;
    const double eta = 0.25;
    const ComplexVector placed = step_eigenvalues(designed, eta);
    for (Index m = 0; m < designed.size(); ++m)
        CHECK(std::abs(1.0 + eta * (placed(m) - 1.0) - std::exp(eta * (designed(m) - 1.0))) <
              1e-14);
    const CarriedLibrary net = carry_over(small_library(), {.h = 0.0025});
    const Loops& loops = net.library.motifs[0].loops;
    const ComplexVector found =
        eigenvalues(std::get<Matrix>(net.library.network.weights) + loops.u * loops.v.transpose());
    for (const Complex& place : placed) CHECK((found.array() - place).abs().minCoeff() < 1e-8);
}

TEST_CASE("carry_over: as the step shrinks the loops become those of the design") {
    const auto change = [](double h) {
        const CarriedLibrary net = carry_over(small_library(), {.h = h});
        const Loops& before = small_library().motifs[0].loops;
        return (net.library.motifs[0].loops.v - before.v).norm() / before.v.norm();
    };
    const double coarse = change(0.0005), fine = change(0.00025);
    CHECK(fine < 0.05);
    CHECK(std::log2(coarse / fine) == doctest::Approx(1.0).epsilon(0.04));
}

TEST_CASE("with_loops: no bit of the rest changes") {
    const CarriedLibrary net = carried();
    const Loops other{2.0 * net.loops[0].u, net.loops[0].v};
    const CarriedLibrary found = with_loops(net, 0, other);
    CHECK(found.loops[0].u == other.u);
    for (std::size_t i = 1; i < 3; ++i) {
        CHECK(found.loops[i].u == net.loops[i].u);
        CHECK(found.loops[i].v == net.loops[i].v);
    }
    CHECK(std::get<Matrix>(found.network.weights) == std::get<Matrix>(net.network.weights));
    CHECK(found.input == net.input);
    CHECK(found.network.readout == net.network.readout);
    const Survival before = survival(net, {.points = 0}), after = survival(found, {.points = 0});
    CHECK(after.error(1) == before.error(1));
    CHECK(after.error(0) != before.error(0));
}

TEST_CASE("carry_over: what cannot be carried over is refused by name") {
    const Library& library = small_library();
    Library empty = library, lagging = library, sparse = library;
    empty.motifs.clear();
    lagging.motifs[1].loops.thalamic_tau = 0.002;
    sparse.network.weights = SparseMatrix(60, 60);
    const auto refuses = [](const Library& from, const CarryOptions& options, const char* word) {
        CAPTURE(word);
        try {
            (void)carry_over(from, options);
            FAIL("nothing was refused");
        } catch (const Error& error) {
            CHECK(std::string(error.what()).find(word) != std::string::npos);
        }
    };
    refuses(empty, {}, "no motif");
    refuses(lagging, {}, "thalamic_tau = 0");
    refuses(sparse, {}, "expected a dense matrix");
    refuses(library, {.amplitude = 0.0}, "amplitude");
    refuses(library, {.response = Response::rectified}, "operating_point: found 0 for unit 0");
    refuses(library, {.operating_point = Vector::Ones(3)}, "operating_point");
    refuses(library, {.h = 0.02}, "at most tau = 0.01 s");
    refuses(library, {.h = 0.003}, "whole part of dt = 0.005 s of motif 'a'");
    CHECK_THROWS_AS((void)with_loops(carried(), 2, {}), DomainError);
    const Loops own = carried().loops[0];
    CHECK_THROWS_WITH_AS((void)with_loops(carried(), 0, {own.u, own.v, 0.01}),
                         doctest::Contains("loops: found a time constant"), DomainError);
    CHECK_THROWS_AS((void)with_loops(carried(), 0, {Matrix(3, 1), Matrix(3, 1)}), ShapeError);
}

TEST_CASE("carry_over: a preparation that steps make unstable is not trusted, with the reason") {
    const CarriedLibrary net = carry_over(small_library(), {.h = 0.005});
    CHECK(net.trusted);
    Library strong = small_library();
    strong.preparation.loops.v *= 4.0;  // Eigenvalues near −3: steps of τ / 2 overshoot.
    const CarriedLibrary found = carry_over(strong, {.h = 0.005});
    CHECK_FALSE(found.trusted);
    CHECK(found.reason.find("a smaller h would help") != std::string::npos);
}
