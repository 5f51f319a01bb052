#include "heddle/population/stationary_rates.hpp"

#include <nanobind/nanobind.h>

#include <sstream>

#include "circuit_values.hpp"
#include "heddle/core/error.hpp"
#include "heddle/core/similar.hpp"
#include "modules.hpp"
#include "noise_theory.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const StationaryBranch& branch) {
    std::ostringstream text;
    text << "StationaryBranch(";
    for (Index a = 0; a < branch.rates.size(); ++a) text << (a ? ", " : "") << branch.rates[a];
    text << " Hz, " << (branch.stable ? "stable" : "unstable") << ")";
    return text.str();
}

std::string describe(const StationaryRates& found) {
    return "StationaryRates(" + found.statement + ")";
}

void bind_branch(nb::module_& module) {
    using Branch = StationaryBranch;
    Value<Branch>(module, "StationaryBranch", "One solution of r = F(r).",
                  [](const Branch& branch) { return describe(branch); })
        .required("rates", &Branch::rates, "Hz, one for each population.")
        .required("mu", &Branch::mu, "Mean of the free potential there, mV.")
        .required("sigma", &Branch::sigma, "Noise there, mV.")
        .required("residual", &Branch::residual, "‖F(r) − r‖₂, Hz.")
        .required("history", &Branch::history, "‖F(r) − r‖₂ at each step of the search, Hz.")
        .required("eigenvalues", &Branch::eigenvalues, "Of ∂F/∂r.")
        .required("stable", &Branch::stable,
                  "Does dr/ds = F(r) − r return to it: all Re λ < 1? Delays are not seen by it.")
        .required("starts", &Branch::starts, "How many starts led here.")
        .done();
}

void bind_rates(nb::module_& module) {
    using Rates = StationaryRates;
    Value<Rates>(module, "StationaryRates", "Stationary rates of a circuit.",
                 [](const Rates& found) { return describe(found); })
        .required("names", &Rates::names, "Of populations.")
        .required("branches", &Rates::branches, "All solutions found, by rising sum of rates.")
        .required("failed", &Rates::failed, "Starts that led nowhere.")
        .required("assumptions", &Rates::assumptions, "What the theory leaves out here.")
        .required("statement", &Rates::statement, "In a sentence.")
        .done();
}

constexpr const char* what_it_does =
    R"(Stationary rates of populations of leaky neurons that drive each other.

    r_a = F_a(μ_a, σ_a) ,   F: `siegert`, with thresholds shifted for the noise's time constant,
    μ_a  = E_L + (τ_m / C_m) I + τ_m Σ_b K_ab ⟨J_ab⟩ r_b ,
    σ_a² = σ_own² + τ_m Σ_b K_ab ⟨J_ab²⟩ r_b ,

K mean in-degrees, J the jump of V that a spike is worth, mV: w of a delta synapse, w tau_syn / C_m
of an exponential one; b also the Poisson inputs. Newton's method with the exact Jacobian from many
starts; where it ends without an answer, implicit steps of dr/ds = F(r) − r come first. All
solutions found are returned; that there is no other is not proven, but where refractory periods
bound the rates the signs of det(1 − F') tell if one is missing, and the search goes on. Noise is Gaussian and spikes are
Poisson: for weights of a few percent of V_th − V_reset the rates are off by a few percent.

circuit     leaky neurons; delta or exponential currents; constant, Poisson or private
            Ornstein–Uhlenbeck input; own noise
theory      "shifted": to first order in √(tau_s / tau_m), for one tau_s in each population;
            "taylor": the same order, as `order="taylor"` of `siegert`, 0 where that is negative;
            "white": without synaptic time constants
starts      of the search: 8 with levels common to all populations, then random ones
most_steps  of Newton's method, for each start
seed        of random starts

Returns StationaryRates. Raises DomainError, naming what the theory does not describe and what does;
NotConverged with the residuals if no start led anywhere. A step takes a rate for each population
and one solve. Brunel (2000), J Comput Neurosci 8:183; Fourcaud & Brunel (2002), Neural Comput
14:2057; Layer et al. (2022), Front Neuroinform 16:835657.)";

}  // namespace

NoiseTheory theory_from(const std::string& name) {
    if (name == "white") return NoiseTheory::white;
    if (name == "shifted") return NoiseTheory::shifted;
    if (name == "taylor") return NoiseTheory::taylor;
    throw DomainError("theory is '" + name + "'" +
                      did_you_mean(name, {"white", "shifted", "taylor"}));
}

void bind_stationary_rates(nb::module_& module) {
    bind_branch(module);
    bind_rates(module);
    module.def(
        "stationary_rates",
        [](const Circuit& circuit, const std::string& theory, Index starts, Index most_steps,
           std::uint64_t seed) {
            return stationary_rates(circuit, {theory_from(theory), starts, most_steps, seed});
        },
        "circuit"_a, nb::kw_only(), "theory"_a = "shifted", "starts"_a = 32, "most_steps"_a = 100,
        "seed"_a = 0, what_it_does);
}

}  // namespace heddle::python
