#include "population/in_weights.hpp"

#include "circuit/checks.hpp"
#include "heddle/core/error.hpp"
#include "population/degree_law.hpp"

namespace heddle {
namespace {

InWeights of_edges(const Edges& edges, const Distribution& law, Index targets) {
    Vector sums = Vector::Zero(targets);
    double squares = 0.0;
    const Cumulants weight = edges.weight.empty() ? cumulants_of(law) : Cumulants{};
    const double common = weight.mean;
    for (std::size_t k = 0; k < edges.target.size(); ++k) {
        const double one = edges.weight.empty() ? common : edges.weight[k];
        sums(edges.target[k]) += one;
        squares += one * one;
    }
    const double each = static_cast<double>(edges.target.size()) / static_cast<double>(targets);
    const double scatter = each * weight.variance;
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
    try {
        if (const auto* edges = std::get_if<Edges>(&of.rule))
            return of_edges(*edges, of.weight, size(of.target));
        const DegreeLaw law = degree_law(circuit, projection);
        const Cumulants weight = cumulants_of(of.weight);
        const double square = weight.mean * weight.mean, degree = law.degree.mean;
        InWeights sums{degree * weight.mean, 0.0,
                       degree * weight.variance + law.degree.variance * square,
                       degree * weight.second_moment()};
        add_low_rank(of, degree / static_cast<double>(size(of.source)), sums);
        return sums;
    } catch (const DomainError& error) {
        subject_of(of).refuse(std::string("weight or degree: ") + error.what());
    }
}

}  // namespace heddle
