#include "heddle/loops/motif_loops.hpp"

#include <doctest/doctest.h>

#include "heddle/core/error.hpp"
#include "heddle/spectrum/closed_loop.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

MotifLoops designed(const Network& network, const MotifLoopOptions& options, Index channels = 2) {
    const Motif motif = examples::motif("a", channels);
    FitOptions fit;
    fit.tau = network.tau;
    return design_motif_loops(network, Resolvent(dense_weights(network)), motif,
                              fit_modes(motif, fit), options);
}

Matrix readout_of_modes(const MotifLoops& design, const Network& network) {
    return (network.readout * isolated_states(design, network.tau)).transpose();
}

}  // namespace

TEST_CASE("design_motif_loops: the performance error is the fit's error") {
    const Network network = examples::network(120, 2);
    for (const double spread : {0.0, 1.0, 3.0}) {
        const MotifLoops design = designed(network, {.loops = 4, .spread = spread});
        const double performed =
            normalised_error(readout_of_modes(design, network), design.motif.values);
        CHECK(performed == doctest::Approx(design.fit.error).epsilon(1e-6));
        CHECK(design.trusted);
    }
}

TEST_CASE(
    "design_motif_loops: the modes are eigenvectors, so integrating the equations gives the fit "
    "(slow twin)") {
    const Network network = examples::network(80, 2);
    for (const double thalamic_tau : {0.0, 0.003, 0.02}) {
        const MotifLoops design = designed(network, {.loops = 4, .thalamic_tau = thalamic_tau});
        const Segment segment{"a", &design.loops, design.fixed_point, design.thalamic_state, 0.3};
        const Vector end = examples::integrate(network, segment, design.initial_state, 0.3, 6000);
        const Vector planned = isolated_states(design, network.tau).col(60);
        CHECK((end - planned).norm() < 1e-7 * planned.norm());
        CHECK(design.error.maxCoeff() < 1e-10);
    }
}

TEST_CASE(
    "design_motif_loops: with instantaneous thalamic units the evidence agrees with the whole "
    "spectrum") {
    const Network network = examples::network(100, 2);
    const MotifLoops design = designed(network, {.loops = 3});
    const ComplexVector closed = closed_spectrum(dense_weights(network), design.loops);
    CHECK(distances(design.fit.eigenvalues, closed).maxCoeff() < 1e-9);
    CHECK((design.loops.v.transpose() * design.initial_state - design.thalamic_state).norm() <
          1e-9);
}

TEST_CASE(
    "design_motif_loops: turning the modes apart lowers their condition and leaves the output "
    "alone") {
    const Network network = examples::network(200, 2);
    const MotifLoops least = designed(network, {.loops = 6, .spread = 0.0});
    const MotifLoops spread = designed(network, {.loops = 6, .spread = 1.0});
    CHECK(spread.condition.maxCoeff() < 0.5 * least.condition.maxCoeff());
    CHECK((readout_of_modes(least, network) - readout_of_modes(spread, network)).norm() < 1e-8);
}

TEST_CASE(
    "design_motif_loops: a motif that never moves needs no loops to speak of, only its tonic "
    "input") {
    const Network network = examples::network(50, 2);
    const Motif still = make_motif("still", Matrix::Constant(20, 2, 0.7), 0.01);
    const MotifLoops design = design_motif_loops(network, Resolvent(dense_weights(network)), still,
                                                 fit_modes(still), {.loops = 2});
    CHECK((readout_of_modes(design, network) - still.values).norm() < 1e-10);
}

TEST_CASE("design_motif_loops: more channels than loops is refused") {
    const Network network = examples::network(50, 3);
    CHECK_THROWS_AS(static_cast<void>(designed(network, {.loops = 2}, 3)), DomainError);
}

