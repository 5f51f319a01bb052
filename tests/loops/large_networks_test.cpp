#include <doctest/doctest.h>

#include <string>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/exponential.hpp"
#include "heddle/linalg/exponential_action.hpp"
#include "heddle/loops/frontier.hpp"
#include "heddle/loops/motif_run.hpp"
#include "heddle/loops/placement.hpp"
#include "heddle/motif/fit.hpp"
#include "support/structures.hpp"

using namespace heddle;
using namespace heddle::examples;

namespace {

ComplexVector targets() {
    ComplexVector all(4);
    all << Complex(1, 0.4), Complex(1, -0.4), Complex(0.98, 0.1), Complex(0.98, -0.1);
    return all;
}

PlacementOptions placement_with(WeightsSolver solver) {
    PlacementOptions options{.loops = 2, .whole_spectrum = false, .seed = 2};
    options.solver = solver;
    return options;
}

Network dense_twin(const Network& network) {
    Network twin = network;
    twin.weights = dense_weights(network);
    return twin;
}

MotifLoops motif_in(const Network& network, WeightsSolver solver, double thalamic_tau = 0.0) {
    const Motif wanted = motif("a");
    FitOptions fit{.pairs = 3};
    fit.tau = network.tau;
    MotifLoopOptions options{.loops = 4, .thalamic_tau = thalamic_tau};
    return design_motif_loops(network, {wanted}, {fit_modes(wanted, fit)}, options, 1, {}, solver)
        .front();
}

}  // namespace

TEST_CASE("place_eigenvalues: structured weights are placed as their dense twin is") {
    for (const StructuredWeights& weights :
         {diagonal_and_low_rank(), sparse_and_low_rank(), kronecker_and_low_rank()}) {
        const Network network = make_network(weights, 1, 1);
        const Placement slow =
            place_eigenvalues(dense_twin(network), targets(), placement_with(WeightsSolver::dense));
        const Placement fast =
            place_eigenvalues(network, targets(), placement_with(WeightsSolver::structured));
        CHECK((fast.loops.v - slow.loops.v).norm() < 1e-8 * slow.loops.v.norm());
        CHECK((fast.condition - slow.condition).norm() < 1e-6 * slow.condition.norm());
        CHECK(fast.error.maxCoeff() < 1e-10);
        const ComplexVector spectrum = closed_spectrum(dense_weights(network), fast.loops);
        CHECK(distances(targets(), spectrum).maxCoeff() < 1e-8);
        CHECK(fast.outliers == (spectrum.real().array() > 1.01).count());
    }
}

TEST_CASE("place_eigenvalues: a loop without a target has no inputs, by Krylov spaces too") {
    const Network network = make_network(sparse_weights(100, 0.1, 0.6, 3), 0, 1);
    PlacementOptions options = placement_with(WeightsSolver::krylov);
    options.loops = 4;
    const Placement placed = place_eigenvalues(network, targets(), options);
    CHECK(placed.error.maxCoeff() < 1e-9);
    CHECK(placed.loops.v.rightCols(2).norm() == 0.0);
}

TEST_CASE("place_eigenvalues: a target within the bulk of sparse weights is placed by their LU") {
    const Network network = make_network(sparse_weights(400, 0.05, 0.9, 3), 0, 1);
    ComplexVector inside(2);
    inside << Complex(0.3, 0.2), Complex(0.3, -0.2);
    const Placement placed =
        place_eigenvalues(network, inside, placement_with(WeightsSolver::structured));
    CHECK(placed.error.maxCoeff() < 1e-9);
    CHECK(distances(inside, closed_spectrum(dense_weights(network), placed.loops)).maxCoeff() <
          1e-7);
}

TEST_CASE("place_eigenvalues: a target that structured weights have already is named") {
    const StructuredWeights weights = diagonal_and_low_rank();
    ComplexVector taken(1);
    for (const Complex value : eigenvalues(dense(weights)))
        if (value.imag() == 0.0) taken(0) = value;
    try {
        (void)place_eigenvalues(make_network(weights, 1, 1), taken);
        FAIL("placed");
    } catch (const Error& error) {
        CHECK(std::string(error.what()).find("targets") == 0);
    }
}

TEST_CASE("frontier: Krylov spaces and structure give what the dense reduction gives") {
    const FrontierOptions few{.most_loops = 3, .seed = 3};
    for (const WeightsSolver solver : {WeightsSolver::krylov, WeightsSolver::structured}) {
        const Network network = make_network(sparse_and_low_rank(), 1, 1);
        FrontierOptions options = few;
        options.solver = solver;
        const Frontier fast = frontier(network, targets(), options);
        const Frontier slow = frontier(dense_twin(network), targets(), few);
        REQUIRE(fast.points.size() == slow.points.size());
        for (std::size_t i = 0; i < fast.points.size(); ++i) {
            CHECK(fast.points[i].gain == doctest::Approx(slow.points[i].gain).epsilon(1e-7));
            CHECK(fast.points[i].response_gain ==
                  doctest::Approx(slow.points[i].response_gain).epsilon(1e-7));
            CHECK((fast.points[i].condition - slow.points[i].condition).norm() <
                  1e-5 * slow.points[i].condition.norm());
            CHECK(fast.points[i].error.maxCoeff() < 1e-9);
            CHECK(fast.points[i].suffices == slow.points[i].suffices);
        }
        options.threads = 1;
        CHECK(frontier(network, targets(), options).points[2].condition ==
              fast.points[2].condition);
    }
}

