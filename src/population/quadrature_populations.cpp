#include "heddle/population/quadrature_populations.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "circuit/checks.hpp"
#include "circuit/individual.hpp"
#include "network/checks.hpp"
#include "population/quadrature_labels.hpp"

namespace heddle {
namespace {

using Kind = QuadratureLabel::Kind;

/// One population after the split.
struct Node {
    double weight = 1.0;         ///< ω, of the population it comes from.
    Index size = 0;              ///< Neurons.
    std::vector<double> values;  ///< Of each label.
};

/// A population before the split.
struct Family {
    std::vector<QuadratureLabel> labels;
    std::vector<Node> nodes;
    Index first = 0;  ///< Position of its first node.

    [[nodiscard]] bool split() const { return !labels.empty(); }
};

/// All combinations of the labels' nodes.
std::vector<Node> combinations(const std::vector<QuadratureLabel>& labels) {
    std::vector<Node> nodes(1);
    for (const QuadratureLabel& label : labels) {
        std::vector<Node> more;
        for (const Node& node : nodes)
            for (Index q = 0; q < label.value.size(); ++q) {
                Node next = node;
                next.weight *= label.weight[q];
                next.values.push_back(label.value[q]);
                more.push_back(std::move(next));
            }
        nodes = std::move(more);
    }
    return nodes;
}

/// N ω_q rounded, at least one each, N in all: the largest take what is left.
void set_sizes(std::vector<Node>& nodes, Index size) {
    std::vector<std::size_t> order(nodes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
        return nodes[a].weight > nodes[b].weight || (nodes[a].weight == nodes[b].weight && a < b);
    });
    Index left = size;
    for (Node& node : nodes) {
        node.size = std::max<Index>(
            1, static_cast<Index>(std::floor(node.weight * static_cast<double>(size))));
        left -= node.size;
    }
    for (std::size_t k = 0; left != 0; k = (k + 1) % order.size()) {
        Node& node = nodes[order[k]];
        if (left < 0 && node.size == 1) continue;
        node.size += left > 0 ? 1 : -1;
        left += left > 0 ? -1 : 1;
    }
}

void check_count(const Circuit& circuit, const Population& population,
                 const std::vector<QuadratureLabel>& labels, const QuadratureOptions& options) {
    const double count =
        std::pow(static_cast<double>(options.nodes), static_cast<double>(labels.size()));
    if (count <= static_cast<double>(std::min(options.most, population.size))) return;
    std::string text;
    for (const QuadratureLabel& label : labels)
        text += (text.empty() ? "" : ", ") + name_of(circuit, label);
    const bool by_size = count > static_cast<double>(population.size);
    subject_of(population)
        .refuse("its neurons differ in " + std::to_string(labels.size()) +
                (labels.size() == 1 ? " label (" : " labels (") + text + "), and " +
                std::to_string(options.nodes) + " nodes of each make " + number_text(count) +
                " populations of " + std::to_string(population.size) + " neurons; " +
                (by_size ? "give fewer nodes, or drop a difference"
                         : "give fewer nodes, most = " + number_text(count) +
                               ", or drop a difference"));
}

Family family_of(const Circuit& circuit, std::size_t a, const QuadratureOptions& options) {
    Family family{labels_of(circuit, a, options), {}, 0};
    check_count(circuit, circuit.populations[a], family.labels, options);
    family.nodes = combinations(family.labels);
    set_sizes(family.nodes, circuit.populations[a].size);
    return family;
}

/// The splitting of one circuit.
class Split {
  public:
    Split(const Circuit& circuit, const QuadratureOptions& options)
        : circuit_(circuit), options_(options) {
        Index count = 0;
        for (std::size_t a = 0; a < circuit.populations.size(); ++a) {
            families_.push_back(family_of(circuit, a, options));
            families_.back().first = count;
            count += static_cast<Index>(families_.back().nodes.size());
        }
        std::vector<bool> split;
        for (const Family& family : families_) split.push_back(family.split());
        check_split(circuit, split);
        const auto before = static_cast<Index>(circuit.populations.size());
        found_.weights = Matrix::Zero(before, count);
    }

    QuadraturePopulations run() {
        for (std::size_t a = 0; a < families_.size(); ++a) populations(a);
        for (std::size_t k = 0; k < circuit_.projections.size(); ++k) projection(k);
        for (std::size_t k = 0; k < circuit_.inputs.size(); ++k) input(k);
        assumptions();
        validate(found_.circuit);
        return std::move(found_);
    }

