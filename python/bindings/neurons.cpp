#include <nanobind/nanobind.h>

#include <sstream>

#include "circuit_values.hpp"
#include "heddle/circuit/neuron.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

template <class Law>
std::string describe(const char* name, const Law& law) {
    std::ostringstream text;
    text << name << "(";
    for (const NeuronParameter<Law>& entry : parameters_of<Law>()) {
        if (entry.value != parameters_of<Law>().front().value) text << ", ";
        text << entry.name << " " << law.*entry.value << (*entry.unit ? " " : "") << entry.unit;
    }
    text << ")";
    return text.str();
}

/// "tau_m   membrane time constant, ms; 10", a line each.
template <class Law>
std::string parameter_lines() {
    std::ostringstream text;
    for (const NeuronParameter<Law>& entry : parameters_of<Law>()) {
        text << "    " << entry.name << std::string(14 - std::string(entry.name).size(), ' ')
             << entry.meaning << (*entry.unit ? ", " : "") << entry.unit << "; "
             << Law{}.*entry.value << "\n";
    }
    return text.str();
}

template <class Law>
Value<Law> law(nb::module_& module, const char* name, const std::string& equation,
               typename Value<Law>::Describe describe) {
    Value<Law> value(module, name, (equation + parameter_lines<Law>()).c_str(), describe);
    for (const NeuronParameter<Law>& entry : parameters_of<Law>()) {
        std::string doc = entry.meaning;
        if (*entry.unit) doc += std::string(", ") + entry.unit;
        doc[0] = static_cast<char>(std::toupper(doc[0]));
        value.optional(entry.name, entry.value, (doc + ".").c_str());
    }
    return value;
}

void bind_leaky(nb::module_& module) {
    law<LeakyNeuron>(module, "LeakyNeuron", R"(Leaky integrate-and-fire, "lif":

    τ_m V̇ = −(V − E_L) + (τ_m / C_m) (I_e + I(t)) ;   V ≥ V_th: spike, V ← V_reset for t_ref

Brunel (2000), J Comput Neurosci 8:183.

)",
                     [](const LeakyNeuron& neuron) { return describe("LeakyNeuron", neuron); })
        .done();
}

void bind_escape(nb::module_& module) {
    law<EscapeNeuron>(
        module, "EscapeNeuron",
        R"(Generalised integrate-and-fire with escape noise, "gif": the membrane of the
leaky neuron, and a spike with probability λ dt in dt,

    λ(t) = f(V − ϑ) ,   ϑ = V_T_star + Σ moving thresholds
    exponential  f(u) = λ_0 exp(u / Delta_V)
    softplus     f(u) = λ_0 log(1 + exp(u / Delta_V))
    sigmoid      f(u) = λ_0 / (1 + exp(−u / Delta_V))
    rectified    f(u) = λ_0 [u / Delta_V]₊ + lambda_floor

With `reset` False the spike leaves V alone: the spike-response model SRM0, a GLM. Gerstner,
Kistler, Naud & Paninski (2014), Neuronal Dynamics, ch. 6 and 9.

    hazard        f, by its name; "exponential"
    reset         does a spike reset V?; True
)",
        [](const EscapeNeuron& neuron) { return describe("EscapeNeuron", neuron); })
        .optional("hazard", &EscapeNeuron::hazard, "f, by its name.")
        .optional("reset", &EscapeNeuron::reset, "Does a spike reset V? False: SRM0.")
        .done();
}

void bind_exponential(nb::module_& module) {
    law<ExponentialNeuron>(
        module, "ExponentialNeuron", R"(Adaptive exponential integrate-and-fire, "adex":

    C_m V̇ = −g_L (V − E_L) + g_L Delta_T exp((V − V_th) / Delta_T) − w + I_e + I(t)
    tau_w ẇ = a (V − E_w) − w ;   V ≥ V_peak: spike, V ← V_reset, w ← w + b

a = b = 0 is the exponential integrate-and-fire neuron. Brette & Gerstner (2005), J Neurophysiol
94:3637.

)",
        [](const ExponentialNeuron& neuron) { return describe("ExponentialNeuron", neuron); })
        .done();
}

void bind_quadratic(nb::module_& module) {
    law<QuadraticNeuron>(
        module, "QuadraticNeuron",
        R"(Quadratic integrate-and-fire, "qif", dimensionless, from +∞ to −∞:

    tau_m V̇ = V² + eta + I(t)

Montbrió, Pazó & Roxin (2015), Phys Rev X 5:021028.

)",
        [](const QuadraticNeuron& neuron) { return describe("QuadraticNeuron", neuron); })
        .done();
}

std::string describe(const Noise& noise) {
    std::ostringstream text;
    text << "Noise(sigma " << noise.sigma << ", tau " << noise.tau << " ms)";
    return text.str();
}

std::string describe(const Adaptation& adaptation) {
    std::ostringstream text;
    text << "Adaptation(" << name_of(adaptation.kind) << ", tau " << adaptation.tau << " ms, q "
         << adaptation.q << ")";
    return text.str();
}

void bind_extras(nb::module_& module) {
    Value<Noise>(module, "Noise", R"(Independent noise that each neuron receives,

    τ_m V̇ = … + √τ_m σ ξ          (tau = 0: white; the free potential has variance σ² / 2)
    tau ẋ = −x + √τ_m σ ξ ,  τ_m V̇ = … + x          (coloured, with the same σ for tau → 0)

with τ_m = C_m / g_L for the exponential neuron; for the quadratic one σ is dimensionless.

    sigma  σ, mV; 0: none
    tau    correlation time, ms; 0: white)",
                 [](const Noise& noise) { return describe(noise); })
        .optional("sigma", &Noise::sigma, "σ, mV.")
        .optional("tau", &Noise::tau, "Correlation time, ms.")
        .done();
    Value<Adaptation>(module, "Adaptation", R"(What each spike adds to a neuron's own threshold or
current, decaying with `tau`:

    threshold  ϑ ← ϑ + q, mV      (NEST: q_sfa, tau_sfa)
    current    I ← I − q, pA      (NEST: q_stc, tau_stc)

    kind  "threshold" or "current"
    tau   ms; 100
    q     mV or pA; 0)",
                      [](const Adaptation& adaptation) { return describe(adaptation); })
        .required("kind", &Adaptation::kind, "\"threshold\" or \"current\".")
        .optional("tau", &Adaptation::tau, "ms.")
        .optional("q", &Adaptation::q, "Added by a spike; mV or pA.")
        .done();
}

template <class Law>
nb::list rows_of(const Law& law) {
    nb::list rows;
    for (const NeuronParameter<Law>& entry : parameters_of<Law>()) {
        nb::dict row;
        row["name"] = entry.name;
        row["unit"] = entry.unit;
        row["default"] = law.*entry.value;
        row["positive"] = entry.positive;
        row["meaning"] = entry.meaning;
        rows.append(row);
    }
    return rows;
}

}  // namespace

void bind_neurons(nb::module_& module) {
    bind_leaky(module);
    bind_escape(module);
    bind_exponential(module);
    bind_quadratic(module);
    bind_extras(module);
    module.def(
        "neuron_parameters",
        [](const std::string& name) {
            return std::visit([](const auto& law) { return rows_of(law); }, neuron_from(name));
        },
        "name"_a, R"(The parameters of the neuron law "lif", "gif", "adex" or "qif".

Returns a list of {"name", "unit", "default", "positive", "meaning"}, in the order of its fields;
`positive` is True for what must be > 0. Raises DomainError for another name.)");
}

}  // namespace heddle::python
