#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/loops/placement.hpp"
#include "heddle/spectrum/closed_loop.hpp"
#include "loops/bounded_inputs.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

ComplexVector on_line(double re, Index pairs) {
    ComplexVector targets(2 * pairs);
    for (Index i = 0; i < pairs; ++i) {
        const double im = 0.1 + 0.8 * static_cast<double>(i) / static_cast<double>(pairs);
        targets(2 * i) = {re, im};
        targets(2 * i + 1) = {re, -im};
    }
    return targets;
}

double rms(const Vector& x) {
    return std::sqrt(x.squaredNorm() / static_cast<double>(x.size()));
}

Matrix closed(const Network& network, const Loops& loops) {
    return dense_weights(network) + loops.u * loops.v.transpose();
}

bool obeys(const Matrix& weights, const Eigen::MatrixXi& signs, const Eigen::MatrixXi& present) {
    for (Index c = 0; c < weights.cols(); ++c)
        for (Index i = 0; i < weights.rows(); ++i)
            if (weights(i, c) * signs(i) < 0.0 || (present(i) == 0 && weights(i, c) != 0.0))
                return false;
    return true;
}

/// v ≥ 0 of least norm with Xᵀ v = g by projected gradient on the dual, a million small steps.
Vector slow_nonnegative(const Matrix& x, const Vector& g) {
    Vector y = Vector::Zero(g.size());
    const double step = 1.0 / std::pow(spectral_norm(x), 2);
    for (int i = 0; i < 300000; ++i) y += step * (g - x.transpose() * (x * y).cwiseMax(0.0));
    return (x * y).cwiseMax(0.0);
}

/// The delay as a line of Chebyshev points along which thalamic output travels: a matrix whose
/// eigenvalues μ are those of the delayed network, to spectral accuracy. Time in τ.
Matrix with_delay_line(const Network& network, const Loops& loops, double delay, Index p) {
    Matrix d = Matrix::Zero(p + 1, p + 1);
    const auto point = [&](Index i) {
        return 0.5 - 0.5 * std::cos(std::numbers::pi * static_cast<double>(i) / double(p));
    };
    const auto weight = [&](Index i) {
        return (i % 2 ? -1.0 : 1.0) * (i == 0 || i == p ? 0.5 : 1.0);
    };
    for (Index i = 0; i <= p; ++i)
        for (Index j = 0; j <= p; ++j)
            if (i != j) {
                d(i, j) = weight(j) / weight(i) / (point(i) - point(j));
                d(i, i) -= d(i, j);
            }
    const Index n = size(network), k = loops.u.cols();
    Matrix a = Matrix::Zero(n + k * p, n + k * p);
    a.topLeftCorner(n, n) = dense_weights(network) - Matrix::Identity(n, n);
    for (Index c = 0; c < k; ++c) {
        const Index at = n + c * p;
        a.block(at, at, p, p) = -d.bottomRightCorner(p, p) / delay;
        a.block(at, 0, p, n) = -d.col(0).tail(p) * loops.v.col(c).transpose() / delay;
        a.block(0, at + p - 1, n, 1) = loops.u.col(c);
    }
    return a;
}

}  // namespace

TEST_CASE(
    "place_eigenvalues: optimised directions place the same targets for less gain and "
    "condition") {
    const Network network = examples::network(120, 0);
    const ComplexVector targets = on_line(1.0, 6);
    const Placement dealt = place_eigenvalues(network, targets, {.loops = 3});
    for (const bool given : {true, false}) {
        const Placement best = place_eigenvalues(network, targets,
                                                 {.loops = 3,
                                                  .u = given ? dealt.loops.u : Matrix(),
                                                  .directions = DirectionChoice::optimised});
        CHECK(best.trusted);
        CHECK(best.error.maxCoeff() < 1e-12);
        CHECK(best.gain * rms(best.condition) <
              (given ? 0.75 : 0.4) * dealt.gain * rms(dealt.condition));
        if (given) CHECK(best.loops.u == dealt.loops.u);
    }
}

TEST_CASE("place_eigenvalues: the weight of the condition trades it for gain") {
    const Network network = examples::network(100, 0);
    const auto with = [&](double weight) {
        return place_eigenvalues(
            network, on_line(1.1, 5),
            {.loops = 2, .directions = DirectionChoice::optimised, .condition_weight = weight});
    };
    const Placement gain = with(0.0), condition = with(1.0);
    CHECK(gain.gain < condition.gain);
    CHECK(rms(condition.condition) < rms(gain.condition));
}

