#include "population/quadrature_labels.hpp"

#include <algorithm>
#include <cmath>

#include "circuit/checks.hpp"
#include "circuit/laws.hpp"
#include "circuit/normal_law.hpp"
#include "heddle/core/error.hpp"
#include "population/degree_law.hpp"
#include "population/input_statistics.hpp"
#include "population/pearson_rule.hpp"

namespace heddle {
namespace {

using Kind = QuadratureLabel::Kind;

/// Of the sums of weights over the synapses that neurons draw.
Cumulants in_weight_cumulants(const Circuit& circuit, std::size_t k, double spread) {
    const Projection& of = circuit.projections[k];
    QuenchedSource source;
    try {
        const DegreeLaw law = degree_law(circuit, k);
        source.degree = law.degree;
        source.share = law.share;
        if (!std::holds_alternative<Edges>(of.rule)) source.weight = cumulants_of(of.weight);
    } catch (const DomainError& error) {
        subject_of(of).refuse(std::string("weight or degree: ") + error.what());
    }
    Cumulants sum = sum_cumulants(source, {1.0, spread - 1.0, 0.0}, 1.0);
    if (of.left.size() == 0) return sum;
    const Vector each = of.left * of.right.colwise().mean().transpose();
    const double share = source.degree.mean / static_cast<double>(of.right.rows());
    return sum += cumulants_of(std::vector<double>(each.begin(), each.end())).times(share);
}

QuadratureLabel of_cumulants(Kind kind, std::size_t position, const Cumulants& sum,
                             const QuadratureOptions& options) {
    const PearsonRule rule = pearson_rule(options.nodes, options.skewed ? sum.skewness() : 0.0);
    return {kind, "", position, (sum.mean + std::sqrt(sum.variance) * rule.node.array()).matrix(),
            rule.weight};
}

QuadratureLabel of_parameter(const std::string& name, const Distribution& law, Index nodes) {
    const PearsonRule rule = pearson_rule(nodes, 0.0);
    const Vector values =
        rule.node.unaryExpr([&](double z) { return quantile(law, normal_below(z)); });
    return {Kind::parameter, name, 0, values, rule.weight};
}

/// Do neurons differ in it, beyond rounding?
bool differs(const Cumulants& sum) {
    return sum.variance > 1e-24 * (1.0 + sum.mean * sum.mean);
}

void add_currents(const Circuit& circuit, std::size_t k, const QuadratureOptions& options,
                  std::vector<QuadratureLabel>& labels) {
    const auto* current = std::get_if<CurrentInput>(&circuit.inputs[k].drive);
    if (current == nullptr || current->values.rows() == 1) return;
    const Vector first = current->values.col(0);
    labels.push_back(of_cumulants(
        Kind::input, k, cumulants_of(std::vector<double>(first.begin(), first.end())), options));
}

struct InputCheck {
    const Subject& subject;

    void operator()(const CurrentInput& input) const {
        const Matrix& values = input.values;
        subject.require(
            values.rows() == 1 || ((values.colwise() - values.col(0)).array() == 0.0).all(),
            "its current changes in time and differs between neurons; give one of "
            "both, in an input each");
    }
    void operator()(const PoissonInput&) const {}
    void operator()(const OrnsteinUhlenbeckInput& input) const {
        subject.require(!input.shared || input.sigma == 0.0,
                        "its noise is shared by a population that is split, and populations have "
                        "inputs of their own; give shared = false, or `simulate` it as it is");
    }
};

}  // namespace

double mean_in_weight(const Circuit& circuit, std::size_t projection,
                      const QuadratureOptions& options) {
    return in_weight_cumulants(circuit, projection, options.spread).mean;
}

std::vector<QuadratureLabel> labels_of(const Circuit& circuit, std::size_t population,
                                       const QuadratureOptions& options) {
    const Population& of = circuit.populations[population];
    std::vector<QuadratureLabel> labels;
    for (const auto& [name, law] : of.quenched)
        if (name != "V_m" && !is_constant(law))
            labels.push_back(of_parameter(name, law, options.nodes));
    for (std::size_t k = 0; k < circuit.projections.size(); ++k) {
        if (circuit.projections[k].target != of.name) continue;
        const Cumulants sum = in_weight_cumulants(circuit, k, options.spread);
        if (differs(sum)) labels.push_back(of_cumulants(Kind::projection, k, sum, options));
    }
    for (std::size_t k = 0; k < circuit.inputs.size(); ++k)
        if (circuit.inputs[k].target == of.name) add_currents(circuit, k, options, labels);
    return labels;
}

std::string name_of(const Circuit& circuit, const QuadratureLabel& label) {
    if (label.kind == Kind::parameter) return "quenched " + label.parameter;
    if (label.kind == Kind::input) return "currents of input " + std::to_string(label.position);
    return "synapses from '" + circuit.projections[label.position].source + "'";
}

void check_split(const Circuit& circuit, const std::vector<bool>& split) {
    const auto is_split = [&](const std::string& name) {
        return split[population_index(circuit, name)];
    };
    for (const Projection& of : circuit.projections) {
        const Subject subject = subject_of(of);
        const bool touched = is_split(of.source) || is_split(of.target);
        subject.require(!touched || !(std::holds_alternative<OneToOne>(of.rule) ||
                                      std::holds_alternative<Edges>(of.rule)),
                        "its synapses join given neurons, and neurons of a population that is "
                        "split are no longer told apart; give a rule, or `simulate` it");
        const auto* rule = std::get_if<CorrelatedDegrees>(&of.rule);
        subject.require(rule == nullptr || of.source != of.target || rule->correlation == 0.0 ||
                            rule->in_cv == 0.0 || rule->out_cv == 0.0,
                        "in- and out-degrees go together, and populations with more sources are "
                        "sources as others are; `stationary_distributions` has it");
    }
    for (std::size_t k = 0; k < circuit.inputs.size(); ++k) {
        const Input& input = circuit.inputs[k];
        const Subject subject("input " + std::to_string(k) + " (to '" + input.target + "')");
        if (is_split(input.target)) std::visit(InputCheck{subject}, input.drive);
    }
}

void check_options(const QuadratureOptions& options) {
    const Subject subject("quadrature_populations");
    subject.require(options.nodes >= 2,
                    "nodes is " + std::to_string(options.nodes) + "; expected 2 or more");
    subject.require(options.most >= 1,
                    "most is " + std::to_string(options.most) + "; expected 1 or more");
    subject.require(std::isfinite(options.spread) && options.spread >= 1.0,
                    "spread is " + quantity(options.spread, "") +
                        "; expected 1 or more: the mean square of rates over their squared mean");
}

}  // namespace heddle
