#include <cmath>

#include "circuit/checks.hpp"
#include "circuit/expected_synapses.hpp"
#include "circuit/laws.hpp"
#include "network/checks.hpp"
#include "population/mesoscopic_checks.hpp"
#include "population/quasi_renewal.hpp"

namespace heddle {
namespace {

using Sentences = std::vector<std::string>;

void of_history(const Population& population, double history, Sentences& out) {
    const std::string who = "population '" + population.name + "': ";
    out.push_back(who + "neurons that fired more than " + quantity(history, "ms") +
                  " ago are told apart no longer.");
    if (history_is_cut(population, history))
        out.push_back(who +
                      "adaptation outlasts this history; a spike still moves the threshold by " +
                      quantity(threshold_after(population, history), "mV") +
                      " when it is forgotten who fired it.");
}

void of_start(const Population& population, Sentences& out) {
    const auto found = population.quenched.find("V_m");
    if (found != population.quenched.end() && !is_constant(found->second))
        out.push_back("population '" + population.name +
                      "': all neurons start at the mean of the initial potentials.");
}

}  // namespace

void of_adaptation(const Population& population, Sentences& out) {
    if (population.adaptation.empty()) return;
    const auto& neuron = std::get<EscapeNeuron>(population.neuron);
    const bool exact = neuron.hazard == Hazard::exponential;
    out.push_back("population '" + population.name +
                  "': adaptation is quasi-renewal; spikes before a neuron's last one act as those "
                  "of the population, " +
                  (exact ? "as if they were Poisson." : "by the mean threshold they make."));
}

void of_connections(const Circuit& circuit, std::size_t k, Sentences& out, bool own_noise) {
    const Projection& projection = circuit.projections[k];
    const Population& target = circuit.populations[population_index(circuit, projection.target)];
    const bool dense = std::holds_alternative<AllToAll>(projection.rule);
    if (!dense)
        out.push_back(
            subject_of(projection).who() + ": every neuron gets the mean of " +
            number_text(expected_synapses(circuit, k) / static_cast<double>(target.size)) +
            (own_noise ? " synapses; what of their noise neurons do not share is that of Poisson "
                         "spikes, and that some have more synapses, or sources with other rates, "
                         "for ever, is left out."
                       : " synapses that see the whole population; that neurons have other "
                         "sources, or more of them, is left out."));
    const auto* edges = std::get_if<Edges>(&projection.rule);
    if (!is_constant(projection.weight) || (edges != nullptr && !edges->weight.empty()))
        out.push_back(subject_of(projection).who() + ": weights enter by their mean" +
                      (own_noise ? ", and by their variance into noise." : "."));
}

void of_noise(const MesoscopicRecording& recording, Sentences& out) {
    constexpr double strong = 1.5, too_strong = 2.0;  // In units of Delta_V; see docs, measured.
    for (std::size_t a = 0; a < recording.names.size(); ++a) {
        const double ratio = recording.noise_ratio[static_cast<Index>(a)];
        if (ratio < strong) continue;
        out.push_back("population '" + recording.names[a] + "': own noise moves V by " +
                      number_text(ratio) + " Delta_V at spikes, and its rate may be " +
                      (ratio < too_strong ? "several per cent" : "a tenth or more") +
                      " off; simulate, or give a larger Delta_V.");
    }
}

Sentences mesoscopic_assumptions(const Circuit& circuit, const MesoscopicOptions& options,
                                 const Vector& history) {
    Sentences out;
    if (options.finite_size)
        out.push_back(
            "Fluctuations of a cohort's survivors enter to first order in 1 / N, by their "
            "variance.");
    else
        out.push_back("Populations are infinite: activity is its own expectation.");
    for (std::size_t a = 0; a < circuit.populations.size(); ++a) {
        const Population& population = circuit.populations[a];
        of_history(population, history[static_cast<Index>(a)], out);
        of_adaptation(population, out);
        of_start(population, out);
    }
    for (std::size_t k = 0; k < circuit.projections.size(); ++k)
        of_connections(circuit, k, out, options.own_noise);
    if (options.own_noise)
        out.push_back(
            "Noise of a neuron's own is Gaussian; of the neurons of a cohort that are silent, "
            "potential and noise are a Gaussian times a polynomial of second degree.");
    if (!circuit.readouts.empty())
        out.push_back("Readouts are of single neurons, which are not there: they are left out.");
    return out;
}

}  // namespace heddle
