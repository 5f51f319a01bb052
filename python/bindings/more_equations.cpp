#include <nanobind/nanobind.h>

#include <sstream>

#include "circuit_values.hpp"
#include "closures.hpp"
#include "heddle/population/adex_mean_field.hpp"
#include "heddle/population/local_inhibition.hpp"
#include "heddle/population/quadratic_equations.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const LocalInhibition& found) {
    return "LocalInhibition(" + found.statement + ")";
}

std::string describe(const AdexTransfer& transfer) {
    std::ostringstream text;
    text << "AdexTransfer(" << transfer.points << " points, error " << transfer.error << " Hz)";
    return text.str();
}

std::string describe(const AdexExperiment& experiment) {
    return "AdexExperiment(" + std::to_string(experiment.excitation.size()) + " points)";
}

constexpr const char* what_noise_and_slices_do =
    R"(Rate equations of quadratic neurons with independent noise, and adaptation of their own.

    τ ẋ = D + 2 x v + h                   τ ġ = 4 (v g − x h) + σ²
    τ v̇ = v² + η + I − x² + g             τ ḣ = 4 (x g + v h) ,   x = π τ r

g + i h is the second pseudo-cumulant of the potentials; higher ones are left out. At σ = 0 these
are the exact equations of `quadratic_rates`. The definition K = |g + i h| / |x − i v|² says how much
is left out: stationary rates without coupling are within 0.4 % of `quadratic_rate` where K < 0.05,
within 2.5 % where K < 0.1; above, neurons that noise alone brings to fire may be missed.

circuit  Circuit as for `quadratic_rates`; populations may have noise
slices   of every population that adapts: parts of equal weight of the Lorentzian law of eta, each
         with adaptation by its own rate. 1 is adaptation by the population's rate; 20 say most of
         what individual adaptation does. With many, the starts of `fixed_points` may all miss; `solve`
         finds what is stable.

Returns RateEquations. Raises DomainError naming what the equations do not describe. Cost grows with
slices. Goldobin, di Volo & Torcini (2021), Phys Rev Lett 127:038301; Gast, Schmidt & Knösche
(2020), Neural Comput 32:1615, for slices (with other parts).)";

constexpr const char* what_local_inhibition_is =
    R"(The local transfer of a population that inhibits itself through a fast pool of its own.

    A = Φ_E(m + J F) ,   F = Φ_I(J' A + b) ,   dA/dm = G / (1 + k) ,   k = −J J' G G_I

m is the potential over threshold without the pool, J < 0 and J' > 0 mean in-weights in mV/Hz, G and
G_I the gains of both. Slow noise of A is divided by (1 + k)². Beyond `onset_strength` the loop
k exp(−iωd) / Π (1 + iωτ) oscillates by itself at `onset_frequency` (E–I gamma).

circuit     rate units (`rate_unit_equations`), one of which is a pool: it gets spikes from one
            population alone, sends to that alone, and does not adapt
excitatory  that population
inhibitory  the pool
mean        m, mV, shape (n,)

Returns LocalInhibition. Raises DomainError naming what is no private pool.)";

constexpr const char* what_pools_do =
    R"(`rate_unit_equations` with private inhibitory pools that follow their input at once.

Their membranes, the synapses onto them, and delays to and from them are left out: right for times
longer than these. Stable also where the whole oscillates: `local_inhibition` says from which
strength on.

circuit  as for `rate_unit_equations`
pools    names of populations, private as in `local_inhibition`
closure  "full", "heterogeneity" or "mean"

Returns RateEquations. Raises DomainError as both.)";

