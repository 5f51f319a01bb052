#include "heddle/motif/fit.hpp"

#include <doctest/doctest.h>

#include "heddle/core/error.hpp"
#include "motif/region.hpp"
#include "motif/residual.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

/// Two channels of three damped oscillations, 100 τ long.
Motif oscillations() {
    ModeFit exact{};
    exact.eigenvalues.resize(3);
    exact.eigenvalues << Complex(0.99, 0.08), Complex(0.97, 0.2), Complex(0.98, 0.41);
    exact.amplitudes.resize(2, 3);
    exact.amplitudes << Complex(1.0, 0.2), Complex(-0.4, 0.5), Complex(0.1, 0.3),
        Complex(0.3, -0.6), Complex(0.5, 0.1), Complex(-0.2, 0.2);
    exact.offset = Vector::Constant(2, 0.7);
    return make_motif("exact", evaluate(exact, 0.01, 0.005, 201), 0.005);
}

bool same_bits(const ModeFit& a, const ModeFit& b) {
    return a.eigenvalues == b.eigenvalues && a.amplitudes == b.amplitudes && a.offset == b.offset;
}

}  // namespace

TEST_CASE("fit_modes: a sum of damped oscillations is recovered (closed form)") {
    FitOptions options;
    options.pairs = 3;
    options.ridge = 1e-14;
    const ModeFit fit = fit_modes(oscillations(), options);
    CHECK(fit.error < 1e-9);
    CHECK(std::abs(fit.eigenvalues(0) - Complex(0.99, 0.08)) < 1e-3);
    CHECK(std::abs(fit.eigenvalues(2) - Complex(0.98, 0.41)) < 1e-3);
    CHECK((fit.offset - Vector::Constant(2, 0.7)).norm() < 1e-2);
}

TEST_CASE("fit_modes: the stated error is that of the fit evaluated on the motif's samples") {
    for (const char* name : {"a", "b", "c"}) {
        const Motif motif = examples::motif(name, 3);
        const ModeFit fit = fit_modes(motif);
        const Matrix values = evaluate(fit, 0.01, motif.dt, motif.values.rows());
        CHECK(normalised_error(values, motif.values) == doctest::Approx(fit.error).epsilon(1e-6));
        CHECK(fit.reached);
        CHECK(fit.error <= 5e-4);
    }
}

TEST_CASE("fit_modes: every constraint holds") {
    FitOptions options;
    options.pairs = 8;
    options.most_gain = 3.5;
    options.separation = 0.06;
    options.fastest_decay = 0.1;
    const ModeFit fit = fit_modes(examples::motif("tight", 2), options);
    REQUIRE(fit.eigenvalues.size() == 8);
    CHECK(fit.separation >= 0.06);
    CHECK(fit.gain <= 3.5 + 1e-9);
    CHECK(fit.eigenvalues.real().maxCoeff() <= 1.0 + 1e-12);
    CHECK(fit.eigenvalues.real().minCoeff() >= 0.9 - 1e-12);
    CHECK(fit.eigenvalues.imag().minCoeff() >= 0.03);
}

TEST_CASE("fit_modes: the ridge keeps amplitudes small at little cost in error") {
    FitOptions free, held;
    free.pairs = held.pairs = 6;
    free.ridge = 1e-12;
    const Motif motif = examples::motif("d", 2);
    const ModeFit loose = fit_modes(motif, free), firm = fit_modes(motif, held);
    CHECK(firm.amplitude < 5.0);
    CHECK(firm.amplitude <= 1.01 * loose.amplitude);
    CHECK(firm.error < 1e-3);
}

TEST_CASE("Residual: the gradient is that of the projected objective (differences, order 2)") {
    Residual residual(examples::motif("e", 2), 0.01, 1e-5);
    Vector theta(6);
    theta << -0.01, -0.03, -0.02, 0.1, 0.22, 0.45;
    residual.evaluate(theta);
    const Vector exact = residual.gradient();
    for (Index i = 0; i < theta.size(); ++i) {
        Vector up = theta, down = theta;
        up(i) += 1e-6;
        down(i) -= 1e-6;
        const double difference = (residual.evaluate(up) - residual.evaluate(down)) / 2e-6;
        CHECK(difference == doctest::Approx(exact(i)).epsilon(1e-5));
    }
}

TEST_CASE("Region: the Jacobian of the constraints is that of differences") {
    const Region region({}, 0.5);
    Vector theta(6);
    theta << -0.01, -0.03, -0.02, 0.3, 0.62, 0.95;
    const Index rows = Region::inequalities(3);
    Vector values(rows), up_values(rows), down_values(rows);
    Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> jacobian(rows, 6);
    region.inequalities(theta, values.data(), jacobian.data());
    for (Index i = 0; i < 6; ++i) {
        Vector up = theta, down = theta;
        up(i) += 1e-6;
        down(i) -= 1e-6;
        region.inequalities(up, up_values.data(), nullptr);
        region.inequalities(down, down_values.data(), nullptr);
        CHECK(((up_values - down_values) / 2e-6 - jacobian.col(i)).norm() < 1e-7);
    }
}

TEST_CASE("fit_modes: the same motif and seed give the same bits") {
    const Motif motif = examples::motif("f", 2);
    CHECK(same_bits(fit_modes(motif), fit_modes(motif)));
}

TEST_CASE("fit_modes: a motif that never moves is its offset") {
    const ModeFit fit = fit_modes(make_motif("still", Matrix::Constant(30, 2, 1.5), 0.01));
    CHECK(fit.eigenvalues.size() == 0);
    CHECK(fit.error == 0.0);
    CHECK((evaluate(fit, 0.01, 0.01, 3) - Matrix::Constant(3, 2, 1.5)).norm() < 1e-14);
}

TEST_CASE("fit_modes: what cannot be determined or satisfied is named") {
    FitOptions options;
    options.pairs = 20;
    const Motif few = make_motif("few", examples::random_matrix(12, 1, 3), 0.01);
    CHECK_THROWS_WITH_AS(static_cast<void>(fit_modes(few, options)),
                         "pairs: found 20, but the 12 samples of motif 'few' determine at most 5",
                         DomainError);
    options = {};
    options.most_gain = 0.001;
    CHECK_THROWS_AS(static_cast<void>(fit_modes(examples::motif("a"), options)), DomainError);
    options = {};
    options.error = 0.0;
    CHECK_THROWS_AS(static_cast<void>(fit_modes(examples::motif("a"), options)), DomainError);
}
