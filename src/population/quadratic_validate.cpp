#include <algorithm>
#include <cmath>

#include "circuit/checks.hpp"
#include "heddle/core/error.hpp"
#include "population/quadratic_flow.hpp"

namespace heddle {
namespace {

void check_length(const char* key, Index found, Index expected) {
    if (found != expected)
        throw ShapeError(key, "(" + std::to_string(expected) + ",)",
                         "(" + std::to_string(found) + ",)");
}

Subject part(const char* key, std::size_t position) {
    return Subject(std::string(key) + "[" + std::to_string(position) + "]");
}

void check_position(const Subject& subject, const char* key, Index found, std::size_t count) {
    subject.require(
        found >= 0 && found < static_cast<Index>(count),
        std::string(key) + " is " + std::to_string(found) + "; there are " + std::to_string(count));
}

void check_populations(const QuadraticRates& equations) {
    const auto count = static_cast<Index>(equations.names.size());
    const Subject whole("equations");
    whole.require(count > 0, "they have no population; give at least one");
    check_length("tau", equations.tau.size(), count);
    check_length("eta", equations.eta.size(), count);
    check_length("delta", equations.delta.size(), count);
    for (Index a = 0; a < count; ++a) {
        const Subject subject("population '" + equations.names[static_cast<std::size_t>(a)] + "'");
        subject.positive(equations.tau[a], "tau", "ms");
        subject.finite(equations.eta[a], "eta", "");
        subject.positive(equations.delta[a], "delta", "");
    }
}

void check_couplings(const QuadraticRates& equations) {
    const std::size_t count = equations.names.size();
    for (std::size_t k = 0; k < equations.filters.size(); ++k) {
        const Subject subject = part("filters", k);
        const RateFilter& filter = equations.filters[k];
        check_position(subject, "source", filter.source, count);
        subject.positive(filter.delay, "delay", "ms");
        subject.require(!filter.synapse.conductance,
                        "its synapse is a conductance, which quadratic neurons do not have");
        if (filter.synapse.kind != Synapse::Kind::delta)
            subject.positive(filter.synapse.tau_syn, "tau_syn", "ms");
    }
    for (std::size_t k = 0; k < equations.couplings.size(); ++k) {
        const Subject subject = part("couplings", k);
        check_position(subject, "target", equations.couplings[k].target, count);
        check_position(subject, "filter", equations.couplings[k].filter, equations.filters.size());
        subject.finite(equations.couplings[k].gain, "gain", "/ Hz");
        subject.not_negative(equations.couplings[k].width, "width", "/ Hz");
    }
}

void check_slow_parts(const QuadraticRates& equations) {
    const std::size_t count = equations.names.size();
    for (std::size_t k = 0; k < equations.adaptations.size(); ++k) {
        const Subject subject = part("adaptations", k);
        check_position(subject, "population", equations.adaptations[k].population, count);
        subject.positive(equations.adaptations[k].tau, "tau", "ms");
        subject.finite(equations.adaptations[k].gain, "gain", "/ Hz");
    }
    for (std::size_t k = 0; k < equations.currents.size(); ++k) {
        const Subject subject = part("currents", k);
        const SharedCurrent& current = equations.currents[k];
        check_position(subject, "population", current.population, count);
        check_length("values of a current", current.values.size(),
                     static_cast<Index>(current.times.size()));
        subject.require(std::ranges::is_sorted(current.times), "times must increase");
        subject.require(current.values.allFinite(), "values holds NaN or infinity");
    }
}

}  // namespace

void validate(const QuadraticRates& equations) {
    check_populations(equations);
    check_couplings(equations);
    check_slow_parts(equations);
    const Index n = RateLayout(equations).size();
    check_length("initial", equations.initial.size(), n);
    check_length("state_names", static_cast<Index>(equations.state_names.size()), n);
    check_length("units", static_cast<Index>(equations.units.size()), n);
    if (!equations.initial.allFinite())
        throw DomainError("initial holds NaN or infinity; give finite numbers");
}

}  // namespace heddle
