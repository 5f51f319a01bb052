#include "heddle/population/linear_response.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "heddle/core/error.hpp"
#include "heddle/population/age_structured_rates.hpp"
#include "heddle/population/mesoscopic.hpp"
#include "heddle/population/siegert.hpp"
#include "population/age_density.hpp"
#include "population/coupling.hpp"
#include "population/escape_circuits.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

double angular(double f) {
    return 2e-3 * std::numbers::pi * f;
}

Vector at(std::initializer_list<double> frequencies) {
    Vector f(static_cast<Index>(frequencies.size()));
    std::ranges::copy(frequencies, f.begin());
    return f;
}

Circuit adapting() {
    Circuit circuit = published_circuit();
    circuit.populations[0].adaptation = {{Adaptation::Kind::threshold, 80.0, 2.0}};
    return circuit;
}

/// The amplitude of what `mesoscopic` of N → ∞ answers to a current e^{iωt} into all neurons.
ComplexVector answer(Circuit circuit, double f, double amplitude) {
    const double step = 0.25, settled = 1000.0, period = 1e3 / f;
    const double duration = std::ceil(400.0 / period) * period;
    const auto steps = static_cast<Index>(std::llround((settled + duration) / step));
    CurrentInput input{{}, Matrix(1, steps)};
    for (Index k = 0; k < steps; ++k) {
        input.times.push_back(static_cast<double>(k) * step);
        const double t = (static_cast<double>(k) + 0.5) * step;
        input.values(0, k) = amplitude * std::cos(angular(f) * t);
    }
    for (const Population& population : circuit.populations)
        circuit.inputs.push_back({population.name, input});
    const Matrix activity = mesoscopic(circuit, {.duration = duration,
                                                 .transient = settled,
                                                 .step = step,
                                                 .finite_size = false,
                                                 .bin = step,
                                                 .history = 500.0})
                                .activity;
    ComplexVector sum = ComplexVector::Zero(activity.rows());
    for (Index k = 0; k < activity.cols(); ++k) {
        const double t = settled + (static_cast<double>(k) + 0.5) * step;
        sum += activity.col(k).cast<Complex>() * std::polar(1.0, -angular(f) * t);
    }
    return 2.0 / (amplitude * static_cast<double>(activity.cols())) * sum;
}

