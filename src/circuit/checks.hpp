#pragma once

#include <string>

#include "heddle/circuit/circuit.hpp"

/// What `validate` asks of the parts of a circuit. Each throws a DomainError or a ShapeError that
/// begins with who is wrong: "population 'E': tau_m is -20 ms; it must be > 0".
namespace heddle {

/// One part of a circuit, for messages about it.
class Subject {
  public:
    explicit Subject(std::string who) : who_(std::move(who)) {}

    [[noreturn]] void refuse(const std::string& why) const;
    void require(bool holds, const std::string& why) const;
    void finite(double value, const std::string& key, const char* unit) const;
    void positive(double value, const std::string& key, const char* unit) const;
    void not_negative(double value, const std::string& key, const char* unit) const;

    /// The same of everything a law can draw.
    void positive(const Distribution& law, const std::string& key, const char* unit) const;
    void not_negative(const Distribution& law, const std::string& key, const char* unit) const;
    void valid(const Distribution& law, const std::string& key) const;

    /// \throws ShapeError
    void shape(bool holds, const std::string& key, const std::string& expected,
               const Matrix& found) const;

    [[nodiscard]] const std::string& who() const { return who_; }

  private:
    std::string who_;
};

/// "-20 ms", "3".
[[nodiscard]] std::string quantity(double value, const char* unit);

/// Smallest and largest number that a law can draw, infinite if there is none.
[[nodiscard]] double least(const Distribution& law);
[[nodiscard]] double most(const Distribution& law);

[[nodiscard]] Subject subject_of(const Population& population);
[[nodiscard]] Subject subject_of(const Projection& projection);

/// What a parameter of the neurons can be: its quenched law, or the number that all share.
[[nodiscard]] Distribution law_of(const Population& population, const std::string& name);

void check_neuron(const Subject& subject, const Neuron& neuron);
void check_quenched(const Subject& subject, const Population& population);
/// Does an exponential hazard overflow at potentials that neurons rest at, are reset to, or driven
/// to by inputs? Call it when laws and inputs are known to be sound.
void check_hazard(const Circuit& circuit, const Population& population);
void check_synapse(const Subject& subject, const Synapse& synapse, const Population& target);
void check_rule(const Subject& subject, const Projection& projection, const Population& source,
                const Population& target);
void check_projection(const Circuit& circuit, const Projection& projection);
void check_input(const Circuit& circuit, const Input& input, std::size_t position);

}  // namespace heddle
