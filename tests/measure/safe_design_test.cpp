#include "heddle/measure/safe_design.hpp"

#include <doctest/doctest.h>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/exponential.hpp"
#include "heddle/linalg/schur.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/loops/perform.hpp"
#include "heddle/measure/certificate.hpp"
#include "linalg/exponential_path.hpp"
#include "measure/motif_descent.hpp"
#include "measure/preparation_descent.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

Library small(double time = 2.0, Index n = 60) {
    DesignOptions options;
    options.preparation_time = time;
    return examples::library({"a", "b", "c"}, options, n);
}

/// Motifs of two loops and one channel that jump between levels: strongly non-normal ones.
Library stepped() {
    std::vector<Motif> motifs;
    for (std::uint64_t k = 0; k < 3; ++k) {
        Matrix values(601, 1);
        for (Index j = 0; j < values.rows(); ++j)
            values(j, 0) =
                j == 0 || j > 560 ? 0.0 : Random(k).normal(static_cast<std::uint64_t>(j / 120));
        motifs.push_back(make_motif("s" + std::to_string(k), values, 0.001));
    }
    DesignOptions options;
    options.motif_loops.loops = 2;
    options.fit.pairs = 5;
    options.preparation_fraction = 0.1;
    return design(examples::network(80, 1), motifs, options);
}

SafeDesignOptions brief() {
    SafeDesignOptions options;
    options.most_rounds = 2;
    options.preparation_evaluations = 15;
    options.motif_evaluations = 6;
    return options;
}

/// (f(h) − f(−h)) / 2h, to fourth order.
template <class F>
double slope(const F& f, double h) {
    return (8.0 * (f(h) - f(-h)) - (f(2.0 * h) - f(-2.0 * h))) / (12.0 * h);
}

Matrix transform_of(Index n) {
    return Matrix::Identity(n, n) +
           0.3 / std::sqrt(static_cast<double>(n)) * examples::random_matrix(n, n, 77);
}

std::vector<FactoredMap> factors_of(const Library& library) {
    std::vector<FactoredMap> factors;
    for (const MotifLoops& design : library.motifs) {
        Matrix a = dense_weights(library.network) + design.loops.u * design.loops.v.transpose();
        a.diagonal().array() -= 1.0;
        factors.push_back(
            factored(exponential(a * (duration(design.motif) / library.network.tau))));
    }
    return factors;
}

}  // namespace

TEST_CASE("ExponentialPath: the value is e^A, from tiny to long times") {
    for (const double t : {1e-3, 0.7, 5.0, 60.0}) {
        Matrix a = examples::random_matrix(30, 30, 1) / std::sqrt(30.0);
        a.diagonal().array() -= 1.0;
        const Matrix e = exponential(t * a);
        CHECK((ExponentialPath(t * a).value() - e).norm() <= 1e-12 * (1.0 + t) * e.norm());
    }
}

TEST_CASE("ExponentialPath: the gradient is the block exponential's off-diagonal block") {
    const Index n = 20;
    for (const double t : {0.2, 3.0, 20.0}) {
        const Matrix a = t * examples::random_matrix(n, n, 2) / std::sqrt(20.0);
        const Matrix g = examples::random_matrix(n, n, 3);
        Matrix both = Matrix::Zero(2 * n, 2 * n);
        both << a.transpose(), g, Matrix::Zero(n, n), a.transpose();
        const Matrix exact = exponential(both).topRightCorner(n, n);
        CHECK((ExponentialPath(a).pull_back(g) - exact).norm() <= 1e-11 * exact.norm());
    }
}

TEST_CASE("schatten_norm: between the 2-norm and a sixteenth root of the rank above it") {
    const Matrix x = examples::random_matrix(12, 5, 4);
    const double log_norm = std::log(spectral_norm(x));
    for (const Matrix& one : {x, Matrix(x.transpose())}) {
        const SchattenNorm norm = schatten_norm(one);
        CHECK(norm.value >= log_norm);
        CHECK(norm.value <= log_norm + std::log(5.0) / 16.0);
        CHECK(norm.gradient.cwiseProduct(one).sum() == doctest::Approx(1.0).epsilon(1e-12));
    }
    CHECK(schatten_norm(Matrix::Zero(3, 2)).gradient.norm() == 0.0);
}

