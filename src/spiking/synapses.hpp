#pragma once

#include <optional>

#include "circuit/membrane_of.hpp"
#include "spiking/group.hpp"
#include "spiking/individuals.hpp"

namespace heddle {

/// The synapses of a group: the state of each port of each neuron.
class Synapses final {
  public:
    Synapses(const Circuit& circuit, const Slice& slice, const Individuals& individuals,
             const InputRule& rule, double step, bool grid);

    /// Takes what has arrived, adds what it does in this step to scratch.drive, or to
    /// scratch.conductance and reversal, and moves the states on.
    void collect(std::size_t first, std::size_t n, float* cells, Scratch& scratch);

    /// Do delta synapses make V jump at the end of a step, in scratch.jump, rather than drive it?
    /// On the grid, where V does not follow its input exactly.
    [[nodiscard]] bool jump() const { return jump_; }

    [[nodiscard]] std::size_t size() const { return ports_.size(); }
    [[nodiscard]] const Synapse& synapse(std::size_t port) const { return ports_[port].synapse; }

    void name_variables(std::vector<std::string>& names) const;
    /// The state of a neuron, counted in the group, if the name is one of these variables.
    [[nodiscard]] std::optional<double> value(const std::string& variable,
                                              std::size_t neuron) const;

  private:
    struct Port {
        Synapse synapse;
        std::size_t cell;  ///< Of the group's first neuron.
        Columns columns;
        std::vector<double> s;
        std::vector<double> x;
    };

    void take(Port& port, std::size_t position, std::size_t first, std::size_t n, float* cells,
              Scratch& scratch, double* drive);

    bool jump_ = false;
    std::vector<Port> ports_;
};

}  // namespace heddle
