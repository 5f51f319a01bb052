#include "heddle/population/stationary_rates.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "heddle/core/error.hpp"
#include "heddle/population/siegert.hpp"
#include "population/diffusion_input.hpp"
#include "population/second_moment.hpp"

using namespace heddle;

namespace {

LeakyNeuron leaky() {
    return {.C_m = 250.0,
            .tau_m = 20.0,
            .E_L = 0.0,
            .V_th = 20.0,
            .V_reset = 10.0,
            .t_ref = 2.0,
            .I_e = 0.0};
}

/// Excitatory and inhibitory neurons, exponential synapses of 2 ms, weights that differ, Poisson
/// input: inhibition dominates.
Circuit balanced() {
    const Synapse synapse{.tau_syn = 2.0};
    Circuit circuit;
    circuit.populations = {{.name = "E", .size = 800, .neuron = leaky()},
                           {.name = "I", .size = 200, .neuron = leaky()}};
    const Distribution up{Distribution::Kind::normal, 40.0, 8.0};
    const Distribution down{Distribution::Kind::lognormal, -220.0, 44.0};
    for (const std::string target : {"E", "I"}) {
        circuit.projections.push_back({.source = "E",
                                       .target = target,
                                       .rule = FixedIndegree{{.location = 80.0}},
                                       .synapse = synapse,
                                       .weight = up,
                                       .delay = {.location = 1.5}});
        circuit.projections.push_back({.source = "I",
                                       .target = target,
                                       .rule = Bernoulli{0.1},
                                       .synapse = synapse,
                                       .weight = down,
                                       .delay = {.location = 1.5}});
        circuit.inputs.push_back(
            {target, PoissonInput{.rate = 4200.0, .weight = 40.0, .synapse = synapse}});
    }
    return circuit;
}

/// Two populations of which each excites itself and inhibits the other.
Circuit rivals(double current) {
    const Synapse delta{.kind = Synapse::Kind::delta};
    LeakyNeuron neuron = leaky();
    neuron.I_e = current;
    Circuit circuit;
    for (const std::string name : {"A", "B"})
        circuit.populations.push_back(
            {.name = name, .size = 400, .neuron = neuron, .noise = {.sigma = 4.0}});
    for (const std::string source : {"A", "B"})
        for (const std::string target : {"A", "B"})
            circuit.projections.push_back({.source = source,
                                           .target = target,
                                           .rule = FixedIndegree{{.location = 100.0}},
                                           .synapse = delta,
                                           .weight = {.location = source == target ? 0.12 : -0.2},
                                           .delay = {.location = 1.0}});
    return circuit;
}

LeakyDrive drive_of(const StationaryBranch& branch) {
    return {branch.mu,
            branch.sigma,
            Vector::Constant(1, 20.0),
            Vector::Constant(1, 20.0),
            Vector::Constant(1, 10.0),
            Vector::Constant(1, 2.0)};
}

void refused(const Circuit& circuit, const std::string& message,
             NoiseTheory theory = NoiseTheory::shifted) {
    CHECK_THROWS_WITH_AS((void)stationary_rates(circuit, {.theory = theory}), message.c_str(),
                         DomainError);
}

/// ⟨x²⟩ from its quantiles, by the midpoint rule.
double sampled_moment(const Distribution& law) {
    constexpr int n = 200'000;
    double sum = 0.0;
    for (int i = 0; i < n; ++i) {
        const double x = quantile(law, (i + 0.5) / n);
        sum += x * x;
    }
    return sum / n;
}

}  // namespace

TEST_CASE("stationary_rates: the rates are Siegert's at the mean and noise that they cause") {
    const StationaryRates found = stationary_rates(balanced());
    REQUIRE(found.branches.size() == 1);
    const StationaryBranch& branch = found.branches[0];
    const Vector again = shifted_siegert_rates(drive_of(branch), Vector::Constant(1, 2.0)).rate;
    CHECK((again - branch.rates).norm() < 1e-8);
    CHECK(branch.residual < 1e-8);
    CHECK(branch.rates.minCoeff() > 1.0);
    // A spike of w pA for 2 ms is worth w 2 ms / 250 pF; τ_m = 0.02 s.
    const double worth = 2.0 / 250.0, r = branch.rates[0], inhibition = branch.rates[1];
    const double mu = 0.02 * worth * (80.0 * 40.0 * r - 20.0 * 220.0 * inhibition + 4200.0 * 40.0);
    const double variance = 0.02 * worth * worth *
                            (80.0 * (1600.0 + 64.0) * r +
                             20.0 * (220.0 * 220.0 + 44.0 * 44.0) * inhibition + 4200.0 * 1600.0);
    CHECK(branch.mu[0] == doctest::Approx(mu).epsilon(1e-10));
    CHECK(branch.sigma[0] == doctest::Approx(std::sqrt(variance)).epsilon(1e-10));
}

