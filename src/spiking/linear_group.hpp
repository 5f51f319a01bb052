#pragma once

#include "spiking/common_group.hpp"
#include "spiking/event_words.hpp"
#include "spiking/linear_moment.hpp"

namespace heddle {

/// Neurons with a linear membrane: leaky and escape neurons, with any synapse and noise.
class LinearGroup final : public CommonGroup {
  public:
    LinearGroup(const Circuit& circuit, const Slice& slice, double step, bool grid,
                std::uint64_t seed);

    void advance(const Step& step, float* cells, Scratch& scratch,
                 std::vector<Emitted>& spikes) override;

  private:
    /// The columns of a step.
    enum Column : std::size_t {
        decay,
        rest,
        per_current,
        threshold,
        noise_sd,
        intensity,
        bridge,
        softness,
        scale,
        floor,
        leak,
        pull,
        capacitance,
        noise_keep,
        noise_on_v,
        noise_a,
        noise_b,
        noise_c,
        columns
    };

    void write(const Individual& individual, double step, double* row) const;
    void start(std::uint64_t seed);
    void free_step(const Step& step, std::size_t first, std::size_t n, Scratch& scratch);
    void add_white_noise(const Step& step, std::size_t first, std::size_t n,
                         Scratch& scratch) const;
    void add_coloured_noise(const Step& step, std::size_t first, std::size_t n, Scratch& scratch);
    void decide(const Step& step, std::size_t first, std::size_t n, Scratch& scratch);

    // One neuron that spikes or is released in this step.
    void watch(const Step& step, std::size_t first, std::size_t k, const Scratch& scratch,
               std::vector<Emitted>& spikes);
    void watch_on_grid(const Step& step, std::size_t i, double next, std::vector<Emitted>& spikes);
    void load(const Step& step, std::size_t i, std::size_t k, const Scratch& scratch);
    void load_sources(const Individual& individual, std::size_t k, const Scratch& scratch);
    /// When the neuron spikes within `duration` ms, or −1; moment_ is then there. `whole`: from the
    /// start of the step.
    [[nodiscard]] double spike_within(std::size_t i, double duration, bool whole,
                                      EventWords& random);
    [[nodiscard]] double escape_within(std::size_t i, double duration, bool whole);
    [[nodiscard]] double bridge_within(std::size_t i, double duration, bool known,
                                       EventWords& random);
    /// The end of the step, or of what is left of it, without a spike; V there may be known.
    void find_end(std::size_t i, double duration, const double* known, EventWords& random);
    /// Ends a refractory period inside the step.
    void release(double held, double v);
    /// Goes into the next step with a refractory period of `duration` ms left.
    void hold(std::size_t i, double duration, double v);
    void adapt_moment(const Individual& individual);
    void kick(const Individual& individual, double duration, EventWords& random);
    void fire(std::size_t i, double at, const Step& step, std::vector<Emitted>& spikes);
    [[nodiscard]] double hazard(const Individual& individual, double above) const;
    [[nodiscard]] double draw_threshold(std::size_t i) const;

    double step_;
    bool grid_;
    bool escape_;
    bool reset_ = true;
    bool white_;
    bool coloured_;
    Hazard form_ = Hazard::exponential;
    Columns columns_;
    std::vector<double> left_;   ///< Of the refractory period, steps.
    std::vector<double> to_go_;  ///< As in HazardColumns.
    std::vector<double> noise_;  ///< Filtered noise, variance 1.
    std::vector<std::uint32_t> fired_;
    LinearMoment moment_;
    LinearMoment end_;
};

}  // namespace heddle
