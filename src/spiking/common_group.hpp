#pragma once

#include "spiking/adaptations.hpp"
#include "spiking/drives.hpp"
#include "spiking/synapses.hpp"

namespace heddle {

/// What neurons of all kinds have: a potential, synapses, adaptation and inputs.
class CommonGroup : public Group {
  public:
    [[nodiscard]] double value(const std::string& variable, std::uint32_t neuron) const final;
    [[nodiscard]] std::vector<std::string> variables() const final;

  protected:
    CommonGroup(const Circuit& circuit, const Slice& slice, InputRule rule, double step, bool grid,
                std::uint64_t seed);

    /// What the neurons of a tile get in this step: into scratch.drive, conductance, reversal; and
    /// thresholds at its end added to scratch.theta.
    /// \param per_current  what a mean current of 1 pA makes of scratch.drive.
    void collect(const Step& step, std::size_t first, std::size_t n, kernels::Column per_current,
                 float* cells, Scratch& scratch);

    /// What comes at the end of a step, to the potentials of a tile.
    void jump(std::size_t n, const Scratch& scratch, double* v) const;

    /// A spike of a neuron, counted in the group, `at` ms after the step began; on the grid at its
    /// end.
    void emit(const Step& step, std::size_t i, double at, std::vector<Emitted>& spikes);

    /// Independent standard normals of this step, one for each neuron of a tile.
    [[nodiscard]] const double* white_noise(const Step& step, std::size_t first, std::size_t n,
                                            Scratch& scratch) const;

    std::uint32_t population_;
    std::size_t first_;  ///< Neuron of the population at which the group starts.
    std::uint64_t seed_;
    bool noisy_;
    bool conducting_;
    Individuals individuals_;
    Synapses synapses_;
    Adaptations adaptations_;
    Drives drives_;
    std::vector<double> v_;
    double shared_current_ = 0.0;  ///< Of this step, pA.

  private:
    /// The values of a variable that only this kind of neuron has; null: there is none.
    [[nodiscard]] virtual const std::vector<double>* own_variable(const std::string&) const {
        return nullptr;
    }
    [[nodiscard]] virtual std::vector<std::string> own_variables() const { return {}; }
};

}  // namespace heddle
