#include "heddle/population/adex_mean_field.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "heddle/core/error.hpp"
#include "heddle/equations/rate_solution.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/spiking/simulate.hpp"

using namespace heddle;

namespace {

const Synapse excitatory{
    .kind = Synapse::Kind::exponential, .tau_syn = 5.0, .conductance = true, .E_rev = 0.0};
const Synapse inhibitory{
    .kind = Synapse::Kind::exponential, .tau_syn = 5.0, .conductance = true, .E_rev = -80.0};

ExponentialNeuron regular() {
    return {.C_m = 200.0,
            .g_L = 10.0,
            .E_L = -65.0,
            .V_th = -50.0,
            .Delta_T = 2.0,
            .V_peak = -40.0,
            .V_reset = -65.0,
            .t_ref = 5.0,
            .a = 0.0,
            .b = 60.0,
            .tau_w = 500.0,
            .E_w = -65.0};
}

ExponentialNeuron fast() {
    ExponentialNeuron cell = regular();
    cell.Delta_T = 0.5;
    cell.b = 0.0;
    return cell;
}

AdexExperiment experiment(const ExponentialNeuron& cell, const AdexGrid& grid = {}) {
    return adex_experiment(cell, {.weight = 1.5, .synapse = excitatory},
                           {.weight = 5.0, .synapse = inhibitory}, grid);
}

Circuit network(Index scale, double p, double external = 1600.0) {
    Circuit circuit{.populations = {{.name = "E",
                                     .size = 4 * scale,
                                     .neuron = regular(),
                                     .noise = {},
                                     .adaptation = {},
                                     .quenched = {}},
                                    {.name = "I",
                                     .size = scale,
                                     .neuron = fast(),
                                     .noise = {},
                                     .adaptation = {},
                                     .quenched = {}}},
                    .projections = {},
                    .inputs = {},
                    .readouts = {}};
    for (const char* target : {"E", "I"}) {
        circuit.inputs.push_back(
            {target, PoissonInput{.rate = external, .weight = 1.5, .synapse = excitatory}});
        for (const bool excites : {true, false})
            circuit.projections.push_back({.source = excites ? "E" : "I",
                                           .target = target,
                                           .rule = Bernoulli{p},
                                           .synapse = excites ? excitatory : inhibitory,
                                           .weight = {.location = excites ? 1.5 : 5.0},
                                           .delay = {.location = 1.5},
                                           .left = {},
                                           .right = {}});
    }
    return circuit;
}

AdexTransfer measured(const ExponentialNeuron& cell) {
    AdexGrid grid{.neurons = 10};
    if (cell.b == 0.0) grid.currents = {0.0};
    const AdexExperiment made = experiment(cell, grid);
    const SpikeRecording recording = simulate(
        made.circuit,
        {.duration = 4000.0, .transient = 1000.0, .seed = 1, .bin = 4000.0, .runaway_rate = 0.0});
    return fit_adex_transfer(made, recording.activity.col(0));
}

/// Of both cells: measured once for all tests.
const std::vector<AdexTransfer>& transfers() {
    static const std::vector<AdexTransfer> both{measured(regular()), measured(fast())};
    return both;
}

std::vector<Vector> thresholds() {
    return {transfers()[0].coefficients, transfers()[1].coefficients};
}

Index definition(const RateEquations& equations, const std::string& name) {
    const auto found = std::ranges::find(equations.definitions, name, &EquationDefinition::name);
    REQUIRE(found != equations.definitions.end());
    return found - equations.definitions.begin();
}

}  // namespace