TEST_CASE("place_eigenvalues: k loops hold an eigenvalue k times, with k independent modes") {
    const Network network = examples::network(80, 0);
    ComplexVector targets(6);
    targets << 1.1, 1.1, Complex(1.0, 0.4), Complex(1.0, 0.4), Complex(1.0, -0.4),
        Complex(1.0, -0.4);
    for (const DirectionChoice choice : {DirectionChoice::dealt, DirectionChoice::optimised}) {
        const Placement placed =
            place_eigenvalues(network, targets, {.loops = 2, .directions = choice});
        CHECK(placed.trusted);
        const Matrix a = closed(network, placed.loops);
        for (const Complex target : {targets(0), targets(2)}) {
            ComplexMatrix shifted = -a.cast<Complex>();
            shifted.diagonal().array() += target;
            const Vector sigma = singular_values(shifted);
            CHECK(sigma(sigma.size() - 2) < 1e-12);
            CHECK(sigma(sigma.size() - 3) > 1e-4);
        }
    }
    CHECK_THROWS_WITH_AS(place_eigenvalues(network, targets, {.loops = 1}),
                         doctest::Contains("found 1.1 twice"), DomainError);
}

TEST_CASE(
    "place_eigenvalues: with the rest frozen one loop is the Loewner formula, and nothing "
    "else moves") {
    const Network network = examples::network(60, 0);
    const ComplexVector targets = on_line(1.0, 2);
    const Placement placed =
        place_eigenvalues(network, targets, {.loops = 1, .freeze = Freeze::rest});
    CHECK(placed.trusted);
    CHECK(placed.error.maxCoeff() < 1e-12);
    CHECK(placed.drift < 1e-12);
    // The strengths d_j = (l_j u) (vᵀ r_j) are traces of spectral projectors times u vᵀ, so that
    // Σ_j d_j = vᵀ u = Σ (targets) − Σ (eigenvalues moved).
    const ComplexVector before = eigenvalues(dense_weights(network)),
                        after = closed_spectrum(dense_weights(network), placed.loops);
    CHECK(std::abs((after.sum() - before.sum()).real() -
                   placed.loops.v.col(0).dot(placed.loops.u.col(0))) < 1e-11);
    const Placement free = place_eigenvalues(network, targets, {.loops = 1});
    CHECK(placed.gain > free.gain);
}

TEST_CASE("place_eigenvalues: an output that cannot move an eigenvalue is named") {
    Matrix w = Matrix::Zero(4, 4);
    w.diagonal() << 0.5, 0.2, -0.3, -0.6;
    const Network network = make_network(w, 0, 1);
    Matrix u(4, 1);
    u << 0.0, 1.0, 1.0, 1.0;
    ComplexVector targets(1);
    targets << 0.6;
    CHECK_THROWS_WITH_AS(place_eigenvalues(network, targets, {.u = u, .freeze = Freeze::rest}),
                         doctest::Contains("orthogonal to the left mode of the eigenvalue (0.5,0)"),
                         DomainError);
}

TEST_CASE("place_eigenvalues: loops obey Dale's law and sparsity, given or optimised") {
    const Network network = examples::network(100, 0);
    Eigen::MatrixXi signs(100, 1), present = Eigen::MatrixXi::Ones(100, 1), plus = present;
    for (Index i = 0; i < 100; ++i) {
        signs(i) = i < 80 ? 1 : -1;
        present(i) = i % 3 != 0;
    }
    double dealt = 0.0;
    for (const DirectionChoice choice : {DirectionChoice::dealt, DirectionChoice::optimised}) {
        const Placement placed = place_eigenvalues(network, on_line(1.0, 3),
                                                   {.loops = 2,
                                                    .directions = choice,
                                                    .u_rules = {plus, present},
                                                    .v_rules = {signs, present}});
        CHECK(placed.trusted);
        CHECK(obeys(placed.loops.u, plus, present));
        CHECK(obeys(placed.loops.v, signs, present));
        const double cost = placed.gain * rms(placed.condition);
        if (choice == DirectionChoice::dealt)
            dealt = cost;
        else
            CHECK(cost < 0.7 * dealt);
    }
}

TEST_CASE("bounded_inputs: the least-norm v ≥ 0 is that of a slow projected gradient") {
    const Matrix x = examples::random_matrix(30, 5, 2);
    const Matrix g = (x.transpose() * examples::random_matrix(30, 1, 3).cwiseAbs()).transpose();
    const WeightBounds bounds = weight_bounds({.signs = Eigen::MatrixXi::Ones(30, 1)}, 30, 1, "v");
    const BoundedInputs found =
        bounded_inputs(x, g, bounds, Vector::Constant(1, std::numeric_limits<double>::infinity()));
    CHECK(found.feasible);
    CHECK((x.transpose() * found.v - g.transpose()).norm() < 1e-12 * g.norm());
    CHECK((found.v - slow_nonnegative(x, g.transpose())).norm() < 1e-8);
}

