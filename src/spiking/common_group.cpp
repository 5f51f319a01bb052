#include "spiking/common_group.hpp"

#include <algorithm>

#include "spiking/counter_words.hpp"

namespace heddle {

CommonGroup::CommonGroup(const Circuit& circuit, const Slice& slice, InputRule rule, double step,
                         bool grid, std::uint64_t seed)
    : population_(static_cast<std::uint32_t>(slice.population)),
      first_(static_cast<std::size_t>(slice.first)),
      seed_(seed),
      noisy_(circuit.populations[slice.population].noise.sigma > 0.0 ||
             circuit.populations[slice.population].quenched.contains("sigma")),
      conducting_(conducting(circuit, slice.population)),
      individuals_(circuit.populations[slice.population], slice.first, slice.count, seed),
      synapses_(circuit, slice, individuals_, rule, step, grid),
      adaptations_(individuals_, rule, step),
      drives_(circuit, slice, step, seed),
      v_(individuals_.potentials()) {}

void CommonGroup::collect(const Step& step, std::size_t first, std::size_t n,
                          kernels::Column per_current, float* cells, Scratch& scratch) {
    drives_.spikes(step, first, n, cells, scratch);
    std::fill_n(scratch.drive.begin(), n, 0.0);
    if (conducting_)
        for (auto* array : {&scratch.conductance, &scratch.reversal})
            std::fill_n(array->begin(), n, 0.0);
    if (synapses_.jump()) std::fill_n(scratch.jump.begin(), n, 0.0);
    synapses_.collect(first, n, cells, scratch);
    adaptations_.collect(first, n, scratch);
    if (!drives_.have_own()) return;
    drives_.own(step, first, n, scratch);
    kernels::add_scaled(n, per_current, scratch.own.data(), scratch.drive.data());
}

void CommonGroup::jump(std::size_t n, const Scratch& scratch, double* v) const {
    if (!synapses_.jump()) return;
    for (std::size_t k = 0; k < n; ++k) v[k] += scratch.jump[k];
}

void CommonGroup::emit(const Step& step, std::size_t i, double at, std::vector<Emitted>& spikes) {
    if (step.grid) at = step.length;
    spikes.push_back({static_cast<std::uint32_t>(first_ + i),
                      static_cast<float>(std::max(at / step.length, 0x1p-24))});
    adaptations_.spike(individuals_[i], i, step.length - at);
}

const double* CommonGroup::white_noise(const Step& step, std::size_t first, std::size_t n,
                                       Scratch& scratch) const {
    return normals_at({seed_, Draw::membrane_noise, population_}, step.number, first_ + first, n,
                      scratch.normals.data());
}

std::vector<std::string> CommonGroup::variables() const {
    std::vector<std::string> names{"V_m"};
    std::ranges::copy(own_variables(), std::back_inserter(names));
    synapses_.name_variables(names);
    adaptations_.name_variables(names);
    return names;
}

double CommonGroup::value(const std::string& variable, std::uint32_t neuron) const {
    const std::size_t i = neuron - first_;
    if (variable == "V_m") return v_[i];
    if (const auto* own = own_variable(variable)) return (*own)[i];
    if (const auto found = synapses_.value(variable, i)) return *found;
    return adaptations_.value(variable, i).value();
}

}  // namespace heddle
