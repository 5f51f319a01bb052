#pragma once

#include "spiking/common_group.hpp"

namespace heddle {

/// Quadratic neurons: with input constant over a step the flow of V is a Möbius map, which passes
/// through infinity by itself; spike times are exact, and there is no cut-off.
class QuadraticGroup final : public CommonGroup {
  public:
    QuadraticGroup(const Circuit& circuit, const Slice& slice, double step, bool grid,
                   std::uint64_t seed);

    void advance(const Step& step, float* cells, Scratch& scratch,
                 std::vector<Emitted>& spikes) override;

  private:
    enum Column : std::size_t { step_over_tau, eta, noise_sd, one, columns };

    void add_noise(const Step& step, std::size_t first, std::size_t n, Scratch& scratch);
    void watch(const Step& step, std::size_t first, std::size_t k, const Scratch& scratch,
               std::vector<Emitted>& spikes);

    Columns columns_;
};

/// The flow of τ V̇ = V² + input from v over `share` = duration / τ, which must not reach infinity.
/// From −∞ with v = −∞.
[[nodiscard]] double quadratic_flow(double v, double input, double share);

/// The time, over τ, at which it reaches infinity; infinite if it never does.
[[nodiscard]] double quadratic_escape(double v, double input);

}  // namespace heddle
