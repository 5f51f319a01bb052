#include "heddle/population/renewal_modes.hpp"

#include <nanobind/nanobind.h>

#include "circuit_values.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

void bind_modes(nb::module_& module) {
    using Modes = RenewalModes;
    Value<Modes>(module, "RenewalModes", "How a population comes to rest at each potential.",
                 [](const Modes& found) {
                     return "RenewalModes(" + std::to_string(found.eigenvalues.rows()) +
                            " pairs at " + std::to_string(found.rate.size()) + " potentials)";
                 })
        .required("rate", &Modes::rate, "F, Hz, shape (m,).")
        .required("eigenvalues", &Modes::eigenvalues, "λ_k with Im λ > 0, 1/s, shape (n, m).")
        .required("drive", &Modes::drive, "c_k0, Hz / mV, shape (n, m).")
        .required("mixing", &Modes::mixing,
                  "c_kl, 1 / mV, shape (n, 2 n) for each potential: pairs, then conjugates.")
        .done();
}

void bind_rates(nb::module_& module) {
    using Rates = ModeRates;
    Value<Rates>(module, "ModeRates", "The activity by some modes, with its evidence.",
                 [](const Rates& found) {
                     return "ModeRates(" + std::to_string(found.activity.size()) + " times)";
                 })
        .required("activity", &Rates::activity, "A at the times of the potential, Hz.")
        .required("stationary", &Rates::stationary, "F(h) there, Hz.")
        .required("last", &Rates::last, "Largest part of the last pair, Hz.")
        .required("step_error", &Rates::step_error, "Largest difference from half the step, Hz.")
        .done();
}

constexpr const char* what_modes_are =
    R"(The modes of neurons with hazard ν = f(V − V_T_star) after a refractory period D = t_ref.

    P̂(λ_k) = 1 ,   P̂ = ν e^{−λD} / (ν + λ) :   λ_k = −ν + W_k(ν D e^{νD}) / D ,

W_k branch k of Lambert's function. All neurons see one potential h(t); their activity is

    A = F(h) + 2 Re Σ α_k ,   F = ν / (1 + νD) ,   α̇_k = λ_k α_k − ḣ (c_k0 + Σ_l c_kl α_l) ,

exactly for infinitely many pairs.

neuron     EscapeNeuron with reset = False and t_ref > 0
potential  h, mV, shape (m,)
pairs      n, 1 to 100

Returns RenewalModes. Raises DomainError for other neurons and a hazard of 0. O(m n²). Pietras,
Gallice & Schwalger (2020), Phys Rev E 102:022407.)";

constexpr const char* what_rates_are =
    R"(The activity of a population by some of its modes: two equations for each pair.

neuron     as in `renewal_modes`
potential  h at times 0, step, 2 step, …, mV, shape (m,), linear in between; at rest at the first
step       ms
pairs      1 to 100

Returns ModeRates: the activity (Hz) at those times, F(h), how large the last pair became (of the
size of what is left out), and the error of the step, of second order. Raises DomainError or
ShapeError. O(m n²).)";

}  // namespace

void bind_renewal_modes(nb::module_& module) {
    bind_modes(module);
    bind_rates(module);
    module.def(
        "renewal_modes",
        [](const EscapeNeuron& neuron, nb::handle potential, Index pairs) {
            return renewal_modes(neuron, to_eigen<Vector>(potential, "potential"), pairs);
        },
        "neuron"_a, "potential"_a, nb::kw_only(), "pairs"_a = 1, what_modes_are);
    module.def(
        "mode_rates",
        [](const EscapeNeuron& neuron, nb::handle potential, double step, Index pairs) {
            return mode_rates(neuron, to_eigen<Vector>(potential, "potential"), step, pairs);
        },
        "neuron"_a, "potential"_a, nb::kw_only(), "step"_a, "pairs"_a = 1, what_rates_are);
}

}  // namespace heddle::python