void bind_local_inhibition(nb::module_& module) {
    Value<LocalInhibition>(module, "LocalInhibition",
                           "A population with a fast inhibitory pool of its own, as one unit.",
                           [](const LocalInhibition& found) { return describe(found); })
        .required("mean", &LocalInhibition::mean, "m, mV, shape (n,).")
        .required("rate", &LocalInhibition::rate, "A, Hz.")
        .required("pool_rate", &LocalInhibition::pool_rate, "Of the pool, Hz.")
        .required("gain", &LocalInhibition::gain, "G, without the loop, Hz/mV.")
        .required("strength", &LocalInhibition::strength, "k.")
        .required("effective_gain", &LocalInhibition::effective_gain, "G / (1 + k), Hz/mV.")
        .required("onset_strength", &LocalInhibition::onset_strength,
                  "The k at which the loop begins to oscillate.")
        .required("onset_frequency", &LocalInhibition::onset_frequency, "And how fast, Hz.")
        .required("residual", &LocalInhibition::residual, "Largest |A − Φ_E|, Hz.")
        .required("statement", &LocalInhibition::statement, "In a sentence.")
        .done();
    module.def(
        "local_inhibition",
        [](const Circuit& circuit, const std::string& excitatory, const std::string& inhibitory,
           nb::handle mean) {
            return local_inhibition(circuit, excitatory, inhibitory,
                                    to_eigen<Vector>(mean, "mean"));
        },
        "circuit"_a, "excitatory"_a, "inhibitory"_a, "mean"_a, what_local_inhibition_is);
    module.def(
        "local_inhibition_equations",
        [](const Circuit& circuit, const std::vector<std::string>& pools,
           const std::string& closure) {
            return local_inhibition_equations(circuit, pools, closure_from(closure));
        },
        "circuit"_a, "pools"_a, nb::kw_only(), "closure"_a = "full", what_pools_do);
}

void bind_adex(nb::module_& module) {
    Value<AdexTransfer>(module, "AdexTransfer",
                        "The effective threshold of an adaptive exponential neuron.",
                        [](const AdexTransfer& transfer) { return describe(transfer); })
        .required("coefficients", &AdexTransfer::coefficients, "P, mV, shape (10,).")
        .required("error", &AdexTransfer::error, "Root mean squared error of the rates, Hz.")
        .required("worst", &AdexTransfer::worst, "The largest, Hz.")
        .required("points", &AdexTransfer::points, "That were measured.")
        .required("fitted", &AdexTransfer::fitted, "Rate at each point, Hz, shape (m,).")
        .done();
    Value<AdexExperiment>(module, "AdexExperiment",
                          "A circuit that measures a transfer function: a population a point.",
                          [](const AdexExperiment& experiment) { return describe(experiment); })
        .required("circuit", &AdexExperiment::circuit, "To be simulated.")
        .required("neuron", &AdexExperiment::neuron, "Whose transfer function.")
        .required("excitatory", &AdexExperiment::excitatory, "Synapse and weight.")
        .required("inhibitory", &AdexExperiment::inhibitory, "Synapse and weight.")
        .required("excitation", &AdexExperiment::excitation, "Hz, shape (m,).")
        .required("inhibition", &AdexExperiment::inhibition, "Hz, shape (m,).")
        .required("current", &AdexExperiment::current, "pA, shape (m,).")
        .done();
    module.def(
        "adex_experiment",
        [](const ExponentialNeuron& neuron, const PoissonInput& excitatory,
           const PoissonInput& inhibitory, double lowest, double highest, Index levels,
           const std::vector<double>& inhibition, const std::vector<double>& currents,
           Index neurons) {
            return adex_experiment(neuron, excitatory, inhibitory,
                                   {lowest, highest, levels, inhibition, currents, neurons});
        },
        "neuron"_a, "excitatory"_a, "inhibitory"_a, "lowest"_a, "highest"_a, "levels"_a,
        "inhibition"_a, "currents"_a, "neurons"_a, "The circuit of `fit_adex_transfer`.");
    module.def(
        "fit_adex_transfer",
        [](const AdexExperiment& experiment, nb::handle rates) {
            return fit_adex_transfer(experiment, to_eigen<Vector>(rates, "rates"));
        },
        "experiment"_a, "rates"_a, "The fit of `fit_adex_transfer`.");
    module.def(
        "adex_mean_field",
        [](const Circuit& circuit, nb::handle thresholds, int order, double T) {
            return adex_mean_field(
                circuit, from_python<std::vector<Vector>>(thresholds, "thresholds"), {order, T});
        },
        "circuit"_a, "thresholds"_a, "order"_a, "T"_a, "Thresholds in the order of populations.");
}

}  // namespace

void bind_more_equations(nb::module_& module) {
    module.def(
        "quadratic_equations",
        [](const Circuit& circuit, Index slices) {
            return quadratic_equations(circuit, {.slices = slices});
        },
        "circuit"_a, nb::kw_only(), "slices"_a = 1, what_noise_and_slices_do);
    module.def("quadratic_rate", &quadratic_rate, "eta"_a, "delta"_a, "sigma"_a, "tau_m"_a,
               "Of one law, Hz.");
    bind_local_inhibition(module);
    bind_adex(module);
}

}  // namespace heddle::python
