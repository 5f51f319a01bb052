#include "spiking/adaptations.hpp"

#include <cmath>

namespace heddle {

Adaptations::Adaptations(const Individuals& individuals, InputRule rule, double step) {
    for (std::size_t k = 0; k < individuals[0].adaptation.size(); ++k) {
        const bool current = individuals[0].adaptation[k].kind == Adaptation::Kind::current;
        Columns columns(2, individuals, [&](const Individual& individual, double* row) {
            const Synapse decay{.kind = Synapse::Kind::exponential,
                                .tau_syn = individual.adaptation[k].tau};
            const auto p = propagator(decay, membrane_of(individual, rule, step), step);
            row[0] = p.keep;
            row[1] = p.on_v;
        });
        variables_.push_back(
            {current, std::move(columns), std::vector<double>(individuals.size())});
    }
}

void Adaptations::collect(std::size_t first, std::size_t n, Scratch& scratch) {
    for (std::size_t k = 0; k < variables_.size(); ++k) {
        Variable& variable = variables_[k];
        double* values = variable.values.data() + first;
        double* before = scratch.adapted[k].data();
        const kernels::Column keep = variable.columns.at(0, first);
        if (variable.current)
            kernels::adapt_current(n, keep, variable.columns.at(1, first), values, before,
                                   scratch.drive.data());
        else
            kernels::adapt_threshold(n, keep, values, before, scratch.theta.data());
    }
}

void Adaptations::spike(const Individual& individual, std::size_t neuron, double since) {
    for (std::size_t k = 0; k < variables_.size(); ++k) {
        const Adaptation& law = individual.adaptation[k];
        variables_[k].values[neuron] += law.q * std::exp(-since / law.tau);
    }
}

namespace {

std::string name_of(bool current, std::size_t k) {
    return (current ? "I_stc[" : "E_sfa[") + std::to_string(k) + "]";
}

}  // namespace

void Adaptations::name_variables(std::vector<std::string>& names) const {
    for (std::size_t k = 0; k < variables_.size(); ++k)
        names.push_back(name_of(variables_[k].current, k));
}

std::optional<double> Adaptations::value(const std::string& variable, std::size_t neuron) const {
    for (std::size_t k = 0; k < variables_.size(); ++k)
        if (variable == name_of(variables_[k].current, k)) return variables_[k].values[neuron];
    return std::nullopt;
}

}  // namespace heddle
