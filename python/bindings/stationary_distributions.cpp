#include "heddle/population/stationary_distributions.hpp"

#include <nanobind/nanobind.h>

#include <sstream>

#include "circuit_values.hpp"
#include "heddle/core/error.hpp"
#include "heddle/core/similar.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

DistributionMethod method_from(const std::string& name) {
    if (name == "gaussian") return DistributionMethod::gaussian;
    if (name == "cumulants") return DistributionMethod::cumulants;
    if (name == "population_dynamics") return DistributionMethod::population_dynamics;
    throw DomainError("method is '" + name + "'" +
                      did_you_mean(name, {"gaussian", "cumulants", "population_dynamics"}));
}

NoiseTheory theory_from(const std::string& name) {
    if (name == "white") return NoiseTheory::white;
    if (name == "shifted") return NoiseTheory::shifted;
    throw DomainError("theory is '" + name + "'" + did_you_mean(name, {"white", "shifted"}));
}

std::string describe(const StationaryDistribution& found) {
    std::ostringstream text;
    text << "StationaryDistribution(" << found.name << ": " << found.mean << " Hz, deviation "
         << found.deviation << " Hz, skewness " << found.skewness << ")";
    return text.str();
}

std::string describe(const StationaryDistributions& found) {
    return "StationaryDistributions(" + found.statement + ")";
}

void bind_distribution(nb::module_& module) {
    using One = StationaryDistribution;
    Value<One>(module, "StationaryDistribution", "The rates of the neurons of one population.",
               [](const One& one) { return describe(one); })
        .required("name", &One::name, "Of the population.")
        .required("mean", &One::mean, "Hz.")
        .required("deviation", &One::deviation, "Standard deviation over neurons, Hz.")
        .required("skewness", &One::skewness, "Of rates.")
        .required("mean_error", &One::mean_error, "Standard error; 0 without chance.")
        .required("deviation_error", &One::deviation_error, "Standard error; 0 without chance.")
        .required("skewness_error", &One::skewness_error, "Standard error; 0 without chance.")
        .required("input", &One::input, "Mean over neurons of the free potential, mV.")
        .required("input_deviation", &One::input_deviation, "Of what lasts of it, mV.")
        .required("input_skewness", &One::input_skewness, "Of the same.")
        .required("noise", &One::noise,
                  "Mean variance that single spikes and own noise add, mV²; leaky neurons: σ².")
        .required("rates", &One::rates, "A sample, rising, Hz, shape (n,).")
        .required("weights", &One::weights, "The share of neurons that each stands for.")
        .done()
        .def("quantile", &rate_quantile, "p"_a,
             "The rate that a share p of neurons does not exceed, Hz. Raises DomainError unless "
             "0 < p < 1.")
        .def("below", &share_below, "rate"_a,
             "The share of neurons whose rate is at most `rate` Hz.");
}

void bind_distributions(nb::module_& module) {
    using Found = StationaryDistributions;
    Value<Found>(module, "StationaryDistributions",
                 "How stationary rates differ between the neurons of a circuit.",
                 [](const Found& found) { return describe(found); })
        .required("populations", &Found::populations, "A StationaryDistribution of each.")
        .required("residual", &Found::residual,
                  "Largest |F − m| of mean rates with twice the nodes, Hz; between the halves of "
                  "the sweeps for population dynamics.")
        .required("history", &Found::history,
                  "|F − m| at each step of the search, Hz; for population dynamics the distance "
                  "of each sweep from the result.")
        .required("stable", &Found::stable, "Do the moments relax to it? Delays are not seen.")
        .required("assumptions", &Found::assumptions, "What was assumed, a sentence each.")
        .required("statement", &Found::statement, "In a sentence.")
        .done();
}

constexpr const char* what_it_does =
    R"(How stationary rates differ between neurons whose connections and parameters do.

    h_i = E_L + (τ_m / C_m) I + Σ_j J_ij r_j ,   s_i² = s_own² + Σ_j P_ij r_j ,   r_i = F(h_i, s_i²)

h_i is what a neuron receives for ever, s_i² the variance of single spikes about it; J_ij and P_ij
are the areas of the potential that a spike causes and of its square. F is Φ(h − V_T_star, s²) of
`effective_transfer` for gif neurons without reset, the rate of `siegert` for leaky ones, and
1 / (t_ref + ∫ S) for gif neurons with a reset, S the part that is silent in the noise s², by a
Gaussian closure.

circuit     leaky or gif neurons; any rule and law of weights with three moments; `left`, `right`;
            quenched E_L, I_e and, without a reset, V_T_star; delta or exponential currents;
            constant, Poisson or private Ornstein–Uhlenbeck input; own noise
method      "gaussian": h has two cumulants over neurons, those that the moments of sources' rates
            make; "cumulants": three, as a Pearson III law, for skewed weights and degrees;
            "population_dynamics": no law of h is assumed, each neuron of a pool of rates draws its
            weights and sources from the pool until means stay
theory      of the noise of neurons that are reset: "shifted" for its one time constant (leaky
            neurons: thresholds shift), "white" to leave it out
nodes       of Gauss's rule over neurons
most_steps  of Newton's method
pools       of population dynamics: their scatter gives the standard errors
pool        neurons of each population in one, at most; as many as the population has share their
            sources as it does
sweeps      of as many draws as a pool has neurons; half as many go before
threads     0: one per core; the result has the same bits for any number
seed        of population dynamics

Returns StationaryDistributions: mean, deviation and skewness of each population with errors, a
sample of rates, `quantile` and `below`, what was assumed. Raises DomainError, naming what has no
such F and what describes it; NotConverged with the residuals and what to try. Newton costs some
ms (gif neurons with a reset: some s), population dynamics 50 ns for each synapse of its pools and
sweep (0.2 ms for each such neuron). Roxin et al. (2011), J
Neurosci 31:16217; van Vreeswijk & Sompolinsky (1998), Neural Comput 10:1321; Vegue & Roxin (2019),
bioRxiv 542456.)";

}  // namespace

void bind_stationary_distributions(nb::module_& module) {
    bind_distribution(module);
    bind_distributions(module);
    module.def(
        "stationary_distributions",
        [](const Circuit& circuit, const std::string& method, const std::string& theory,
           Index nodes, Index most_steps, Index pools, Index pool, Index sweeps, Index threads,
           std::uint64_t seed) {
            const DistributionOptions options{method_from(method),
                                              theory_from(theory),
                                              nodes,
                                              most_steps,
                                              pools,
                                              pool,
                                              sweeps,
                                              threads,
                                              seed};
            const nb::gil_scoped_release release;
            return stationary_distributions(circuit, options);
        },
        "circuit"_a, nb::kw_only(), "method"_a = "cumulants", "theory"_a = "shifted",
        "nodes"_a = 32, "most_steps"_a = 100, "pools"_a = 4, "pool"_a = 4000, "sweeps"_a = 20,
        "threads"_a = 0, "seed"_a = 0, what_it_does);
}

}  // namespace heddle::python
