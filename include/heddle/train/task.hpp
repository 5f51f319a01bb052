#pragma once

#include <vector>

#include "heddle/network/loops.hpp"
#include "heddle/network/network.hpp"

namespace heddle {

/// A network as it is trained, a plain value. With η = h / τ and rates r_t = (G a_t) ∘ φ(x_t), step
/// t takes every trial from x_t to
///
///     x_{t+1} = (1 − η) x_t + η (W r_t + Σ_l g_l(t) U_l V_lᵀ r_t + b + B s_t) ,   y_t = C r_t .
///
/// Loops and readout read the rates r. Gates g, gain weights a and inputs s are the task's. Without
/// gains, G a = 1: gains multiply what units send on, whatever the others do.
/// \see Stroud, Porter, Hennequin & Vogels (2018), Nature Neuroscience 21:1774, for movements that
///      are changed by the gains of units.
struct TrainableNetwork {
    Network network;           ///< W (dense), τ, φ, b and C.
    std::vector<Loops> loops;  ///< U_l, V_l; without thalamic lag (τ_T = 0) and delay.
    Matrix input;              ///< B, shape (n, k); empty without inputs.
    Matrix initial;            ///< x_0, shape (n, 1) for all trials, or (n, trials); empty: 0.
    Matrix gains;              ///< G, shape (n, m), a column for each setting; empty: none.
};

/// What the network is asked for in `trials` runs of `steps` steps. Column t · trials + i of an
/// array belongs to trial i at step t. There are steps + 1 states, the initial one among them.
///
///     loss = Σ m_ti ‖y_ti − y*_ti‖² / (d Σ m_ti)
///            + activity · mean r² + velocity · mean ((x_{t+1} − x_t) / h)² ,
///
/// where the means run over units, trials and states or steps.
struct TrainingTask {
    double h = 0.001;           ///< Step, s; at most τ. At τ, x_{t+1} = W r_t + ….
    Index steps = 0;            ///< T, at least 1.
    Index trials = 1;           ///< At least 1.
    Matrix start;               ///< Added to x_0, shape (n, trials); empty: 0.
    Matrix inputs;              ///< s, shape (k, steps · trials); empty without inputs.
    std::vector<Matrix> gates;  ///< g_l, each (steps, trials); empty: every loop is open.
    Matrix gain_weights;        ///< a, shape (m, (steps + 1) · trials); empty without gains.
    Matrix targets;             ///< y*, shape (d, (steps + 1) · trials); empty: none.
    Matrix weights;             ///< m ≥ 0, shape (steps + 1, trials); 0 where nothing is asked.
    double activity = 0.0;      ///< Weight of the mean squared rate, at least 0.
    double velocity = 0.0;      ///< Weight of the mean squared velocity, s², at least 0.
};

/// \throws ShapeError, DomainError naming the field: what validate(Network) and validate(Loops)
///         refuse; weights that are sparse or structured, loops with a lag or a delay, a step
///         outside (0, τ], arrays of other shapes, numbers that are not finite, weights of the loss
///         below 0, a task that asks for nothing.
void validate(const TrainableNetwork& network, const TrainingTask& task);

}  // namespace heddle