/// One population of leaky neurons with delta synapses onto itself.
Circuit leaky(double weight) {
    Circuit circuit;
    circuit.populations = {
        {.name = "A",
         .size = 500,
         .neuron =
             LeakyNeuron{.tau_m = 20.0, .E_L = 0.0, .V_th = 20.0, .V_reset = 10.0, .I_e = 240.0},
         .noise = {.sigma = 5.0}}};
    circuit.projections = {{.source = "A",
                            .target = "A",
                            .rule = FixedIndegree{{.location = 100.0}},
                            .synapse = {.kind = Synapse::Kind::delta},
                            .weight = {.location = weight},
                            .delay = {.location = 1.5}}};
    return circuit;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("linear_response: a constant hazard after a dead time has χ and D in closed form") {
    const double hazard = 0.1, dead = 4.0, tau = 20.0, softness = 2.0;
    const Vector f = at({0.0, 1.0, 30.0, 300.0, 3000.0});
    const LinearResponse found = linear_response(alone(constant_hazard(100.0, dead)), f);
    const double rate = hazard / (1.0 + hazard * dead);
    for (Index k = 0; k < f.size(); ++k) {
        const Complex s(0.0, angular(f[k]));
        const Complex late = std::exp(-s * dead) / (hazard + s);  // ∫ S e^{−sx} after the dead
                                                                  // time.
        const Complex early = f[k] == 0.0 ? Complex(dead) : (1.0 - std::exp(-s * dead)) / s;
        const Complex drive = rate / softness / (hazard + s) / (1.0 + s * tau);
        const Complex chi = 1e3 * drive / (early + late);
        CHECK(std::abs(found.susceptibility(0, k) - chi) < 1e-12 * std::abs(chi));
        const Complex p = hazard * late;
        const double cv = 1.0 / (1.0 + hazard * dead);
        const double power = f[k] == 0.0 ? cv * cv : (1.0 - std::norm(p)) / std::norm(1.0 - p);
        CHECK(found.uncoupled(0, k) == doctest::Approx(rate * power).epsilon(1e-9));
    }
    CHECK(found.trusted);
    CHECK(found.deviation[0] == 0.0);
}

TEST_CASE(
    "linear_response: χ(0) is how the stationary rate follows the potential, adapting or not") {
    for (const Circuit& circuit : {published_circuit(), adapting()}) {
        const LinearResponse found = linear_response(circuit, at({0.0}));
        Circuit more = circuit, less = circuit;
        for (const Population& population : circuit.populations) {
            more.inputs.push_back({population.name, CurrentInput{{0.0}, Matrix{{0.05}}}});
            less.inputs.push_back({population.name, CurrentInput{{0.0}, Matrix{{-0.05}}}});
        }
        const Vector slope = (age_structured_rates(more).branches.at(0).rates -
                              age_structured_rates(less).branches.at(0).rates) /
                             0.1;
        const Vector response = found.response[0].real().rowwise().sum();
        CHECK((response - slope).norm() < 1e-5 * slope.norm());
        CHECK(found.response[0].imag().norm() == 0.0);
    }
}

TEST_CASE("linear_response: its transforms do not depend on the panels, at any complex frequency") {
    const Population population = adapting().populations[0];
    const AgeDensity one = age_density(population, 18.0, 8.0);
    const AgeDensity two = refined(one, population, 18.0, 8.0);
    for (const Complex rate : {Complex(0.0, 0.01), Complex(0.0, 6.0), Complex(-0.008, 0.1),
                               Complex(0.1, 30.0), Complex(0.5, 0.0)}) {
        const Complex a = response_of(one, rate).susceptibility();
        CHECK(std::abs(a - response_of(two, rate).susceptibility()) < 1e-11 * std::abs(a));
    }
}

TEST_CASE("linear_response: mesoscopic of N → ∞ answers a sine of current as it says") {
    for (const Circuit& circuit : {published_circuit(), adapting()})
        for (const double f : {5.0, 20.0, 50.0}) {
            const LinearResponse found = linear_response(circuit, at({f}));
            const ComplexVector exact = found.response[0].rowwise().sum();
            const ComplexVector seen = answer(circuit, f, 0.1);
            INFO(f << " Hz: " << exact.transpose() << " and " << seen.transpose());
            CHECK((seen - exact).norm() < 2e-3 * exact.norm());
        }
}

TEST_CASE("linear_response: spectra of the E–I circuit are those of the theory's table") {
    // Computed apart from this code, on a grid of ages; PSD of E times N / 1000.
    const LinearResponse found =
        linear_response(published_circuit(), at({10.0, 15.0, 20.0, 25.0, 60.0, 200.0}));
    const Vector table = at({0.200, 1.33, 7.03, 1.56, 0.020, 0.0197});
    for (Index k = 0; k < table.size(); ++k) {
        const ComplexMatrix& spectrum = found.spectra[static_cast<std::size_t>(k)];
        CHECK(spectrum(0, 0).real() == doctest::Approx(table[k]).epsilon(0.01));
        CHECK(std::abs(spectrum(0, 1) - std::conj(spectrum(1, 0))) < 1e-12);
        CHECK(found.coherence[static_cast<std::size_t>(k)](0, 1) <= 1.0);
    }
    CHECK(!found.trusted);
    CHECK(has(found.statement, "linear theory is not to be trusted"));
    CHECK(found.deviation[0] / found.rates[0] > 0.5);
}

TEST_CASE("linear_response: fluctuations fall as 1 / √N, and are trusted when small") {
    const LinearResponse small = linear_response(published_circuit(1000), at({20.0}));
    const LinearResponse large = linear_response(published_circuit(100'000), at({20.0}));
    CHECK(large.deviation[0] == doctest::Approx(0.1 * small.deviation[0]).epsilon(1e-3));
    CHECK(large.trusted);
    CHECK(has(large.statement, "stable"));
}

TEST_CASE(
    "linear_response: leaky neurons have Siegert's susceptibility, and fast noise that is "
    "Poisson") {
    const Circuit circuit = leaky(-0.3);
    const StationaryBranch state = stationary_rates(circuit).branches.at(0);
    const Vector f = at({0.0, 20.0, 150.0});
    const LinearResponse found = linear_response(circuit, f);
    const auto one = [](double x) { return Vector(Vector::Constant(1, x)); };
    const LeakyDrive drive{state.mu, state.sigma, one(20.0), one(20.0), one(10.0), one(2.0)};
    const ComplexMatrix chi = siegert_susceptibility(drive, one(0.0), f);
    for (Index k = 0; k < f.size(); ++k) {
        CHECK(std::abs(found.susceptibility(0, k) - chi(0, k)) < 1e-9 * std::abs(chi(0, k)));
        const Complex m = chi(0, k) * 0.02 * 100.0 * -0.3 * std::polar(1.0, -1.5 * angular(f[k]));
        const double power = found.uncoupled(0, k) / std::norm(1.0 - m);
        const ComplexMatrix& spectrum = found.spectra[static_cast<std::size_t>(k)];
        CHECK(spectrum(0, 0).real() == doctest::Approx(power).epsilon(1e-8));
    }
    const Matrix fast = linear_response(circuit, at({3000.0})).uncoupled;
    CHECK(fast(0, 0) == doctest::Approx(state.rates[0] / 500.0).epsilon(1e-6));
    CHECK(found.uncoupled(0, 0) < 0.8 * fast(0, 0));
}

TEST_CASE("linear_response: delays that differ enter by their mean of e^{−λd}") {
    Circuit circuit = self_exciting(constant_hazard(100.0, 0.0), 2.0);
    const auto filter = [&](const Distribution& delay, Complex rate) {
        circuit.projections[0].delay = delay;
        return Coupling(circuit).at(rate)(0, 0) / Coupling(circuit).at_rest()(0, 0);
    };
    for (const Complex rate : {Complex(0.0, 0.3), Complex(-0.02, 3.0), Complex(0.1, 1.0)}) {
        const Complex uniform =
            std::exp(-0.5 * rate) * (1.0 - std::exp(-3.0 * rate)) / (3.0 * rate);
        CHECK(std::abs(filter({Distribution::Kind::uniform, 0.0, 0.0, 0.5, 3.5}, rate) - uniform) <
              1e-12);
        const Complex normal = std::exp(-4.0 * rate + 0.125 * rate * rate);
        CHECK(std::abs(filter({Distribution::Kind::normal, 4.0, 0.5, 0.0}, rate) - normal) < 1e-11);
    }
    circuit.projections[0].rule = Edges{{0, 1, 2}, {0, 0, 1}, {2.0, 3.0, 5.0}, {1.0, 2.0, 1.0}};
    const Complex rate(0.01, 0.4);
    const Complex edges = 0.02 * (7.0 * std::exp(-rate) + 3.0 * std::exp(-2.0 * rate)) / 1000.0;
    CHECK(std::abs(Coupling(circuit).at(rate)(0, 0) - edges) < 1e-15);
}

TEST_CASE("linear_response: what is unstable says so, and of several states one is chosen") {
    const LinearResponse runaway = linear_response(published_circuit(1000, 12.0, 3.0), at({15.0}));
    CHECK(runaway.unstable >= 2);
    CHECK(!runaway.trusted);
    CHECK(std::isinf(runaway.deviation[0]));
    CHECK(has(runaway.statement, "unstable"));

    EscapeNeuron neuron = constant_hazard(200.0, 2.0);
    neuron.hazard = Hazard::sigmoid;
    neuron.V_T_star = 6.0;
    neuron.Delta_V = 1.0;
    const Circuit three = self_exciting(neuron, 5.0);
    CHECK_THROWS_WITH_AS(
        (void)linear_response(three, at({1.0})),
        doctest::Contains("the circuit has 3 stationary states, with rates of (0."), DomainError);
    const AgeStructuredRates states = age_structured_rates(three);
    for (std::size_t k = 0; k < 3; ++k) {
        const Vector rates = states.branches[k].rates;
        const LinearResponse found = linear_response(three, at({1.0}), {.rates = rates});
        CHECK((found.rates - rates).norm() < 1e-6);
        CHECK(found.unstable == (k == 1 ? 1 : 0));
    }
}

TEST_CASE("linear_response: wrong frequencies and rates are refused") {
    const Circuit circuit = published_circuit();
    CHECK_THROWS_WITH_AS((void)linear_response(circuit, at({-1.0})),
                         "frequencies holds -1 Hz; expected finite numbers ≥ 0", DomainError);
    CHECK_THROWS_AS((void)linear_response(circuit, at({1.0}), {.rates = at({1.0})}), ShapeError);
    CHECK_THROWS_WITH_AS((void)linear_response(circuit, at({1.0}), {.rates = at({1.0, -2.0})}),
                         "rates: found (1, -2) Hz; give finite rates ≥ 0", DomainError);
    CHECK_THROWS_WITH_AS((void)linear_response(alone(QuadraticNeuron{}), at({1.0})),
                         doctest::Contains("population 'A': qif neurons have no hazard"),
                         DomainError);
}
