#include "heddle/circuit/neuron.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "heddle/core/error.hpp"

using namespace heddle;

namespace {

/// Every double of a law is in its table once: as many entries as fit into its fields.
template <class Law>
void check_table(std::size_t other_bytes) {
    std::set<std::string> names;
    Law law;
    double* const first = reinterpret_cast<double*>(&law);
    std::ptrdiff_t next = 0;
    for (const NeuronParameter<Law>& entry : parameters_of<Law>()) {
        CHECK(&(law.*entry.value) - first == next++);
        CHECK(names.insert(entry.name).second);
        if (entry.positive) CHECK(law.*entry.value > 0.0);
    }
    CHECK(names.size() * sizeof(double) + other_bytes == sizeof(Law));
}

template <class Call>
std::string message(Call call) {
    try {
        call();
    } catch (const DomainError& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("parameters_of: every number of every law, once, in the order of the fields") {
    check_table<LeakyNeuron>(0);
    check_table<EscapeNeuron>(8);  // The hazard and `reset`.
    check_table<ExponentialNeuron>(0);
    check_table<QuadraticNeuron>(0);
}

TEST_CASE("neuron_from and hazard_from: the inverse of name_of") {
    for (const char* name : {"lif", "gif", "adex", "qif"})
        CHECK(name_of(neuron_from(name)) == std::string(name));
    for (const char* name : {"exponential", "softplus", "sigmoid", "rectified"})
        CHECK(name_of(hazard_from(name)) == std::string(name));
}

TEST_CASE("parameter: reads and sets by name") {
    Neuron neuron = neuron_from("adex");
    CHECK(parameter(neuron, "Delta_T") == ExponentialNeuron{}.Delta_T);
    parameter(neuron, "b") = 40.0;
    CHECK(std::get<ExponentialNeuron>(neuron).b == 40.0);
}

TEST_CASE("Unknown laws, hazards and parameters: named, with a suggestion") {
    CHECK(message([] { (void)neuron_from("ladex"); }) == "neuron is 'ladex'; did you mean 'adex'?");
    CHECK(message([] { (void)hazard_from("softpuls"); }) ==
          "hazard is 'softpuls'; did you mean 'softplus'?");
    Neuron neuron = LeakyNeuron{};
    CHECK(message([&] { (void)parameter(neuron, "V_rest"); }) ==
          "lif has no parameter 'V_rest'; did you mean 'V_reset'?");
}
