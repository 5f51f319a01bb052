#pragma once

#include "spiking/adaptations.hpp"
#include "spiking/drives.hpp"
#include "spiking/synapses.hpp"

namespace heddle {

/// Quadratic neurons: with input constant over a step the flow of V is a Möbius map, which passes
/// through infinity by itself; spike times are exact, and there is no cut-off.
class QuadraticGroup final : public Group {
  public:
    QuadraticGroup(const Circuit& circuit, const Slice& slice, double step, bool grid,
                   std::uint64_t seed);

    void advance(const Step& step, float* cells, Scratch& scratch,
                 std::vector<Emitted>& spikes) override;
    [[nodiscard]] double value(const std::string& variable, std::uint32_t neuron) const override;
    [[nodiscard]] std::vector<std::string> variables() const override;

  private:
    enum Column : std::size_t { step_over_tau, eta, noise_sd, one, columns };

    void add_noise(const Step& step, std::size_t first, std::size_t n, Scratch& scratch);
    void watch(const Step& step, std::size_t first, std::size_t k, const Scratch& scratch,
               std::vector<Emitted>& spikes);

    std::uint32_t population_;
    std::size_t first_;
    std::uint64_t seed_;
    bool noisy_;
    Individuals individuals_;
    Synapses synapses_;
    Adaptations adaptations_;
    Drives drives_;
    Columns columns_;
    std::vector<double> v_;
    double shared_current_ = 0.0;
};

/// The flow of τ V̇ = V² + input from v over `share` = duration / τ, which must not reach infinity.
/// From −∞ with v = −∞.
[[nodiscard]] double quadratic_flow(double v, double input, double share);

/// The time, over τ, at which it reaches infinity; infinite if it never does.
[[nodiscard]] double quadratic_escape(double v, double input);

}  // namespace heddle
