#include "population/quadratic_checks.hpp"

#include <cmath>

#include "circuit/checks.hpp"

namespace heddle {
namespace {

constexpr const char* instead = "; heddle.simulate takes it as it is";

bool cut(const Distribution& law) {
    return std::isfinite(law.low) || std::isfinite(law.high);
}

void check_eta(const Subject& subject, const Population& population) {
    const Distribution law = law_of(population, "eta");
    subject.require(law.kind == Distribution::Kind::lorentzian,
                    "eta has no Lorentzian law; the potentials of a population stay Lorentzian "
                    "only if eta is, so give quenched eta = Distribution.lorentzian(median, "
                    "half_width)");
    subject.require(!cut(law),
                    "eta is drawn from a Lorentzian that is cut to an interval, which "
                    "has no closed equations; leave low and high out");
    subject.positive(law.scale, "the half width of eta", "");
}

/// Where neurons start: at a Lorentzian law of V, or all at one V.
void check_start(const Subject& subject, const Distribution& law) {
    const bool constant = law.kind == Distribution::Kind::constant;
    subject.require(constant || (law.kind == Distribution::Kind::lorentzian && !cut(law)),
                    "quenched V_m is neither a number nor a whole Lorentzian; the equations hold "
                    "from a Lorentzian start, so give a number or Distribution.lorentzian");
}

void check_population(const Population& population, bool noise) {
    const Subject subject = subject_of(population);
    subject.require(std::holds_alternative<QuadraticNeuron>(population.neuron),
                    std::string("its neurons are ") + name_of(population.neuron) +
                        "; these rate equations are exact for quadratic neurons (qif) alone" +
                        instead);
    check_eta(subject, population);
    for (const auto& [name, law] : population.quenched) {
        if (name == "V_m") check_start(subject, law);
        subject.require(name == "eta" || name == "V_m",
                        "quenched " + name +
                            " differs between neurons; the equations are closed "
                            "for a law of eta alone" +
                            instead);
    }
    subject.require(noise || population.noise.sigma == 0.0,
                    "noise sigma is " + quantity(population.noise.sigma, "") +
                        "; independent noise needs the pseudo-cumulant expansion of "
                        "quadratic_equations" +
                        instead);
}

void check_rule(const Subject& subject, const Rule& rule) {
    subject.require(!std::holds_alternative<OneToOne>(rule),
                    std::string("one_to_one has no mean field: a neuron sees one neuron, not a "
                                "population; give a rule with many sources") +
                        instead);
    subject.require(!std::holds_alternative<Edges>(rule),
                    std::string("given edges have no law; give the rule that made them") + instead);
    subject.require(!std::holds_alternative<CorrelatedDegrees>(rule),
                    std::string("correlated degrees differ between neurons, which spreads their "
                                "inputs; give Bernoulli or a fixed in-degree") +
                        instead);
    const auto* degree = std::get_if<FixedIndegree>(&rule);
    subject.require(degree == nullptr || degree->indegree.kind == Distribution::Kind::constant,
                    std::string("indegree has a law, which spreads the inputs of neurons; give a "
                                "number") +
                        instead);
}

void check_projection_of(const Projection& projection) {
    const Subject subject = subject_of(projection);
    check_rule(subject, projection.rule);
    const Distribution& weight = projection.weight;
    const bool lorentzian = weight.kind == Distribution::Kind::lorentzian;
    subject.require(weight.kind == Distribution::Kind::constant || lorentzian,
                    std::string("weight is neither constant nor Lorentzian, and the spread of "
                                "inputs then is not Lorentzian; give a number or "
                                "Distribution.lorentzian") +
                        instead);
    subject.require(!lorentzian || !cut(weight),
                    "weight is drawn from a Lorentzian that is cut to an interval, which has no "
                    "closed equations; leave low and high out");
    subject.require(projection.delay.kind == Distribution::Kind::constant,
                    std::string("delay has a law; give a number") + instead);
    subject.require(projection.left.size() == 0,
                    std::string("left and right make inputs differ between neurons; leave them "
                                "out") +
                        instead);
}

struct DriveCheck {
    const Subject& subject;

    void operator()(const CurrentInput& input) const {
        subject.require(input.values.rows() == 1,
                        "values has a row for each neuron; the equations are closed for a current "
                        "that all share, so give one row, or let eta differ");
    }
    void operator()(const PoissonInput& input) const {
        subject.refuse(
            "Poisson spikes are noise of each neuron's own, which the equations do not "
            "have; give a CurrentInput of their mean, rate · weight · q = " +
            quantity(1e-3 * input.rate * input.weight, "/ ms") +
            " · q, with q = tau_m "
            "(delta), tau_syn (exponential) or e tau_syn (alpha)");
    }
    void operator()(const OrnsteinUhlenbeckInput& input) const {
        subject.require(input.sigma == 0.0,
                        std::string("an Ornstein-Uhlenbeck current is random; give a CurrentInput, "
                                    "which may be one drawn beforehand that all neurons share") +
                            instead);
    }
};

}  // namespace

void check_quadratic(const Circuit& circuit, bool noise) {
    validate(circuit);
    for (const Population& population : circuit.populations) check_population(population, noise);
    for (const Projection& projection : circuit.projections) check_projection_of(projection);
    for (std::size_t k = 0; k < circuit.inputs.size(); ++k) {
        const Input& input = circuit.inputs[k];
        const Subject subject("input " + std::to_string(k) + " (to '" + input.target + "')");
        std::visit(DriveCheck{subject}, input.drive);
    }
}

}  // namespace heddle
