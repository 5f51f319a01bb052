#include "population/in_weights.hpp"

#include <algorithm>

#include "circuit/checks.hpp"
#include "circuit/expected_synapses.hpp"
#include "heddle/core/error.hpp"
#include "population/second_moment.hpp"

namespace heddle {
namespace {

double variance_of(const Distribution& law) {
    const double mean = mean_of(law);
    return std::max(0.0, second_moment_of(law) - mean * mean);
}

/// The number of synapses onto a neuron.
struct Degree {
    double mean;
    double variance;
};

struct DegreeOf {
    double mean;
    double sources;

    [[nodiscard]] Degree binomial() const {
        return {mean, sources > 0.0 ? mean * (1.0 - mean / sources) : 0.0};
    }
    Degree operator()(const OneToOne&) const { return {mean, 0.0}; }
    Degree operator()(const AllToAll&) const { return {mean, 0.0}; }
    Degree operator()(const FixedIndegree& rule) const {
        return {mean, variance_of(rule.indegree)};
    }
    Degree operator()(const FixedOutdegree&) const { return binomial(); }
    Degree operator()(const FixedTotal&) const { return {mean, mean}; }
    Degree operator()(const Bernoulli&) const { return binomial(); }
    Degree operator()(const CorrelatedDegrees& rule) const {
        return {mean, binomial().variance + mean * mean * rule.in_cv * rule.in_cv};
    }
    Degree operator()(const Edges&) const { return {mean, 0.0}; }  // are counted one by one
};

InWeights of_edges(const Edges& edges, const Distribution& weight, Index targets) {
    Vector sums = Vector::Zero(targets);
    double squares = 0.0;
    const double common = edges.weight.empty() ? mean_of(weight) : 0.0;
    for (std::size_t k = 0; k < edges.target.size(); ++k) {
        const double one = edges.weight.empty() ? common : edges.weight[k];
        sums(edges.target[k]) += one;
        squares += one * one;
    }
    const double each = static_cast<double>(edges.target.size()) / static_cast<double>(targets);
    const double scatter = edges.weight.empty() ? each * variance_of(weight) : 0.0;
    const double mean = sums.mean();
    return {mean, 0.0, (sums.array() - mean).square().mean() + scatter,
            squares / static_cast<double>(targets) + scatter};
}

/// Adds what left and right make of the sums, for the share of sources that a neuron has.
void add_low_rank(const Projection& projection, double share, InWeights& sums) {
    if (projection.left.size() == 0) return;
    const Vector each = share * (projection.left * projection.right.colwise().mean().transpose());
    const double mean = each.mean();
    sums.mean += mean;
    sums.variance += (each.array() - mean).square().mean();
}

}  // namespace

InWeights in_weights(const Circuit& circuit, std::size_t projection) {
    const Projection& of = circuit.projections[projection];
    const auto size = [&](const std::string& name) {
        return circuit.populations[population_index(circuit, name)].size;
    };
    const Index targets = size(of.target);
    const double own = of.source == of.target && !of.autapses ? 1.0 : 0.0;
    const double sources = static_cast<double>(size(of.source));
    const double mean_degree =
        expected_synapses(circuit, projection) / static_cast<double>(targets);
    try {
        if (const auto* edges = std::get_if<Edges>(&of.rule))
            return of_edges(*edges, of.weight, targets);
        const Degree degree = std::visit(DegreeOf{mean_degree, sources - own}, of.rule);
        const double mean = mean_of(of.weight), variance = variance_of(of.weight);
        InWeights sums{degree.mean * mean, 0.0,
                       degree.mean * variance + degree.variance * mean * mean,
                       degree.mean * (variance + mean * mean)};
        add_low_rank(of, degree.mean / sources, sums);
        return sums;
    } catch (const DomainError& error) {
        subject_of(of).refuse(std::string("weight or degree: ") + error.what());
    }
}

}  // namespace heddle
