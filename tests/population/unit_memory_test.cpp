#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "equations/system.hpp"
#include "heddle/core/error.hpp"
#include "heddle/equations/code.hpp"
#include "heddle/equations/rate_solution.hpp"
#include "heddle/equations/text.hpp"
#include "heddle/population/artificial_unit.hpp"
#include "heddle/population/local_inhibition.hpp"
#include "heddle/population/mesoscopic.hpp"
#include "heddle/population/rate_units.hpp"
#include "population/age_density.hpp"
#include "population/escape_circuits.hpp"

using namespace heddle;

namespace {

constexpr Hazard every_hazard[] = {Hazard::exponential, Hazard::softplus, Hazard::sigmoid,
                                   Hazard::rectified};

EscapeNeuron refractory(Hazard hazard) {
    return {.tau_m = 10.0,
            .V_T_star = 4.0,
            .t_ref = 4.0,
            .Delta_V = 2.0,
            .lambda_0 = 60.0,
            .lambda_floor = 2.0,
            .I_e = 125.0,
            .hazard = hazard,
            .reset = false};
}

EscapeNeuron resetting(Hazard hazard) {
    EscapeNeuron neuron = refractory(hazard);
    neuron.tau_m = 20.0;
    neuron.V_T_star = 8.0;
    neuron.t_ref = 2.0;
    neuron.I_e = 150.0;
    neuron.reset = true;
    return neuron;
}

/// V where nothing happens.
double free_potential(const EscapeNeuron& neuron) {
    return neuron.E_L + neuron.I_e * neuron.tau_m / neuron.C_m;
}

Circuit stepping(const EscapeNeuron& neuron, double by) {
    Circuit circuit = test::alone(neuron);
    circuit.inputs.push_back(
        {"A", CurrentInput{.times = {0.0, 400.0}, .values = Matrix{{0.0, by}}}});
    return circuit;
}

Circuit differing(const EscapeNeuron& neuron, const char* what, double by) {
    Circuit circuit = test::alone(neuron);
    Population& population = circuit.populations[0];
    circuit.populations[0].quenched[what] = {.kind = Distribution::Kind::normal,
                                             .location = parameter(population.neuron, what),
                                             .scale = by};
    return circuit;
}

double rest(const Circuit& circuit) {
    return rate_units(circuit, {.duration = 10.0, .transient = 400.0}).activity(0, 0);
}

/// Definitions of population A's equations at potentials at which its neurons have been for long.
class Definitions final {
  public:
    explicit Definitions(const Circuit& circuit)
        : equations_(rate_unit_equations(circuit)), system_(equations_) {}

    double operator()(const char* name, double potential) const {
        const auto at = [&](const auto& list, const std::string& item) {
            return std::ranges::find(list, item, [](const auto& one) { return one.name; }) -
                   list.begin();
        };
        Vector state = Vector::Zero(static_cast<Index>(equations_.states.size()));
        for (const char* item : {"mu_A", "depth_A"})
            if (const auto k = at(equations_.states, item); k < state.size()) state[k] = potential;
        Vector values(static_cast<Index>(equations_.definitions.size()));
        system_.definitions(state.data(), nullptr, nullptr, values.data());
        return values[at(equations_.definitions, name)];
    }

