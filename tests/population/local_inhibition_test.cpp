#include "heddle/population/local_inhibition.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <numbers>

#include "heddle/core/error.hpp"
#include "heddle/equations/rate_solution.hpp"
#include "heddle/spiking/simulate.hpp"

using namespace heddle;

namespace {

EscapeNeuron cell(double tau_m, double scale) {
    return {.tau_m = tau_m,
            .V_T_star = 0.0,
            .t_ref = 0.0,
            .Delta_V = 1.0,
            .lambda_0 = scale,
            .hazard = Hazard::softplus,
            .reset = false};
}

/// Softplus neurons and a fast pool; `both` scales the weights both ways, and with its square k.
Circuit with_pool(double tau_e, double both, double drive, Index size = 4000) {
    Circuit circuit;
    circuit.populations.push_back({"E", size, cell(tau_e, 10.0)});
    circuit.populations.push_back({"I", size / 4, cell(2.0, 10.0)});
    const auto connect = [&](const char* source, const char* target, double in_weight, double tau) {
        circuit.projections.push_back({.source = source,
                                       .target = target,
                                       .rule = FixedIndegree{{.location = 200.0}},
                                       .synapse = {.kind = Synapse::Kind::delta},
                                       .weight = {.location = in_weight / (200.0 * 1e-3 * tau)},
                                       .delay = {.location = 0.5}});
    };
    connect("E", "I", 0.15 * both, 2.0);
    connect("I", "E", -0.15 * both, tau_e);
    circuit.inputs.push_back(
        {"E", CurrentInput{{0.0}, Matrix::Constant(1, 1, drive * 250.0 / tau_e)}});
    return circuit;
}

/// Far above both thresholds, where gains are 10 Hz/mV, with k this many times that of the onset.
Circuit driven(double tau_e, double ratio, double m = 80.0) {
    const auto made = [&](double both) {
        Circuit circuit = with_pool(tau_e, both, m);
        circuit.inputs.push_back({"I", CurrentInput{{0.0}, Matrix::Constant(1, 1, 500.0)}});
        return circuit;
    };
    const double onset =
        local_inhibition(made(1.0), "E", "I", Vector::Constant(1, m)).onset_strength;
    return made(std::sqrt(ratio * onset / (0.15 * 0.15 * 100.0)));
}

double deviation(const Eigen::Ref<const Eigen::RowVectorXd>& row) {
    return std::sqrt((row.array() - row.mean()).square().mean());
}

/// Without the noise of single spikes, which the theory's gains leave out.
void make_smooth(Circuit& circuit) {
    for (Projection& item : circuit.projections) {
        item.rule = FixedTotal{item.target == "E" ? 800'000'000 : 200'000'000};
        item.weight.location *= 1e-3;
    }
}

}  // namespace

TEST_CASE("local_inhibition: the local transfer solves its equation, with the gain G / (1 + k)") {
    Circuit circuit = with_pool(20.0, 1.0, 0.0);
    make_smooth(circuit);
    const double step = 1e-3;
    const LocalInhibition found =
        local_inhibition(circuit, "E", "I", Vector::LinSpaced(21, -4.0, 16.0));
    CHECK(found.residual < 1e-9);
    const LocalInhibition more =
        local_inhibition(circuit, "E", "I", (found.mean.array() + step).matrix());
    const LocalInhibition less =
        local_inhibition(circuit, "E", "I", (found.mean.array() - step).matrix());
    const Vector slope = (more.rate - less.rate) / (2.0 * step);
    for (Index k = 0; k < 21; ++k)
        CHECK(found.effective_gain[k] == doctest::Approx(slope[k]).epsilon(0.002));
    CHECK(found.strength[20] > 2.0);
    CHECK(found.strength[0] < 0.1);
}

TEST_CASE(
    "local_inhibition: far above both thresholds slopes are those of a threshold-linear loop") {
    Circuit circuit = with_pool(20.0, 1.0, 0.0);
    make_smooth(circuit);
    circuit.inputs.push_back({"I", CurrentInput{{0.0}, Matrix::Constant(1, 1, 2500.0)}});
    const LocalInhibition found = local_inhibition(circuit, "E", "I", Vector::Constant(1, 200.0));
    CHECK(found.strength[0] == doctest::Approx(0.15 * 0.15 * 10.0 * 10.0));
    // A = 10 (m − 0.15 · 10 (0.15 A + 20)), b = 20 mV.
    CHECK(found.rate[0] == doctest::Approx((2000.0 - 300.0) / 3.25).epsilon(1e-3));
}

