#include "heddle/population/age_structured_rates.hpp"

#include <nanobind/nanobind.h>

#include <sstream>

#include "circuit_values.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const AgeStructuredBranch& branch) {
    std::ostringstream text;
    text << "AgeStructuredBranch(";
    for (Index a = 0; a < branch.rates.size(); ++a) text << (a ? ", " : "") << branch.rates[a];
    text << " Hz)";
    return text.str();
}

std::string describe(const AgeStructuredRates& found) {
    return "AgeStructuredRates(" + found.statement + ")";
}

void bind_branch(nb::module_& module) {
    using Branch = AgeStructuredBranch;
    Value<Branch>(module, "AgeStructuredBranch", "One stationary state.",
                  [](const Branch& branch) { return describe(branch); })
        .required("rates", &Branch::rates, "A, Hz, one for each population.")
        .required("potential", &Branch::potential, "h, where V would rest without spikes, mV.")
        .required("variability", &Branch::variability, "Coefficient of variation of intervals.")
        .required("residual", &Branch::residual, "‖F(A) − A‖₂, Hz.")
        .required("error", &Branch::error, "|F − F on panels of half the width|, Hz.")
        .required("history", &Branch::history, "‖F(A) − A‖₂ at each step of the search, Hz.")
        .required("jacobian", &Branch::jacobian, "∂F/∂A.")
        .required("starts", &Branch::starts, "How many starts led here.")
        .done();
}

void bind_rates(nb::module_& module) {
    using Rates = AgeStructuredRates;
    Value<Rates>(module, "AgeStructuredRates", "Stationary states of populations told by ages.",
                 [](const Rates& found) { return describe(found); })
        .required("names", &Rates::names, "Of populations.")
        .required("branches", &Rates::branches, "All states found, by rising sum of rates.")
        .required("failed", &Rates::failed, "Starts that led nowhere.")
        .required("assumptions", &Rates::assumptions, "A sentence each.")
        .required("statement", &Rates::statement, "In a sentence.")
        .done();
}

constexpr const char* what_it_does =
    R"(Stationary rates of infinite populations of neurons with escape noise that drive each other.

    A_a = 1 / ∫ S dx ,   S(x) = exp(−∫_0^x ρ) ,   ρ = f(V(x) − ϑ(x)) for x > t_ref
    V(x) = h + (V_reset − h) exp(−(x − t_ref) / tau_m) ,   h without a reset
    ϑ(x) = V_T_star + ϑ_1(x) + A ∫_x^∞ Q(y) dy
    h_a  = E_L + (tau_m / C_m) I + tau_m Σ_b K_ab ⟨J_ab⟩ A_b

x the time since the last spike, ϑ_1 what that spike adds to the threshold, Q the mean effect of an
older one (quasi-renewal). It is where `mesoscopic` with finite_size=False can rest. Newton's method
with the exact Jacobian from many starts; all solutions found are returned, and that there is no
other is not proven, but where refractory periods bound the rates the signs of det(1 − F') tell if
one is missing, and the search goes on. Whether one is stable, `population_eigenvalues` says.

circuit     neurons with escape noise ('gif'); current synapses; constant currents; adaptation of
            the threshold (currents too, without a reset); any delays
starts      of the search: 8 with levels common to all populations, then random ones
most_steps  of Newton's method, for each start
seed        of random starts

Returns AgeStructuredRates: rates (Hz), free potentials (mV), coefficients of variation, residuals
and the error of the integrals over age. Raises DomainError, naming what ages do not tell and what
does; NotConverged if no start led anywhere. A step takes some thousand hazards a population.
Gerstner (2000), Neural Comput 12:43; Naud & Gerstner (2012), PLoS Comput Biol 8:e1002711.)";

}  // namespace

void bind_age_structured_rates(nb::module_& module) {
    bind_branch(module);
    bind_rates(module);
    module.def(
        "age_structured_rates",
        [](const Circuit& circuit, Index starts, Index most_steps, std::uint64_t seed) {
            return age_structured_rates(circuit, {starts, most_steps, seed});
        },
        "circuit"_a, nb::kw_only(), "starts"_a = 32, "most_steps"_a = 100, "seed"_a = 0,
        what_it_does);
}

}  // namespace heddle::python