TEST_CASE(
    "stationary_rates: Newton's residuals end quadratically, as an exact Jacobian makes them") {
    const StationaryRates found = stationary_rates(balanced());
    const std::vector<double>& history = found.branches.at(0).history;
    REQUIRE(history.size() >= 4);
    const double before = history[history.size() - 3], last = history[history.size() - 2];
    CHECK(last < 0.05 * before * before + 1e-9);
    CHECK(history.size() < 12);
}

TEST_CASE("stationary_rates: with the expansion, rates are those of the expansion") {
    const StationaryRates found = stationary_rates(balanced(), {.theory = NoiseTheory::taylor});
    const StationaryBranch& branch = found.branches.at(0);
    const Vector again = taylor_siegert_rates(drive_of(branch), Vector::Constant(1, 2.0)).rate;
    CHECK((again - branch.rates).norm() < 1e-8);
    CHECK(std::abs(branch.rates[0] - stationary_rates(balanced()).branches.at(0).rates[0]) > 0.01);
}

TEST_CASE("stationary_rates: a rate that the expansion makes negative is 0") {
    Circuit circuit;
    circuit.populations = {
        {.name = "A", .size = 3, .neuron = leaky(), .noise = {.sigma = 2.5, .tau = 4.0}}};
    const StationaryBranch branch =
        stationary_rates(circuit, {.theory = NoiseTheory::taylor}).branches.at(0);
    CHECK(taylor_siegert_rates(drive_of(branch), Vector::Constant(1, 4.0)).rate[0] < 0.0);
    CHECK(branch.rates[0] == 0.0);
}

TEST_CASE("stationary_rates: eigenvalues are those of ∂F/∂r, by differences") {
    const Circuit circuit = balanced();
    const StationaryBranch branch = stationary_rates(circuit).branches.at(0);
    const DiffusionInput input = diffusion_input(circuit, NoiseTheory::shifted);
    Matrix jacobian(2, 2);
    for (Index b = 0; b < 2; ++b)
        for (Index a = 0; a < 2; ++a) {
            const double h = 1e-3;
            Vector up = branch.rates, down = branch.rates;
            up[b] += h;
            down[b] -= h;
            jacobian(a, b) =
                (siegert_at(input.point(a, up)).rate - siegert_at(input.point(a, down)).rate) /
                (2.0 * h);
        }
    const double determinant = jacobian(0, 0) * jacobian(1, 1) - jacobian(0, 1) * jacobian(1, 0);
    CHECK(std::abs(branch.eigenvalues.sum() - jacobian.trace()) < 1e-6 * jacobian.norm());
    CHECK(std::abs(branch.eigenvalues.prod() - determinant) < 1e-6 * jacobian.squaredNorm());
}

TEST_CASE("stationary_rates: of two rivals either wins, and neither is the unstable third branch") {
    const StationaryRates found = stationary_rates(rivals(250.0));
    REQUIRE(found.branches.size() >= 3);
    const auto won = [](const StationaryBranch& branch, Index a) {
        return branch.rates[a] > 2.0 * branch.rates[1 - a];
    };
    Index first = 0, second = 0, draws = 0;
    for (const StationaryBranch& branch : found.branches) {
        const Vector again = siegert_rates(drive_of(branch)).rate;
        CHECK((again - branch.rates).norm() < 1e-7);
        if (branch.stable && won(branch, 0)) ++first;
        if (branch.stable && won(branch, 1)) ++second;
        if (std::abs(branch.rates[0] - branch.rates[1]) < 1e-6 && !branch.stable) ++draws;
    }
    CHECK(first == 1);
    CHECK(second == 1);
    CHECK(draws == 1);
}

TEST_CASE("stationary_rates: unconnected neurons without noise have the rate of their current") {
    Circuit circuit;
    LeakyNeuron neuron = leaky();
    neuron.I_e = 300.0;  // μ = 24 mV.
    circuit.populations = {{.name = "A", .size = 3, .neuron = neuron}};
    const StationaryBranch branch = stationary_rates(circuit).branches.at(0);
    CHECK(branch.rates[0] == doctest::Approx(1e3 / (2.0 + 20.0 * std::log(14.0 / 4.0))));
    CHECK(branch.stable);
}

