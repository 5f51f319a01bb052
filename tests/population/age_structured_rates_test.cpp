#include "heddle/population/age_structured_rates.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "heddle/core/error.hpp"
#include "heddle/population/mesoscopic.hpp"
#include "population/age_density.hpp"
#include "population/escape_circuits.hpp"
#include "population/rate_search.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

AgeStructuredBranch only_branch(const Circuit& circuit) {
    const AgeStructuredRates found = age_structured_rates(circuit);
    REQUIRE(found.branches.size() == 1);
    return found.branches[0];
}

/// The activities in which `mesoscopic` of N → ∞ has come to rest.
Vector at_rest(const Circuit& circuit, double duration, double step, double history) {
    const Matrix activity = mesoscopic(circuit, {.duration = step,
                                                 .transient = duration,
                                                 .step = step,
                                                 .finite_size = false,
                                                 .bin = step,
                                                 .history = history})
                                .activity;
    return activity.col(activity.cols() - 1);
}

/// 1 / ∫ S of a neuron with reset, by Simpson's rule in steps of 2 μs.
double slow_rate(const EscapeNeuron& neuron) {
    const double mu = neuron.E_L + neuron.tau_m * neuron.I_e / neuron.C_m;
    const auto hazard = [&](double t) {
        const double v = mu + (neuron.V_reset - mu) * std::exp(-(t - neuron.t_ref) / neuron.tau_m);
        const double u = (v - neuron.V_T_star) / neuron.Delta_V;
        const double shape = neuron.hazard == Hazard::rectified ? std::max(u, 0.0) : std::exp(u);
        return 1e-3 * neuron.lambda_0 * shape;
    };
    const double h = 2e-3;
    double survival = 1.0, integral = neuron.t_ref;
    for (double t = neuron.t_ref; survival > 1e-14; t += h) {
        const double first = hazard(t), middle = hazard(t + 0.5 * h), last = hazard(t + h);
        const double half = survival * std::exp(-h / 24.0 * (5.0 * first + 8.0 * middle - last));
        const double next = survival * std::exp(-h / 6.0 * (first + 4.0 * middle + last));
        integral += h / 6.0 * (survival + 4.0 * half + next);
        survival = next;
    }
    return 1e3 / integral;
}

void refused(const Circuit& circuit, const std::string& message) {
    CHECK_THROWS_WITH_AS((void)age_structured_rates(circuit), doctest::Contains(message.c_str()),
                         DomainError);
}

}  // namespace

TEST_CASE("age_structured_rates: a constant hazard ν after a dead time D has A = ν / (1 + ν D)") {
    for (const double dead : {0.0, 4.0, 30.0}) {
        const AgeStructuredBranch branch = only_branch(alone(constant_hazard(100.0, dead)));
        const double free = 1.0 / (1.0 + 0.1 * dead);
        CHECK(branch.rates[0] == doctest::Approx(100.0 * free).epsilon(1e-13));
        CHECK(branch.variability[0] == doctest::Approx(free).epsilon(1e-12));
        CHECK(branch.error[0] < 1e-12);
    }
}

TEST_CASE("age_structured_rates: with a reset it is 1 / ∫ S, also where the hazard has an edge") {
    for (const Hazard hazard : {Hazard::exponential, Hazard::rectified}) {
        EscapeNeuron neuron{.Delta_V = 2.5, .I_e = 300.0};
        neuron.hazard = hazard;
        const AgeStructuredBranch branch = only_branch(alone(neuron));
        CHECK(branch.rates[0] == doctest::Approx(slow_rate(neuron)).epsilon(1e-7));
        CHECK(branch.error[0] < 1e-9);
    }
}