TEST_CASE("bounded_inputs: where nothing obeys, no allowed direction comes nearer") {
    const Matrix x = examples::random_matrix(12, 8, 5);
    const Matrix g = examples::random_matrix(1, 8, 6);
    const WeightBounds bounds = weight_bounds({.signs = Eigen::MatrixXi::Ones(12, 1)}, 12, 1, "v");
    const BoundedInputs found =
        bounded_inputs(x, g, bounds, Vector::Constant(1, std::numeric_limits<double>::infinity()));
    REQUIRE(!found.feasible);
    CHECK(found.obstacle == 0);
    CHECK(std::isnan(found.needed));
    // KKT of min |Xᵀ v − g| over v ≥ 0, columns scaled to length 1: the slope is ≥ 0, and 0 where v
    // > 0.
    const Vector scale = x.colwise().norm().cwiseInverse();
    const Matrix scaled = x * scale.asDiagonal();
    const Vector miss = scaled.transpose() * found.v - scale.cwiseProduct(g.transpose());
    const Vector slope = scaled * miss;
    CHECK(slope.minCoeff() > -1e-6);
    CHECK(slope.cwiseProduct(found.v).cwiseAbs().maxCoeff() < 1e-6);
}

TEST_CASE(
    "place_eigenvalues: where the rules exclude the targets the nearest loops are returned, "
    "and say how near") {
    const Network network = examples::network(60, 0);
    Eigen::MatrixXi few = Eigen::MatrixXi::Zero(60, 1);
    few.topRows(3).setOnes();
    const Placement placed =
        place_eigenvalues(network, on_line(1.0, 3), {.loops = 2, .v_rules = {{}, few}});
    CHECK(!placed.feasible);
    CHECK(!placed.trusted);
    CHECK(placed.reason.find("no weights that obey the rules") != std::string::npos);
    CHECK(placed.loops.v.bottomRows(57).isZero(0.0));
    const Vector apart =
        distances(placed.targets, closed_spectrum(dense_weights(network), placed.loops));
    CHECK((placed.error - apart).cwiseAbs().maxCoeff() < 1e-13);
}

TEST_CASE("place_eigenvalues: no loop is stronger than the limit, met or not") {
    const Network network = examples::network(80, 0);
    const auto strengths = [&](double limit, DirectionChoice choice) {
        const Placement placed = place_eigenvalues(
            network, on_line(1.0, 5), {.loops = 3, .directions = choice, .norm_limit = limit});
        const Vector u = placed.loops.u.colwise().norm(), v = placed.loops.v.colwise().norm();
        CHECK(u.cwiseProduct(v).maxCoeff() <= limit * (1.0 + 1e-9));
        return placed.feasible;
    };
    CHECK(strengths(100.0, DirectionChoice::dealt));
    CHECK(!strengths(0.5, DirectionChoice::dealt));
    CHECK(strengths(2.5, DirectionChoice::optimised));
}

TEST_CASE("place_eigenvalues: V tied to a readout stays as it is and U is found") {
    const Network network = examples::network(90, 2);
    const Matrix readout = network.readout.transpose();
    for (const DirectionChoice choice : {DirectionChoice::dealt, DirectionChoice::optimised}) {
        const Placement placed = place_eigenvalues(
            network, on_line(1.0, 3), {.loops = 2, .v = readout, .directions = choice});
        CHECK(placed.trusted);
        CHECK(placed.loops.v == readout);
        CHECK(distances(placed.targets, closed_spectrum(dense_weights(network), placed.loops))
                  .maxCoeff() < 1e-11);
    }
}

TEST_CASE(
    "place_eigenvalues: with a thalamic time constant the targets are those of cortex and "
    "thalamus together") {
    const Network network = examples::network(70, 0);
    for (const double epsilon : {0.1, 0.5, 2.0}) {
        const Placement placed = place_eigenvalues(
            network, on_line(1.0, 2), {.loops = 2, .thalamic_tau = epsilon * network.tau});
        Matrix joint(72, 72);
        joint << dense_weights(network), placed.loops.u, placed.loops.v.transpose() / epsilon,
            (1.0 - 1.0 / epsilon) * Matrix::Identity(2, 2);
        CHECK(distances(placed.targets, eigenvalues(joint)).maxCoeff() < 1e-12);
        CHECK(placed.trusted);
    }
}