TEST_CASE("stationary_rates: noise of every kind adds its variance, currents their mean") {
    Circuit circuit;
    circuit.populations = {
        {.name = "A", .size = 3, .neuron = leaky(), .noise = {.sigma = 3.0, .tau = 4.0}}};
    Matrix current(1, 1);
    current << 100.0;
    circuit.inputs = {{"A", CurrentInput{{0.0}, current}},
                      {"A", OrnsteinUhlenbeckInput{.mean = 50.0, .sigma = 60.0, .tau = 4.0}}};
    const StationaryBranch branch = stationary_rates(circuit).branches.at(0);
    CHECK(branch.mu[0] == doctest::Approx(150.0 * 20.0 / 250.0));
    // x = (τ_m / C_m) I has the variance σ² τ_m / (2 τ) of coloured noise.
    const double own = std::pow(60.0 * 20.0 / 250.0, 2) * 2.0 * 4.0 / 20.0;
    CHECK(branch.sigma[0] == doctest::Approx(std::sqrt(9.0 + own)));
    const double expected =
        shifted_siegert_rates(drive_of(branch), Vector::Constant(1, 4.0)).rate[0];
    CHECK(branch.rates[0] == doctest::Approx(expected).epsilon(1e-10));
}

TEST_CASE("stationary_rates: given connections count with their own weights, over all targets") {
    Circuit circuit;
    LeakyNeuron neuron = leaky();
    neuron.I_e = 275.0;
    circuit.populations = {{.name = "A", .size = 4, .neuron = neuron, .noise = {.sigma = 1.0}}};
    circuit.projections = {{.source = "A",
                            .target = "A",
                            .rule = Edges{.source = {0, 1, 2, 3, 0, 1},
                                          .target = {1, 2, 3, 0, 2, 3},
                                          .weight = {0.1, 0.2, -0.3, 0.4, 0.5, -0.6},
                                          .delay = {}},
                            .synapse = {Synapse::Kind::delta},
                            .weight = {.location = 100.0},
                            .delay = {.location = 1.0}}};
    const StationaryBranch branch = stationary_rates(circuit).branches.at(0);
    const double r = branch.rates[0];  // 6 synapses on 4 neurons: Σ J = 0.3, Σ J² = 0.91.
    CHECK(r > 1.0);
    CHECK(branch.mu[0] == doctest::Approx(22.0 + 0.02 * 0.3 / 4.0 * r).epsilon(1e-12));
    CHECK(branch.sigma[0] ==
          doctest::Approx(std::sqrt(1.0 + 0.02 * 0.91 / 4.0 * r)).epsilon(1e-12));
}

TEST_CASE("stationary_rates: the same seed finds the same bits, in the same order") {
    const StationaryRates a = stationary_rates(rivals(250.0), {.seed = 3});
    const StationaryRates b = stationary_rates(rivals(250.0), {.seed = 3});
    REQUIRE(a.branches.size() == b.branches.size());
    for (std::size_t i = 0; i < a.branches.size(); ++i)
        CHECK(a.branches[i].rates == b.branches[i].rates);
}

TEST_CASE("stationary_rates: what was assumed is said, with its size") {
    const StationaryRates found = stationary_rates(balanced());
    REQUIRE(found.assumptions.size() == 5);
    CHECK(found.assumptions[0].find("input is Gaussian noise") == 0);
    CHECK(found.assumptions[1] == "projection 'I' → 'E': every neuron has the mean in-degree, 20");
    CHECK(found.assumptions[3] == "population 'E': to first order in sqrt(tau_s / tau_m) = 0.316");
    CHECK(found.statement == "1 solution, 1 stable, from 32 starts; others may exist");
}

TEST_CASE("second_moment_of: that of the quantiles, for every law and cut") {
    using Kind = Distribution::Kind;
    for (const Distribution& law :
         {Distribution{Kind::constant, -3.0}, Distribution{Kind::normal, 2.0, 1.5},
          Distribution{Kind::normal, 2.0, 1.5, 0.0, 3.0}, Distribution{Kind::normal, 2.0, 1.5, 1.0},
          Distribution{Kind::lognormal, 2.0, 1.0, 0.0, 20.0},
          Distribution{Kind::lognormal, -2.0, 1.0, -4.0, -0.5},
          Distribution{Kind::uniform, 0.0, 0.0, -1.0, 3.0},
          Distribution{Kind::lorentzian, 1.0, 0.5, -3.0, 4.0}})
        CHECK(second_moment_of(law) == doctest::Approx(sampled_moment(law)).epsilon(2e-4));
}