TEST_CASE("age_structured_rates: the E–I circuit of Schwalger et al. fires at 16.913 Hz") {
    const AgeStructuredBranch branch = only_branch(published_circuit());
    CHECK(branch.rates[0] == doctest::Approx(16.913284).epsilon(1e-6));
    CHECK(branch.rates[1] == doctest::Approx(branch.rates[0]).epsilon(1e-10));
    CHECK(branch.residual < 1e-8);
    const Vector rest = at_rest(published_circuit(), 1000.0, 0.25, 400.0);
    CHECK((rest - branch.rates).norm() < 1e-4 * branch.rates.norm());
    // τ_m K J A, K J = 48 and −60 mV.
    const double h = 24.0 + 0.02 * (48.0 * branch.rates[0] - 60.0 * branch.rates[1]);
    CHECK(branch.potential[0] == doctest::Approx(h).epsilon(1e-10));
}

TEST_CASE("age_structured_rates: adaptation rests where mesoscopic does, with and without reset") {
    Circuit resetting = published_circuit();
    resetting.populations[0].adaptation = {{Adaptation::Kind::threshold, 100.0, 1.0}};
    Circuit smooth =
        alone(EscapeNeuron{.tau_m = 10.0, .t_ref = 2.0, .I_e = 500.0, .reset = false}, 100,
              {{Adaptation::Kind::threshold, 30.0, 2.0}, {Adaptation::Kind::current, 60.0, 10.0}});
    for (const Circuit& circuit : {resetting, smooth}) {
        const AgeStructuredBranch branch = only_branch(circuit);
        const Vector rest = at_rest(circuit, 2000.0, 0.25, 1000.0);
        INFO(branch.rates.transpose() << " and " << rest.transpose());
        CHECK((rest - branch.rates).norm() < 2e-4 * branch.rates.norm());
    }
}

TEST_CASE("age_structured_rates: the Jacobian is that of 1 / ∫ S, by differences") {
    Circuit circuit = published_circuit();
    circuit.populations[0].adaptation = {{Adaptation::Kind::threshold, 100.0, 1.0}};
    const AgeStructuredBranch branch = only_branch(circuit);
    const Matrix coupling{{0.96, -1.2}, {0.96, -1.2}};  // mV / Hz
    const auto rate = [&](Index a, const Vector& rates) {
        const Vector h = Vector::Constant(2, 24.0) + coupling * rates;
        return age_density(circuit.populations[static_cast<std::size_t>(a)], h[a], rates[a]).rate();
    };
    for (Index a = 0; a < 2; ++a)
        for (Index b = 0; b < 2; ++b) {
            const Vector by = 1e-3 * Vector::Unit(2, b);
            const double slope = (rate(a, branch.rates + by) - rate(a, branch.rates - by)) / 2e-3;
            CHECK(branch.jacobian(a, b) == doctest::Approx(slope).epsilon(1e-6));
        }
    CHECK(branch.history.size() < 12);
}

TEST_CASE("age_structured_rates: excitation that outweighs a sigmoid's slope has three states") {
    // A = f / (1 + f t_ref), f = 200 / (1 + e^{−u}) Hz, u = 0.1 A − 6: solutions by bisection.
    const EscapeNeuron neuron{.tau_m = 10.0,
                              .V_T_star = 6.0,
                              .t_ref = 2.0,
                              .Delta_V = 1.0,
                              .lambda_0 = 200.0,
                              .hazard = Hazard::sigmoid,
                              .reset = false};
    const AgeStructuredRates found = age_structured_rates(self_exciting(neuron, 10.0));
    REQUIRE(found.branches.size() == 3);
    const auto excess = [](double rate) {
        const double f = 200.0 / (1.0 + std::exp(6.0 - 0.1 * rate));
        return f / (1.0 + 2e-3 * f) - rate;
    };
    CHECK(found.statement.find("others may exist") != std::string::npos);
    for (const AgeStructuredBranch& branch : found.branches) {
        CHECK(std::abs(excess(branch.rates[0])) < 1e-6);
        CHECK(excess(branch.rates[0] - 1e-3) * excess(branch.rates[0] + 1e-3) < 0.0);
    }
}

TEST_CASE("age_structured_rates: excitation that runs away ends at 1 / t_ref, adapting or not") {
    for (const double q : {0.0, -0.3}) {
        EscapeNeuron neuron = constant_hazard(100.0, 0.5);
        neuron.V_T_star = 0.0;
        Circuit circuit = self_exciting(neuron, 35.0);
        if (q != 0.0) circuit.populations[0].adaptation = {{Adaptation::Kind::threshold, 20.0, q}};
        CHECK(only_branch(circuit).rates[0] == doctest::Approx(2000.0).epsilon(1e-6));
    }
}

