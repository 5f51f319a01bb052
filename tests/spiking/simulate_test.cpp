#include "heddle/spiking/simulate.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "heddle/core/error.hpp"
#include "spiking/statistics.hpp"

using namespace heddle;

namespace {

Circuit alone(const Neuron& neuron, Index size, const Noise& noise = {},
              std::vector<Adaptation> adaptation = {}) {
    Circuit circuit;
    circuit.populations.push_back(
        {.name = "A", .size = size, .neuron = neuron, .noise = noise, .adaptation = adaptation});
    return circuit;
}

SpikeRecording kept(const Circuit& circuit, double step, double duration, std::uint64_t seed = 1) {
    return simulate(
        circuit,
        {.duration = duration, .step = step, .seed = seed, .bin = step, .keep_spikes = true});
}

/// Spike times of each neuron.
std::vector<std::vector<double>> trains(const SpikeRecording& recording) {
    std::vector<std::vector<double>> times(recording.counts.size());
    for (const Spike& spike : recording.spikes) times[spike.neuron].push_back(spike.time);
    return times;
}

/// Mean distance of the first `many` spikes of each neuron from where they are with a fine step.
double error_of(const Circuit& circuit, double step, double fine, double duration,
                std::size_t many) {
    const auto coarse = trains(kept(circuit, step, duration));
    const auto exact = trains(kept(circuit, fine, duration));
    double sum = 0.0;
    for (std::size_t i = 0; i < exact.size(); ++i) {
        REQUIRE(exact[i].size() >= many);
        REQUIRE(coarse[i].size() >= many);
        for (std::size_t k = 0; k < many; ++k) sum += std::abs(coarse[i][k] - exact[i][k]);
    }
    return sum / static_cast<double>(exact.size() * many);
}

double rate_of(const SpikeRecording& recording, Index population = 0) {
    return recording.activity.row(population).mean();
}

LeakyNeuron diffusing(double mu) {
    return {.tau_m = 20.0,
            .E_L = 0.0,
            .V_th = 20.0,
            .V_reset = 15.0,
            .t_ref = 0.0,
            .I_e = mu * 250.0 / 20.0};
}

Circuit two_populations() {
    Circuit circuit;
    for (const bool inhibitory : {false, true})
        circuit.populations.push_back({.name = inhibitory ? "I" : "E",
                                       .size = inhibitory ? 100 : 400,
                                       .neuron = EscapeNeuron{.Delta_V = 2.5, .I_e = 300.0}});
    for (const bool inhibitory : {false, true})
        for (const char* target : {"E", "I"})
            circuit.projections.push_back(
                {.source = inhibitory ? "I" : "E",
                 .target = target,
                 .rule = Bernoulli{0.2},
                 .synapse = {.tau_syn = inhibitory ? 6.0 : 3.0},
                 .weight = {.location = inhibitory ? -125.0 : 50.0},
                 .delay = {Distribution::Kind::uniform, 0.0, 0.0, 0.5, 2.5}});
    return circuit;
}

bool same(const SpikeRecording& a, const SpikeRecording& b) {
    if (a.spikes.size() != b.spikes.size()) return false;
    for (std::size_t k = 0; k < a.spikes.size(); ++k)
        if (a.spikes[k].time != b.spikes[k].time || a.spikes[k].neuron != b.spikes[k].neuron)
            return false;
    return true;
}

}  // namespace

TEST_CASE("simulate: a leaky neuron with constant input has the period of the closed form") {
    const LeakyNeuron law{.tau_m = 20.0,
                          .E_L = 0.0,
                          .V_th = 15.0,
                          .V_reset = 2.0,
                          .t_ref = 3.3,
                          .I_e = 18.0 * 250.0 / 20.0};
    const double period = 3.3 + 20.0 * std::log((18.0 - 2.0) / (18.0 - 15.0));
    for (const double step : {0.1, 0.7, 2.0}) {
        const auto times = trains(kept(alone(law, 1), step, 700.0))[0];
        REQUIRE(times.size() > 10);
        for (std::size_t k = 1; k < times.size(); ++k)
            // Times carry the offset in the step in single precision.
            CHECK(std::abs(times[k] - times[k - 1] - period) < 1e-6 * step);
    }
}

