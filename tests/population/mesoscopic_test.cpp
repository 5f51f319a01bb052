#include "heddle/population/mesoscopic.hpp"

#include <doctest/doctest.h>

#include <cmath>
using namespace heddle;

namespace {

Circuit alone(const Neuron& neuron, Index size = 1000, std::vector<Adaptation> adaptation = {}) {
    Circuit circuit;
    circuit.populations.push_back({.name = "A",
                                   .size = size,
                                   .neuron = neuron,
                                   .noise = {},
                                   .adaptation = std::move(adaptation),
                                   .quenched = {}});
    return circuit;
}

/// A constant hazard of `rate` Hz after a dead time: potentials stay where they are.
EscapeNeuron constant_hazard(double rate, double dead_time) {
    return {.tau_m = 20.0, .V_T_star = 0.0, .t_ref = dead_time, .lambda_0 = rate, .reset = false};
}

/// The neurons of Schwalger, Deger & Gerstner (2017), figure 5; μ mV of constant input.
EscapeNeuron published(double mu = 24.0) {
    return {.Delta_V = 2.5, .I_e = mu * 250.0 / 20.0};
}

/// Their circuit, all to all: PSP areas / τ_m of 0.06 and −0.3 mV.
Circuit published_circuit(Index size = 1000) {
    Circuit circuit;
    const double per_synapse = 1000.0 / static_cast<double>(size);
    for (const bool inhibitory : {false, true})
        circuit.populations.push_back({.name = inhibitory ? "I" : "E",
                                       .size = inhibitory ? size / 5 : size / 5 * 4,
                                       .neuron = published(),
                                       .noise = {},
                                       .adaptation = {},
                                       .quenched = {}});
    for (const bool inhibitory : {false, true})
        for (const char* target : {"E", "I"})
            circuit.projections.push_back(
                {.source = inhibitory ? "I" : "E",
                 .target = target,
                 .rule = AllToAll{},
                 .synapse = {.tau_syn = inhibitory ? 6.0 : 3.0},
                 .weight = {.location = per_synapse * (inhibitory ? -12.5 : 5.0)},
                 .delay = {.location = 1.0},
                 .left = {},
                 .right = {},
                 .autapses = true});
    return circuit;
}

MesoscopicRecording infinite(const Circuit& circuit, double step, double duration,
                             double transient) {
    return mesoscopic(circuit, {.duration = duration,
                                .transient = transient,
                                .step = step,
                                .finite_size = false,
                                .bin = step});
}

/// The activity in the last bin.
double final_rate(const MesoscopicRecording& recording, Index population = 0) {
    return recording.activity(population, recording.activity.cols() - 1);
}

/// 1 / ∫ S of a neuron with constant input, by Simpson's rule in steps of 2 μs; threshold after
/// the spike: `jump` exp(−t / tau).
double renewal_rate(const EscapeNeuron& neuron, double jump = 0.0, double tau = 1.0) {
    const double mu = neuron.E_L + neuron.tau_m * neuron.I_e / neuron.C_m;
    const auto hazard = [&](double t) {
        const double v =
            neuron.reset ? mu + (neuron.V_reset - mu) * std::exp(-(t - neuron.t_ref) / neuron.tau_m)
                         : mu;
        const double u = v - neuron.V_T_star - jump * std::exp(-t / tau);
        return 1e-3 * neuron.lambda_0 * std::exp(u / neuron.Delta_V);
    };
    const double h = 2e-3;
    double survival = 1.0;
    double integral = neuron.t_ref;
    for (double t = neuron.t_ref; survival > 1e-14; t += h) {
        const double first = hazard(t), middle = hazard(t + 0.5 * h), last = hazard(t + h);
        const double half = survival * std::exp(-h / 24.0 * (5.0 * first + 8.0 * middle - last));
        const double next = survival * std::exp(-h / 6.0 * (first + 4.0 * middle + last));
        integral += h / 6.0 * (survival + 4.0 * half + next);
        survival = next;
    }
    return 1e3 / integral;
}

/// Means of the activity over `parts` of the recording: their mean and its standard error.
struct MeanOfParts {
    double mean;
    double error;
};

MeanOfParts in_parts(const Eigen::Ref<const Eigen::RowVectorXd>& series, Index parts) {
    const Index length = series.size() / parts;
    Vector means(parts);
    for (Index k = 0; k < parts; ++k) means[k] = series.segment(k * length, length).mean();
    const double variance =
        (means.array() - means.mean()).square().sum() / static_cast<double>(parts - 1);
    return {means.mean(), std::sqrt(variance / static_cast<double>(parts))};
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("mesoscopic: a constant hazard ν after a dead time D gives the rate ν / (1 + ν D)") {
    for (const double dead : {4.0, 3.8, 0.0}) {
        const double rate = 100.0;
        const double exact = rate / (1.0 + 1e-3 * rate * dead);
        const auto recording = infinite(alone(constant_hazard(rate, dead)), 0.2, 20.0, 1000.0);
        // Of order h²: (ν h)² / 24 = 1.7e-5 on the grid, (ν h)² / 8 where D is none of its points.
        CHECK(std::abs(final_rate(recording) / exact - 1.0) < 1e-4);
    }
}

TEST_CASE("mesoscopic: the rate of N → ∞ is 1 / ∫ S, to second order in the step") {
    for (const double refractory : {4.0, 0.0}) {
        EscapeNeuron neuron = published();
        neuron.t_ref = refractory;
        neuron.V_reset = refractory > 0.0 ? 0.0 : 5.0;
        const double exact = renewal_rate(neuron);
        const auto error = [&](double step) {
            const MesoscopicRecording recording = mesoscopic(alone(neuron), {.duration = 10.0,
                                                                             .transient = 1500.0,
                                                                             .step = step,
                                                                             .finite_size = false,
                                                                             .bin = step,
                                                                             .history = 400.0});
            return final_rate(recording) / exact - 1.0;
        };
        const double coarse = error(1.0);
        const double fine = error(0.25);
        const double order = std::log2(std::abs(coarse / fine)) / 2.0;
        INFO("order " << order << ", errors " << coarse << " and " << fine);
        CHECK(std::abs(order - 2.0) < 0.1);
        CHECK(std::abs(fine) < 2e-4);
    }
}

TEST_CASE("mesoscopic: a history cut at 5 tau_m costs what history_error says") {
    const EscapeNeuron neuron = published();
    const auto with = [&](double history) {
        return mesoscopic(
            alone(neuron),
            {.duration = 10.0, .transient = 1500.0, .finite_size = false, .history = history});
    };
    const auto chosen = with(0.0);
    CHECK(chosen.history[0] == doctest::Approx(100.0).epsilon(0.02));
    CHECK(chosen.history_error[0] < 0.08);
    CHECK(with(400.0).history_error[0] < 1e-6);
    CHECK(std::abs(final_rate(chosen) / final_rate(with(400.0)) - 1.0) < chosen.history_error[0]);
}

TEST_CASE("mesoscopic: neurons are conserved, and expected where they are to √N") {
    const auto recording =
        mesoscopic(published_circuit(), {.duration = 5000.0, .step = 0.5, .seed = 3});
    for (Index a = 0; a < 2; ++a) {
        CHECK(recording.conservation_error[a] < 1e-13);
        CHECK(recording.mass_residual[a] > 0.1);
        CHECK(recording.mass_residual[a] < 10.0);
    }
    const auto limit = infinite(published_circuit(), 0.5, 5000.0, 0.0);
    for (Index a = 0; a < 2; ++a) CHECK(limit.mass_residual[a] < 1e-10);
    CHECK(limit.activity == limit.expected);
}

TEST_CASE("mesoscopic: finite populations approach the infinite one as 1 / √N") {
    const auto distance = [](Index size) {
        MesoscopicOptions options{.duration = 2000.0, .seed = 4, .bin = 5.0};
        const Matrix finite = mesoscopic(published_circuit(size), options).activity;
        options.finite_size = false;
        const Matrix limit = mesoscopic(published_circuit(size), options).activity;
        return std::sqrt((finite - limit).row(0).array().square().mean());
    };
    const double small = distance(100'000);
    const double large = distance(10'000'000);
    const double slope = std::log(large / small) / std::log(100.0);
    INFO("slope " << slope << ", distances " << small << " and " << large << " Hz");
    CHECK(std::abs(slope + 0.5) < 0.1);
    CHECK(large < 0.2);
}

TEST_CASE("mesoscopic: the published E–I circuit fires at the published rates") {
    // H1'': E 16.981 ± 0.025 Hz in steps of 0.2 ms over 100 s, and 16.913 Hz of N → ∞, where the
    // circuit settles. 20 s here: five standard errors, and both errors counted.
    const auto limit = infinite(published_circuit(), 0.2, 100.0, 3000.0);
    CHECK(limit.activity.row(0).mean() == doctest::Approx(16.913).epsilon(0.002));
    const auto recording =
        mesoscopic(published_circuit(),
                   {.duration = 10'000.0, .transient = 1000.0, .step = 0.2, .seed = 5, .bin = 1.0});
    const auto found = in_parts(recording.activity.row(0), 20);
    INFO("E " << found.mean << " ± " << found.error);
    CHECK(found.error < 0.12);
    CHECK(std::abs(found.mean - 16.981) < 5.0 * std::hypot(found.error, 0.025));
}

TEST_CASE("mesoscopic: the count of a step scatters as the draws of single neurons would") {
    // Neurons that have been silent for 40 ms, which are few, spike with P = 1 − exp(−λ h) in a
    // step, so (A − Ā) N h over √(N p (1 − P)) has mean 0 and variance 1. 40,000 steps: five
    // standard errors are passed once in 10⁶. With N draws of probability p it were 1.05.
    EscapeNeuron neuron = published(19.0);
    neuron.reset = false;
    neuron.t_ref = 40.0;
    const double step = 1.5;
    const auto recording =
        mesoscopic(alone(neuron, 500),
                   {.duration = 60'000.0, .transient = 90.0, .step = step, .seed = 8, .bin = step});
    const double probability = 1.0 - std::exp(-1e-2 * std::exp(4.0 / 2.5) * step);
    const double per_hertz = 500.0 * step * 1e-3;
    const auto expected = (recording.expected.row(0) * per_hertz).array();
    const auto difference = (recording.activity.row(0) * per_hertz).array() - expected;
    const auto standard = (difference / (expected * (1.0 - probability)).sqrt()).eval();
    REQUIRE(standard.size() == 40'000);
    CHECK(std::abs(standard.mean()) < 5.0 / std::sqrt(40'000.0));
    CHECK(std::abs(standard.square().mean() - 1.0) < 5.0 * std::sqrt(2.1 / 40'000.0));
}

TEST_CASE("mesoscopic: SRM0 without adaptation or dead time is a Poisson population") {
    // Rates f(h) with N → ∞, whatever has happened before; counts of 5 ms bins are Poisson.
    EscapeNeuron neuron = published(12.0);
    neuron.reset = false;
    neuron.t_ref = 0.0;
    const double exact = 10.0 * std::exp((12.0 - 15.0) / 2.5);
    const auto limit = infinite(alone(neuron), 0.5, 50.0, 500.0);
    CHECK(std::abs(final_rate(limit) / exact - 1.0) < 1e-6);
    const auto recording =
        mesoscopic(alone(neuron, 400),
                   {.duration = 20'000.0, .transient = 500.0, .step = 0.5, .seed = 2, .bin = 5.0});
    const auto counts = (recording.activity.row(0) * (400.0 * 5e-3)).array().eval();
    const double mean = exact * 400.0 * 5e-3;
    // 4000 bins: five standard errors of the mean, and of the variance, √(2 / 4000) and a little.
    CHECK(std::abs(counts.mean() - mean) < 5.0 * std::sqrt(mean / 4000.0));
    CHECK(std::abs((counts - mean).square().mean() / mean - 1.0) < 5.0 * std::sqrt(2.2 / 4000.0));
}

TEST_CASE("mesoscopic: the threshold of the last spike is exact, also without a reset") {
    // So little memory of others that the renewal process of the last spike is all there is.
    EscapeNeuron neuron = published(16.0);
    neuron.reset = false;
    const double jump = 8.0, tau = 6.0;
    const double rate = final_rate(infinite(
        alone(neuron, 1000, {{Adaptation::Kind::threshold, tau, jump}}), 0.1, 50.0, 1500.0));
    const double renewal = renewal_rate(neuron, jump, tau);
    INFO(rate << " Hz, renewal " << renewal);
    CHECK(rate < renewal);
    CHECK(rate > 0.985 * renewal);
}

TEST_CASE("mesoscopic: currents of adaptation act as the threshold they move without a reset") {
    EscapeNeuron neuron = published(16.0);
    neuron.reset = false;
    // A current that is over at once leaves q tau / C_m exp(−t / tau_m).
    const double q = 2000.0, tau = 0.5;
    const auto rate_of = [&](const Adaptation& one) {
        return final_rate(infinite(alone(neuron, 1000, {one}), 0.25, 50.0, 1500.0));
    };
    const double current = rate_of({Adaptation::Kind::current, tau, q});
    const double threshold = rate_of(
        {Adaptation::Kind::threshold, neuron.tau_m, q * tau / neuron.C_m * 20.0 / (20.0 - tau)});
    CHECK(std::abs(current / threshold - 1.0) < 1e-3);
    CHECK(current < 0.8 * rate_of({Adaptation::Kind::current, tau, 0.0}));
}

TEST_CASE("mesoscopic: where the history ends makes no difference to slow adaptation") {
    const auto circuit = alone(
        published(20.0), 1000,
        {{Adaptation::Kind::threshold, 100.0, 1.0}, {Adaptation::Kind::threshold, 30.0, 0.5}});
    const auto with = [&](double history) {
        return final_rate(mesoscopic(
            circuit,
            {.duration = 50.0, .transient = 2000.0, .finite_size = false, .history = history}));
    };
    CHECK(std::abs(with(0.0) / with(1500.0) - 1.0) < 3e-3);
}

TEST_CASE("mesoscopic: steps of current act from their time on, and the mean of a step counts") {
    Circuit circuit = alone(published(10.0));
    CurrentInput input{.times = {100.1}, .values = Matrix::Constant(1, 1, 100.0)};
    circuit.inputs = {{"A", input}};
    const auto stepped = infinite(circuit, 0.5, 300.0, 0.0);
    const auto before = infinite(alone(published(10.0)), 0.5, 300.0, 0.0);
    CHECK(stepped.activity.leftCols(200) == before.activity.leftCols(200));
    CHECK(stepped.activity(0, 203) > before.activity(0, 203));
    // 100 pA are 8 mV; after 10 membrane times they are all there is to know.
    const auto after = infinite(alone(published(18.0)), 0.5, 300.0, 0.0);
    CHECK(std::abs(final_rate(stepped) / final_rate(after) - 1.0) < 1e-3);
}

TEST_CASE("mesoscopic: every hazard has the rate of its survivor function") {
    for (const Hazard hazard :
         {Hazard::exponential, Hazard::softplus, Hazard::sigmoid, Hazard::rectified}) {
        // Constant: u = 1 in units of Delta_V, whatever the hazard.
        EscapeNeuron neuron{.V_T_star = 10.0,
                            .t_ref = 5.0,
                            .Delta_V = 2.0,
                            .lambda_0 = 20.0,
                            .lambda_floor = 3.0,
                            .I_e = 12.0 * 250.0 / 20.0,
                            .hazard = hazard,
                            .reset = false};
        const double e = std::exp(1.0);
        const double rate = hazard == Hazard::exponential ? 20.0 * e
                            : hazard == Hazard::softplus  ? 20.0 * std::log1p(e)
                            : hazard == Hazard::sigmoid   ? 20.0 * e / (1.0 + e)
                                                          : 23.0;
        const auto recording = infinite(alone(neuron), 0.25, 50.0, 1500.0);
        CHECK(std::abs(final_rate(recording) * (1.0 / rate + 5e-3) - 1.0) < 1e-4);
    }
}

TEST_CASE("mesoscopic: connections by chance act as their mean in-degree and mean weight") {
    Circuit dense = published_circuit();
    Circuit sparse = published_circuit();
    for (std::size_t k = 0; k < sparse.projections.size(); ++k) {
        Projection& projection = sparse.projections[k];
        projection.rule = Bernoulli{0.25};
        const double mean = 4.0 * projection.weight.location;
        projection.weight = {.kind = Distribution::Kind::normal, .location = mean, .scale = 1.0};
    }
    const auto a = infinite(dense, 0.5, 300.0, 0.0);
    const auto b = infinite(sparse, 0.5, 300.0, 0.0);
    CHECK((a.activity - b.activity).array().abs().maxCoeff() < 1e-9);
    CHECK(b.assumptions.size() == a.assumptions.size() + 8);
    CHECK(has(b.assumptions[3],
              "'E' → 'E': every neuron gets the mean of 200 synapses that see the whole "
              "population"));
}

TEST_CASE("mesoscopic: a quenched law that is one number is that number") {
    Circuit circuit = alone(published());
    circuit.populations[0].quenched["t_ref"] = {.location = 9.0};
    EscapeNeuron neuron = published();
    neuron.t_ref = 9.0;
    const auto quenched = mesoscopic(circuit, {.duration = 200.0}).activity;
    CHECK(quenched == mesoscopic(alone(neuron), {.duration = 200.0}).activity);
    CHECK(quenched != mesoscopic(alone(published()), {.duration = 200.0}).activity);
}

TEST_CASE("mesoscopic: the same seed gives the same bits, another seed or name of a step others") {
    const auto with = [](std::uint64_t seed, double duration) {
        return mesoscopic(published_circuit(), {.duration = duration, .seed = seed}).activity;
    };
    CHECK(with(7, 500.0) == with(7, 500.0));
    CHECK(with(7, 500.0) != with(8, 500.0));
    // What comes later changes nothing before.
    CHECK(with(7, 500.0) == with(7, 800.0).leftCols(500));
}

TEST_CASE("mesoscopic: a run that is stopped says when, and keeps what came before") {
    int asked = 0;
    MesoscopicOptions options{.duration = 1000.0};
    options.stop = [&] { return ++asked == 3; };
    const auto recording = mesoscopic(alone(published()), options);
    CHECK_FALSE(recording.completed);
    CHECK(recording.duration == doctest::Approx(384.0));
    CHECK(recording.activity.cols() == 384);
    CHECK(recording.statement == "ended early, as asked, at 384 ms");
}
