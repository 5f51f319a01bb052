#include "heddle/population/stationary_distributions.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "heddle/core/error.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/population/rate_units.hpp"
#include "population/input_statistics.hpp"
#include "population/pearson_rule.hpp"
#include "population/third_moment.hpp"

using namespace heddle;

namespace {

using Method = DistributionMethod;
constexpr Method methods[] = {Method::gaussian, Method::cumulants, Method::population_dynamics};

EscapeNeuron plain(Hazard hazard) {
    return {.E_L = 9.0,
            .V_T_star = 5.0,
            .t_ref = 0.0,
            .Delta_V = 1.0,
            .lambda_0 = 100.0,
            .hazard = hazard,
            .reset = false};
}

/// Inhibitory neurons that drive each other by delta synapses.
Circuit inhibitory(Rule rule, const Distribution& weight, Index size = 1000) {
    Circuit circuit;
    circuit.populations.push_back({"I", size, plain(Hazard::sigmoid)});
    circuit.projections.push_back({.source = "I",
                                   .target = "I",
                                   .rule = std::move(rule),
                                   .synapse = {.kind = Synapse::Kind::delta},
                                   .weight = weight,
                                   .delay = {.location = 1.0}});
    return circuit;
}

std::string refusal(const std::function<void(Circuit&)>& change,
                    Method method = Method::cumulants) {
    Circuit circuit = inhibitory(Bernoulli{0.05}, {.location = -0.5});
    change(circuit);
    try {
        (void)stationary_distributions(circuit, {.method = method});
    } catch (const DomainError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("third_moment_of: every law agrees with the mean of its quantiles") {
    using Kind = Distribution::Kind;
    for (const Distribution& law :
         {Distribution{Kind::normal, 1.0, 2.0}, Distribution{Kind::normal, 1.0, 2.0, -0.5, 2.5},
          Distribution{Kind::lognormal, -2.0, 0.8},
          Distribution{Kind::lognormal, 2.0, 3.0, 0.5, 9.0},
          Distribution{Kind::lorentzian, 0.5, 1.0, -3.0, 7.0},
          Distribution{.kind = Kind::uniform, .low = -1.0, .high = 3.0},
          Distribution{.location = -1.5}}) {
        constexpr int n = 400'000;
        double sum = 0.0;
        for (int k = 0; k < n; ++k) sum += std::pow(quantile(law, (k + 0.5) / n), 3);
        CHECK(third_moment_of(law) == doctest::Approx(sum / n).epsilon(2e-3));
    }
}

TEST_CASE("pearson_rule: nodes have the moments of the Pearson III law, to fourth order") {
    for (const double skewness : {-1.2, -0.3, 0.0, 0.3, 2.0}) {
        const double fourth = 3.0 + 1.5 * skewness * skewness;
        for (const PearsonRule& rule : {pearson_rule(3, skewness), pearson_rule(32, skewness)}) {
            const auto moment = [&](int k) {
                return (rule.weight.array() * rule.node.array().pow(k)).sum();
            };
            CHECK(moment(0) == doctest::Approx(1.0).epsilon(1e-12));
            CHECK(std::abs(moment(1)) < 1e-12);
            CHECK(moment(2) == doctest::Approx(1.0).epsilon(1e-11));
            CHECK(moment(3) == doctest::Approx(skewness).epsilon(1e-10));
            CHECK(moment(4) == doctest::Approx(fourth).epsilon(1e-10));
        }
        const PearsonRule grid = pearson_grid(400, skewness);
        CHECK((grid.weight.array() * grid.node.array().square()).sum() ==
              doctest::Approx(1.0).epsilon(0.01));
        CHECK((grid.weight.array() * grid.node.array().cube()).sum() ==
              doctest::Approx(skewness).epsilon(0.03));
    }
}

TEST_CASE("input_statistics: Bernoulli sums have the cumulants that their sources add one by one") {
    // Σ_j c_j w_j r_j with independent c and w: κ_n = Σ_j κ_n(c w) r_j^n, exactly.
    const double p = 0.3;
    Circuit circuit = inhibitory(Bernoulli{p}, {Distribution::Kind::lognormal, -0.5, 0.4}, 400);
    circuit.projections[0].autapses = true;
    const QuenchedCircuit quenched = quenched_circuit(circuit, {});
    std::vector<double> rates;
    for (int j = 0; j < 400; ++j) rates.push_back(2.0 + 0.05 * j + (j % 7 == 0 ? 30.0 : 0.0));
    const Cumulants all = cumulants_of(rates);
    const InputStatistics found = input_statistics(quenched.populations[0], {{all, all}}, 1.0);
    const Distribution& law = circuit.projections[0].weight;
    const double w1 = mean_of(law), w2 = w1 * w1 + 0.16, w3 = third_moment_of(law);
    const double area = 0.02, power = 0.01;  // mV / Hz, mV² / Hz: tau_m = 20 ms.
    Cumulants expected{9.0, 0.0, 0.0};
    double covariance = 0.0;
    for (const double r : rates) {
        expected.mean += area * p * w1 * r;
        expected.variance += area * area * r * r * (p * w2 - p * p * w1 * w1);
        expected.third += std::pow(area * r, 3) *
                          (p * w3 - 3.0 * p * p * w1 * w2 + 2.0 * p * p * p * w1 * w1 * w1);
        covariance += area * power * r * r * (p * w3 - p * p * w1 * w2);
    }
    CHECK(found.mean.mean == doctest::Approx(expected.mean).epsilon(1e-12));
    CHECK(found.mean.variance == doctest::Approx(expected.variance).epsilon(1e-12));
    CHECK(found.mean.third == doctest::Approx(expected.third).epsilon(1e-10));
    CHECK(found.covariance == doctest::Approx(covariance).epsilon(1e-10));
    CHECK(found.noise == doctest::Approx(power * 400 * p * w2 * all.mean).epsilon(1e-12));
}

TEST_CASE("stationary_distributions: exponential neurons with normal thresholds are lognormal") {
    Circuit circuit;
    circuit.populations.push_back({"A", 1000, plain(Hazard::exponential), {.sigma = 1.0}});
    Population& population = circuit.populations[0];
    population.quenched["V_T_star"] = {Distribution::Kind::normal, 12.0, 0.6};
    const double variance = 0.36;
    const double mean = 100.0 * std::exp(9.0 - 12.0 + 0.5 * variance + 0.25);
    const double cv = std::sqrt(std::expm1(variance));
    for (const Method method : methods) {
        // Pools: 5 standard errors of four pools, a false alarm in 70 seeds each.
        const auto found = stationary_distributions(circuit, {.method = method}).populations[0];
        const double relative = method == Method::population_dynamics ? 0.0 : 1e-9;
        CHECK(std::abs(found.mean - mean) <= 5.0 * found.mean_error + relative * mean);
        CHECK(std::abs(found.deviation - cv * mean) <=
              5.0 * found.deviation_error + relative * mean);
        CHECK(std::abs(found.skewness - cv * (cv * cv + 3.0)) <= 5.0 * found.skewness_error + 1e-6);
        const double median = mean * std::exp(-0.5 * variance);
        CHECK(rate_quantile(found, 0.5) == doctest::Approx(median).epsilon(0.03));
        CHECK(share_below(found, median) == doctest::Approx(0.5).epsilon(0.03));
    }
}

TEST_CASE("stationary_distributions: with equal in-degrees and weights all neurons fire alike") {
    const Circuit circuit = inhibitory(FixedIndegree{{.location = 50.0}}, {.location = -0.5});
    for (const Method method : methods) {
        const auto found = stationary_distributions(circuit, {.method = method, .sweeps = 12});
        const StationaryDistribution& one = found.populations[0];
        CHECK(one.deviation < 1e-4);
        const double r = one.mean;
        const double h = 9.0 - 50.0 * 0.5 * 0.02 * r - 5.0, noise = 50.0 * 0.25 * 0.01 * r;
        CHECK(r == doctest::Approx(effective_transfer(plain(Hazard::sigmoid), h, noise).rate)
                       .epsilon(1e-4));
        CHECK(found.stable);
    }
}

TEST_CASE("stationary_distributions: three cumulants come close to drawn connections") {
    const Circuit circuit =
        inhibitory(FixedIndegree{{.location = 50.0}}, {Distribution::Kind::lognormal, -0.5, 0.25});
    const auto of = [&](Method method) {
        return stationary_distributions(circuit, {.method = method}).populations[0];
    };
    const StationaryDistribution drawn = of(Method::population_dynamics);
    const StationaryDistribution three = of(Method::cumulants), two = of(Method::gaussian);
    CHECK(drawn.deviation_error < 0.01 * drawn.deviation);
    CHECK(three.mean == doctest::Approx(drawn.mean).epsilon(0.005));
    CHECK(three.deviation == doctest::Approx(drawn.deviation).epsilon(0.05));
    CHECK(three.input_skewness == doctest::Approx(drawn.input_skewness).epsilon(0.15));
    CHECK(std::abs(two.skewness - drawn.skewness) >
          3.0 * std::abs(three.skewness - drawn.skewness));
}

TEST_CASE("stationary_distributions: pools have the same bits for any number of threads") {
    const Circuit circuit = inhibitory(Bernoulli{0.05}, {.location = -0.5}, 200);
    const auto run = [&](Index threads, std::uint64_t seed) {
        return stationary_distributions(circuit, {.method = Method::population_dynamics,
                                                  .sweeps = 6,
                                                  .threads = threads,
                                                  .seed = seed})
            .populations[0]
            .rates;
    };
    CHECK(run(1, 3) == run(4, 3));
    CHECK(run(1, 3) != run(1, 4));
}

TEST_CASE("stationary_distributions: given edges lead to the rates that solve r = Φ(h(r))") {
    Circuit circuit = inhibitory(
        Edges{.source = {0, 1, 2, 2, 3}, .target = {1, 2, 0, 3, 0}, .weight = {-9, 4, -6, 2, 1}},
        {}, 4);
    const auto found =
        stationary_distributions(circuit, {.method = Method::population_dynamics, .sweeps = 60});
    Vector r = Vector::Constant(4, 50.0);
    for (int step = 0; step < 4000; ++step) {
        Vector h = Vector::Constant(4, 4.0), noise = Vector::Zero(4);
        const auto& edges = std::get<Edges>(circuit.projections[0].rule);
        for (std::size_t k = 0; k < edges.source.size(); ++k) {
            h[edges.target[k]] += 0.02 * edges.weight[k] * r[edges.source[k]];
            noise[edges.target[k]] += 0.01 * edges.weight[k] * edges.weight[k] * r[edges.source[k]];
        }
        for (Index i = 0; i < 4; ++i)
            r[i] += 0.1 * (effective_transfer(plain(Hazard::sigmoid), h[i], noise[i]).rate - r[i]);
    }
    std::sort(r.begin(), r.end());
    for (Index i = 0; i < 4; ++i)  // Each of four pools has each of them.
        CHECK(rate_quantile(found.populations[0], (static_cast<double>(i) + 0.5) / 4.0) ==
              doctest::Approx(r[i]).epsilon(1e-6));
}

TEST_CASE("stationary_distributions: degrees that go together are the same to pools and nodes") {
    // The mean of 4 pools of 1000: standard errors of 0.2 % for the mean, 1 % for the deviation.
    double before = 1e9;
    for (const double correlation : {0.8, -0.8}) {
        const Circuit circuit =
            inhibitory(CorrelatedDegrees{0.05, 0.4, 0.4, correlation}, {.location = -0.5});
        const auto nodes = stationary_distributions(circuit).populations[0];
        const auto pools =
            stationary_distributions(circuit, {.method = Method::population_dynamics})
                .populations[0];
        CHECK(nodes.mean == doctest::Approx(pools.mean).epsilon(0.01));
        CHECK(nodes.deviation == doctest::Approx(pools.deviation).epsilon(0.04));
        CHECK(nodes.mean < 0.97 * before);
        before = nodes.mean;
    }
}

TEST_CASE("stationary_distributions: inputs of all kinds, each with what it adds to h and s²") {
    Circuit circuit;
    circuit.populations.push_back(
        {"A", 50, plain(Hazard::exponential), {.sigma = 0.8, .tau = 5.0}});
    const Matrix currents = -20.0 + 10.0 * Matrix::Random(50, 1).array();  // pA; 0.08 mV / pA.
    circuit.inputs.push_back({"A", CurrentInput{{0.0}, currents}});
    circuit.inputs.push_back(
        {"A", OrnsteinUhlenbeckInput{.mean = -30.0, .sigma = 4.0, .tau = 5.0}});
    circuit.inputs.push_back(
        {"A", PoissonInput{.rate = 500.0, .weight = -9.0, .synapse = {.tau_syn = 5.0}}});
    const double jump = 9.0 * 5.0 / 250.0;  // mV that a Poisson spike is worth.
    const Vector h = (9.0 - 5.0 - 30.0 * 0.08 - 500.0 * 0.02 * jump + 0.08 * currents.array());
    const double noise =
        (0.32 + 0.5 * 500.0 * 0.02 * jump * jump) * 20.0 / 25.0 + 0.32 * 0.32 * 5.0 / 25.0;
    const Vector rates = 100.0 * (h.array() + 0.5 * noise).exp();
    for (const Method method : methods) {
        const auto found =
            stationary_distributions(circuit, {.method = method, .sweeps = 100}).populations[0];
        CHECK(found.noise == doctest::Approx(noise).epsilon(1e-9));
        // Pools draw neurons at random: 4 x 5000 of them; three standard errors are 1 %.
        CHECK(found.input == doctest::Approx(h.mean() + 5.0).epsilon(0.02));
        CHECK(found.mean == doctest::Approx(rates.mean()).epsilon(0.02));
    }
}

namespace {

/// v of neurons whose thresholds are a linear system, from its Lyapunov equation.
double variance_of(const std::vector<Adaptation>& thresholds, double rate, double gain) {
    const auto n = static_cast<Index>(thresholds.size());
    Matrix drift(n, n), jump(n, 1);
    for (Index l = 0; l < n; ++l) {
        const Adaptation& one = thresholds[static_cast<std::size_t>(l)];
        jump(l, 0) = 1e-3 * one.q;
        drift.row(l).setConstant(-gain * jump(l, 0));
        drift(l, l) -= 1.0 / one.tau;
    }
    return solve_lyapunov(drift, 1e3 * rate * jump * jump.transpose()).sum();
}

double alone(const EscapeNeuron& neuron, const std::vector<Adaptation>& thresholds, double sigma) {
    Circuit circuit;
    circuit.populations.push_back({.name = "A", .size = 100, .neuron = neuron});
    circuit.populations[0].adaptation = thresholds;
    circuit.populations[0].noise = {.sigma = sigma};
    return stationary_distributions(circuit, {.nodes = 2}).populations[0].mean;
}

}  // namespace

TEST_CASE("stationary_distributions: rates of adapting neurons obey their equation") {
    const std::vector<std::vector<Adaptation>> all{
        {{.tau = 300.0, .q = 0.7}},
        {{.tau = 50.0, .q = 3.0}},
        {{.tau = 100.0, .q = 0.5}, {.tau = 1000.0, .q = 1.0}},
        {{.tau = 10.0, .q = 0.2}, {.tau = 200.0, .q = 1.0}, {.tau = 3000.0, .q = 0.1}}};
    for (const Hazard hazard : {Hazard::exponential, Hazard::softplus})
        for (const std::vector<Adaptation>& thresholds : all) {
            const EscapeNeuron neuron = plain(hazard);
            const double rate = alone(neuron, thresholds, 1.0);
            double b = 0.0, own = 0.0, gain = 0.0;
            for (const Adaptation& one : thresholds) b += 1e-3 * one.q * one.tau;
            EffectiveTransfer found{};
            for (int k = 0; k < 250; ++k) {  // A damped iteration, as plain as can be.
                own += 0.1 * (variance_of(thresholds, rate, gain) - own);
                found = effective_transfer(neuron, 4.0 - b * rate, 0.5 + own);
                gain = found.gain;
            }
            CHECK(rate > 1.0);
            CHECK(found.rate == doctest::Approx(rate).epsilon(1e-8));
        }
}

TEST_CASE("stationary_distributions: two thresholds of one time constant are one") {
    const EscapeNeuron neuron = plain(Hazard::softplus);
    CHECK(alone(neuron, {{.tau = 200.0, .q = 0.3}, {.tau = 200.0, .q = 0.5}}, 1.0) ==
          doctest::Approx(alone(neuron, {{.tau = 200.0, .q = 0.8}}, 1.0)).epsilon(1e-10));
    CHECK(alone(neuron, {{.tau = 200.0, .q = 0.0}}, 1.0) ==
          doctest::Approx(alone(neuron, {}, 1.0)).epsilon(1e-10));
}

TEST_CASE("stationary_distributions: what has no such rate is refused by name") {
    const auto contains = [](const std::string& text, const char* part) {
        CHECK_MESSAGE(text.find(part) != std::string::npos, text);
    };
    const auto neuron = [](Circuit& c) -> EscapeNeuron& {
        return std::get<EscapeNeuron>(c.populations[0].neuron);
    };
    contains(refusal([&](Circuit& c) { neuron(c).t_ref = 2.0; }),
             "population 'I': t_ref is 2 ms without a reset");
    contains(refusal([&](Circuit& c) {
                 neuron(c).reset = true;
                 c.populations[0].quenched["V_T_star"] = {Distribution::Kind::normal, 5.0, 1.0};
             }),
             "V_T_star where there is no reset");
    contains(refusal([&](Circuit& c) {
                 neuron(c).reset = true;
                 c.populations[0].noise = {.sigma = 1.0, .tau = 3.0};
             }),
             "its noise has correlation times from 0 ms to 3 ms");
    contains(refusal([&](Circuit& c) {
                 neuron(c).reset = true;
                 c.populations[0].adaptation = {{}};
             }),
             "its neurons adapt, each by its own rate, and reset");
    contains(refusal([](Circuit& c) {
                 c.populations[0].adaptation = {{.kind = Adaptation::Kind::current, .q = 1.0}};
             }),
             "its adaptation is a current");
    contains(refusal([](Circuit& c) { c.populations[0].adaptation = {{.q = -0.5}}; }),
             "q of its adaptation is -0.5 mV");
    contains(refusal([](Circuit& c) { c.populations[0].neuron = QuadraticNeuron{}; }), "'qif'");
    contains(refusal([](Circuit& c) {
                 c.populations[0].quenched["tau_m"] = {
                     .kind = Distribution::Kind::uniform, .low = 10.0, .high = 20.0};
             }),
             "quenched tau_m");
    contains(refusal([](Circuit& c) {
                 c.projections[0].weight = {.kind = Distribution::Kind::lorentzian, .scale = 1.0};
             }),
             "'I' → 'I': weight or degree");
    contains(
        refusal([](Circuit& c) { c.projections[0].rule = Edges{.source = {0}, .target = {1}}; }),
        "method = \"population_dynamics\" follows them");
    contains(refusal(
                 [](Circuit& c) {
                     c.populations[0].size = 5000;
                     c.projections[0].rule = Edges{.source = {0}, .target = {1}};
                 },
                 Method::population_dynamics),
             "give pool = 5000 or more");
    contains(refusal([](Circuit& c) {
                 c.inputs.push_back({"I", OrnsteinUhlenbeckInput{.sigma = 1.0, .shared = true}});
             }),
             "its noise is shared");
    CHECK_THROWS_AS((void)stationary_distributions(inhibitory(Bernoulli{0.1}, {}), {.nodes = 1}),
                    DomainError);
    CHECK_THROWS_AS((void)rate_quantile({}, 1.0), DomainError);
}

TEST_CASE("stationary_distributions: excitation that runs away is said to") {
    Circuit circuit = inhibitory(Bernoulli{0.05}, {.location = 40.0});
    circuit.populations[0].neuron = plain(Hazard::exponential);
    CHECK_THROWS_AS((void)stationary_distributions(circuit), NotConverged);
}
