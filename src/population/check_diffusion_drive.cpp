#include <algorithm>
#include <cmath>

#include "circuit/checks.hpp"
#include "network/checks.hpp"
#include "population/diffusion_checks.hpp"
#include "population/diffusion_drive.hpp"

namespace heddle {
namespace {

void check_population(const Population& population, double step) {
    const Subject subject = subject_of(population);
    const std::string law = name_of(population.neuron);
    subject.require(law == "lif" || law == "adex",
                    "its neurons are '" + law +
                        "', and diffusion to a threshold is that of 'lif' and 'adex'; " +
                        (law == "gif" ? "`mesoscopic` has escape noise"
                                      : "`quadratic_rates` has quadratic neurons"));
    subject.require(population.adaptation.empty(),
                    "its neurons have thresholds or currents that adapt, which a density of V "
                    "leaves out; give 'adex' neurons with a and b, or `simulate` it");
    for (const auto& [name, drawn] : population.quenched)
        subject.require(name == "V_m",
                        name +
                            " differs between its neurons, and one density stands for all; "
                            "split the population, or `simulate` it");
    const double t_ref = diffusive_membrane(population.neuron, "diffusion").t_ref;
    subject.require(t_ref == 0.0 || t_ref >= step,
                    "t_ref is " + quantity(t_ref, "ms") + ", shorter than the step, " +
                        quantity(step, "ms") + "; give a step of at most t_ref, or t_ref = 0");
}

void check_delay(const Projection& projection) {
    const auto* edges = std::get_if<Edges>(&projection.rule);
    const bool common = projection.delay.kind == Distribution::Kind::constant &&
                        (edges == nullptr || edges->delay.empty());
    subject_of(projection)
        .require(common, "delays differ between synapses; give one delay, or `simulate` it");
}

struct DriveCheck {
    Subject subject;

    void operator()(const PoissonInput& input) const {
        check_diffusion_synapse(subject, input.synapse);
    }
    void operator()(const CurrentInput& input) const {
        subject.require(input.values.rows() == 1,
                        "each neuron has a current of its own; give one for all, or `simulate` it");
    }
    void operator()(const OrnsteinUhlenbeckInput& input) const {
        subject.require(!input.shared || input.sigma == 0.0,
                        "its noise is shared, and a density has independent noise in each neuron; "
                        "give shared = false, or `simulate` it");
    }
};

/// Has a population noise with a correlation time? The longest, ms.
double longest_colour(const Circuit& circuit, const Population& population) {
    double longest = population.noise.sigma > 0.0 ? population.noise.tau : 0.0;
    const auto add = [&](const Synapse& synapse) {
        if (synapse.kind != Synapse::Kind::delta) longest = std::max(longest, synapse.tau_syn);
    };
    for (const Projection& projection : circuit.projections)
        if (projection.target == population.name) add(projection.synapse);
    for (const Input& input : circuit.inputs) {
        if (input.target != population.name) continue;
        if (const auto* poisson = std::get_if<PoissonInput>(&input.drive)) add(poisson->synapse);
        if (const auto* noise = std::get_if<OrnsteinUhlenbeckInput>(&input.drive))
            longest = std::max(longest, noise->sigma > 0.0 ? noise->tau : 0.0);
    }
    return longest;
}

}  // namespace

void check_diffusion_drive(const Circuit& circuit, double step, const char* who) {
    Subject(who).positive(step, "step", "ms");
    validate(circuit);
    for (const Population& population : circuit.populations) check_population(population, step);
    for (const Projection& projection : circuit.projections) {
        check_diffusion_projection(projection);
        check_delay(projection);
    }
    for (std::size_t k = 0; k < circuit.inputs.size(); ++k) {
        const Input& input = circuit.inputs[k];
        const Subject subject("input " + std::to_string(k) + " (to '" + input.target + "')");
        std::visit(DriveCheck{subject}, input.drive);
    }
}

std::vector<std::string> drive_assumptions(const Circuit& circuit) {
    std::vector<std::string> out{
        "populations are infinite, and input is Gaussian noise, from independent Poisson spikes"};
    for (const Population& population : circuit.populations) {
        const std::string who = subject_of(population).who();
        const double colour = longest_colour(circuit, population);
        if (colour > 0.0)
            out.push_back(who + ": its noise is white; that of its synapses has up to " +
                          quantity(colour, "ms"));
        const auto* cell = std::get_if<ExponentialNeuron>(&population.neuron);
        if (cell != nullptr && (cell->a != 0.0 || cell->b != 0.0))
            out.push_back(who + ": adaptation is its mean over neurons");
    }
    for (const Projection& projection : circuit.projections)
        if (!std::holds_alternative<AllToAll>(projection.rule) &&
            !std::holds_alternative<OneToOne>(projection.rule))
            out.push_back(subject_of(projection).who() + ": every neuron has the mean in-degree");
    return out;
}

}  // namespace heddle