TEST_CASE("design_motif_loops: several motifs at once get what each would get alone") {
    const Network network = examples::network(120, 2);
    const std::vector<std::string> names = {"a", "b", "c", "d", "e", "f", "g", "h"};
    std::vector<Motif> motifs;
    std::vector<ModeFit> fits;
    for (const std::string& name : names) {
        motifs.push_back(examples::motif(name));
        fits.push_back(fit_modes(motifs.back(), {.tau = network.tau, .pairs = 8}));
    }
    const Resolvent resolvent(dense_weights(network));
    // Few motifs go by the Hessenberg form, eight of eight pairs by the Schur form.
    for (const std::size_t count : {std::size_t{2}, names.size()}) {
        const auto together =
            design_motif_loops(network, {motifs.begin(), motifs.begin() + static_cast<long>(count)},
                               {fits.begin(), fits.begin() + static_cast<long>(count)}, {}, 2);
        REQUIRE(together.size() == count);
        for (std::size_t i = 0; i < count; ++i) {
            const MotifLoops alone = design_motif_loops(network, resolvent, motifs[i], fits[i]);
            CHECK((together[i].loops.v - alone.loops.v).norm() < 1e-9 * alone.loops.v.norm());
            CHECK(together[i].trusted);
        }
    }
    CHECK_THROWS_AS((void)design_motif_loops(network, motifs, {}), ShapeError);
}

namespace {

/// The slow twin with a conduction delay: Heun steps of the equations as they are written, fed by a
/// thalamus that remembers the motif's own past at the start. Readouts at every step.
Matrix delayed_run(const Network& network, const MotifLoops& design, const Loops& loops,
                   double step, Index steps) {
    const Matrix w = dense_weights(network);
    const Index lag = std::lround(design.loops.delay / step);
    const Vector& fixed = design.fixed_point;
    const Vector b = fixed - w * fixed - loops.u * (loops.v.transpose() * fixed);
    Matrix sent(loops.u.cols(), steps + lag + 1);  // What left the thalamus, from t = −D on.
    for (Index i = 0; i <= lag; ++i) {
        Vector past = fixed;
        for (Index m = 0; m < design.modes.cols(); ++m) {
            const double t = step * static_cast<double>(i - lag) / network.tau;
            past += (design.modes.col(m) * std::exp((design.fit.eigenvalues(m) - 1.0) * t)).real();
        }
        sent.col(i) = loops.v.transpose() * past;
    }
    Vector x = design.initial_state;
    Matrix outputs(steps + 1, network.readout.rows());
    const auto field = [&](const Vector& state, Index i) {
        return Vector((-state + w * state + loops.u * sent.col(i) + b) / network.tau);
    };
    for (Index i = 0; i <= steps; ++i) {
        outputs.row(i) = (network.readout * x).transpose();
        const Vector first = field(x, i);
        const Vector guess = x + step * first;
        if (i < steps) x += 0.5 * step * (first + field(guess, i + 1));
        if (i < steps) sent.col(i + lag + 1) = loops.v.transpose() * x;
    }
    return outputs;
}

}  // namespace

TEST_CASE(
    "design_motif_loops: loops designed for a conduction delay perform the fit through it, "
    "others do not") {
    const Network network = examples::network(120, 2);
    const Motif motif = examples::motif("a");
    const ModeFit fit = fit_modes(motif, {.tau = network.tau, .pairs = 5});
    const Resolvent resolvent(dense_weights(network));
    const MotifLoops design =
        design_motif_loops(network, resolvent, motif, fit, {.loops = 4, .delay = 0.004});
    const MotifLoops plain = design_motif_loops(network, resolvent, motif, fit, {.loops = 4});
    CHECK(design.trusted);
    CHECK(design.error.maxCoeff() < 1e-12);
    const double step = 2e-5;
    const auto deviation = [&](const Loops& loops) {
        const Matrix outputs = delayed_run(network, design, loops, step, 10000);
        const Matrix wanted = evaluate(fit, network.tau, step, 10001);
        return (outputs - wanted).norm() / wanted.norm();
    };
    CHECK(deviation(design.loops) < 1e-3);
    CHECK(deviation(plain.loops) > 0.1);
}

TEST_CASE("design_motif_loops: a delay longer than the motif is refused") {
    const Network network = examples::network(50, 2);
    const Motif motif = examples::motif("a");
    CHECK_THROWS_WITH_AS((void)design_motif_loops(network, Resolvent(dense_weights(network)), motif,
                                                  fit_modes(motif), {.loops = 2, .delay = 0.6}),
                         doctest::Contains("delay: found 0.600000 s for motif 'a'"), DomainError);
}