TEST_CASE("adex_experiment: its points have the mean potentials that were aimed at") {
    ExponentialNeuron cell = regular();
    cell.b = 0.0;
    cell.V_th = 20.0;  // Never reached.
    cell.V_peak = 30.0;
    AdexGrid grid{.lowest = -80.0,
                  .highest = -74.0,
                  .potentials = 3,
                  .inhibition = {1.0},
                  .currents = {0.0, 4.0},
                  .neurons = 50};
    const AdexExperiment made = experiment(cell, grid);
    SimulateOptions options{.duration = 1000.0, .transient = 200.0, .seed = 4, .bin = 1.0};
    for (const Population& population : made.circuit.populations) {
        std::vector<std::uint32_t> all(50);
        for (std::uint32_t i = 0; i < 50; ++i) all[i] = i;
        options.probes.push_back({population.name, "V_m", all});
    }
    const SpikeRecording recording = simulate(made.circuit, options);
    REQUIRE(recording.traces.size() == 6);
    // Means of 50 s with correlation times of 10 ms: 0.04 mV. Conductances fluctuate, which moves
    // the mean by the order of 0.1 mV.
    for (std::size_t k = 0; k < 6; ++k)
        CHECK(recording.traces[k].mean() ==
              doctest::Approx(-60.0 + 3.0 * static_cast<double>(k / 2)).epsilon(0.006));
}

TEST_CASE("fit_adex_transfer: a threshold of its own form is found again") {
    ExponentialNeuron cell = regular();
    cell.b = 0.0;
    const AdexExperiment made = experiment(cell);
    const AdexTransfer first = fit_adex_transfer(
        made, simulate(made.circuit, {.duration = 500.0, .seed = 1, .bin = 500.0}).activity.col(0));
    const AdexTransfer again = fit_adex_transfer(made, first.fitted);
    CHECK((again.coefficients - first.coefficients).cwiseAbs().maxCoeff() < 1e-6);
    CHECK(again.error < 1e-8);
    CHECK(first.error > 0.1);
}

TEST_CASE("fit_adex_transfer: ten numbers say the rates of a cell to a quarter of a Hz") {
    const AdexTransfer& adapting = transfers()[0];
    const AdexTransfer& tonic = transfers()[1];
    INFO(adapting.error << " " << adapting.worst << " " << tonic.error << " " << tonic.worst);
    INFO(adapting.coefficients.transpose());
    CHECK(adapting.error < 0.3);
    CHECK(tonic.error < 0.6);
    CHECK(adapting.points > 150);
}

TEST_CASE(
    "adex_mean_field: a cell alone rests at the rate that was fitted, with both adaptations") {
    ExponentialNeuron cell = regular();
    cell.a = 2.0;
    const AdexExperiment made = experiment(cell, {.potentials = 8, .neurons = 10});
    const SpikeRecording recording = simulate(
        made.circuit,
        {.duration = 4000.0, .transient = 1500.0, .seed = 6, .bin = 4000.0, .runaway_rate = 0.0});
    const Vector rates = recording.activity.col(0);
    const AdexTransfer transfer = fit_adex_transfer(made, rates);
    int compared = 0;
    for (Index k = 0; k < rates.size(); ++k) {
        // The fit has W at the measured rate, the equations at their own.
        if (rates[k] < 1.0 || std::abs(transfer.fitted[k] - rates[k]) > 0.06) continue;
        Circuit one{{made.circuit.populations[static_cast<std::size_t>(k)]}, {}, {}, {}};
        for (const std::size_t i : {0, 1})
            one.inputs.push_back(made.circuit.inputs[2 * static_cast<std::size_t>(k) + i]);
        const RateEquations equations = adex_mean_field(one, {transfer.coefficients}, {.order = 1});
        const RateTrajectory found =
            solve(equations, {.duration = 4000.0, .step = 4.0, .tolerance = 1e-4});
        CHECK(found.rates(0, 1000) == doctest::Approx(transfer.fitted[k]).epsilon(0.02));
        const Vector d = steady_definitions(equations, found.states.col(1000));
        CHECK(found.states(1, 1000) ==
              doctest::Approx(
                  60.0 * 0.5 * found.rates(0, 1000) +
                  2.0 * (d[definition(equations, "mu_V_" + one.populations[0].name)] + 65.0))
                  .epsilon(1e-3));
        ++compared;
    }
    CHECK(compared >= 5);
}

