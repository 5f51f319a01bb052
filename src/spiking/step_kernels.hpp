#pragma once

#include <cstddef>
#include <cstdint>

#include "heddle/circuit/neuron.hpp"

// The loops of a time step over a tile of neurons: no branches, no reductions, contiguous data.
// What equal neurons have in common is one number, which stays in a register.

namespace heddle::kernels {

/// Neurons that the loops take at once: their intermediate values fill half a first-level cache.
constexpr std::size_t tile = 256;

/// A coefficient of the neurons of a tile: one number for each, or one for all. All coefficients
/// that a loop takes are of one kind.
struct Column {
    const double* at;
    bool differ;

    [[nodiscard]] double operator[](std::size_t i) const { return at[differ ? i : 0]; }
};

/// What a step makes of a synapse; arrivals counted per step.
struct SynapseColumns {
    Column keep;
    Column rise;
    Column arrival;
    Column rise_arrival;
    Column on_v;
    Column on_v_rise;
    Column on_v_arrival;
};

/// Takes arrivals from their cells, which it clears; before[i], arrived[i]: s and the arrivals as
/// they were.
void delta(std::size_t n, const SynapseColumns& c, float* cell, double* arrived, double* drive);
void exponential(std::size_t n, const SynapseColumns& c, float* cell, double* s, double* before,
                 double* arrived, double* drive);
void alpha(std::size_t n, const SynapseColumns& c, float* cell, double* s, double* x,
           double* before, double* x_before, double* arrived, double* drive);

/// conductance += mean, reversal += mean E.
void conduct(std::size_t n, const double* mean, double potential, double* conductance,
             double* reversal);

/// drive −= on_v u, u ← keep u.
void adapt_current(std::size_t n, Column keep, Column on_v, double* u, double* before,
                   double* drive);
/// g ← keep g, theta += g.
void adapt_threshold(std::size_t n, Column keep, double* g, double* before, double* theta);

/// out = decay v + rest + drive + per_current · current.
void membrane(std::size_t n, const double* v, Column decay, Column rest, Column per_current,
              double current, const double* drive, double* out);

/// The same with total conductance frozen over the step: V̇ = −k (V − V∞).
void conducting_membrane(std::size_t n, const double* v, Column leak, Column rest,
                         Column capacitance, double current, double step, const double* drive,
                         const double* conductance, const double* reversal, double* out);

/// White noise of the membrane beside conductances, which shorten its memory: out gains
/// √(intensity (1 − exp(−2 k h)) / (2 k)) normal, k = leak + conductance / capacitance.
void conducting_noise(std::size_t n, Column intensity, Column leak, Column capacitance, double step,
                      const double* conductance, const double* normal, double* out);

/// out = value.
void spread(std::size_t n, Column value, double* out);
/// x += scale · y.
void add_scaled(std::size_t n, Column scale, const double* y, double* x);
/// flags[b] = 0 where all of look[16 b … 16 b + 15] are.
constexpr std::size_t block = 16;
void any_of_blocks(const double* look, std::size_t blocks, std::uint64_t* flags);
/// cell += weight · count.
void add_counts(std::size_t n, float weight, const std::uint32_t* count, float* cell);
/// count[i] = how many of the thresholds are ≤ words[i].
void count_thresholds(std::size_t n, const std::uint32_t* words, const std::uint32_t* thresholds,
                      std::size_t many, std::uint32_t* count);

/// Filtered noise: v += on_v x + b n₁ + c n₂, x ← keep x + a n₁.
struct NoiseColumns {
    Column keep;
    Column on_v;
    Column a;
    Column b;
    Column c;
};
void filtered_noise(std::size_t n, const NoiseColumns& c, const double* first, const double* second,
                    double* x, double* v);

/// What a decision reads and writes: the potential before and after, the refractory time left in
/// steps, and which neurons need a closer look. Those keep the state they had; all others take the
/// step.
struct Decision {
    double* v;           ///< Before; after.
    const double* next;  ///< V at the end of a free step.
    double* left;
    double* look;  ///< 1 or 0.
};

/// look: V ≥ theta, or free only for a part of the step.
void cross(std::size_t n, const Decision& d, const double* theta);
/// Also with the probability of a Brownian bridge, exp(−2 (θ − V₀)(θ − V₁) / variance).
void cross_bridge(std::size_t n, const Decision& d, const double* theta, Column variance,
                  const std::uint32_t* words);

struct HazardColumns {
    const double* theta;  ///< At the end of the step.
    Column softness;      ///< 1 / Delta_V.
    Column scale;         ///< λ_0 h.
    Column floor;         ///< lambda_floor h.
    /// What is left of the exponential variable; by the trapezoidal rule less λ h / 2, the share
    /// of the step to come that the hazard at its start decides.
    double* to_go;
};

/// look: the integrated hazard has used up what was left. `reset` false: V moves on in any case.
void escape(std::size_t n, Hazard hazard, bool trapezoid, bool reset, const Decision& d,
            const HazardColumns& c);

/// The adaptive exponential neuron.
struct ExponentialColumns {
    Column elastance;  ///< 1 / C_m
    Column leak;       ///< g_L
    Column pull;       ///< g_L E_L + I_e
    Column threshold;  ///< V_th
    Column slope;      ///< Delta_T
    Column softness;   ///< 1 / Delta_T
    Column peak;       ///< V_peak
    Column at_peak;    ///< exp((V_th − V_peak) / Delta_T)
    Column rise_rate;  ///< g_L / C_m
    Column coupling;   ///< a
    Column w_rest;     ///< E_w
    Column w_rate;     ///< 1 / tau_w
    Column held_keep;  ///< Of w, while V is held at the reset.
    Column held_add;
};

/// The linear flow of V and w over half a step,
///
///     V ← v_of_v V + v_of_w w + v_of_current I + v_add ,   w ← likewise
struct LinearFlowColumns {
    Column v_of_v;
    Column v_of_w;
    Column v_of_current;
    Column v_add;
    Column w_of_v;
    Column w_of_w;
    Column w_of_current;
    Column w_add;
};

/// Values of V and w, and where the next ones go.
struct ExponentialPairs {
    const double* v;
    const double* w;
    double* next_v;
    double* next_w;
};

void linear_half(std::size_t n, const LinearFlowColumns& c, double shared_current,
                 const double* drive, const ExponentialPairs& x);
/// The same where conductances add to the leak.
void conducting_half(std::size_t n, double duration, const ExponentialColumns& c,
                     double shared_current, const double* drive, const double* conductance,
                     const double* reversal, const ExponentialPairs& x);
/// The flow of the exponential term alone; fires[i] = 1 where V passes the peak.
void exponential_rise(std::size_t n, double duration, const ExponentialColumns& c, double* v,
                      double* fires);
/// look: at a spike, and at the end of a refractory period.
void exponential_decide(std::size_t n, const Decision& d, const ExponentialColumns& c,
                        const double* fires, const double* next_w, double* w);

/// The quadratic neuron: the exact Möbius map of a step with constant input.
void quadratic_step(std::size_t n, double shared_current, Column step_over_tau, Column eta,
                    const double* drive, double* v, double* look);

}  // namespace heddle::kernels