  private:
    [[nodiscard]] std::string name(std::size_t a, std::size_t q) const {
        const std::string& before = circuit_.populations[a].name;
        return families_[a].split() ? before + "[" + std::to_string(q) + "]" : before;
    }

    void populations(std::size_t a) {
        const Population& before = circuit_.populations[a];
        const Family& family = families_[a];
        found_.names.push_back(before.name);
        for (const QuadratureLabel& label : family.labels)
            found_.labels.push_back(before.name + ": " + name_of(circuit_, label));
        for (std::size_t q = 0; q < family.nodes.size(); ++q) {
            found_.circuit.populations.push_back(member(a, q));
            found_.weights(static_cast<Index>(a), family.first + static_cast<Index>(q)) =
                family.nodes[q].weight;
        }
    }

    [[nodiscard]] Population member(std::size_t a, std::size_t q) const {
        const Family& family = families_[a];
        Population one = circuit_.populations[a];
        Individual individual{one.neuron, one.noise, one.adaptation};
        for (std::size_t l = 0; l < family.labels.size(); ++l) {
            const QuadratureLabel& label = family.labels[l];
            if (label.kind != Kind::parameter) continue;
            parameter(individual, label.parameter) = family.nodes[q].values[l];
            one.quenched.erase(label.parameter);
        }
        one.name = name(a, q);
        one.size = family.nodes[q].size;
        one.neuron = individual.neuron;
        one.noise = individual.noise;
        one.adaptation = individual.adaptation;
        return one;
    }

    /// What a node has of a label; `other` if its family does not differ in it.
    [[nodiscard]] static double value(const Family& family, const Node& node, Kind kind,
                                      std::size_t position, double other) {
        for (std::size_t l = 0; l < family.labels.size(); ++l)
            if (family.labels[l].kind == kind && family.labels[l].position == position)
                return node.values[l];
        return other;
    }

    void projection(std::size_t k) {
        const Projection& of = circuit_.projections[k];
        const std::size_t from = population_index(circuit_, of.source);
        const std::size_t to = population_index(circuit_, of.target);
        if (!families_[from].split() && !families_[to].split() && of.left.size() == 0) {
            found_.circuit.projections.push_back(of);
            return;
        }
        const double mean = mean_in_weight(circuit_, k, options_);
        for (std::size_t q = 0; q < families_[to].nodes.size(); ++q) {
            const double sum =
                value(families_[to], families_[to].nodes[q], Kind::projection, k, mean);
            for (std::size_t s = 0; s < families_[from].nodes.size(); ++s) {
                const Node& source = families_[from].nodes[s];
                Projection one{name(from, s), name(to, q), AllToAll{}, of.synapse};
                one.weight = {.location = sum * source.weight / static_cast<double>(source.size)};
                one.delay = of.delay;
                one.autapses = true;
                found_.circuit.projections.push_back(std::move(one));
            }
        }
        const bool dense = std::holds_alternative<AllToAll>(of.rule);
        if (!dense)
            found_.assumptions.push_back(subject_of(of).who() +
                                         ": synapses come from the whole source; that they are "
                                         "few, and what noise that makes, is left out");
    }

    void input(std::size_t k) {
        const Input& before = circuit_.inputs[k];
        const std::size_t a = population_index(circuit_, before.target);
        for (std::size_t q = 0; q < families_[a].nodes.size(); ++q) {
            Input one{name(a, q), before.drive};
            auto* current = std::get_if<CurrentInput>(&one.drive);
            if (current != nullptr && current->values.rows() > 1) {
                const double constant =
                    value(families_[a], families_[a].nodes[q], Kind::input, k, 0.0);
                current->values = Matrix::Constant(1, current->values.cols(), constant);
            }
            found_.circuit.inputs.push_back(std::move(one));
        }
    }

    void assumptions() {
        if (!found_.labels.empty())
            found_.assumptions.push_back("what neurons of a population differ in is independent");
        const auto low_rank = [](const Projection& of) { return of.left.size() > 0; };
        if (std::ranges::any_of(circuit_.projections, low_rank))
            found_.assumptions.push_back(
                "weights do not go together with the rates of their "
                "sources: right enters by its mean");
        if (!circuit_.readouts.empty())
            found_.assumptions.push_back("readouts are of single neurons, and are left out");
    }

    const Circuit& circuit_;
    const QuadratureOptions& options_;
    std::vector<Family> families_;
    QuadraturePopulations found_;
};

}  // namespace

QuadraturePopulations quadrature_populations(const Circuit& circuit,
                                             const QuadratureOptions& options) {
    check_options(options);
    validate(circuit);
    return Split(circuit, options).run();
}

}  // namespace heddle