TEST_CASE("design_motif_loops: large-network solvers give the loops of the dense reduction") {
    const Network network = make_network(sparse_and_low_rank(), 2, 1);
    const MotifLoops slow = motif_in(dense_twin(network), WeightsSolver::dense);
    for (const WeightsSolver solver : {WeightsSolver::krylov, WeightsSolver::structured}) {
        const MotifLoops fast = motif_in(network, solver);
        CHECK((fast.loops.v - slow.loops.v).norm() < 1e-7 * slow.loops.v.norm());
        CHECK((fast.initial_state - slow.initial_state).norm() < 1e-7 * slow.initial_state.norm());
        CHECK(fast.error.maxCoeff() < 1e-9);
        CHECK(fast.activity == doctest::Approx(slow.activity));
        const Matrix states = isolated_states(fast, network.tau);
        CHECK(fast.activity == doctest::Approx(std::sqrt(states.array().square().mean())));
    }
}

TEST_CASE("perform_motif: by products alone the readout is that of the modes (closed form)") {
    const Network network = make_network(sparse_and_low_rank(), 2, 1);
    for (const double thalamic_tau : {0.0, 0.004}) {
        const MotifLoops design = motif_in(network, WeightsSolver::structured, thalamic_tau);
        const MotifRun run = perform_motif(network, design);
        CHECK(run.deviation < 1e-8);
        CHECK(run.step_error < 1e-9);
        CHECK(run.error == doctest::Approx(design.fit.error).epsilon(1e-4));
        CHECK(run.products > run.output.rows());
        if (thalamic_tau == 0.0) {
            const Matrix states = isolated_states(design, network.tau);
            CHECK((run.final_state - states.rightCols(1)).norm() < 1e-8 * run.final_state.norm());
        }
    }
}

TEST_CASE("perform_motif: another initial state ends where tiny steps end (slow twin)") {
    const Network network = make_network(diagonal_and_low_rank(), 2, 1);
    const MotifLoops design = motif_in(network, WeightsSolver::structured);
    const Vector start = design.initial_state + 0.1 * random_matrix(60, 1, 50);
    const MotifRun run = perform_motif(network, design, {.initial_state = start});
    const Segment segment = {.open = &design.loops,
                             .fixed_point = design.fixed_point,
                             .thalamic_start = design.thalamic_state};
    const Vector end = integrate(network, segment, start, duration(design.motif), 6000);
    CHECK((run.final_state - end).norm() < 1e-6 * end.norm());
    CHECK(run.deviation > 1e-3);
    CHECK_THROWS_AS((void)perform_motif(network, design, {.initial_state = Vector::Zero(3)}),
                    ShapeError);
    CHECK_THROWS_AS((void)perform_motif(network, design, {.tolerance = 0.0}), DomainError);
    Network curved = network;
    curved.response = Response::tanh;
    CHECK_THROWS_AS((void)perform_motif(curved, design), DomainError);
}

TEST_CASE("exponential_action: it is the exponential times the vector (slow twin)") {
    const Matrix a = random_matrix(80, 80, 60) / 6.0;
    const Vector x = random_matrix(80, 1, 61);
    const LinearMap product = [&](const Vector& in, Vector& out) { out = a * in; };
    for (const double t : {0.0, 0.3, 4.0, 40.0}) {
        const ExponentialAction action = exponential_action(product, x, t, 1e-10);
        const Vector expected = exponential(t * a) * x;
        const double scale = std::max(expected.norm(), x.norm());
        CHECK((action.value - expected).norm() < 1e-7 * scale);
        CHECK(action.error <= 1e-10);
    }
    CHECK(exponential_action(product, Vector::Zero(80), 1.0).value.norm() == 0.0);
    const LinearMap nilpotent = [](const Vector& in, Vector& out) {
        out = Vector::Zero(in.size());
        out.head(in.size() - 1) = in.tail(in.size() - 1);
    };
    Vector last = Vector::Zero(80);
    last(79) = 1.0;
    Vector expected = Vector::Zero(80);
    double factor = 1.0;
    for (Index i = 0; i < 80; ++i, factor *= 2.0 / static_cast<double>(i))
        expected(79 - i) = factor;
    CHECK((exponential_action(nilpotent, last, 2.0).value - expected).norm() < 1e-11);
    CHECK_THROWS_AS((void)exponential_action(product, x, -1.0), DomainError);
    CHECK_THROWS_AS((void)exponential_action(product, x, 1.0, 0.0), DomainError);
}