TEST_CASE("simulate: a quadratic neuron fires at √η / (π τ) with any step, and not below zero") {
    for (const double step : {0.1, 3.0, 9.0}) {
        const double eta = 2.5;
        const auto times = trains(kept(alone(QuadraticNeuron{10.0, eta}, 1), step, 2000.0))[0];
        const double period = std::numbers::pi * 10.0 / std::sqrt(eta);
        REQUIRE(times.size() > 90);
        for (std::size_t k = 1; k < times.size(); ++k)
            CHECK(std::abs(times[k] - times[k - 1] - period) < 2e-6 * step);
        CHECK(kept(alone(QuadraticNeuron{10.0, -0.1}, 1), step, 2000.0).spikes.empty());
    }
}

TEST_CASE("simulate: spike times of escape neurons have errors of second order in the step") {
    // The exponential variables belong to the spikes, not to the steps: paths converge.
    const auto circuit =
        alone(EscapeNeuron{.Delta_V = 2.0, .I_e = 18.0 * 250.0 / 20.0}, 200, {},
              {{Adaptation::Kind::threshold, 50.0, 1.5}, {Adaptation::Kind::current, 30.0, 20.0}});
    const double coarse = error_of(circuit, 1.0, 0.0625, 600.0, 3);
    const double finer = error_of(circuit, 0.25, 0.0625, 600.0, 3);
    const double order = std::log2(coarse / finer) / 2.0;
    INFO("order " << order);
    CHECK(std::abs(order - 2.0) < 0.15);
}

TEST_CASE("simulate: spike times of adaptive exponential neurons have second-order errors") {
    auto circuit = alone(ExponentialNeuron{.I_e = 800.0}, 40);
    circuit.populations[0].quenched["V_m"] = {Distribution::Kind::uniform, 0.0, 0.0, -70.0, -50.0};
    const double coarse = error_of(circuit, 0.4, 0.0125, 400.0, 4);
    const double finer = error_of(circuit, 0.1, 0.0125, 400.0, 4);
    const double order = std::log2(coarse / finer) / 2.0;
    INFO("order " << order << ", error at 0.1 ms " << finer);
    CHECK(std::abs(order - 2.0) < 0.15);
    CHECK(finer < 0.02);
}

TEST_CASE("simulate: white noise finds the threshold between grid points (Siegert, 2 % at 2 ms)") {
    // 0.26 % is one standard error; the Brownian bridge leaves a bias of 0.1 %: 7 of them.
    const auto recording =
        simulate(alone(diffusing(18.94), 500, {1.5, 0.0}),
                 {.duration = 10000.0, .transient = 500.0, .step = 2.0, .seed = 4, .bin = 10.0});
    CHECK(std::abs(rate_of(recording) / 12.27983 - 1.0) < 0.02);
}

TEST_CASE("simulate: on the grid the same loses the rate that the raised threshold predicts") {
    // Published law: threshold + 0.5826 σ √(h / τ_m): 10.42 Hz at 1 ms. 4 standard errors.
    const auto recording =
        simulate(alone(diffusing(18.94), 500, {1.5, 0.0}), {.duration = 10000.0,
                                                            .transient = 500.0,
                                                            .step = 1.0,
                                                            .spike_times = SpikeTimes::grid,
                                                            .seed = 4,
                                                            .bin = 10.0});
    CHECK(std::abs(rate_of(recording) - 10.40) < 0.12);
}

TEST_CASE("simulate: coloured noise of short correlation approaches white noise from below") {
    // The shift of the threshold by √(τ_s / τ_m): Fourcaud & Brunel; fixture 10.0977 Hz at 0.5 ms.
    const auto recording =
        simulate(alone(diffusing(18.94), 1000, {1.5, 0.5}),
                 {.duration = 10000.0, .transient = 500.0, .step = 0.1, .seed = 4, .bin = 10.0});
    CHECK(std::abs(rate_of(recording) - 10.10) < 0.15);
}

TEST_CASE("simulate: any number of threads gives the same bits") {
    auto circuit = two_populations();
    circuit.populations[1].neuron = diffusing(21.0);
    circuit.populations[1].noise = {2.0, 0.0};
    const auto with = [&](std::size_t threads) {
        return simulate(
            circuit,
            {.duration = 200.0, .step = 0.1, .seed = 9, .threads = threads, .keep_spikes = true});
    };
    const auto one = with(1);
    REQUIRE(one.spikes.size() > 500);
    CHECK(same(one, with(2)));
    CHECK(same(one, with(4)));
    CHECK(one.events == with(4).events);
}

