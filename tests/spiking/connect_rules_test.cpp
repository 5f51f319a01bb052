#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "heddle/core/error.hpp"
#include "spiking/circuits.hpp"
#include "spiking/statistics.hpp"

using namespace heddle;
using namespace heddle::examples;
using Kind = Distribution::Kind;

// Every statistical check here gives a false alarm at most once in 10⁶ seeds; the seeds are fixed.

namespace {

struct Degrees {
    std::vector<double> in;
    std::vector<double> out;
    std::int64_t repeated = 0;  ///< Synapses beyond the first of their pair.
    std::int64_t autapses = 0;  ///< Where source and target are one population.
};

Degrees degrees(const Circuit& circuit, std::size_t projection = 0, std::uint64_t seed = 1) {
    const Projection& of = circuit.projections[projection];
    const auto size = [&](const std::string& name) {
        return static_cast<std::size_t>(circuit.populations[population_index(circuit, name)].size);
    };
    Degrees out{std::vector<double>(size(of.target)), std::vector<double>(size(of.source))};
    const Edges edges = edges_of(circuit, {.seed = seed}, projection);
    std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
    for (std::size_t k = 0; k < edges.source.size(); ++k) {
        ++out.in[edges.target[k]];
        ++out.out[edges.source[k]];
        out.repeated += seen.insert({edges.source[k], edges.target[k]}).second ? 0 : 1;
        out.autapses += edges.source[k] == edges.target[k] && of.source == of.target ? 1 : 0;
    }
    return out;
}

std::vector<double> histogram(const std::vector<double>& degrees, std::size_t most) {
    std::vector<double> out(most + 1);
    for (const double degree : degrees) ++out[static_cast<std::size_t>(degree)];
    return out;
}

bool all_are(const std::vector<double>& values, double value) {
    return std::all_of(values.begin(), values.end(), [&](double x) { return x == value; });
}

double mean(const std::vector<double>& x) {
    return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

double covariance(const std::vector<double>& x, const std::vector<double>& y) {
    const double of_x = mean(x), of_y = mean(y);
    double sum = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) sum += (x[i] - of_x) * (y[i] - of_y);
    return sum / static_cast<double>(x.size() - 1);
}

}  // namespace

TEST_CASE("connect: a fixed in-degree gives every neuron so many different sources, not itself") {
    const Degrees found = degrees(recurrent(500, FixedIndegree{constant(60)}));
    CHECK(all_are(found.in, 60.0));
    CHECK(found.repeated == 0);
    CHECK(found.autapses == 0);
    CHECK(chi_square_passes(histogram(found.out, 499), binomial_counts(499, 60.0 / 499.0, 500.0)));
    CHECK(all_are(degrees(recurrent(61, FixedIndegree{constant(60)})).out, 60.0));
}

TEST_CASE("connect: a fixed out-degree gives every neuron so many different targets, not itself") {
    const Degrees found = degrees(recurrent(500, FixedOutdegree{constant(400)}));
    CHECK(all_are(found.out, 400.0));
    CHECK(found.repeated == 0);
    CHECK(found.autapses == 0);
}

TEST_CASE("connect: with multapses pairs repeat as often as chance has it") {
    // K draws from n neurons find n (1 − (1 − 1/n)^K) different ones on average; the number that
    // they miss varies less than a Poisson number of that mean.
    const double n = 299.0, expected = 300.0 * (200.0 - n * (1.0 - std::pow(1.0 - 1.0 / n, 200)));
    for (const Rule& rule :
         {Rule{FixedIndegree{constant(200), true}}, Rule{FixedOutdegree{constant(200), true}}}) {
        const Degrees found = degrees(recurrent(300, rule));
        CHECK(std::abs(static_cast<double>(found.repeated) - expected) < 5.0 * std::sqrt(expected));
        CHECK(found.autapses == 0);
    }
}

TEST_CASE("connect: in-degrees drawn from a law follow it, rounded (chi-square)") {
    const Distribution law = degree(50.0, 6.0, 3999.0);
    const Degrees found = degrees(recurrent(4000, FixedIndegree{law}));
    std::vector<double> expected;
    for (int k = 0; k <= 100; ++k)
        expected.push_back(4000.0 *
                           (probability_below(law, k + 0.5) - probability_below(law, k - 0.5)));
    CHECK(chi_square_passes(histogram(found.in, 100), expected));
}

