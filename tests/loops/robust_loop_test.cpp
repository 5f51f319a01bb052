#include "heddle/loops/robust_loop.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/exponential.hpp"
#include "heddle/loops/readout_deviation.hpp"
#include "heddle/spectrum/closed_loop.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

constexpr double motif_time = 0.6;  // 60 τ

struct Example {
    Network network;
    ComplexVector targets, amplitudes;
};

/// `pairs` conjugate pairs and, if asked, a real target, in no particular order.
Example example(Index n, Index pairs, bool real = false, std::uint64_t seed = 1) {
    Example e{examples::network(n, 1, seed), ComplexVector(2 * pairs + real),
              ComplexVector(2 * pairs + real)};
    const Random random(seed + 100);
    for (Index i = 0; i < pairs; ++i) {
        const auto k = static_cast<std::uint64_t>(i);
        e.targets(i) =
            Complex(0.97, 0.1 + 0.8 * static_cast<double>(i) / static_cast<double>(pairs));
        e.amplitudes(i) = Complex(random.normal(2 * k), random.normal(2 * k + 1));
        e.targets(pairs + i) = std::conj(e.targets(i));
        e.amplitudes(pairs + i) = std::conj(e.amplitudes(i));
    }
    if (real) {
        e.targets(2 * pairs) = 1.0;
        e.amplitudes(2 * pairs) = -0.7;
    }
    return e;
}

RobustProblem problem_of(const Example& e) {
    return robust_problem(e.network, e.targets, e.amplitudes, motif_time);
}

Vector random_vector(Index n, std::uint64_t seed) {
    return examples::random_matrix(n, 1, seed);
}

RobustLoopOptions quick() {
    RobustLoopOptions options;
    options.starts = 2;
    options.most_evaluations = 150;
    return options;
}

