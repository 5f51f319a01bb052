#include "population/diffusion_checks.hpp"

#include <algorithm>
#include <cmath>

namespace heddle {
namespace {

void check_neurons(const Population& population) {
    const Subject subject = subject_of(population);
    const std::string law = name_of(population.neuron);
    const std::string reason =
        "its neurons are '" + law + "', and Siegert's rate is that of 'lif'; ";
    subject.require(law != "gif", reason + "`mesoscopic` has escape noise");
    subject.require(law != "qif", reason + "`quadratic_rates` has quadratic neurons");
    subject.require(law == "lif", reason + "`simulate` has adaptive exponential ones");
    subject.require(population.adaptation.empty(),
                    "its neurons adapt, which Siegert's rate leaves out; `simulate` has it, and "
                    "`mesoscopic` for neurons with escape noise");
    for (const auto& [name, law_of_it] : population.quenched)
        subject.require(name == "V_m",
                        name +
                            " differs between its neurons, and one rate stands for all; split "
                            "the population, or `simulate` it");
}

struct DriveCheck {
    Subject subject;

    void operator()(const PoissonInput& input) const {
        check_diffusion_synapse(subject, input.synapse);
        subject.require(input.start <= 0.0 && !std::isfinite(input.stop),
                        "it starts or stops, and stationary rates are those of constant input; "
                        "leave start and stop out, or `simulate` it");
    }

    void operator()(const CurrentInput& input) const {
        const Matrix& values = input.values;
        subject.require((values.array() == values(0, 0)).all() &&
                            (input.times.front() <= 0.0 || values(0, 0) == 0.0),
                        "its current differs in time or between neurons, and stationary rates are "
                        "those of one constant current; give one value, or `simulate` it");
    }

    void operator()(const OrnsteinUhlenbeckInput& input) const {
        subject.require(!input.shared || input.sigma == 0.0,
                        "its noise is shared, and the theory has independent noise in each "
                        "neuron; give shared = false, or `simulate` it");
    }
};

}  // namespace

void check_diffusion_synapse(const Subject& subject, const Synapse& synapse) {
    subject.require(!synapse.conductance,
                    "its synapses are conductances, which change the membrane's time constant; "
                    "give currents, or `simulate` it");
    subject.require(synapse.kind != Synapse::Kind::alpha,
                    "its synapses are alpha functions, and the theory has exponential ones; an "
                    "exponential synapse of weight e w has the same charge, or `simulate` it");
}

void check_diffusion_projection(const Projection& projection) {
    const Subject subject = subject_of(projection);
    check_diffusion_synapse(subject, projection.synapse);
    subject.require(projection.left.size() == 0,
                    "its weights have a low-rank part, which differs between neurons; leave left "
                    "and right empty, or `simulate` it");
    const Distribution& weight = projection.weight;
    subject.require(weight.kind != Distribution::Kind::lorentzian ||
                        (std::isfinite(weight.low) && std::isfinite(weight.high)),
                    "its weights are Lorentzian without low and high and have no variance; give "
                    "both");
}

void check_diffusion(const Circuit& circuit) {
    validate(circuit);
    for (const Population& population : circuit.populations) check_neurons(population);
    for (const Projection& projection : circuit.projections) check_diffusion_projection(projection);
    for (std::size_t k = 0; k < circuit.inputs.size(); ++k) {
        const Input& input = circuit.inputs[k];
        const Subject subject("input " + std::to_string(k) + " (to '" + input.target + "')");
        std::visit(DriveCheck{subject}, input.drive);
    }
}

void check_one_colour(const Subject& subject, const std::vector<double>& times) {
    const auto [shortest, longest] = std::ranges::minmax(times);
    subject.require(shortest == longest,
                    "its noise has correlation times from " + quantity(shortest, "ms") + " to " +
                        quantity(longest, "ms") +
                        ", and its rate is known for one; give all its synapses one tau_syn, or "
                        "theory = \"white\" to leave these times out");
}

}  // namespace heddle
