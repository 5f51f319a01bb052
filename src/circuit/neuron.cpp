#include "heddle/circuit/neuron.hpp"

#include "core/names.hpp"

namespace heddle {
namespace {

constexpr std::array<const char*, 4> neuron_names = {"lif", "gif", "adex", "qif"};

template <class Law>
using Table = std::span<const NeuronParameter<Law>>;

constexpr NeuronParameter<LeakyNeuron> leaky[] = {
    {"C_m", "pF", &LeakyNeuron::C_m, true, "membrane capacitance"},
    {"tau_m", "ms", &LeakyNeuron::tau_m, true, "membrane time constant"},
    {"E_L", "mV", &LeakyNeuron::E_L, false, "resting potential"},
    {"V_th", "mV", &LeakyNeuron::V_th, false, "threshold"},
    {"V_reset", "mV", &LeakyNeuron::V_reset, false, "potential after a spike"},
    {"t_ref", "ms", &LeakyNeuron::t_ref, false, "absolute refractory period"},
    {"I_e", "pA", &LeakyNeuron::I_e, false, "constant current"},
};

constexpr NeuronParameter<EscapeNeuron> escape[] = {
    {"C_m", "pF", &EscapeNeuron::C_m, true, "membrane capacitance"},
    {"tau_m", "ms", &EscapeNeuron::tau_m, true, "membrane time constant"},
    {"E_L", "mV", &EscapeNeuron::E_L, false, "resting potential"},
    {"V_T_star", "mV", &EscapeNeuron::V_T_star, false, "threshold without adaptation"},
    {"V_reset", "mV", &EscapeNeuron::V_reset, false, "potential after a spike"},
    {"t_ref", "ms", &EscapeNeuron::t_ref, false, "absolute refractory period"},
    {"Delta_V", "mV", &EscapeNeuron::Delta_V, true, "softness of the threshold"},
    {"lambda_0", "Hz", &EscapeNeuron::lambda_0, true, "hazard at threshold (exponential)"},
    {"lambda_floor", "Hz", &EscapeNeuron::lambda_floor, false,
     "hazard far below threshold (rectified)"},
    {"I_e", "pA", &EscapeNeuron::I_e, false, "constant current"},
};

constexpr NeuronParameter<ExponentialNeuron> exponential[] = {
    {"C_m", "pF", &ExponentialNeuron::C_m, true, "membrane capacitance"},
    {"g_L", "nS", &ExponentialNeuron::g_L, true, "leak conductance"},
    {"E_L", "mV", &ExponentialNeuron::E_L, false, "resting potential"},
    {"V_th", "mV", &ExponentialNeuron::V_th, false, "threshold of the exponential"},
    {"Delta_T", "mV", &ExponentialNeuron::Delta_T, true, "slope factor"},
    {"V_peak", "mV", &ExponentialNeuron::V_peak, false, "potential at which a spike is cut off"},
    {"V_reset", "mV", &ExponentialNeuron::V_reset, false, "potential after a spike"},
    {"t_ref", "ms", &ExponentialNeuron::t_ref, false, "absolute refractory period"},
    {"a", "nS", &ExponentialNeuron::a, false, "subthreshold adaptation"},
    {"b", "pA", &ExponentialNeuron::b, false, "adaptation by a spike"},
    {"tau_w", "ms", &ExponentialNeuron::tau_w, true, "time constant of adaptation"},
    {"E_w", "mV", &ExponentialNeuron::E_w, false, "potential of subthreshold adaptation"},
    {"I_e", "pA", &ExponentialNeuron::I_e, false, "constant current"},
};

constexpr NeuronParameter<QuadraticNeuron> quadratic[] = {
    {"tau_m", "ms", &QuadraticNeuron::tau_m, true, "time constant"},
    {"eta", "", &QuadraticNeuron::eta, false, "excitability"},
};

template <class Law>
double& find(Law& law, const std::string& name) {
    std::vector<std::string> known;
    for (const NeuronParameter<Law>& entry : parameters_of<Law>()) {
        if (name == entry.name) return law.*entry.value;
        known.emplace_back(entry.name);
    }
    throw DomainError(std::string(name_of(Neuron(law))) + " has no parameter '" + name + "'" +
                      did_you_mean(name, known));
}

}  // namespace

template <>
Table<LeakyNeuron> parameters_of<LeakyNeuron>() {
    return leaky;
}

template <>
Table<EscapeNeuron> parameters_of<EscapeNeuron>() {
    return escape;
}

template <>
Table<ExponentialNeuron> parameters_of<ExponentialNeuron>() {
    return exponential;
}

template <>
Table<QuadraticNeuron> parameters_of<QuadraticNeuron>() {
    return quadratic;
}

const char* name_of(const Neuron& neuron) {
    return neuron_names[neuron.index()];
}

Neuron neuron_from(const std::string& name) {
    const Neuron laws[] = {LeakyNeuron{}, EscapeNeuron{}, ExponentialNeuron{}, QuadraticNeuron{}};
    return laws[position_of_name(neuron_names, name, "neuron")];
}

double& parameter(Neuron& neuron, const std::string& name) {
    return std::visit([&](auto& law) -> double& { return find(law, name); }, neuron);
}

}  // namespace heddle