  private:
    RateEquations equations_;
    mutable EquationSystem system_;
};

/// ⟨rate⟩ over a standard normal z, by a rule far finer than the equations'.
double average(const auto& rate) {
    double sum = 0.0, weights = 0.0;
    for (int k = -120; k <= 120; ++k) {
        const double z = 0.05 * k, weight = std::exp(-0.5 * z * z);
        sum += weight * rate(z);
        weights += weight;
    }
    return sum / weights;
}

struct Transient {
    double unit, stationary;  ///< Errors, of the range.
};

/// After a step of the current, against the density of ages, in bins of 1 ms.
Transient errors(const EscapeNeuron& neuron, double by) {
    const Circuit circuit = stepping(neuron, by);
    const Matrix ages =
        mesoscopic(circuit,
                   {.duration = 200.0, .transient = 390.0, .step = 0.1, .finite_size = false})
            .activity;
    const RateUnitRecording found =
        rate_units(circuit, {.duration = 200.0, .transient = 390.0, .step = 0.1});
    const auto off = [&](const Matrix& rate) {
        return (rate - ages).norm() / std::sqrt(200.0) / (ages.maxCoeff() - ages.minCoeff());
    };
    const Population& population = circuit.populations[0];
    const Matrix stationary = found.mean.unaryExpr(
        [&](double m) { return age_density(population, m + neuron.V_T_star, 0.0).rate(); });
    return {off(found.activity), off(stationary)};
}

std::string refusal(const std::function<void()>& call) {
    try {
        call();
    } catch (const DomainError& error) {
        return error.what();
    }
    return "";
}

bool contains(const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("rate_units: neurons with a refractory period rest at f / (1 + t_ref f)") {
    for (const Hazard hazard : every_hazard) {
        const EscapeNeuron neuron = refractory(hazard);
        const double f =
            effective_transfer(neuron, free_potential(neuron) - neuron.V_T_star, 0.0).rate;
        CHECK(rest(test::alone(neuron)) == doctest::Approx(f / (1.0 + 4e-3 * f)).epsilon(1e-8));
    }
}

TEST_CASE("rate_units: refractory neurons that differ rest at the mean of their rates") {
    for (const Hazard hazard : every_hazard)
        for (const double by : {1.0, 5.0}) {
            const EscapeNeuron neuron = refractory(hazard);
            const double expected = average([&](double z) {
                const double u = free_potential(neuron) - neuron.V_T_star + by * z;
                const double f = effective_transfer(neuron, u, 0.0).rate;
                return f / (1.0 + 4e-3 * f);
            });
            CHECK(rest(differing(neuron, "E_L", by)) == doctest::Approx(expected).epsilon(2e-4));
        }
}

TEST_CASE("rate_units: neurons that are reset rest where their ages do, for every hazard") {
    for (const Hazard hazard : every_hazard)
        for (const double current : {60.0, 150.0, 260.0}) {
            EscapeNeuron neuron = resetting(hazard);
            neuron.I_e = current;
            const Circuit circuit = test::alone(neuron);
            const double expected =
                age_density(circuit.populations[0], free_potential(neuron), 0.0).rate();
            const double near = hazard == Hazard::rectified ? 1e-2 : 2e-3;
            CHECK(rest(circuit) == doctest::Approx(expected).epsilon(near));
        }
}

TEST_CASE("rate_units: neurons that are reset and differ rest at the mean of their rates") {
    for (const char* what : {"E_L", "V_T_star"}) {
        const EscapeNeuron neuron = resetting(Hazard::softplus);
        const double expected = average([&](double z) {
            Circuit one = test::alone(neuron);
            parameter(one.populations[0].neuron, what) += 2.0 * z;
            const auto& law = std::get<EscapeNeuron>(one.populations[0].neuron);
            return age_density(one.populations[0], free_potential(law), 0.0).rate();
        });
        CHECK(rest(differing(neuron, what, 2.0)) == doctest::Approx(expected).epsilon(2e-3));
    }
}

TEST_CASE("rate_unit_equations: the published circuit of two populations rests at 16.91 Hz") {
    const RateEquations equations = rate_unit_equations(test::published_circuit());
    const RateFixedPoints found = fixed_points(equations, {.starts = 8, .most_boxes = 0});
    REQUIRE(found.points.size() == 1);
    const auto at = std::ranges::find(equations.definitions, "A_E", &EquationDefinition::name) -
                    equations.definitions.begin();
    CHECK(found.points[0].definitions[at] == doctest::Approx(16.913).epsilon(2e-4));
    CHECK(found.points[0].stability == "stable");
}

TEST_CASE("fixed_points: that a refractory, adapting population has but one is proven") {
    Circuit circuit = differing(refractory(Hazard::softplus), "E_L", 3.0);
    circuit.populations[0].adaptation = {{.tau = 100.0, .q = 1.0}};
    CHECK(fixed_points(rate_unit_equations(circuit)).complete);
    CHECK(fixed_points(rate_unit_equations(test::alone(resetting(Hazard::softplus)))).complete);
}

TEST_CASE("rate_unit_equations: spike counts vary as CV² of the ages says") {
    for (const EscapeNeuron& neuron :
         {refractory(Hazard::softplus), resetting(Hazard::exponential)}) {
        Circuit circuit = test::alone(neuron, 100, {{.tau = 100.0, .q = 0.0}});
        const Definitions found(circuit);
        circuit.populations[0].adaptation.clear();
        const AgeDensity ages = age_density(circuit.populations[0], free_potential(neuron), 0.0);
        const double squared = ages.variability() * ages.variability();
        CHECK(found("Phi_A", free_potential(neuron)) == doctest::Approx(ages.rate()).epsilon(1e-4));
        CHECK(found("B_A", free_potential(neuron)) ==
              doctest::Approx(ages.rate() * squared).epsilon(1e-3));
        CHECK(squared < 0.9);
    }
}

TEST_CASE("rate_unit_equations: the gain is the slope of the mean rate") {
    for (const EscapeNeuron& neuron : {refractory(Hazard::rectified), refractory(Hazard::sigmoid),
                                       resetting(Hazard::softplus)}) {
        Circuit circuit = differing(neuron, "I_e", 20.0);
        circuit.populations[0].adaptation = {{.tau = 100.0, .q = 0.0}};
        const Definitions found(circuit);
        const double h = 1e-3, v = free_potential(neuron);
        const double slope = (found("Phi_A", v + h) - found("Phi_A", v - h)) / (2.0 * h);
        CHECK(found("G_A", v) == doctest::Approx(slope).epsilon(2e-3));
    }
}

TEST_CASE("rate_units: refractory neurons follow a step as their ages do, to 0.2 % of the range") {
    const Transient found = errors(refractory(Hazard::softplus), 150.0);
    CHECK(found.unit < 2e-3);
    CHECK(found.stationary > 5.0 * found.unit);
}

TEST_CASE("rate_units: neurons that are reset follow a step far better than their rest does") {
    const Transient up = errors(resetting(Hazard::softplus), 100.0);
    CHECK(up.unit < 0.05);
    CHECK(up.stationary > 3.0 * up.unit);
    EscapeNeuron neuron = resetting(Hazard::exponential);
    neuron.lambda_0 = 10.0;
    neuron.I_e = 60.0;
    const Transient sharp = errors(neuron, 60.0);
    CHECK(sharp.unit < 0.06);
    CHECK(sharp.stationary > 2.0 * sharp.unit);
}

TEST_CASE(
    "equation_text: sums over nodes are printed by what they depend on, and in code in full") {
    const RateEquations equations =
        rate_unit_equations(differing(resetting(Hazard::exponential), "E_L", 2.0));
    const std::string text = equation_text(equations);
    CHECK(contains(text, "Φ_A = Φ(m_A, L_A, t_ref,A, τ_m, depth_A)"));
    CHECK(contains(text, "A_A = Φ_A relu(−K_A p_A + 1) / R_A"));
    CHECK(contains(text, "sums that are too long to read; code has them"));
    CHECK(text.size() < 3000);
    CHECK(contains(equation_html(equations), "too long to read"));
    CHECK(equation_code(equations, CodeLanguage::numpy).size() > 20000);
}

TEST_CASE("rate_units: a refractory period that is nearly none changes nothing") {
    EscapeNeuron neuron = refractory(Hazard::softplus);
    neuron.t_ref = 0.0;
    const Circuit none = stepping(neuron, 150.0);
    neuron.t_ref = 0.05;
    const Circuit short_one = stepping(neuron, 150.0);
    const RateUnitOptions options{.duration = 200.0, .transient = 390.0, .step = 0.01};
    const Matrix without = rate_units(none, options).activity;
    const Matrix with = rate_units(short_one, options).activity;
    CHECK((with - without).cwiseAbs().maxCoeff() < 5e-5 * without.maxCoeff() * without.maxCoeff());
    CHECK(with.maxCoeff() < without.maxCoeff());
}

TEST_CASE("rate_units: steps too long for a refractory period end in an error, not in numbers") {
    EscapeNeuron neuron = refractory(Hazard::softplus);
    neuron.t_ref = 0.2;
    CHECK_THROWS_WITH_AS(
        (void)rate_units(test::alone(neuron), {.duration = 2000.0, .step = 2.0, .bin = 2.0}),
        doctest::Contains("shorter step"), NotConverged);
}

TEST_CASE("rate units that remember spikes are refused where units follow their input at once") {
    const auto unit = [](const EscapeNeuron& neuron, std::vector<Adaptation> adaptation = {}) {
        return refusal([&] { (void)artificial_unit(test::alone(neuron, 100, adaptation)); });
    };
    CHECK(contains(unit(resetting(Hazard::softplus)), "a spike resets V"));
    CHECK(contains(unit(refractory(Hazard::softplus)), "t_ref is 4 ms"));
    EscapeNeuron forgetful = refractory(Hazard::softplus);
    forgetful.t_ref = 0.0;
    CHECK(contains(unit(forgetful, {{.kind = Adaptation::Kind::current, .q = 1.0}}),
                   "adapts by a current"));
    const auto pool = [&](const EscapeNeuron& excitatory, const EscapeNeuron& inhibitory) {
        Circuit circuit;
        circuit.populations = {{"E", 100, excitatory}, {"I", 100, inhibitory}};
        for (const bool forth : {true, false})
            circuit.projections.push_back({.source = forth ? "E" : "I",
                                           .target = forth ? "I" : "E",
                                           .rule = Bernoulli{0.2},
                                           .weight = {.location = forth ? 5.0 : -5.0},
                                           .delay = {.location = 1.0}});
        return refusal([&] { (void)local_inhibition(circuit, "E", "I", Vector{{1.0}}); });
    };
    CHECK(pool(forgetful, forgetful).empty());
    CHECK(contains(pool(forgetful, resetting(Hazard::softplus)), "a pool follows its input"));
    CHECK(contains(pool(refractory(Hazard::softplus), forgetful), "local transfer function"));
}

TEST_CASE("rate_units: neurons that are reset above their threshold are refused") {
    EscapeNeuron neuron = resetting(Hazard::softplus);
    neuron.V_reset = 9.0;
    CHECK(contains(refusal([&] { (void)rate_unit_equations(test::alone(neuron)); }),
                   "V_reset is 9 mV, above V_T_star, 8 mV"));
}
