#include "population/degree_law.hpp"

#include <algorithm>

#include "circuit/expected_synapses.hpp"

namespace heddle {
namespace {

struct DegreeOf {
    double mean;
    double sources;  ///< That a neuron can have.
    double targets;

    [[nodiscard]] double share() const {
        return sources > 0.0 ? std::min(1.0, mean / sources) : 1.0;
    }
    [[nodiscard]] DegreeLaw binomial() const {
        return {binomial_cumulants(sources, share()), share()};
    }
    DegreeLaw operator()(const OneToOne&) const { return {{mean, 0.0, 0.0}, share()}; }
    DegreeLaw operator()(const AllToAll&) const { return {{mean, 0.0, 0.0}, 1.0}; }
    DegreeLaw operator()(const FixedIndegree& rule) const {
        return {cumulants_of(rule.indegree), rule.multapses ? 0.0 : share()};
    }
    DegreeLaw operator()(const FixedOutdegree& rule) const {
        if (!rule.multapses) return binomial();
        return {binomial_cumulants(mean * targets, 1.0 / targets), 0.0};
    }
    DegreeLaw operator()(const FixedTotal&) const {
        return {binomial_cumulants(mean * targets, 1.0 / targets), 0.0};
    }
    DegreeLaw operator()(const Bernoulli&) const { return binomial(); }
    /// Binomial with a mean that is itself lognormal.
    DegreeLaw operator()(const CorrelatedDegrees& rule) const {
        const double square = rule.in_cv * rule.in_cv;
        DegreeLaw law = binomial();
        law.degree.variance += mean * mean * square;
        law.degree.third += mean * mean * (3.0 * square + mean * square * square * (square + 3.0));
        return law;
    }
    DegreeLaw operator()(const Edges&) const { return {{mean, 0.0, 0.0}, 0.0}; }
};

}  // namespace

DegreeLaw degree_law(const Circuit& circuit, std::size_t projection) {
    const Projection& of = circuit.projections[projection];
    const auto size = [&](const std::string& name) {
        return static_cast<double>(circuit.populations[population_index(circuit, name)].size);
    };
    const double own = of.source == of.target && !of.autapses ? 1.0 : 0.0;
    const double targets = size(of.target);
    const double mean = expected_synapses(circuit, projection) / targets;
    return std::visit(DegreeOf{mean, size(of.source) - own, targets}, of.rule);
}

}  // namespace heddle