TEST_CASE("simulate: Poisson input through a synapse moves the mean potential by its charge") {
    // 2 kHz of 20 pA spikes with 5 ms: 200 pA on average, 16 mV at 20 ms and 250 pF.
    auto circuit = alone(LeakyNeuron{.tau_m = 20.0, .E_L = 0.0, .V_th = 1e6, .V_reset = 0.0}, 400);
    for (const auto kind : {Synapse::Kind::exponential, Synapse::Kind::alpha}) {
        const double charge = kind == Synapse::Kind::alpha ? std::numbers::e * 5.0 : 5.0;
        circuit.inputs = {
            {"A", PoissonInput{.rate = 2000.0, .weight = 100.0 / charge, .synapse = {kind, 5.0}}}};
        std::vector<std::uint32_t> all(400);
        for (std::uint32_t i = 0; i < 400; ++i) all[i] = i;
        const auto recording = simulate(circuit, {.duration = 400.0,
                                                  .transient = 300.0,
                                                  .step = 0.5,
                                                  .probes = {{"A", "V_m", all}},
                                                  .probe_interval = 20.0});
        // Each neuron's potential varies by 1.3 mV: 0.02 mV over all, and five of them.
        CHECK(std::abs(recording.traces[0].mean() - 16.0) < 0.1);
    }
}

TEST_CASE("simulate: a free membrane with white noise has variance σ² / 2") {
    auto circuit =
        alone(LeakyNeuron{.tau_m = 20.0, .E_L = 0.0, .V_th = 1e6, .V_reset = 0.0}, 4000, {3.0, 0});
    std::vector<std::uint32_t> all(4000);
    for (std::uint32_t i = 0; i < 4000; ++i) all[i] = i;
    const auto recording = simulate(circuit, {.duration = 100.0,
                                              .transient = 200.0,
                                              .step = 1.0,
                                              .probes = {{"A", "V_m", all}},
                                              .probe_interval = 100.0});
    const double variance = recording.traces[0].array().square().mean();
    // Relative standard error √(2 / 4000) = 2.2 %; five of them.
    CHECK(std::abs(variance / 4.5 - 1.0) < 0.11);
}

TEST_CASE("simulate: a population that runs away is stopped, with its time and name") {
    auto circuit = two_populations();
    for (Projection& projection : circuit.projections) projection.weight.location = 2000.0;
    const auto recording =
        simulate(circuit, {.duration = 5000.0, .step = 0.2, .runaway_rate = 150.0});
    CHECK_FALSE(recording.completed);
    CHECK(recording.duration <= 100.0);
    CHECK(recording.statement.find("population '") != std::string::npos);
}

TEST_CASE("simulate: bad times are refused by name") {
    const auto circuit = alone(LeakyNeuron{}, 2);
    CHECK_THROWS_AS((void)simulate(circuit, {.duration = -1.0}), DomainError);
    CHECK_THROWS_AS((void)simulate(circuit, {.step = 0.0}), DomainError);
    CHECK_THROWS_AS((void)simulate(circuit, {.step = 0.1, .bin = 0.25}), DomainError);
    CHECK_THROWS_AS((void)simulate(circuit, {.probes = {{"B", "V_m", {0}}}}), DomainError);
    CHECK_THROWS_AS((void)simulate(circuit, {.probes = {{"A", "V_n", {0}}}}), DomainError);
    CHECK_THROWS_AS((void)simulate(circuit, {.probes = {{"A", "V_m", {2}}}}), DomainError);
}

TEST_CASE("simulate: coloured noise into neurons that would take it for white is refused") {
    const auto message = [](const Neuron& neuron) -> std::string {
        try {
            (void)simulate(alone(neuron, 2, {2.0, 5.0}), {.duration = 1.0});
        } catch (const DomainError& error) {
            return error.what();
        }
        return "";
    };
    // σ √(τ_m / 2 τ) g_L = 2 mV · √(10 / 10) · 30 nS.
    CHECK(message(ExponentialNeuron{.C_m = 300.0, .g_L = 30.0}) ==
          "population 'A': noise tau is 5 ms, but coloured noise is simulated for lif and gif "
          "neurons only; an OrnsteinUhlenbeckInput of the same tau and sigma 60 pA does the same");
    CHECK(message(QuadraticNeuron{.tau_m = 40.0}).find("sigma 4 does") != std::string::npos);
    CHECK(message(LeakyNeuron{}).empty());
    CHECK(message(EscapeNeuron{}).empty());
}
