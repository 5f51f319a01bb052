#include <algorithm>
#include <cmath>

#include "circuit/checks.hpp"
#include "heddle/core/error.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

bool within(const Projection& projection) {
    return projection.source == projection.target;
}

/// How many partners of a population of `size` a neuron of the other side can have.
Index partners(const Projection& projection, Index size) {
    return within(projection) && !projection.autapses ? size - 1 : size;
}

void check_degree(const Subject& subject, const char* key, const Distribution& degree,
                  bool multapses, Index available, const std::string& population) {
    subject.valid(degree, key);
    subject.not_negative(degree, key, "");
    if (multapses) {
        subject.require(available > 0 || most(degree) < 0.5,
                        std::string(key) + ": '" + population + "' has no neuron to connect to");
        return;
    }
    subject.require(most(degree) < static_cast<double>(available) + 0.5,
                    std::string(key) + " is " +
                        (degree.kind == Distribution::Kind::constant ? "" : "drawn up to ") +
                        number_text(most(degree)) + ", but '" + population + "' has " +
                        std::to_string(available) + " neurons to choose from; give at most " +
                        std::to_string(available) + ", or multapses");
}

void check_probability_of(const Subject& subject, double p) {
    subject.require(p >= 0.0 && p <= 1.0,
                    "p is " + number_text(p) + "; it must be a probability, 0 to 1");
}

void check_column(const Subject& subject, const char* key, std::size_t found,
                  std::size_t expected) {
    if (found != expected)
        throw ShapeError(subject.who() + ": " + key, std::to_string(expected),
                         std::to_string(found));
}

void check_neurons(const Subject& subject, const char* key,
                   const std::vector<std::uint32_t>& neurons, const Population& population) {
    if (neurons.empty()) return;
    const std::uint32_t last = *std::max_element(neurons.begin(), neurons.end());
    subject.require(static_cast<Index>(last) < population.size,
                    std::string("the edges' ") + key + " names neuron " + std::to_string(last) +
                        "; '" + population.name + "' has neurons 0 to " +
                        std::to_string(population.size - 1));
}

void check_edge_values(const Subject& subject, const Edges& edges, bool conductance) {
    for (const double weight : edges.weight)
        conductance ? subject.not_negative(weight, "the weight of an edge", "nS")
                    : subject.finite(weight, "the weight of an edge", "");
    for (const double delay : edges.delay) subject.positive(delay, "the delay of an edge", "ms");
}

/// The rules, each with what it needs.
struct RuleCheck {
    const Subject& subject;
    const Projection& projection;
    const Population& source;
    const Population& target;

    void operator()(const OneToOne&) const {
        subject.require(source.size == target.size,
                        "one_to_one needs populations of one size; found " +
                            std::to_string(source.size) + " and " + std::to_string(target.size));
    }
    void operator()(const AllToAll&) const {}
    void operator()(const FixedIndegree& rule) const {
        check_degree(subject, "indegree", rule.indegree, rule.multapses,
                     partners(projection, source.size), source.name);
    }
    void operator()(const FixedOutdegree& rule) const {
        check_degree(subject, "outdegree", rule.outdegree, rule.multapses,
                     partners(projection, target.size), target.name);
    }
    void operator()(const FixedTotal& rule) const {
        subject.require(rule.synapses >= 0,
                        "synapses is " + std::to_string(rule.synapses) + "; it must be 0 or more");
        subject.require(rule.synapses == 0 || partners(projection, source.size) > 0,
                        "there is no pair to connect without autapses");
    }
    void operator()(const Bernoulli& rule) const { check_probability_of(subject, rule.p); }
    void operator()(const CorrelatedDegrees& rule) const {
        check_probability_of(subject, rule.p);
        subject.not_negative(rule.in_cv, "in_cv", "");
        subject.not_negative(rule.out_cv, "out_cv", "");
        subject.require(
            std::abs(rule.correlation) <= 1.0,
            "correlation is " + number_text(rule.correlation) + "; it must be in [-1, 1]");
        subject.require(rule.correlation == 0.0 || within(projection),
                        "a correlation of in- and out-degrees needs one population; source and "
                        "target differ");
    }
    void operator()(const Edges& edges) const {
        check_column(subject, "the edges' target", edges.target.size(), edges.source.size());
        if (!edges.weight.empty())
            check_column(subject, "the edges' weight", edges.weight.size(), edges.source.size());
        if (!edges.delay.empty())
            check_column(subject, "the edges' delay", edges.delay.size(), edges.source.size());
        check_neurons(subject, "source", edges.source, source);
        check_neurons(subject, "target", edges.target, target);
        check_edge_values(subject, edges, projection.synapse.conductance);
    }
};

void check_low_rank(const Subject& subject, const Projection& projection, const Population& source,
                    const Population& target) {
    const Matrix& left = projection.left;
    const Matrix& right = projection.right;
    if (left.size() == 0 && right.size() == 0) return;
    subject.shape(
        left.rows() == target.size, "left",
        std::to_string(target.size) + " rows, one for each neuron of '" + target.name + "'", left);
    subject.shape(right.rows() == source.size && right.cols() == left.cols(), "right",
                  shape_text(source.size, left.cols()), right);
    subject.require(left.allFinite() && right.allFinite(),
                    "left and right must be finite; found NaN or infinity");
    if (projection.synapse.conductance)
        subject.require(left.minCoeff() >= 0.0 && right.minCoeff() >= 0.0,
                        "conductances cannot be negative; left and right hold negative numbers");
}

bool own_weights(const Rule& rule) {
    const auto* edges = std::get_if<Edges>(&rule);
    return edges != nullptr && !edges->weight.empty();
}

bool own_delays(const Rule& rule) {
    const auto* edges = std::get_if<Edges>(&rule);
    return edges != nullptr && !edges->delay.empty();
}

void check_weight(const Subject& subject, const Projection& projection) {
    if (own_weights(projection.rule)) return;
    subject.valid(projection.weight, "weight");
    if (projection.synapse.conductance && least(projection.weight) < 0.0)
        subject.refuse("weight may be negative, " + number_text(least(projection.weight)) +
                       " nS, but a conductance cannot be; inhibition is an E_rev below rest");
}

}  // namespace

void check_synapse(const Subject& subject, const Synapse& synapse, const Population& target) {
    if (synapse.kind != Synapse::Kind::delta) subject.positive(synapse.tau_syn, "tau_syn", "ms");
    if (!synapse.conductance) return;
    subject.require(synapse.kind != Synapse::Kind::delta,
                    "a delta synapse cannot be a conductance; use exponential or alpha");
    subject.require(!std::holds_alternative<QuadraticNeuron>(target.neuron),
                    "quadratic neurons are dimensionless and take no conductance; use a current");
    subject.finite(synapse.E_rev, "E_rev", "mV");
}

void check_projection(const Circuit& circuit, const Projection& projection) {
    const Subject subject = subject_of(projection);
    const auto find = [&](const std::string& name) -> const Population& {
        return circuit.populations[population_index(circuit, name, subject.who())];
    };
    const Population& source = find(projection.source);
    const Population& target = find(projection.target);
    check_synapse(subject, projection.synapse, target);
    std::visit(RuleCheck{subject, projection, source, target}, projection.rule);
    check_weight(subject, projection);
    if (!own_delays(projection.rule)) {
        subject.valid(projection.delay, "delay");
        subject.positive(projection.delay, "delay", "ms");
    }
    check_low_rank(subject, projection, source, target);
}

}  // namespace heddle
