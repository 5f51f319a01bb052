#include "spiking/individuals.hpp"

#include "heddle/core/error.hpp"
#include "heddle/core/random.hpp"

namespace heddle {
namespace {

double initial_potential(const Neuron& neuron) {
    return std::visit(
        [](const auto& law) {
            if constexpr (requires { law.E_L; }) return law.E_L;
            return 0.0;
        },
        neuron);
}

}  // namespace

Individuals::Individuals(const Population& population, Index first, Index count,
                         std::uint64_t seed) {
    const Individual common{population.neuron, population.noise, population.adaptation};
    const auto size = static_cast<std::size_t>(count);
    const bool differ =
        population.quenched.size() > (population.quenched.contains("V_m") ? 1U : 0U);
    each_.assign(differ ? size : 1, common);
    v_.resize(size);
    for (std::size_t i = 0; i < size; ++i) v_[i] = initial_potential((*this)[i].neuron);
    for (const auto& [name, law] : population.quenched) {
        const Random random(seed, stream_of("population " + population.name + " " + name));
        for (std::size_t i = 0; i < size; ++i) {
            const double u = random.uniform(static_cast<std::uint64_t>(first) + i);
            (name == "V_m" ? v_[i] : parameter(each_[differ ? i : 0], name)) = quantile(law, u);
        }
        if (name == "E_L" && !population.quenched.contains("V_m"))
            for (std::size_t i = 0; i < size; ++i) v_[i] = initial_potential((*this)[i].neuron);
    }
}

}  // namespace heddle