TEST_CASE("age_structured_rates: rectified and softplus hazards grow far above threshold") {
    for (const Hazard hazard : {Hazard::rectified, Hazard::softplus}) {
        EscapeNeuron neuron{.t_ref = 2.0, .Delta_V = 0.1, .I_e = 300.0, .reset = false};
        neuron.hazard = hazard;  // u = 9 mV, 90 Delta_V
        CHECK(only_branch(alone(neuron)).rates[0] == doctest::Approx(900.0 / 2.8).epsilon(1e-9));
    }
}

TEST_CASE("age_structured_rates: a sigmoid far above its threshold is a constant hazard") {
    EscapeNeuron neuron{.tau_m = 10.0, .t_ref = 2.0, .Delta_V = 0.2, .I_e = 900.0};
    neuron.hazard = Hazard::sigmoid;
    neuron.V_reset = 14.0;
    const AgeStructuredBranch branch = only_branch(alone(neuron));
    CHECK(branch.rates[0] > 9.7);
    CHECK(branch.rates[0] < 10.0 / 1.02);
    CHECK(branch.error[0] < 1e-9);
}

TEST_CASE("search_rates: the signs of det(1 − F') tell that a state is missing") {
    // F rises from 0 to 100 Hz within 0.2 Hz around 50 Hz: nothing leads to the state there.
    const RateMap map = [](const Vector& rates) {
        const double f = 1.0 / (1.0 + std::exp(-20.0 * (rates[0] - 50.0)));
        const Vector change = Vector::Constant(1, 100.0 * f - rates[0]);
        return MapValue{rates, change, Matrix::Constant(1, 1, 2000.0 * f * (1.0 - f)),
                        change.norm()};
    };
    const RateSolutions some = search_rates(map, Vector::Constant(1, 200.0), true, 8, 100, 0);
    REQUIRE(some.found.size() == 2);
    CHECK(some.starts == 64);
    CHECK(some.degree == 2);
    const std::string statement = statement_of(some);
    CHECK(statement.find("2 solutions from 64 starts") == 0);
    CHECK(statement.find("at least one more exists, by the signs of det(1 - F')") !=
          std::string::npos);
    CHECK(search_rates(map, Vector::Constant(1, 200.0), false, 8, 100, 0).starts == 8);
}

TEST_CASE("age_structured_rates: neurons that never fire have rate 0, and no variability") {
    EscapeNeuron neuron{.I_e = 100.0};
    neuron.hazard = Hazard::rectified;
    const AgeStructuredBranch branch = only_branch(alone(neuron));
    CHECK(branch.rates[0] == 0.0);
    CHECK(branch.variability[0] == 0.0);
}

TEST_CASE("age_structured_rates: what is stationary has constant input, and delays do not matter") {
    Circuit circuit = published_circuit();
    const AgeStructuredBranch branch = only_branch(circuit);
    circuit.projections[0].delay = {Distribution::Kind::uniform, 0.0, 0.0, 0.5, 4.0};
    CHECK((only_branch(circuit).rates - branch.rates).norm() < 1e-9);
    Matrix steps(1, 2);
    steps << 0.0, 10.0;
    circuit.inputs = {{"E", CurrentInput{{0.0, 5.0}, steps}}};
    refused(circuit, "input 0 (to 'E'): its current changes, and a stationary state has constant");
    circuit.inputs = {{"E", OrnsteinUhlenbeckInput{.sigma = 1.0, .shared = true}}};
    refused(circuit, "input 0 (to 'E'): its noise moves all neurons together");
    circuit.inputs = {{"E", PoissonInput{.rate = 10.0, .weight = 1.0, .synapse = {}}}};
    refused(circuit, "input 0 (to 'E'): Poisson spikes come to each neuron by itself");
    refused(alone(LeakyNeuron{}), "population 'A': lif neurons have no hazard");
}