std::string message(const std::function<void()>& call) {
    try {
        call();
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("robust_loop_cost: equals the Gramians of the dense closed network to 1e-9 (slow twin)") {
    struct Case {
        Index n, pairs;
        bool real;
    };
    for (const Case& c : {Case{30, 3, false}, Case{41, 3, false}, Case{100, 2, true}}) {
        const Example e = example(c.n, c.pairs, c.real, static_cast<std::uint64_t>(c.n));
        const RobustProblem problem = problem_of(e);
        const Vector u = random_vector(c.n, 5);
        const RobustCost fast = robust_loop_cost(problem, u);
        const ReadoutDeviation slow = readout_deviation(
            e.network, robust_loop_at(problem, u), robust_initial_state(problem, u), motif_time);
        CHECK(fast.activity == doctest::Approx(slow.activity).epsilon(1e-9));
        CHECK(fast.response == doctest::Approx(slow.response).epsilon(1e-9));
        CHECK(fast.cost == doctest::Approx(slow.deviation).epsilon(1e-9));
    }
}

TEST_CASE("robust_loop_cost: the gradient is that of central differences to 1e-6 (slow twin)") {
    for (const bool real : {false, true}) {
        const Example e = example(35, 4, real);
        const RobustProblem problem = problem_of(e);
        const Vector u = random_vector(35, 7);
        const Vector gradient = robust_loop_cost(problem, u).gradient;
        Vector differences(35);
        for (Index i = 0; i < 35; ++i) {
            const double h = 1e-5;
            Vector up = u, down = u;
            up(i) += h;
            down(i) -= h;
            differences(i) = (std::log(robust_loop_cost(problem, up).cost) -
                              std::log(robust_loop_cost(problem, down).cost)) /
                             (2.0 * h);
        }
        CHECK((gradient - differences).norm() < 1e-6 * gradient.norm());
    }
}

TEST_CASE("robust_loop_cost: scaling u changes neither the cost nor, along u, anything") {
    const Example e = example(40, 3);
    const RobustProblem problem = problem_of(e);
    const Vector u = random_vector(40, 3);
    const RobustCost one = robust_loop_cost(problem, u);
    for (const double scale : {1e-3, -2.0, 1e4}) {
        const RobustCost other = robust_loop_cost(problem, scale * u);
        CHECK(other.cost == doctest::Approx(one.cost).epsilon(1e-12));
        CHECK((scale * other.gradient - one.gradient).norm() < 1e-10 * one.gradient.norm());
    }
    CHECK(std::abs(one.gradient.dot(u)) < 1e-9 * one.gradient.norm() * u.norm());
}

TEST_CASE(
    "robust_loop_at: every u places the targets and reads out the motif (residual identity)") {
    const Example e = example(50, 3, true);
    const RobustProblem problem = problem_of(e);
    CHECK(problem.miss < 1e-12);
    for (const std::uint64_t seed : {1, 2, 3}) {
        const Vector u = random_vector(50, seed);
        const Loops loops = robust_loop_at(problem, u);
        const Matrix closed = dense_weights(e.network) + loops.u * loops.v.transpose();
        CHECK(distances(e.targets, eigenvalues(closed)).maxCoeff() < 1e-10);
        Matrix a = closed;
        a.diagonal().array() -= 1.0;
        Vector x = robust_initial_state(problem, u);
        const Matrix step = exponential(5.0 * a);
        for (int k = 0; k < 12; ++k, x = step * x) {
            const ComplexVector waves = (5.0 * k * (e.targets.array() - 1.0)).exp();
            const Complex wanted = e.amplitudes.cwiseProduct(waves).sum();
            CHECK((e.network.readout * x)(0) == doctest::Approx(wanted.real()).epsilon(1e-8));
        }
    }
}

TEST_CASE(
    "robust_loop: the same placed eigenvalues, measured on the closed network, at a lower cost") {
    const Example e = example(80, 5);
    const RobustLoop loop = robust_loop(e.network, e.targets, e.amplitudes, motif_time, quick());
    CHECK(loop.trusted);
    CHECK(loop.reason.empty());
    const Matrix closed = dense_weights(e.network) + loop.loops.u * loop.loops.v.transpose();
    CHECK(distances(e.targets, eigenvalues(closed)).maxCoeff() < 1e-8);
    CHECK(loop.cost < 0.2 * loop.start_cost);
    CHECK(loop.cost == doctest::Approx(loop.costs.minCoeff()).epsilon(1e-10));
    CHECK(loop.deviation == doctest::Approx(loop.checked_deviation).epsilon(1e-6));
    CHECK(loop.evaluations <= 2 * 150);
    CHECK(loop.loops.u.norm() == doctest::Approx(1.0).epsilon(1e-12));
    MESSAGE("cost " << loop.start_cost << " -> " << loop.costs.transpose() << ", slope "
                    << loop.slope << ", gain " << loop.gain << ", worst condition "
                    << loop.condition.maxCoeff());
}

TEST_CASE("robust_loop: the condition predicts how far a small change of the loop moves a target") {
    const Example e = example(60, 3);
    const RobustLoop loop = robust_loop(e.network, e.targets, e.amplitudes, motif_time, quick());
    const Matrix change = 1e-8 * examples::random_matrix(60, 60, 5) / std::sqrt(60.0);
    const ComplexVector moved =
        eigenvalues(dense_weights(e.network) + loop.loops.u * loop.loops.v.transpose() + change);
    for (Index i = 0; i < e.targets.size(); ++i) {
        const double shift = distances(e.targets.segment(i, 1), moved)(0);
        CHECK(shift < 1.2 * loop.condition(i) * 2e-8);  // ‖N(0, 1/n) matrix‖₂ → 2
        CHECK(shift > 1e-4 * loop.condition(i) * 2e-8);
    }
}

TEST_CASE(
    "robust_loop: the predicted deviation is that of simulated trials (4 standard errors: false "
    "alarm 6e-5)") {
    const Example e = example(40, 3);
    const RobustLoop loop = robust_loop(e.network, e.targets, e.amplitudes, motif_time, quick());
    Matrix a = dense_weights(e.network) + loop.loops.u * loop.loops.v.transpose();
    a.diagonal().array() -= 1.0;
    constexpr Index trials = 4000, steps = 1200;
    const double h = 60.0 / steps;  // τ
    const Matrix step = exponential(h * a);
    Vector x = loop.initial_state;
    double activity = 0.0;
    Vector deviation = Vector::Zero(trials);
    Matrix states = examples::random_matrix(40, trials, 17);
    for (Index k = 0; k <= steps; ++k) {
        // Simpson's rule: its error, of order h⁴, is far below the standard error.
        const double weight = (k == 0 || k == steps ? 1.0 : k % 2 == 1 ? 4.0 : 2.0) / 3.0 / steps;
        activity += weight * x.squaredNorm() / 40.0;
        deviation += weight * (e.network.readout * states).transpose().cwiseAbs2();
        x = step * x;
        states = step * states;
    }
    const double sigma2 = 0.02 * 0.02 * activity;
    const double mean = sigma2 * deviation.mean();
    const double error = sigma2 * std::sqrt((deviation.array() - deviation.mean()).square().sum() /
                                            (trials - 1.0) / trials);
    MESSAGE("simulated " << std::sqrt(mean) << ", predicted " << loop.deviation
                         << ", relative standard error of the square " << error / mean);
    CHECK(error < 0.05 * mean);
    CHECK(std::abs(mean - loop.deviation * loop.deviation) < 4.0 * error);
}

TEST_CASE(
    "robust_loop: the same bits for any number of threads, and another seed starts elsewhere") {
    const Example e = example(40, 3);
    RobustLoopOptions options = quick();
    options.threads = 1;
    const RobustLoop one = robust_loop(e.network, e.targets, e.amplitudes, motif_time, options);
    options.threads = 3;
    const RobustLoop three = robust_loop(e.network, e.targets, e.amplitudes, motif_time, options);
    CHECK(one.loops.u == three.loops.u);
    CHECK(one.costs == three.costs);
    options.seed = 1;
    CHECK(robust_loop(e.network, e.targets, e.amplitudes, motif_time, options).start_cost !=
          one.start_cost);
}

TEST_CASE("robust_loop: least-gain strengths place the same targets") {
    const Example e = example(60, 4);
    RobustLoopOptions options = quick();
    options.strengths = Strengths::least_gain;
    const RobustLoop loop = robust_loop(e.network, e.targets, e.amplitudes, motif_time, options);
    CHECK(loop.trusted);
    CHECK(loop.error.maxCoeff() < 1e-8);
    CHECK(loop.cost < loop.start_cost);
}

TEST_CASE("robust_loop: a loop that cannot place its targets is not trusted, with a reason") {
    const Example e = example(40, 9);
    const RobustLoop loop = robust_loop(e.network, e.targets, e.amplitudes, motif_time, quick());
    CHECK_FALSE(loop.trusted);
    CHECK(loop.reason.find("fewer targets") != std::string::npos);
}

TEST_CASE("robust_loop: bad arguments are named") {
    const Example e = example(20, 1);
    const auto failure = [&](const Network& network, const ComplexVector& targets,
                             const ComplexVector& amplitudes, double t = motif_time,
                             const RobustLoopOptions& options = {}) {
        return message(
            [&] { static_cast<void>(robust_loop(network, targets, amplitudes, t, options)); });
    };
    const auto names = [](const std::string& text, const char* word) {
        return text.find(word) != std::string::npos;
    };
    Network curved = e.network;
    curved.response = Response::tanh;
    CHECK(names(failure(curved, e.targets, e.amplitudes), "linear"));
    CHECK(names(failure(examples::network(20, 2), e.targets, e.amplitudes), "one readout"));
    CHECK(names(failure(e.network, e.targets, e.amplitudes, 0.0), "duration"));
    CHECK(names(failure(e.network, e.targets, e.amplitudes.head(1)), "amplitudes"));
    CHECK(names(failure(e.network, e.targets, 0.0 * e.amplitudes), "zeros only"));
    CHECK(names(failure(e.network, e.targets.head(1), e.amplitudes.head(1)), "conjugate"));
    CHECK(names(failure(e.network, ComplexVector(0), ComplexVector(0)), "targets"));
    ComplexVector unequal = e.amplitudes;
    unequal(0) += 1.0;
    CHECK(names(failure(e.network, e.targets, unequal), "conjugates"));
    CHECK(names(failure(e.network, ComplexVector::Constant(2, 1.1), ComplexVector::Ones(2)),
                "twice"));
    CHECK(names(failure(e.network, ComplexVector::Constant(1, 100.0), ComplexVector::Ones(1), 1e3),
                "overflows"));
    RobustLoopOptions none;
    none.starts = 0;
    CHECK(names(failure(e.network, e.targets, e.amplitudes, motif_time, none), "starts"));
    none = {};
    none.most_evaluations = 0;
    CHECK(names(failure(e.network, e.targets, e.amplitudes, motif_time, none), "most_evaluations"));
    none = {};
    none.noise = -1.0;
    CHECK(names(failure(e.network, e.targets, e.amplitudes, motif_time, none), "noise"));
    none = {};
    none.precision = -1.0;
    CHECK(names(failure(e.network, e.targets, e.amplitudes, motif_time, none), "precision"));
    none = {};
    none.tolerance = std::nan("");
    CHECK(names(failure(e.network, e.targets, e.amplitudes, motif_time, none), "tolerance"));
    const RobustProblem problem = problem_of(e);
    CHECK(names(message([&] { static_cast<void>(robust_loop_cost(problem, Vector::Ones(3))); }),
                "u"));
    CHECK(std::isinf(robust_loop_cost(problem, Vector::Zero(20)).cost));
}

TEST_CASE("robust_problem: what cannot be set up is named") {
    const Example e = example(20, 1);
    const auto failure = [&](const Network& network, const ComplexVector& targets,
                             const ComplexVector& amplitudes) {
        return message(
            [&] { static_cast<void>(robust_problem(network, targets, amplitudes, motif_time)); });
    };
    const auto names = [](const std::string& text, const char* word) {
        return text.find(word) != std::string::npos;
    };
    ComplexVector broken = e.targets;
    broken(0) = std::nan("");
    CHECK(names(failure(e.network, broken, e.amplitudes), "targets: found NaN"));
    CHECK(
        names(failure(e.network, e.targets, std::nan("") * e.amplitudes), "amplitudes: found NaN"));
    Network chain = e.network;
    chain.weights = Matrix(Matrix::Zero(20, 20));
    std::get<Matrix>(chain.weights).diagonal(1).setOnes();
    CHECK(names(failure(chain, e.targets, e.amplitudes), "basis of eigenvectors"));
    Network diagonal = e.network;
    diagonal.weights = Matrix(Vector::LinSpaced(20, -0.95, 0.95).asDiagonal());
    CHECK(names(failure(diagonal, ComplexVector::Constant(1, 0.95), ComplexVector::Ones(1)),
                "which is there already"));
    CHECK(names(message([&] {
                    static_cast<void>(robust_problem(e.network, e.targets, e.amplitudes, motif_time,
                                                     Strengths::least_gain, Vector::Ones(3)));
                }),
                "u"));
    CHECK(names(message([&] {
                    static_cast<void>(
                        robust_loop_cost(problem_of(e), Vector::Constant(20, std::nan(""))));
                }),
                "u: found NaN"));
    Network blind = e.network;
    blind.readout.setZero();
    CHECK(names(message([&] {
                    static_cast<void>(
                        robust_loop(blind, e.targets, e.amplitudes, motif_time, quick()));
                }),
                "no start has a finite cost"));
}

TEST_CASE("readout_deviation: several loops and outputs, by small steps of time (slow twin)") {
    const Network network = examples::network(25, 2);
    const Loops loops{0.2 * examples::random_matrix(25, 3, 1),
                      0.2 * examples::random_matrix(25, 3, 2), 0.0};
    const Vector start = random_vector(25, 3);
    for (const double time : {0.003, 0.04, 0.127}) {
        const ReadoutDeviation fast = readout_deviation(network, loops, start, time, 0.1);
        Matrix a = dense_weights(network) + loops.u * loops.v.transpose();
        a.diagonal().array() -= 1.0;
        constexpr Index steps = 4000;
        const Matrix step = exponential(time / network.tau / steps * a);
        Vector x = start;
        Matrix rows = network.readout;
        double activity = 0.0, response = 0.0;
        for (Index k = 0; k <= steps; ++k) {
            const double weight = (k == 0 || k == steps ? 1.0 : k % 2 == 1 ? 4.0 : 2.0) / 3.0;
            activity += weight * time / steps * x.squaredNorm();
            response += weight * time / steps * rows.squaredNorm();
            x = step * x;
            rows = rows * step;
        }
        CHECK(fast.activity == doctest::Approx(activity).epsilon(1e-9));
        CHECK(fast.response == doctest::Approx(response).epsilon(1e-9));
        CHECK(fast.deviation ==
              doctest::Approx(0.1 * std::sqrt(activity * response / 25.0) / time).epsilon(1e-9));
    }
}

TEST_CASE("readout_deviation: bad arguments are named") {
    const Network network = examples::network(10, 1);
    const Loops loops{Matrix::Ones(10, 1), Matrix::Zero(10, 1), 0.0};
    const auto failure = [](const Network& of, const Loops& open, const Vector& start, double time,
                            double noise) {
        return message([&] { static_cast<void>(readout_deviation(of, open, start, time, noise)); });
    };
    const auto names = [](const std::string& text, const char* word) {
        return text.find(word) != std::string::npos;
    };
    const Vector start = Vector::Ones(10);
    Network curved = network;
    curved.response = Response::rectified;
    Loops slow = loops;
    slow.thalamic_tau = 0.1;
    CHECK(names(failure(curved, loops, start, 1.0, 1.0), "linear"));
    CHECK(names(failure(network, slow, start, 1.0, 1.0), "thalamic_tau"));
    CHECK(names(failure(network, loops, Vector::Ones(3), 1.0, 1.0), "initial_state"));
    CHECK(names(failure(network, loops, start, -1.0, 1.0), "duration"));
    CHECK(names(failure(network, loops, start, 1.0, -1.0), "noise"));
}
