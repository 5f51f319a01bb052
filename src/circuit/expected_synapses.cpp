#include "circuit/expected_synapses.hpp"

#include "heddle/core/error.hpp"

namespace heddle {
namespace {

/// The pairs a projection may connect.
struct Pairs {
    double sources;
    double targets;
    double excluded;  ///< 1 if a neuron cannot be its own source, else 0.

    [[nodiscard]] double count() const { return sources * (targets - excluded); }
};

double expected(const OneToOne&, const Pairs& pairs) {
    return pairs.excluded > 0.0 ? 0.0 : pairs.sources;
}
double expected(const AllToAll&, const Pairs& pairs) {
    return pairs.count();
}
double expected(const Bernoulli& rule, const Pairs& pairs) {
    return rule.p * pairs.count();
}
double expected(const CorrelatedDegrees& rule, const Pairs& pairs) {
    return rule.p * pairs.count();  // Less where p a b exceeds 1.
}
double expected(const FixedTotal& rule, const Pairs&) {
    return static_cast<double>(rule.synapses);
}
double expected(const Edges& rule, const Pairs&) {
    return static_cast<double>(rule.source.size());
}
double expected(const FixedIndegree& rule, const Pairs& pairs) {
    return pairs.targets * mean_of(rule.indegree);
}
double expected(const FixedOutdegree& rule, const Pairs& pairs) {
    return pairs.sources * mean_of(rule.outdegree);
}

}  // namespace

double expected_synapses(const Circuit& circuit, std::size_t projection) {
    const Projection& of = circuit.projections[projection];
    const std::size_t source = population_index(circuit, of.source);
    const std::size_t target = population_index(circuit, of.target);
    const Pairs pairs{static_cast<double>(circuit.populations[source].size),
                      static_cast<double>(circuit.populations[target].size),
                      source == target && !of.autapses ? 1.0 : 0.0};
    try {
        return std::visit([&](const auto& rule) { return expected(rule, pairs); }, of.rule);
    } catch (const DomainError& error) {
        throw DomainError("projection '" + of.source + "' → '" + of.target + "': " + error.what());
    }
}

}  // namespace heddle