TEST_CASE("connect: a fixed total is exact, and its degrees are binomial (chi-square)") {
    Circuit circuit = recurrent(2000, FixedTotal{100'000});
    for (const bool autapses : {false, true}) {
        circuit.projections[0].autapses = autapses;
        const Degrees found = degrees(circuit);
        CHECK(std::accumulate(found.in.begin(), found.in.end(), 0.0) == 100'000.0);
        const std::vector<double> expected = binomial_counts(100'000, 1.0 / 2000.0, 2000.0);
        CHECK(chi_square_passes(histogram(found.in, 100'000), expected));
        CHECK(chi_square_passes(histogram(found.out, 100'000), expected));
        // With them: one in 2000, 50 expected, standard deviation 7.
        CHECK(std::abs(static_cast<double>(found.autapses) - (autapses ? 50.0 : 0.0)) <=
              (autapses ? 36.0 : 0.0));
    }
}

TEST_CASE("connect: Bernoulli connects each pair at most once, with binomial degrees") {
    for (const double p : {0.004, 0.1, 0.8}) {
        const Degrees found = degrees(recurrent(1500, Bernoulli{p}));
        CHECK(found.repeated == 0);
        CHECK(found.autapses == 0);
        CHECK(chi_square_passes(histogram(found.in, 1499), binomial_counts(1499, p, 1500.0)));
        CHECK(chi_square_passes(histogram(found.out, 1499), binomial_counts(1499, p, 1500.0)));
    }
}

TEST_CASE("connect: all to all and one to one are limit cases without chance") {
    CHECK(all_are(degrees(recurrent(70, AllToAll{})).in, 69.0));
    CHECK(all_are(degrees(recurrent(70, Bernoulli{1.0})).in, 69.0));
    CHECK(degrees(recurrent(70, OneToOne{})).autapses == 0);
    Circuit circuit = recurrent(70, OneToOne{});
    circuit.projections[0].autapses = true;
    CHECK(degrees(circuit).autapses == 70);
    circuit.projections[0].rule = AllToAll{};
    CHECK(all_are(degrees(circuit).in, 70.0));
    CHECK(connect(recurrent(70, Bernoulli{0.0})).synapses == 0);
}

TEST_CASE("connect: correlated degrees have the mean, variation and correlation asked for") {
    const double n = 3000.0, p = 0.05, in_cv = 0.4, out_cv = 0.6, rho = 0.7;
    const Circuit circuit = recurrent(
        3000, CorrelatedDegrees{.p = p, .in_cv = in_cv, .out_cv = out_cv, .correlation = rho});
    const Degrees found = degrees(circuit);
    const double k = p * (n - 1.0);
    // In-degrees: k a_i on average (Σ b_j ≈ N), binomial about that. Factors vary from seed to
    // seed: the mean by k √((in_cv² + out_cv²) / n) = 1.3 %.
    CHECK(std::abs(mean(found.in) / k - 1.0) <
          5.0 * std::sqrt((in_cv * in_cv + out_cv * out_cv) / n));
    const double sigma_in = std::sqrt(std::log1p(in_cv * in_cv)),
                 sigma_out = std::sqrt(std::log1p(out_cv * out_cv));
    const double variance_in = covariance(found.in, found.in) - k * (1.0 - p);
    const double variance_out = covariance(found.out, found.out) - k * (1.0 - p);
    // A variance of lognormals of cv ½ (kurtosis 8) is known to √(7 / 3000) = 5 %; 4.9 of those.
    CHECK(variance_in / (k * k) == doctest::Approx(in_cv * in_cv).epsilon(0.25));
    CHECK(variance_out / (k * k) == doctest::Approx(out_cv * out_cv).epsilon(0.35));
    CHECK(covariance(found.in, found.out) / (k * k) ==
          doctest::Approx(std::expm1(rho * sigma_in * sigma_out)).epsilon(0.25));
    CHECK(found.repeated == 0);
    CHECK(found.autapses == 0);
}

TEST_CASE("connect: correlated degrees without variation are Bernoulli (limit case)") {
    const Degrees found = degrees(recurrent(1500, CorrelatedDegrees{.p = 0.1}));
    CHECK(chi_square_passes(histogram(found.in, 1499), binomial_counts(1499, 0.1, 1500.0)));
    CHECK(chi_square_passes(histogram(found.out, 1499), binomial_counts(1499, 0.1, 1500.0)));
}

TEST_CASE("connect: given edges are kept, repeated ones and autapses too, with what they carry") {
    const Edges given{.source = {2, 0, 2, 1},
                      .target = {0, 1, 0, 1},
                      .weight = {1, 2, 3, 4},
                      .delay = {0.3, 0.1, 0.2, 0.5}};
    const Edges edges = edges_of(recurrent(3, given), {}, 0);
    CHECK(edges.source == std::vector<std::uint32_t>{2, 2, 0, 1});
    CHECK(edges.target == std::vector<std::uint32_t>{0, 0, 1, 1});
    CHECK(edges.weight == std::vector<double>{1, 3, 2, 4});
    CHECK(edges.delay[1] == doctest::Approx(0.2));
    CHECK(edges.delay[3] == doctest::Approx(0.5));
    const Edges bare{.source = {2, 0}, .target = {0, 1}, .weight = {}, .delay = {}};
    CHECK(edges_of(recurrent(3, bare), {}, 0).delay == std::vector<double>{1.0, 1.0});
    CHECK(edges_of(recurrent(3, bare), {}, 0).weight == std::vector<double>{1.0, 1.0});
}

TEST_CASE("connect: weights and delays of a circuit follow their laws") {
    for (const Rule& rule : {Rule{FixedIndegree{constant(100)}}, Rule{FixedTotal{100'000}}}) {
        Circuit circuit = recurrent(1000, rule);
        circuit.projections[0].weight = normal(-3.0, 0.3);
        circuit.projections[0].delay = {Kind::normal, 1.5, 0.75, 0.1};
        const Edges edges = edges_of(circuit, {}, 0);
        CHECK(kolmogorov(edges.weight, [](double x) {
                  return probability_below(normal(-3.0, 0.3), x);
              }) < kolmogorov_limit);
        std::vector<double> counts(100), expected(100);
        for (const double delay : edges.delay)
            ++counts[static_cast<std::size_t>(std::lround(10.0 * delay))];
        for (std::size_t k = 1; k < 100; ++k) {
            const auto x = static_cast<double>(k);
            expected[k] =
                1e5 *
                (probability_below(circuit.projections[0].delay, (x + 0.5) * 0.1) -
                 (k == 1 ? 0.0 : probability_below(circuit.projections[0].delay, (x - 0.5) * 0.1)));
        }
        CHECK(chi_square_passes(counts, expected));
    }
}

TEST_CASE("connect: low-rank weights are left · right / N on top of the random part (residual)") {
    for (const Rule& rule : {Rule{FixedIndegree{constant(20)}}, Rule{Bernoulli{0.3}}}) {
        Circuit circuit = recurrent(50, rule);
        const Edges plain = edges_of(circuit, {}, 0);
        circuit.projections[0].left = random_matrix(50, 2, 1);
        circuit.projections[0].right = random_matrix(50, 2, 2);
        const Matrix added =
            circuit.projections[0].left * circuit.projections[0].right.transpose() / 50.0;
        const Edges edges = edges_of(circuit, {}, 0);
        CHECK(edges.source == plain.source);
        for (std::size_t k = 0; k < edges.source.size(); ++k)
            CHECK(edges.weight[k] ==
                  doctest::Approx(1.0 + added(edges.target[k], edges.source[k])).epsilon(1e-6));
    }
}

TEST_CASE("connect: another seed draws other synapses, and so does another projection") {
    Circuit circuit = recurrent(100, Bernoulli{0.1});
    circuit.projections.push_back(circuit.projections[0]);
    CHECK(edges_of(circuit, {.seed = 1}, 0).target == edges_of(circuit, {.seed = 1}, 0).target);
    CHECK(edges_of(circuit, {.seed = 1}, 0).target != edges_of(circuit, {.seed = 2}, 0).target);
    CHECK(edges_of(circuit, {.seed = 1}, 0).target != edges_of(circuit, {.seed = 1}, 1).target);
}

TEST_CASE("connect: a law without a mean cannot say how many synapses to expect, and is refused") {
    Distribution law{.kind = Kind::lorentzian, .location = 50.0, .scale = 5.0, .low = 0.0};
    CHECK_THROWS_WITH_AS((void)connect(recurrent(100, FixedIndegree{law, true})),
                         "projection 'e' → 'e': a Lorentzian law without low and high has no mean; "
                         "give it both",
                         DomainError);
}