TEST_CASE("stationary_rates: what diffusion of leaky neurons does not describe is refused") {
    Circuit circuit = balanced();
    circuit.populations[1].neuron = EscapeNeuron{};
    refused(circuit,
            "population 'I': its neurons are 'gif', and Siegert's rate is that of 'lif'; "
            "`mesoscopic` has escape noise");
    circuit = balanced();
    circuit.populations[1].neuron = ExponentialNeuron{};
    refused(circuit,
            "population 'I': its neurons are 'adex', and Siegert's rate is that of 'lif'; "
            "`simulate` has adaptive exponential ones");
    circuit = balanced();
    circuit.populations[0].adaptation = {{Adaptation::Kind::threshold, 100.0, 1.0}};
    refused(circuit,
            "population 'E': its neurons adapt, which Siegert's rate leaves out; `simulate` has "
            "it, and `mesoscopic` for neurons with escape noise");
    circuit = balanced();
    circuit.populations[0].quenched["V_th"] = {Distribution::Kind::normal, 20.0, 1.0, 15.0, 25.0};
    refused(circuit,
            "population 'E': V_th differs between its neurons, and one rate stands for all; split "
            "the population, or `simulate` it");
    circuit = balanced();
    circuit.projections[0].synapse.kind = Synapse::Kind::alpha;
    refused(circuit,
            "projection 'E' → 'E': its synapses are alpha functions, and the theory has "
            "exponential ones; an exponential synapse of weight e w has the same charge, or "
            "`simulate` it");
    circuit = balanced();
    circuit.projections[0].synapse.conductance = true;
    circuit.projections[0].weight = {.location = 1.0};
    refused(circuit,
            "projection 'E' → 'E': its synapses are conductances, which change the membrane's "
            "time constant; give currents, or `simulate` it");
    circuit = balanced();
    circuit.projections[0].left = Matrix::Ones(800, 1);
    circuit.projections[0].right = Matrix::Ones(800, 1);
    refused(circuit,
            "projection 'E' → 'E': its weights have a low-rank part, which differs between "
            "neurons; leave left and right empty, or `simulate` it");
}

TEST_CASE("stationary_rates: input that is not stationary and independent is refused") {
    Circuit circuit = balanced();
    std::get<PoissonInput>(circuit.inputs[0].drive).start = 100.0;
    refused(circuit,
            "input 0 (to 'E'): it starts or stops, and stationary rates are those of constant "
            "input; leave start and stop out, or `simulate` it");
    circuit = balanced();
    Matrix steps(1, 2);
    steps << 0.0, 100.0;
    circuit.inputs[1].drive = CurrentInput{{0.0, 50.0}, steps};
    refused(circuit,
            "input 1 (to 'I'): its current differs in time or between neurons, and stationary "
            "rates are those of one constant current; give one value, or `simulate` it");
    circuit = balanced();
    circuit.inputs[1].drive = OrnsteinUhlenbeckInput{.sigma = 1.0, .tau = 2.0, .shared = true};
    refused(circuit,
            "input 1 (to 'I'): its noise is shared, and the theory has independent noise in each "
            "neuron; give shared = false, or `simulate` it");
}

TEST_CASE("stationary_rates: noise of two correlation times is refused, or taken as white") {
    Circuit circuit = balanced();
    circuit.projections[0].synapse.tau_syn = 5.0;
    refused(circuit,
            "population 'E': its noise has correlation times from 2 ms to 5 ms, and its rate is "
            "known for one; give all its synapses one tau_syn, or theory = \"white\" to leave "
            "these times out");
    const StationaryRates found = stationary_rates(circuit, {.theory = NoiseTheory::white});
    CHECK(found.branches.size() == 1);
    CHECK(std::ranges::count(found.assumptions,
                             "population 'E': synapses have no time constant; theirs is up to "
                             "5 ms") == 1);
}

TEST_CASE("stationary_rates: a search that may not take a step fails with its residuals") {
    CHECK_THROWS_AS((void)stationary_rates(balanced(), {.starts = 1, .most_steps = 1}),
                    NotConverged);
    CHECK_THROWS_WITH_AS((void)stationary_rates(balanced(), {.starts = 0}),
                         "starts is 0; expected 1 or more", DomainError);
}
