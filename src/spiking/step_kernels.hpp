#pragma once

#include <cstddef>
#include <cstdint>

#include "heddle/spiking/neuron.hpp"

// The loops of a time step over a tile of neurons: no branches, no reductions, contiguous data.
// Coefficients are arrays as well, so that they may differ between neurons; for equal neurons all
// tiles read the same array, which stays in the first-level cache.

namespace heddle::kernels {

/// Neurons that the loops take at once: their intermediate values fill half a first-level cache.
constexpr std::size_t tile = 256;

/// What a step makes of a synapse, for each neuron of a tile; arrivals counted per step.
struct SynapseColumns {
    const double* keep;
    const double* rise;
    const double* arrival;
    const double* rise_arrival;
    const double* on_v;
    const double* on_v_rise;
    const double* on_v_arrival;
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
void adapt_current(std::size_t n, const double* keep, const double* on_v, double* u, double* before,
                   double* drive);
/// g ← keep g, theta += g.
void adapt_threshold(std::size_t n, const double* keep, double* g, double* before, double* theta);

/// out = decay v + rest + drive + per_current · current.
void membrane(std::size_t n, const double* v, const double* decay, const double* rest,
              const double* per_current, double current, const double* drive, double* out);

/// The same with total conductance frozen over the step: V̇ = −k (V − V∞).
void conducting_membrane(std::size_t n, const double* v, const double* leak, const double* rest,
                         const double* capacitance, double current, double step,
                         const double* drive, const double* conductance, const double* reversal,
                         double* out);

/// x += scale · y.
void add_scaled(std::size_t n, const double* scale, const double* y, double* x);
/// cell += weight · count.
void add_counts(std::size_t n, float weight, const std::uint32_t* count, float* cell);
/// count[i] = how many of the thresholds are ≤ words[i].
void count_thresholds(std::size_t n, const std::uint32_t* words, const std::uint32_t* thresholds,
                      std::size_t many, std::uint32_t* count);

/// Filtered noise: v += on_v x + b n₁ + c n₂, x ← keep x + a n₁.
struct NoiseColumns {
    const double* keep;
    const double* on_v;
    const double* a;
    const double* b;
    const double* c;
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
    std::uint8_t* look;
};

/// look: V ≥ theta, or free only for a part of the step.
void cross(std::size_t n, const Decision& d, const double* theta);
/// Also with the probability of a Brownian bridge, exp(−2 (θ − V₀)(θ − V₁) / variance).
void cross_bridge(std::size_t n, const Decision& d, const double* theta, const double* variance,
                  const std::uint32_t* words);

struct HazardColumns {
    const double* theta;     ///< At the end of the step.
    const double* softness;  ///< 1 / Delta_V.
    const double* scale;     ///< λ_0 h.
    const double* floor;     ///< lambda_floor h.
    double* last;            ///< λ h at the start; at the end.
    double* to_go;           ///< What is left of the exponential variable.
};

/// look: the integrated hazard has used up what was left. `reset` false: V moves on in any case.
void escape(std::size_t n, Hazard hazard, bool trapezoid, bool reset, const Decision& d,
            const HazardColumns& c);

/// The adaptive exponential neuron, for each neuron of a tile.
struct ExponentialColumns {
    const double* elastance;  ///< 1 / C_m
    const double* leak;       ///< g_L
    const double* rest;       ///< E_L
    const double* threshold;  ///< V_th
    const double* slope;      ///< Delta_T
    const double* softness;   ///< 1 / Delta_T
    const double* peak;       ///< V_peak
    const double* at_peak;    ///< exp((V_th − V_peak) / Delta_T)
    const double* rise_rate;  ///< g_L / C_m
    const double* coupling;   ///< a
    const double* w_rest;     ///< E_w
    const double* w_rate;     ///< 1 / tau_w
    const double* current;    ///< I_e
};
/// The linear flow of V and w.
void linear_half(std::size_t n, double duration, const ExponentialColumns& c, double shared_current,
                 const double* drive, const double* conductance, const double* reversal, double* v,
                 double* w);
/// The flow of the exponential term alone; fires[i] = 1 where V passes the peak.
void exponential_rise(std::size_t n, double duration, const ExponentialColumns& c, double* v,
                      double* fires);
/// look: at a spike, and in a refractory period.
void exponential_decide(std::size_t n, const Decision& d, const double* peak, const double* fires,
                        const double* next_w, double* w);

/// The quadratic neuron: the exact Möbius map of a step with constant input.
void quadratic_step(std::size_t n, double shared_current, const double* step_over_tau,
                    const double* eta, const double* drive, double* v, std::uint8_t* look);

}  // namespace heddle::kernels
