#include "heddle/population/artificial_unit.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>

#include <sstream>

#include "circuit_values.hpp"
#include "heddle/core/error.hpp"
#include "heddle/core/similar.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

Carrier carrier_from(const std::string& name) {
    if (name == "synapse") return Carrier::synapse;
    if (name == "membrane") return Carrier::membrane;
    throw DomainError("carrier is '" + name + "'" + did_you_mean(name, {"synapse", "membrane"}));
}

/// One group of loops, a list of them, or None.
std::vector<Loops> loops_from(nb::handle loops) {
    if (loops.is_none()) return {};
    Loops one;
    if (nb::try_cast(loops, one)) return {one};
    return from_python<std::vector<Loops>>(loops, "loops");
}

std::string describe(const ArtificialUnit& unit) {
    std::ostringstream text;
    text << "ArtificialUnit(" << unit.name << ": " << unit.size << " neurons, " << unit.rate
         << " Hz, " << unit.gain << " Hz/mV, " << unit.beta.size() << " adaptations)";
    return text.str();
}

constexpr const char* what_a_unit_is = R"(A population of spiking neurons as the unit of a network.

    φ(x) = (Φ(m_0 + κ x, v) − r_0) / (κ G) ,   φ(0) = 0 , φ'(0) = 1
    tau_m ẏ = −y + x ,   tau_l α̇_l = −α_l + β_l φ(y − Σ α_j) ,   β_l = b_l G

around the state in which its own input holds it. See `artificial_unit`.)";

constexpr const char* how_a_unit_is_made = R"(The unit that the only population of a circuit makes.

    φ(x) = (Φ(m_0 + κ x, v) − r_0) / (κ G) ,   φ(0) = 0 , φ'(0) = 1 ,   β_l = b_l G

m_0, v, r_0 and G = ∂Φ/∂m are potential, variance over neurons, rate and gain where the population's
own input holds it, all of its rate unit's equations solved; v is held there. Inputs, quenched
differences and adaptation are part of the unit; connections are what a network adds.

circuit  one population as in `rate_units`, with inputs that last and no projection
scale    κ, mV: what x = 1 does to the potential. None: r_0 / G, so that φ = A / r_0 − 1

Returns an ArtificialUnit. Raises DomainError, naming what is no unit: several populations, a
projection, an input that changes, no gain, none or several stable states. Cost: the fixed points of
one rate unit.)";

constexpr const char* what_a_response_is =
    R"(φ as the `response` of a Network whose units' membranes carry x: a TransferResponse.

Give such a network tau = tau_m (in s) and delta synapses are meant. Everything that takes a tanh network
takes it; loops designed for a linear one hold around x = 0. A network has no states for thresholds that
move: `network_equations` has.

hold_adaptation  whether these are held where they rest, which describes changes that are over before
                 any tau_l; False

Raises DomainError for a unit that adapts, unless its adaptation is held.)";

constexpr const char* how_a_unit_responds = R"(φ and its slope.

unit  ArtificialUnit (its adaptation held where it rests), or what a Network's `response` can be
x     shape (n,)

Returns (value, slope), dimensionless, shape (n,). Raises DomainError for numbers that are not finite.)";

constexpr const char* what_targets_need =
    R"(The eigenvalues that weights need for units to move as targets say.

    w = λ (1 + tau_m ρ) (1 + Σ β_l / (1 + tau_l ρ)) ,   ρ = (λ − 1) / τ

A linear network whose weights have the eigenvalue λ has the rate ρ; one of units with a membrane and
adaptation has it where its weights have w. Give w to `place_eigenvalues`. Each w has other rates as
well, one for each state of a unit: `network_equations` tells where they are.

unit     ArtificialUnit
targets  λ, shape (m,), complex
tau      τ of the network, s
carrier  "synapse", "membrane" (no factor 1 + tau_m ρ): as in `network_equations`

Returns w, shape (m,), complex. Raises DomainError for a ρ at which adaptation itself decays.)";

constexpr const char* what_the_network_does =
    R"(A network of units made of spiking neurons, as RateEquations.

    τ ẋ_i = −x_i + Σ_j W_ij φ_j + b_i + Σ_k gate_k (U_k z_k(t − D_k))_i
    tau_m ẏ_i = −y_i + x_i ,   A_i = Φ(m_0 + κ (y_i − Σ_l α_il), v) ,   φ_i = (A_i − r_0) / (κ G)
    tau_l α̇_il = −α_il + β_l φ_i ,   τ_T ż_k = −z_k + V_kᵀ φ         (τ_T = 0: z_k at once)

x = 0, where everything starts, is a fixed point without bias; there the eigenvalues of units without
adaptation, carried by the membrane, are those of the linear network.