TEST_CASE("local_inhibition: the whole loses stability at the onset, with its frequency") {
    for (const double tau_e : {2.0, 20.0})
        for (const double ratio : {0.9, 1.1}) {
            Circuit circuit = driven(tau_e, ratio, 400.0);
            make_smooth(circuit);
            const LocalInhibition found =
                local_inhibition(circuit, "E", "I", Vector::Constant(1, 400.0));
            CHECK(found.strength[0] == doctest::Approx(ratio * found.onset_strength).epsilon(0.01));
            const RateEquations whole = rate_unit_equations(circuit, Closure::mean);
            const RateFixedPoints points =
                fixed_points(whole, {.largest_rate = 5000.0, .most_boxes = 0});
            REQUIRE(points.points.size() == 1);
            const RateFixedPoint& point = points.points[0];
            CHECK(point.stability == (ratio < 1.0 ? "stable" : "unstable"));
            double frequency = 0.0, nearest = 1e300;
            for (const Complex& value : point.eigenvalues)
                if (std::abs(value.real()) < nearest && value.imag() > 0.0) {
                    nearest = std::abs(value.real());
                    frequency = value.imag() / (2.0 * std::numbers::pi);
                }
            CHECK(frequency == doctest::Approx(found.onset_frequency).epsilon(0.07));
        }
}

TEST_CASE("local_inhibition_equations: a membrane in the loop answers 1 + k times faster") {
    Circuit circuit = driven(20.0, 0.1);
    make_smooth(circuit);
    const double k = local_inhibition(circuit, "E", "I", Vector::Constant(1, 80.0)).strength[0];
    const RateFixedPoints points =
        fixed_points(local_inhibition_equations(circuit, {"I"}, Closure::mean), {.most_boxes = 0});
    REQUIRE(points.points.size() == 1);
    double nearest = 1e300;
    for (const Complex& value : points.points[0].eigenvalues)
        nearest = std::min(nearest, std::abs(value - Complex(-1e3 * (1.0 + k) / 20.0)));
    CHECK(k > 2.0);
    CHECK(nearest < 1.0);  // 1/s, of some 170.
}

TEST_CASE("local_inhibition_equations: rest is that of the whole, and that of the local transfer") {
    const Circuit circuit = with_pool(20.0, 1.0, 6.0);
    const RateSolveOptions options{.duration = 600.0, .step = 0.5};
    for (const Closure closure : {Closure::mean, Closure::full}) {
        const RateEquations pooled = local_inhibition_equations(circuit, {"I"}, closure);
        const RateEquations whole = rate_unit_equations(circuit, closure);
        const Vector reduced = solve(pooled, options).rates.rightCols<1>();
        const Vector full = solve(whole, options).rates.rightCols<1>();
        CHECK((reduced - full).cwiseAbs().maxCoeff() < 1e-4);
        CHECK(pooled.states.size() < whole.states.size());
        CHECK(pooled.assumptions.back().find("population 'I' follows its input at once") == 0);
        if (closure == Closure::mean)
            CHECK(local_inhibition(circuit, "E", "I", Vector::Constant(1, 6.0)).rate[0] ==
                  doctest::Approx(reduced[0]).epsilon(1e-4));
    }
}

TEST_CASE("local_inhibition_equations: spiking neurons follow a step as they say") {
    Circuit circuit = with_pool(20.0, 1.0, 2.0, 8000);
    auto& current = std::get<CurrentInput>(circuit.inputs[0].drive);
    current.times = {0.0, 250.0};
    current.values = Matrix{{current.values(0, 0), 4.0 * current.values(0, 0)}};
    const SpikeRecording micro =
        simulate(circuit, {.duration = 350.0, .step = 0.1, .seed = 3, .bin = 5.0});
    double noise = 0.0;
    const auto misfit = [&](const RateEquations& equations) {
        const RateTrajectory found = solve(equations, {.duration = 350.0, .step = 0.25});
        double sum = 0.0, squares = 0.0, poisson = 0.0;
        for (Index bin = 40; bin < 70; ++bin) {
            const double mean = found.rates.block(0, 20 * bin, 1, 20).mean();
            sum += std::pow(mean - micro.activity(0, bin), 2);
            squares += std::pow(micro.activity(0, bin), 2);
            poisson += micro.activity(0, bin) / (8000.0 * 0.005);
        }
        noise = std::sqrt(poisson / squares);
        return std::sqrt(sum / squares);
    };
    const double reduced = misfit(local_inhibition_equations(circuit, {"I"}));
    const double whole = misfit(rate_unit_equations(circuit));
    Circuit open = circuit;
    for (Projection& item : open.projections)
        if (item.source == "I") item.weight.location = -1e-9;
    INFO(reduced << " " << whole << " " << noise);
    // `noise` is that of counts, which have 30 bins: 13 %.
    CHECK(whole < 1.5 * noise);
    CHECK(reduced < 2.0 * noise);
    CHECK(misfit(rate_unit_equations(open)) > 10.0 * noise);
}

