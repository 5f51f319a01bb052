#include "circuit/individual.hpp"

namespace heddle {
namespace {

double* adaptation_parameter(Individual& individual, const std::string& name) {
    std::size_t thresholds = 0;
    std::size_t currents = 0;
    for (Adaptation& item : individual.adaptation) {
        const bool threshold = item.kind == Adaptation::Kind::threshold;
        const std::size_t position = threshold ? thresholds++ : currents++;
        const std::string end = (threshold ? "_sfa[" : "_stc[") + std::to_string(position) + "]";
        if (name == "q" + end) return &item.q;
        if (name == "tau" + end) return &item.tau;
    }
    return nullptr;
}

}  // namespace

double& parameter(Individual& individual, const std::string& name) {
    if (name == "sigma") return individual.noise.sigma;
    if (double* found = adaptation_parameter(individual, name)) return *found;
    return parameter(individual.neuron, name);
}

}  // namespace heddle