TEST_CASE("adex_mean_field: slopes of F are those of finite differences") {
    const RateEquations equations = adex_mean_field(network(2000, 0.05), thresholds());
    Vector state(static_cast<Index>(equations.states.size()));
    state.setZero();
    state[0] = 2.5;
    state[1] = 12.0;
    state[2] = 60.0;
    const double step = 1e-3;
    for (const auto& [name, l] : {std::pair("E", 0), std::pair("I", 1)})
        for (const std::string m : {"E", "I"}) {
            Vector more = state, less = state;
            more[l] += step;
            less[l] -= step;
            const Index f = definition(equations, "F_" + m);
            const Index df = definition(equations, "dF_" + m + "_" + name);
            const Index ddf = definition(equations, "ddF_" + m + "_" + name + "_" + name);
            const Vector up = steady_definitions(equations, more);
            const Vector down = steady_definitions(equations, less);
            const Vector at = steady_definitions(equations, state);
            CHECK(at[df] == doctest::Approx((up[f] - down[f]) / (2.0 * step)).epsilon(1e-5));
            CHECK(at[ddf] == doctest::Approx((up[df] - down[df]) / (2.0 * step)).epsilon(1e-5));
        }
}

TEST_CASE("adex_mean_field: at rest the covariance solves J c + c Jᵀ = −A − (F − ν)(F − ν)ᵀ") {
    const RateEquations equations = adex_mean_field(network(2000, 0.05), thresholds());
    const RateTrajectory found = solve(equations, {.duration = 6000.0, .step = 2.0});
    const Vector x = found.states.rightCols<1>();
    const Vector d = steady_definitions(equations, x);
    const auto value = [&](const std::string& name) { return d[definition(equations, name)]; };
    const Matrix jacobian{{value("dF_E_E") - 1.0, value("dF_E_I")},
                          {value("dF_I_E"), value("dF_I_I") - 1.0}};
    const Vector gap{{value("F_E") - x[0], value("F_I") - x[1]}};
    Matrix noise = gap * gap.transpose();
    noise(0, 0) += value("A_E");
    noise(1, 1) += value("A_I");
    CHECK(value("A_E") == doctest::Approx(value("F_E") * (50.0 - value("F_E")) / 8000.0));
    const Matrix c = solve_lyapunov(jacobian, noise);
    CHECK(x[3] == doctest::Approx(c(0, 0)).epsilon(1e-4));
    CHECK(x[4] == doctest::Approx(c(1, 0)).epsilon(1e-4));
    CHECK(x[5] == doctest::Approx(c(1, 1)).epsilon(1e-4));
}

TEST_CASE("adex_mean_field: the second order goes to the first as populations grow") {
    const RateSolveOptions options{.duration = 3000.0, .step = 2.0};
    const auto end = [&](Index scale, int order) {
        Circuit circuit = network(scale, 0.05);
        for (Projection& item : circuit.projections)
            item.rule = FixedIndegree{{.location = item.source == "E" ? 400.0 : 100.0}};
        return Vector(solve(adex_mean_field(circuit, thresholds(), {.order = order}), options)
                          .rates.rightCols<1>());
    };
    const Vector limit = end(2000, 1);
    const double small = (end(1000, 2) - limit).norm();
    const double large = (end(4000, 2) - limit).norm();
    INFO(limit.transpose() << " " << small << " " << large);
    CHECK(small / large == doctest::Approx(4.0).epsilon(0.1));
}

TEST_CASE("adex_mean_field: rates of a sparse network to 25 and 10 %, through a step of drive") {
    Circuit circuit = network(2000, 0.05, 800.0);
    for (const char* target : {"E", "I"})
        circuit.inputs.push_back(
            {target,
             PoissonInput{.rate = 1200.0, .weight = 1.5, .synapse = excitatory, .start = 1500.0}});
    const SpikeRecording micro = simulate(circuit, {.duration = 3000.0, .seed = 1, .bin = 500.0});
    const RateTrajectory found = solve(adex_mean_field(circuit, thresholds(), {.order = 1}),
                                       {.duration = 3000.0, .step = 1.0});
    for (const Index bin : {2, 5})
        for (Index a = 0; a < 2; ++a) {
            const double mean = found.rates.block(a, 500 * bin, 1, 500).mean();
            INFO("bin " << bin << " population " << a << ": " << mean << " simulated "
                        << micro.activity(a, bin));
            // Counts are 0.6 % or less. The theory, with independent inputs, is too high.
            CHECK(mean / micro.activity(a, bin) - 1.0 < (a == 0 ? 0.25 : 0.1));
            CHECK(mean / micro.activity(a, bin) - 1.0 > -0.03);
        }
}