TEST_CASE(
    "PreparationNorm: the value is that of the dense maps, the gradient that of differences") {
    const Library library = small();
    const Matrix t = transform_of(60);
    const Kept kept{5.0, 0.5 * examples::random_matrix(60, 3, 5)};
    const PreparationNorm norm(library.network, factors_of(library), t, 2.0, 1, kept);
    const Loops& loops = library.preparation.loops;
    const PreparationNorm::Value value = norm.at(loops);
    Matrix a = dense_weights(library.network) + loops.u * loops.v.transpose();
    a.diagonal().array() -= 1.0;
    std::vector<SchattenNorm> parts;
    for (const FactoredMap& map : factors_of(library))
        parts.push_back(schatten_norm(t * exponential(2.0 * a) * map.left * map.right.transpose() *
                                      solve(t, Matrix::Identity(60, 60))));
    parts.push_back(schatten_norm(exponential(5.0 * a) * kept.steps));
    CHECK(value.value == doctest::Approx(join_norms(parts).value).epsilon(1e-9));
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const Matrix du = examples::random_matrix(60, loops.u.cols(), 10 + seed);
        const Matrix dv = examples::random_matrix(60, loops.u.cols(), 20 + seed);
        const double measured = slope(
            [&](double h) { return norm.at({loops.u + h * du, loops.v + h * dv}).value; }, 1e-4);
        const double expected =
            value.gradient_u.cwiseProduct(du).sum() + value.gradient_v.cwiseProduct(dv).sum();
        CHECK(std::abs(measured - expected) <=
              1e-7 * (value.gradient_u.norm() * du.norm() + value.gradient_v.norm() * dv.norm()));
    }
}

TEST_CASE("MotifNorm: the gradient over loop outputs and directions is that of differences") {
    const Library library = small();
    const Resolvent resolvent(real_schur(dense_weights(library.network)));
    const Matrix left = resolvent.rotate(transform_of(60)).transpose();
    const Matrix right = resolvent.rotate(transform_of(60));
    const MotifLoops& design = library.motifs[1];
    const MotifNorm norm(library.network, resolvent, design, left, right);
    const LoopVariables point = variables_of(design, resolvent);
    const MotifNorm::Value value = norm.at(point);
    Matrix a = dense_weights(library.network) + design.loops.u * design.loops.v.transpose();
    a.diagonal().array() -= 1.0;
    const Matrix m = exponential(a * (duration(design.motif) / library.network.tau));
    CHECK(value.value ==
          doctest::Approx(
              schatten_norm(left * resolvent.rotate(resolvent.rotate(m).transpose()).transpose() *
                            right)
                  .value)
              .epsilon(1e-8));
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const Matrix du = 0.1 * examples::random_matrix(60, 4, seed);
        const Matrix re = examples::random_matrix(4, point.directions.cols(), 30 + seed);
        const Matrix im = examples::random_matrix(4, point.directions.cols(), 40 + seed);
        const auto along = [&](double h) {
            LoopVariables moved = point;
            moved.u += h * du;
            moved.directions.real() += h * re;
            moved.directions.imag() += h * im;
            return norm.at(moved).value;
        };
        const double expected = value.gradient.u.cwiseProduct(du).sum() +
                                value.gradient.directions.real().cwiseProduct(re).sum() +
                                value.gradient.directions.imag().cwiseProduct(im).sum();
        const double size = value.gradient.u.norm() * du.norm() +
                            value.gradient.directions.norm() * std::hypot(re.norm(), im.norm());
        CHECK(std::abs(slope(along, 1e-4) - expected) <= 1e-7 * size);
    }
}

TEST_CASE("optimise_safe_time: the safe time falls, and certify finds the same one") {
    const Library library = stepped();
    const SafeDesign found = optimise_safe_time(library, brief());
    REQUIRE(found.trusted);
    CHECK(found.after < found.before);
    double time = found.before;
    for (const SafeDesignStep& step : found.steps) {
        CHECK(step.safe_time <= time);
        CHECK(step.kept == (step.safe_time < time));
        CHECK(step.norm_after <= step.norm_before);
        time = step.safe_time;
    }
    CHECK(time == found.after);
    CertificateOptions options{.preparation = found.after, .safe_time = false};
    CHECK(certify(found.library, options).verdict == "stable");
    CHECK(certify(library).safe_time == doctest::Approx(found.before).epsilon(0.07));
    CHECK(certify(found.library).safe_time == doctest::Approx(found.after).epsilon(0.07));
    CHECK(found.library.preparation.duration == library.preparation.duration);
    CHECK(found.step_before == doctest::Approx(certify(library, {.safe_time = false}).step));
    CHECK(found.step_after ==
          doctest::Approx(certify(found.library, {.safe_time = false}).step).epsilon(1e-6));
    CHECK(found.step_after <= 1.25 * found.step_before);
}