TEST_CASE(
    "place_eigenvalues: with a delay the targets are roots of the delayed network, found by "
    "a line of Chebyshev points") {
    const Network network = examples::network(40, 0);
    const double delay = 0.8;
    const Placement placed =
        place_eigenvalues(network, on_line(1.0, 2), {.loops = 2, .delay = delay * network.tau});
    CHECK(placed.trusted);
    CHECK(placed.error.maxCoeff() < 1e-13);
    const ComplexVector roots =
        eigenvalues(with_delay_line(network, placed.loops, delay, 24)).array() + 1.0;
    CHECK(distances(placed.targets, roots).maxCoeff() < 1e-11);
    CHECK(placed.outliers == (roots.real().array() > 1.01).count());
    // Without design for it, the delay moves them.
    const Placement plain = place_eigenvalues(network, on_line(1.0, 2), {.loops = 2});
    const ComplexVector moved =
        eigenvalues(with_delay_line(network, plain.loops, delay, 24)).array() + 1.0;
    CHECK(distances(plain.targets, moved).maxCoeff() > 1e-2);
}

TEST_CASE("place_eigenvalues: roots that a delay adds right of the targets are counted") {
    const Network network = examples::network(40, 0);
    const double delay = 5.0;
    const Placement placed =
        place_eigenvalues(network, on_line(0.6, 5), {.loops = 1, .delay = delay * network.tau});
    const ComplexVector roots =
        eigenvalues(with_delay_line(network, placed.loops, delay, 60)).array() + 1.0;
    CHECK(placed.outliers == (roots.real().array() > 1.01).count());
}

TEST_CASE("place_eigenvalues: choices that exclude each other are named") {
    const Network network = examples::network(20, 0);
    const ComplexVector targets = on_line(1.0, 1);
    const auto complaint = [&](const PlacementOptions& options, const char* text) {
        CHECK_THROWS_WITH_AS(place_eigenvalues(network, targets, options), doctest::Contains(text),
                             Error);
    };
    const Matrix ones = Matrix::Ones(20, 1);
    const Eigen::MatrixXi plus = Eigen::MatrixXi::Ones(20, 1);
    complaint({.u = ones, .v = ones}, "u and v are both given");
    complaint({.freeze = Freeze::rest, .v_rules = {plus, {}}}, "freeze = 'rest'");
    complaint({.freeze = Freeze::rest, .norm_limit = 1.0}, "freeze = 'rest'");
    complaint({.u = -ones, .u_rules = {plus, {}}}, "u[0, 0] is -1.000000, but u_signs");
    complaint({.v_rules = {{}, 0 * plus}}, "v_mask: loop 0 has no connection left");
    complaint({.v_rules = {2 * plus, {}}}, "v_signs: found 2");
    complaint({.v_rules = {Eigen::MatrixXi::Ones(7, 1), {}}}, "v_signs");
    complaint({.u = 0.0 * ones}, "u: loop 0 is all zero");
    complaint({.norm_limit = 0.0}, "norm_limit: found 0");
    complaint({.condition_weight = 2.0}, "condition_weight: found 2");
    complaint({.delay = -1.0}, "delay: found -1 s");
    complaint({.method = PlacementMethod::spectral, .directions = DirectionChoice::optimised},
              "method 'spectral' takes no");
    complaint({.freeze = Freeze::rest, .solver = PlacementSolver::krylov}, "the solvers 'krylov'");
}

TEST_CASE("place_eigenvalues: directions are not optimised on eigenvectors that do not span") {
    Matrix jordan = Matrix::Zero(6, 6);
    jordan.diagonal().setConstant(0.5);
    jordan.diagonal(1).setOnes();
    const Network network = make_network(jordan, 0, 1);
    CHECK_THROWS_WITH_AS(
        place_eigenvalues(network, on_line(1.0, 1), {.directions = DirectionChoice::optimised}),
        doctest::Contains("W is defective or nearly so"), DomainError);
    CHECK(place_eigenvalues(network, on_line(1.0, 1)).trusted);
}

TEST_CASE("place_eigenvalues: rules and lags hold in Krylov spaces as they do in dense weights") {
    const Network network = examples::network(120, 0);
    Eigen::MatrixXi signs(120, 1);
    for (Index i = 0; i < 120; ++i) signs(i) = i < 90 ? 1 : -1;
    PlacementOptions options{.loops = 3,
                             .v_rules = {signs, {}},
                             .thalamic_tau = 0.3 * network.tau,
                             .delay = 0.5 * network.tau};
    const Placement dense = place_eigenvalues(network, on_line(1.0, 4), options);
    options.solver = PlacementSolver::krylov;
    const Placement krylov = place_eigenvalues(network, on_line(1.0, 4), options);
    CHECK(krylov.trusted);
    CHECK(obeys(krylov.loops.v, signs, Eigen::MatrixXi::Ones(120, 1)));
    CHECK((krylov.loops.v - dense.loops.v).norm() < 1e-8 * dense.loops.v.norm());
    CHECK(krylov.outliers == 0);
    CHECK((krylov.condition - dense.condition).norm() < 1e-6 * dense.condition.norm());
}
