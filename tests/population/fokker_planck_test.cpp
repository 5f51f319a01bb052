#include "heddle/population/fokker_planck.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "heddle/core/error.hpp"
#include "heddle/population/diffusion_response.hpp"
#include "heddle/population/stationary_rates.hpp"
#include "population/exponential_neurons.hpp"

using namespace heddle;

namespace {

LeakyNeuron leaky(double I_e = 225.0, double t_ref = 2.0) {
    return {.tau_m = 20.0, .E_L = 0.0, .V_th = 20.0, .V_reset = 10.0, .t_ref = t_ref, .I_e = I_e};
}

ExponentialNeuron published(double a = 0.0, double b = 0.0) {
    ExponentialNeuron cell = examples::augustin_cell(a, b);
    cell.I_e = 300.0;
    return cell;
}

Circuit alone(const Neuron& neuron, double sigma) {
    Circuit circuit;
    circuit.populations.push_back({.name = "A",
                                   .size = 1000,
                                   .neuron = neuron,
                                   .noise = {.sigma = sigma},
                                   .adaptation = {},
                                   .quenched = {}});
    return circuit;
}

/// E and I, with Poisson input from outside.
Circuit balanced() {
    Circuit circuit;
    for (const char* name : {"E", "I"})
        circuit.populations.push_back({.name = name,
                                       .size = *name == 'E' ? 8000 : 2000,
                                       .neuron = leaky(0.0),
                                       .noise = {},
                                       .adaptation = {},
                                       .quenched = {}});
    for (const char* source : {"E", "I"})
        for (const char* target : {"E", "I"})
            circuit.projections.push_back(
                {.source = source,
                 .target = target,
                 .rule = FixedIndegree{{.location = *source == 'E' ? 400.0 : 100.0}},
                 .synapse = {.kind = Synapse::Kind::delta},
                 .weight = {.location = *source == 'E' ? 0.1 : -0.5},
                 .delay = {.location = 1.5},
                 .left = {},
                 .right = {}});
    for (const char* target : {"E", "I"})
        circuit.inputs.push_back({target, PoissonInput{.rate = 12000.0,
                                                       .weight = 0.1,
                                                       .synapse = {.kind = Synapse::Kind::delta}}});
    return circuit;
}

double last(const Matrix& values, Index row = 0) {
    return values(row, values.cols() - 1);
}

double difference(const Circuit& circuit, FokkerPlanckOptions one, FokkerPlanckOptions two) {
    one.duration = two.duration = 40.0;
    const Matrix first = fokker_planck(circuit, one).activity;
    return (first - fokker_planck(circuit, two).activity).rightCols(35).cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("fokker_planck: rests at the rate and potential of threshold integration") {
    struct Case {
        Neuron neuron;
        double mu, sigma;
    };
    for (const Case& one : {Case{leaky(), 18.0, 4.0}, Case{leaky(225.0, 0.0), 18.0, 4.0},
                            Case{published(), -35.0, 6.0}}) {
        const FokkerPlanckRecording found =
            fokker_planck(alone(one.neuron, one.sigma), {.duration = 400.0});
        const DiffusionResponse exact = diffusion_response(
            one.neuron, Vector::Constant(1, one.mu), Vector::Constant(1, one.sigma), Vector());
        CHECK(last(found.activity) == doctest::Approx(exact.rate[0]).epsilon(5e-4));
        CHECK(std::abs(last(found.mean_potential) - exact.mean_potential[0]) < 0.02);
        CHECK(found.mass_error[0] < 1e-11);
        CHECK(found.least_density[0] > -1e-12);
        CHECK(found.edge_share[0] < 1e-12);
    }
}

TEST_CASE("fokker_planck: of second order in the step and in the spacing") {
    for (const Circuit& circuit : {alone(leaky(), 4.0), alone(published(), 6.0)}) {
        const double coarse = difference(circuit, {.step = 0.2}, {.step = 0.1});
        const double fine = difference(circuit, {.step = 0.1}, {.step = 0.05});
        CHECK(std::log2(coarse / fine) == doctest::Approx(2.0).epsilon(0.05));
        const double wide = difference(circuit, {.spacing = 0.1}, {.spacing = 0.05});
        const double narrow = difference(circuit, {.spacing = 0.05}, {.spacing = 0.025});
        CHECK(std::log2(wide / narrow) == doctest::Approx(2.0).epsilon(0.05));
    }
}

TEST_CASE("fokker_planck: its error, where asked for, is that of half step and spacing") {
    const FokkerPlanckRecording found =
        fokker_planck(alone(leaky(), 4.0), {.duration = 50.0, .measure_error = true});
    CHECK(found.error[0] > 0.0);
    CHECK(found.error[0] < 0.05);
    CHECK(fokker_planck(alone(leaky(), 4.0), {.duration = 5.0}).error.size() == 0);
}

TEST_CASE("fokker_planck: perturbations decay and ring as the slowest mode says") {
    const FokkerPlanckRecording found =
        fokker_planck(alone(leaky(300.0), 3.0), {.duration = 120.0, .step = 0.05});
    const DiffusionModes modes =
        diffusion_modes(leaky(), Vector::Constant(1, 24.0), Vector::Constant(1, 3.0));
    const double rest = last(found.activity);
    // Three values of A e^{λt} + c.c. satisfy x_{n+1} = 2 Re(e^λ) x_n − |e^λ|² x_{n−1}.
    const Complex turn = std::exp(modes.first[0]);
    for (Index k : {40, 45, 50}) {
        const auto x = [&](Index bin) { return found.activity(0, bin) - rest; };
        const double next = 2.0 * turn.real() * x(k) - std::norm(turn) * x(k - 1);
        CHECK(std::abs(x(k + 1) - next) < 0.01 * (std::abs(x(k)) + std::abs(x(k - 1))));
    }
}

TEST_CASE("fokker_planck: coupled populations rest at their stationary rates in white noise") {
    const FokkerPlanckRecording found = fokker_planck(balanced(), {.duration = 300.0});
    const StationaryRates exact = stationary_rates(balanced(), {.theory = NoiseTheory::white});
    REQUIRE(exact.branches.size() == 1);
    for (Index a = 0; a < 2; ++a)
        CHECK(last(found.activity, a) == doctest::Approx(exact.branches[0].rates[a]).epsilon(2e-3));
}

TEST_CASE("fokker_planck: adaptation rests where its equation says") {
    const FokkerPlanckRecording found =
        fokker_planck(alone(published(4.0, 40.0), 6.0), {.duration = 1500.0, .step = 0.2});
    const double w = last(found.adaptation), r = 1e-3 * last(found.activity);
    CHECK(w == doctest::Approx(4.0 * (last(found.mean_potential) + 80.0) + 40.0 * 200.0 * r)
                   .epsilon(2e-3));
    const DiffusionResponse exact = diffusion_response(
        published(), Vector::Constant(1, -35.0 - w / 10.0), Vector::Constant(1, 6.0), Vector());
    CHECK(1e3 * r == doctest::Approx(exact.rate[0]).epsilon(2e-3));
}

TEST_CASE("fokker_planck: without noise spikes come when the membrane has charged") {
    Circuit circuit = alone(leaky(500.0), 0.0);  // μ = 40 mV: 20 ms ln 2 to the first spike.
    circuit.populations[0].quenched["V_m"] = {
        .kind = Distribution::Kind::normal, .location = 0.0, .scale = 0.3};
    const FokkerPlanckRecording found =
        fokker_planck(circuit, {.duration = 20.0, .step = 0.02, .bin = 0.5, .spacing = 0.02});
    double mean = 0.0, total = 0.0;
    for (Index k = 0; k < 36; ++k) {
        mean += (0.5 * static_cast<double>(k) + 0.25) * found.activity(0, k);
        total += found.activity(0, k);
    }
    CHECK(total * 0.5e-3 == doctest::Approx(1.0).epsilon(1e-3));
    CHECK(mean / total == doctest::Approx(20.0 * std::log(2.0)).epsilon(5e-3));
}

TEST_CASE("fokker_planck: what it does not describe is named") {
    const auto refuses = [](const Circuit& circuit, const char* message) {
        CHECK_THROWS_WITH_AS((void)fokker_planck(circuit), message, DomainError);
    };
    refuses(alone(EscapeNeuron{}, 0.0),
            "population 'A': its neurons are 'gif', and diffusion to a threshold is that of 'lif' "
            "and 'adex'; `mesoscopic` has escape noise");
    refuses(alone(leaky(225.0, 0.05), 4.0),
            "population 'A': t_ref is 0.05 ms, shorter than the step, 0.1 ms; give a step of at "
            "most t_ref, or t_ref = 0");
    Circuit circuit = alone(leaky(), 4.0);
    circuit.populations[0].quenched["E_L"] = {.kind = Distribution::Kind::normal, .scale = 1.0};
    refuses(circuit,
            "population 'A': E_L differs between its neurons, and one density stands for all; "
            "split the population, or `simulate` it");
    circuit = alone(leaky(), 4.0);
    circuit.populations[0].adaptation.push_back({.q = 1.0});
    CHECK_THROWS_AS((void)fokker_planck(circuit), DomainError);
    circuit = balanced();
    circuit.projections[0].delay = {.kind = Distribution::Kind::uniform, .low = 1.0, .high = 2.0};
    CHECK_THROWS_AS((void)fokker_planck(circuit), DomainError);
    circuit = alone(leaky(), 4.0);
    circuit.inputs.push_back({"A", OrnsteinUhlenbeckInput{.sigma = 10.0, .shared = true}});
    CHECK_THROWS_AS((void)fokker_planck(circuit), DomainError);
    circuit.inputs[0].drive = CurrentInput{{0.0}, Matrix::Zero(1000, 1)};
    CHECK_THROWS_AS((void)fokker_planck(circuit), DomainError);
    CHECK_THROWS_WITH_AS((void)fokker_planck(alone(leaky(), 4.0), {.V_low = 5.0}),
                         "population 'A': V_low is 5 mV; it must be below V_reset, 10 mV, and V at "
                         "the start, 0 mV",
                         DomainError);
    CHECK_THROWS_WITH_AS((void)fokker_planck(alone(leaky(), 4.0), {.bin = 0.25}),
                         "fokker_planck: bin is 0.25 ms, not a multiple of the step, 0.1 ms",
                         DomainError);
}