TEST_CASE("optimise_safe_time: preparatory loops keep their norms and stay stable") {
    const Library library = small();
    SafeDesignOptions options = brief();
    options.motifs = false;
    const SafeDesign found = optimise_safe_time(library, options);
    const Loops& before = library.preparation.loops;
    const Loops& after = found.library.preparation.loops;
    REQUIRE(after.u != before.u);
    CHECK(after.u.norm() == doctest::Approx(before.u.norm()).epsilon(1e-12));
    CHECK(after.v.norm() == doctest::Approx(before.v.norm()).epsilon(1e-12));
    const double slowest = spectral_abscissa(
        eigenvalues(dense_weights(library.network) + after.u * after.v.transpose()));
    CHECK(slowest < 1.0);
    CHECK(found.library.preparation.slowest == doctest::Approx(slowest));
    for (std::size_t i = 0; i < library.motifs.size(); ++i)
        CHECK(found.library.motifs[i].loops.u == library.motifs[i].loops.u);
}

TEST_CASE("optimise_safe_time: every motif is performed as before its loops were changed") {
    const Library library = stepped();
    SafeDesignOptions options = brief();
    options.preparation = false;
    const SafeDesign found = optimise_safe_time(library, options);
    REQUIRE(found.after < found.before);
    bool changed = false;
    for (std::size_t i = 0; i < library.motifs.size(); ++i) {
        const MotifLoops& before = library.motifs[i];
        const MotifLoops& after = found.library.motifs[i];
        changed = changed || after.loops.v != before.loops.v;
        CHECK(after.trusted);
        PerformOptions perform_options;
        const auto error_of = [&](const Library& of) {
            double error = 0.0;
            perform_options.initial_state = of.motifs[i].initial_state;
            perform(of, {of.motifs[i].motif.name}, perform_options,
                    [&](PerformedMotif&& item) { error = item.error; });
            return error;
        };
        CHECK(std::abs(error_of(found.library) - error_of(library)) < 1e-9);
        CHECK(std::abs(error_of(found.library) - after.fit.error) < 1e-9);
    }
    CHECK(changed);
}

TEST_CASE("optimise_safe_time: the same bits for one thread and three") {
    const Library library = small();
    const SafeDesign one = optimise_safe_time(library, brief(), 1);
    const SafeDesign three = optimise_safe_time(library, brief(), 3);
    CHECK(one.after == three.after);
    CHECK(one.library.preparation.loops.u == three.library.preparation.loops.u);
    CHECK(one.library.motifs[2].loops.v == three.library.motifs[2].loops.v);
}

TEST_CASE("optimise_safe_time: progress can end it") {
    struct Stop {};
    std::size_t told = 0;
    const auto stop = [&](std::size_t done, std::size_t) {
        if ((told = done) >= 5) throw Stop{};
    };
    CHECK_THROWS_AS((void)optimise_safe_time(small(), brief(), 1, stop), Stop);
    CHECK(told >= 5);
}

TEST_CASE("optimise_safe_time: what cannot work is refused with what would") {
    Library library = small();
    const auto refused = [](const Library& given, SafeDesignOptions options, const char* text) {
        CHECK_THROWS_WITH_AS((void)optimise_safe_time(given, options), doctest::Contains(text),
                             DomainError);
    };
    SafeDesignOptions none = brief();
    none.preparation = none.motifs = false;
    refused(library, none, "false for both");
    SafeDesignOptions rounds = brief();
    rounds.most_rounds = 0;
    refused(library, rounds, "most_rounds: found 0");
    SafeDesignOptions gain = brief();
    gain.least_gain = 1.0;
    refused(library, gain, "least_gain");
    Library empty = library;
    empty.motifs.clear();
    refused(empty, brief(), "library: found no motif");
    Library unprepared = library;
    unprepared.preparation.loops.u.resize(60, 0);
    unprepared.preparation.loops.v.resize(60, 0);
    refused(unprepared, brief(), "no preparatory loops");
    DesignOptions lag;
    lag.motif_loops.thalamic_tau = 0.003;
    refused(examples::library({"a"}, lag, 60), brief(), "thalamic_tau = 0");
}