network  W, τ and b; φ replaces a response that has a name, a unit's has to be this unit's
unit     ArtificialUnit; may be left out where the network's response is a unit's
loops    Loops, a list of Loops, or None; group k has a parameter gate_k, 1 for open, 0 for closed
carrier  what has the time constant τ: "synapse": slow synapses, which the membrane follows with
         tau_m; "membrane": the membrane itself, tau_m = τ, under delta synapses (y = x). None:
         "membrane" if the network's response is a unit's, else "synapse"

Returns RateEquations, to print, solve, follow over a gate or a bias. Raises ShapeError, DomainError.
Cost: formulas of n² + 2 n k terms.)";

void bind_artificial_unit_value(nb::module_& module) {
    using Unit = ArtificialUnit;
    Value<Unit>(module, "ArtificialUnit", what_a_unit_is,
                [](const Unit& unit) { return describe(unit); })
        .required("name", &Unit::name, "Of the population.")
        .required("neuron", &Unit::neuron, "EscapeNeuron, quenched parameters at their means.")
        .required("potential", &Unit::potential, "m_0: mean of V − ϑ at the operating point, mV.")
        .required("variance", &Unit::variance, "v over neurons, mV²; held.")
        .required("rate", &Unit::rate, "r_0, Hz.")
        .required("gain", &Unit::gain, "G = ∂Φ/∂m, Hz/mV.")
        .required("scale", &Unit::scale, "κ, mV: what x = 1 does to the potential.")
        .required("steepest", &Unit::steepest, "sup φ'; infinite for exponential hazards.")
        .required("adaptation", &Unit::adaptation, "tau_l, ms, shape (adaptations,).")
        .required("beta", &Unit::beta, "β_l = b_l G, shape (adaptations,).")
        .required("size", &Unit::size, "N.")
        .required("noise", &Unit::noise,
                  "r_0 / (N κ² G²), s: two-sided power density of φ by finite size.")
        .required("slow_gain", &Unit::slow_gain,
                  "G / (1 + Σ β_l), Hz/mV: for lasting input, variance held.")
        .required("true_slow_gain", &Unit::true_slow_gain,
                  "The same with the variance that the full closure gives.")
        .required("residual", &Unit::residual, "Of the operating point, per ms.")
        .required("unique", &Unit::unique, "Is it proven to be the only fixed point?")
        .required("assumptions", &Unit::assumptions,
                  "What a simulation of the neurons does not assume.")
        .done()
        .def("response", &response_of, nb::kw_only(), "hold_adaptation"_a = false,
             what_a_response_is);
}

nb::tuple responses(nb::handle unit, nb::handle x) {
    const Response response = nb::isinstance<ArtificialUnit>(unit)
                                  ? response_of(nb::cast<ArtificialUnit>(unit), true)
                                  : to_response(unit, "unit");
    const auto at = to_eigen<Vector>(x, "x");
    Vector value(at.size()), slope(at.size());
    for (Index i = 0; i < at.size(); ++i) {
        const UnitResponse found = unit_response(response, at[i]);
        value[i] = found.value;
        slope[i] = found.slope;
    }
    return nb::make_tuple(to_numpy(std::move(value)), to_numpy(std::move(slope)));
}

RateEquations equations_of(const Network& network, const std::optional<ArtificialUnit>& unit,
                           nb::handle loops, const std::optional<std::string>& carrier) {
    const bool has_unit = network.response.kind() == Response::Kind::transfer;
    const Carrier by = carrier    ? carrier_from(*carrier)
                       : has_unit ? Carrier::membrane
                                  : Carrier::synapse;
    if (unit) return network_equations(network, *unit, loops_from(loops), by);
    if (has_unit && by == Carrier::synapse)
        throw DomainError(
            "carrier is 'synapse'; the membrane carries the state of a network with "
            "a unit's response");
    return network_equations(network, loops_from(loops));
}

}  // namespace

void bind_artificial_unit(nb::module_& module) {
    bind_artificial_unit_value(module);
    module.def("artificial_unit", &artificial_unit, "circuit"_a, nb::kw_only(),
               "scale"_a = nb::none(), how_a_unit_is_made);
    module.def("unit_response", &responses, "unit"_a, "x"_a, how_a_unit_responds);
    module.def(
        "compensated_targets",
        [](const ArtificialUnit& unit, nb::handle targets, double tau, const std::string& carrier) {
            return to_numpy(compensated_targets(unit, to_eigen<ComplexVector>(targets, "targets"),
                                                tau, carrier_from(carrier)));
        },
        "unit"_a, "targets"_a, "tau"_a, nb::kw_only(), "carrier"_a = "synapse", what_targets_need);
    module.def("network_equations", &equations_of, "network"_a, "unit"_a = nb::none(),
               nb::kw_only(), "loops"_a = nb::none(), "carrier"_a = nb::none(),
               what_the_network_does);
}

}  // namespace heddle::python
