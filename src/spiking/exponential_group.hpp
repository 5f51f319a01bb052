#pragma once

#include "spiking/common_group.hpp"
#include "spiking/exponential_flow.hpp"

namespace heddle {

/// Adaptive exponential neurons: Strang splitting into a linear and an exponential half, each exact
/// (`exponential_flow.hpp`), with the mean input over the step. Second order in the step; the
/// upstroke of a spike costs no accuracy.
class ExponentialGroup final : public CommonGroup {
  public:
    ExponentialGroup(const Circuit& circuit, const Slice& slice, double step, bool grid,
                     std::uint64_t seed);

    void advance(const Step& step, float* cells, Scratch& scratch,
                 std::vector<Emitted>& spikes) override;

  private:
    [[nodiscard]] const std::vector<double>* own_variable(const std::string& name) const override {
        return name == "w" ? &w_ : nullptr;
    }
    [[nodiscard]] std::vector<std::string> own_variables() const override { return {"w"}; }

    enum Column : std::size_t {
        elastance,
        leak,
        pull,
        threshold,
        slope,
        softness,
        peak,
        at_peak,
        rise_rate,
        coupling,
        w_rest,
        w_rate,
        held_keep,
        held_add,
        v_of_v,
        v_of_w,
        v_of_current,
        v_add,
        w_of_v,
        w_of_w,
        w_of_current,
        w_add,
        noise_sd,
        one,
        columns
    };

    void write(const Individual& individual, double step, double* row) const;
    /// White noise, before the step: between two kicks lies one Strang step.
    void kick(const Step& step, std::size_t first, std::size_t n, Scratch& scratch);
    void free_step(const Step& step, std::size_t first, std::size_t n, Scratch& scratch);
    void linear_half(const Step& step, std::size_t first, std::size_t n,
                     const kernels::ExponentialPairs& x, const Scratch& scratch) const;
    void watch(const Step& step, std::size_t first, std::size_t k, const Scratch& scratch,
               std::vector<Emitted>& spikes);
    /// A spike `at` ms after the step began. \return how much of the step V is held then, ms.
    double spike(const Step& step, std::size_t i, double at, std::vector<Emitted>& spikes);
    void hold(const ExponentialNeuron& law, std::size_t i, double duration);
    [[nodiscard]] kernels::ExponentialColumns columns_at(std::size_t first) const;
    [[nodiscard]] kernels::LinearFlowColumns linear_columns_at(std::size_t first) const;

    Columns columns_;
    std::vector<double> w_;
    std::vector<double> left_;
};

}  // namespace heddle
