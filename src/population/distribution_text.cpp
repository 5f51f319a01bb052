#include "population/distribution_text.hpp"

#include <algorithm>
#include <cmath>

#include "circuit/checks.hpp"
#include "heddle/core/error.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

using Method = DistributionMethod;

std::string last_of(const std::vector<double>& history) {
    std::string text;
    const std::size_t shown = std::min<std::size_t>(history.size(), 6);
    for (std::size_t i = history.size() - shown; i < history.size(); ++i)
        text += (text.empty() ? "" : ", ") + number_text(history[i]);
    return text;
}

std::string rounded(double value) {
    const double unit = std::pow(10.0, std::floor(std::log10(std::max(std::abs(value), 1e-9))) - 2);
    return number_text(std::round(value / unit) * unit);
}

void of_noise(const Population& population, const DistributionOptions& options,
              std::vector<std::string>& list) {
    const std::string who = subject_of(population).who();
    const auto* escape = std::get_if<EscapeNeuron>(&population.neuron);
    const bool reset = escape != nullptr && escape->reset;
    if (reset)
        list.push_back(who +
                       ": potential and noise of those that are silent are Gaussian at "
                       "every age");
    if (!population.adaptation.empty())
        list.push_back(who +
                       ": moving thresholds are Gaussian, follow a neuron's own spikes as a linear "
                       "system does, and know nothing of its noise");
    if (escape != nullptr && !reset) return;  // The variance of the potential is all that counts.
    list.push_back(who + (options.theory == NoiseTheory::white ? ": noise has no time constant"
                          : reset ? ": noise has the time constant of its synapses"
                                  : ": to first order in the root of the noise's time constant "
                                    "over tau_m"));
}

}  // namespace

std::vector<std::string> distribution_assumptions(const Circuit& circuit,
                                                  const DistributionOptions& options) {
    std::vector<std::string> list{
        "single spikes add Gaussian noise, that of Poisson spikes, independent between neurons",
        "the network is asynchronous: rates do not change in time",
        "weights do not go together with the rates of their sources"};
    if (options.method == Method::gaussian)
        list.push_back("lasting input is Gaussian over neurons");
    if (options.method == Method::cumulants)
        list.push_back("lasting input has a Pearson III law over neurons");
    if (options.method != Method::population_dynamics)
        list.push_back("the logarithm of a neuron's noise follows its lasting input linearly");
    for (const Population& population : circuit.populations) of_noise(population, options, list);
    for (const Population& population : circuit.populations)
        if (options.method == Method::population_dynamics && population.size > options.pool)
            list.push_back(subject_of(population).who() + ": a pool of " +
                           std::to_string(options.pool) + " stands for " +
                           std::to_string(population.size) +
                           " neurons; that targets share sources is left out");
    return list;
}

std::string distribution_statement(const StationaryDistributions& found,
                                   const DistributionOptions& options) {
    std::string text;
    for (const StationaryDistribution& one : found.populations)
        text += (text.empty() ? "" : "; ") + one.name + " " + rounded(one.mean) +
                " Hz, deviation " + rounded(one.deviation) + " Hz";
    if (options.method == Method::population_dynamics)
        return text + ", from " + std::to_string(options.pools) + " pools and " +
               std::to_string(options.sweeps) + " sweeps";
    return text + (found.stable ? "" : ", unstable") +
           ": the solution found from silence; others may exist";
}

void refuse_search(const std::vector<double>& history, const DistributionOptions& options) {
    throw NotConverged("no moments of rates with F(x) = x were found in " +
                       std::to_string(options.most_steps) +
                       " steps; the residuals of the mean rates end in " + last_of(history) +
                       " Hz; raise most_steps, weaken the excitation if rates run away, or give "
                       "method = \"population_dynamics\"");
}

void refuse_drift(const std::string& population, double drift, const std::vector<double>& history) {
    throw NotConverged(
        "population '" + population + "': the mean rate still moves, by " + rounded(drift) +
        " Hz between the halves of the sweeps; distances from the result end in " +
        last_of(history) + " Hz; raise sweeps, or weaken the excitation if rates run away");
}

}  // namespace heddle