TEST_CASE("adex_mean_field: activity in bins of T fluctuates as c says, to a factor of 1.5") {
    const Circuit circuit = network(2000, 0.05);
    const SpikeRecording micro =
        simulate(circuit, {.duration = 4000.0, .transient = 1500.0, .seed = 2, .bin = 20.0});
    const RateTrajectory found =
        solve(adex_mean_field(circuit, thresholds()), {.duration = 4000.0, .step = 2.0});
    const Vector x = found.states.rightCols<1>();
    for (const auto& [a, c] : {std::pair<Index, Index>(0, 3), {1, 5}}) {
        const auto row = micro.activity.row(a).array();
        const double deviation = std::sqrt((row - row.mean()).square().mean());
        INFO(std::sqrt(x[c]) << " Hz, simulated " << deviation);
        // 200 bins: 5 % or, correlated, twice that.
        CHECK(std::sqrt(x[c]) / deviation < 1.5);
        CHECK(std::sqrt(x[c]) / deviation > 1.0 / 1.5);
    }
}

TEST_CASE("adex_mean_field: what it does not describe is refused with what would do") {
    const std::vector<Vector> p(2, Vector::Zero(10));
    const auto refusal = [&](auto&& change, const std::string& text) {
        Circuit circuit = network(100, 0.2);
        change(circuit);
        CHECK_THROWS_WITH_AS((void)adex_mean_field(circuit, p), doctest::Contains(text.c_str()),
                             DomainError);
    };
    using C = Circuit;
    refusal([](C& c) { c.populations[0].neuron = EscapeNeuron{}; },
            "population 'E': its neurons are gif");
    refusal([](C& c) { c.populations[0].noise.sigma = 1.0; }, "population 'E': it has noise");
    refusal(
        [](C& c) { c.populations[0].adaptation = {{.kind = Adaptation::Kind::current, .q = 1.0}}; },
        "it adapts beside w");
    refusal([](C& c) { c.populations[1].quenched["E_L"] = {.location = -60.0}; },
            "quenched E_L differs");
    refusal([](C& c) { c.projections[0].synapse = {}; }, "no exponential conductances");
    refusal([](C& c) { c.projections[0].rule = Edges{{0}, {1}, {}, {}}; }, "single connections");
    refusal(
        [](C& c) { c.projections[0].weight = {Distribution::Kind::uniform, 0.0, 0.0, 1.0, 2.0}; },
        "weight or delay has a law");
    refusal([](C& c) { c.inputs.erase(c.inputs.begin()); },
            "population 'E': it has no Poisson input from the start to the end");
    refusal([](C& c) { c.inputs.push_back({"E", OrnsteinUhlenbeckInput{.sigma = 1.0}}); },
            "an Ornstein-Uhlenbeck current");
    refusal([](C& c) { c.inputs.push_back({"E", CurrentInput{{0.0}, Matrix::Ones(400, 1)}}); },
            "give one row");
    CHECK_THROWS_AS((void)adex_mean_field(network(100, 0.2), {p[0]}), ShapeError);
    CHECK_THROWS_AS((void)adex_mean_field(network(100, 0.2), {p[0], Vector::Zero(9)}), ShapeError);
    CHECK_THROWS_WITH_AS((void)adex_mean_field(network(100, 0.2), p, {.order = 3}),
                         "order is 3; give 1 or 2", DomainError);
    CHECK_THROWS_AS((void)adex_mean_field(network(100, 0.2), p, {.T = 0.0}), DomainError);
    CHECK_THROWS_AS((void)experiment(regular(), {.inhibition = {}}), DomainError);
    CHECK_THROWS_AS((void)adex_experiment(regular(), {.weight = 1.0}, {.weight = 1.0}),
                    DomainError);
    const AdexExperiment made = experiment(regular());
    CHECK_THROWS_AS((void)fit_adex_transfer(made, Vector::Zero(3)), ShapeError);
    CHECK_THROWS_WITH_AS((void)fit_adex_transfer(made, Vector::Zero(made.excitation.size())),
                         doctest::Contains("0 points fire at 0.2 Hz and more"), DomainError);
}