TEST_CASE("local_inhibition: spiking neurons oscillate above the onset, and not below") {
    const auto recorded = [](double ratio) {
        return simulate(
            driven(2.0, ratio),
            {.duration = 400.0, .transient = 100.0, .step = 0.1, .seed = 7, .bin = 0.5});
    };
    const auto relative = [](const SpikeRecording& micro) {
        const double mean = micro.activity.row(0).mean();
        return deviation(micro.activity.row(0)) / std::sqrt(mean * 1e3 / (4000.0 * 0.5));
    };
    const double below = relative(recorded(0.5));
    const SpikeRecording micro = recorded(1.5);
    const double above = relative(micro);
    const double onset =
        local_inhibition(driven(2.0, 1.5), "E", "I", Vector::Constant(1, 80.0)).onset_frequency;
    INFO(below << " " << above << " " << onset);
    // In units of Poisson counts.
    CHECK(below < 2.5);
    CHECK(above > 5.0);
    // The power lies where the theory says.
    const Eigen::RowVectorXd row = micro.activity.row(0).array() - micro.activity.row(0).mean();
    double best = 0.0, at = 0.0;
    for (double f = 20.0; f < 400.0; f += 2.5) {
        Complex sum = 0.0;
        for (Index k = 0; k < row.size(); ++k)
            sum += row[k] * std::polar(1.0, -1e-3 * std::numbers::pi * f * static_cast<double>(k));
        if (std::norm(sum) > best) {
            best = std::norm(sum);
            at = f;
        }
    }
    CHECK(at == doctest::Approx(onset).epsilon(0.2));
}

TEST_CASE("local_inhibition: slow noise of the activity is divided by (1 + k)²") {
    const Circuit circuit = with_pool(2.0, 0.9, 8.0);
    const LocalInhibition found = local_inhibition(circuit, "E", "I", Vector::Constant(1, 8.0));
    REQUIRE(found.strength[0] < 0.7 * found.onset_strength);
    const SpikeRecording micro = simulate(
        circuit, {.duration = 8000.0, .transient = 100.0, .step = 0.1, .seed = 9, .bin = 40.0});
    const double k = found.strength[0];
    const double back = found.gain[0] * 0.15 * 0.9;
    const double expected = (found.rate[0] / 4000.0 + back * back * found.pool_rate[0] / 1000.0) /
                            (std::pow(1.0 + k, 2) * 0.04);
    const double variance = std::pow(deviation(micro.activity.row(0)), 2);
    INFO("k " << k << " ratio " << variance / expected << " rate "
              << micro.activity.row(0).mean() / found.rate[0]);
    CHECK(micro.activity.row(0).mean() == doctest::Approx(found.rate[0]).epsilon(0.015));
    // 200 bins: a standard error of 10 %; four of these fail once in 16,000.
    CHECK(std::abs(variance / expected - 1.0) < 0.4);
}

TEST_CASE("local_inhibition: what is no private fast pool is refused") {
    const auto refusal = [](const std::function<void(Circuit&)>& change, const char* text) {
        Circuit circuit = with_pool(20.0, 1.0, 1.0);
        change(circuit);
        CHECK_THROWS_WITH_AS((void)local_inhibition(circuit, "E", "I", Vector::Zero(1)),
                             doctest::Contains(text), DomainError);
    };
    refusal([](Circuit& c) { c.projections.pop_back(); }, "it has 1 and 0");
    refusal([](Circuit& c) { c.projections[0].weight.location = -1.0; }, "wrong sign");
    refusal(
        [](Circuit& c) {
            c.projections.push_back(c.projections[0]);
            c.projections.back().source = "I";
        },
        "connect to each other");
    refusal(
        [](Circuit& c) {
            c.populations.push_back({"F", 4000, cell(20.0, 1.0)});
            c.projections.push_back(c.projections[0]);
            c.projections.back().source = "F";
        },
        "it is connected to 'E' and to 'F'");
    refusal([](Circuit& c) { c.populations[1].adaptation = {{.q = 1.0}}; }, "it adapts");
    refusal([](Circuit& c) { c.populations[1].neuron = LeakyNeuron{}; }, "lif neurons");
    const Circuit circuit = with_pool(20.0, 1.0, 1.0);
    CHECK_THROWS_AS((void)local_inhibition(circuit, "E", "I", Vector::Constant(1, NAN)),
                    DomainError);
    CHECK_THROWS_AS((void)local_inhibition(circuit, "X", "I", Vector::Zero(1)), DomainError);
    CHECK_THROWS_AS((void)local_inhibition_equations(circuit, {"J"}), DomainError);
    CHECK_THROWS_AS((void)local_inhibition_equations(circuit, {"E"}), DomainError);
}
