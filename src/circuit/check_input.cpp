#include <cmath>

#include "circuit/checks.hpp"
#include "heddle/core/error.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

/// The kinds of input, each with what it needs.
struct DriveCheck {
    const Subject& subject;
    const Population& target;

    void operator()(const CurrentInput& input) const {
        const auto steps = static_cast<Index>(input.times.size());
        subject.require(steps > 0, "times is empty; give at least one");
        for (std::size_t k = 0; k < input.times.size(); ++k) {
            subject.finite(input.times[k], "times", "ms");
            subject.require(k == 0 || input.times[k] > input.times[k - 1],
                            "times must increase; found " + number_text(input.times[k]) +
                                " ms after " + number_text(k ? input.times[k - 1] : 0.0) + " ms");
        }
        const Index rows = input.values.rows();
        subject.shape(input.values.cols() == steps && (rows == 1 || rows == target.size), "values",
                      shape_text(1, steps) + " or " + shape_text(target.size, steps), input.values);
        subject.require(input.values.allFinite(), "values must be finite; found NaN or infinity");
    }
    void operator()(const PoissonInput& input) const {
        check_synapse(subject, input.synapse, target);
        subject.not_negative(input.rate, "rate", "Hz");
        subject.finite(input.weight, "weight", "");
        subject.require(
            !input.synapse.conductance || input.weight >= 0.0,
            "weight is " + quantity(input.weight, "nS") + ", but a conductance cannot be negative");
        subject.finite(input.start, "start", "ms");
        subject.require(input.stop > input.start, "stop is " + quantity(input.stop, "ms") +
                                                      ", not after start " +
                                                      quantity(input.start, "ms"));
    }
    void operator()(const OrnsteinUhlenbeckInput& input) const {
        subject.finite(input.mean, "mean", "pA");
        subject.not_negative(input.sigma, "sigma", "pA");
        subject.positive(input.tau, "tau", "ms");
    }
};

}  // namespace

void check_input(const Circuit& circuit, const Input& input, std::size_t position) {
    const std::string who = "input " + std::to_string(position);
    const Population& target = circuit.populations[population_index(circuit, input.target, who)];
    const Subject subject(who + " (to '" + input.target + "')");
    std::visit(DriveCheck{subject, target}, input.drive);
}

}  // namespace heddle
