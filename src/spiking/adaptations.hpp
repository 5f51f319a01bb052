#pragma once

#include <optional>

#include "circuit/membrane_of.hpp"
#include "spiking/group.hpp"
#include "spiking/individuals.hpp"

namespace heddle {

/// Adaptation currents and moving thresholds of a group.
class Adaptations final {
  public:
    Adaptations(const Individuals& individuals, InputRule rule, double step);

    /// Takes currents off scratch.drive, adds thresholds at the end of the step to scratch.theta,
    /// and moves both on.
    void collect(std::size_t first, std::size_t n, Scratch& scratch);

    /// A spike `since` ms before the end of the step: adds what is left of it then.
    void spike(const Individual& individual, std::size_t neuron, double since);

    [[nodiscard]] std::size_t size() const { return variables_.size(); }
    [[nodiscard]] bool is_current(std::size_t k) const { return variables_[k].current; }

    void name_variables(std::vector<std::string>& names) const;
    /// The state of a neuron, counted in the group, if the name is one of these variables.
    [[nodiscard]] std::optional<double> value(const std::string& variable,
                                              std::size_t neuron) const;

  private:
    struct Variable {
        bool current;
        Columns columns;  ///< keep, on_v.
        std::vector<double> values;
    };

    std::vector<Variable> variables_;
};

}  // namespace heddle
