#pragma once

#include <cstddef>
#include <vector>

#include "heddle/train/task.hpp"

namespace heddle {

/// What is differentiated.
struct TrainedParts {
    bool weights = true;       ///< W.
    std::vector<Index> loops;  ///< Which loops, by index.
    bool bias = true;          ///< b.
    bool input = true;         ///< B.
    bool readout = true;       ///< C.
    bool initial = true;       ///< x_0.
    bool gains = true;         ///< G.
    Index window = 0;          ///< K of the truncated gradient; 0: the full one.
};

/// The loss of a TrainingTask and its parts, before they are weighted.
struct TrainingLoss {
    double value = 0.0;         ///< Their sum, as it is weighted in the task.
    double output_error = 0.0;  ///< Σ m ‖y − y*‖² / (d Σ m); 0 without targets.
    double activity = 0.0;      ///< Mean of r².
    double velocity = 0.0;      ///< Mean of ((x_{t+1} − x_t) / h)², 1/s².
};

/// ∂ loss / ∂ parameter, each of the parameter's shape; empty where it was not asked for. An
/// initial state that was left out counts as one for all trials, shape (n, 1).
struct TrainingGradient {
    Matrix weights;
    std::vector<Matrix> u;  ///< One for each entry of TrainedParts::loops, in its order.
    std::vector<Matrix> v;
    Vector bias;
    Matrix input;
    Matrix readout;
    Matrix initial;
    Matrix gains;
};

struct LossAndGradient {
    TrainingLoss loss;
    TrainingGradient gradient;
};

/// What one block of trials is computed with, in chunks of steps; a column for each step and trial
/// of the block. On the way forwards, `rates` and `thalamus` are of one step.
struct TrainingBlock {
    Matrix responses;     ///< φ(x), and
    Matrix gains;         ///< G a: both empty without gains.
    Matrix gain_weights;  ///< a.
    Matrix rates;         ///< r = (G a) ∘ φ(x).
    Matrix slopes;        ///< (G a) ∘ φ'(x).
    Matrix inputs;        ///< s.
    Matrix errors;        ///< 2 m (y − y*) / (d Σ m).
    Matrix thalamus;      ///< g Vᵀ r.
    Matrix drive;         ///< ∂ loss / ∂ r of the samples; then with what later steps add.
    Matrix adjoint;       ///< η λ_{t+1}.
    Matrix projected;     ///< g Uᵀ η λ_{t+1}.
    Matrix costate;       ///< λ_t, shape (n, trials of the block).
};

/// What a run leaves, and the memory it used: kept from one call to the next, it is not allocated
/// again while shapes stay the same.
struct TrainingWorkspace {
    Matrix states;  ///< x, shape (n, (steps + 1) · trials).

    Matrix u;      ///< [U_1 U_2 …], shape (n, r).
    Matrix v;      ///< [V_1 V_2 …], shape (n, r).
    Matrix gates;  ///< g, one row for each column of u, shape (r, steps · trials); or empty.

    std::vector<TrainingBlock> blocks;
};

/// y_t = C r_t of every trial, shape (d, (steps + 1) · trials). What the task asks for (targets and
/// the weights of the loss) is not looked at and may be missing. The states are left in the
/// workspace.
/// \throws what value_and_gradient throws of network and run.
/// \cost   2 n² · steps · trials flops, and φ of each state twice.
[[nodiscard]] Matrix training_outputs(const TrainableNetwork& network, const TrainingTask& task,
                                      TrainingWorkspace& workspace, std::size_t threads = 0);
[[nodiscard]] Matrix training_outputs(const TrainableNetwork& network, const TrainingTask& task,
                                      std::size_t threads = 0);

/// The loss alone. The states are left in the workspace.
/// \throws what value_and_gradient throws.
/// \cost   2 n² · steps · trials flops, and φ of each state twice.
[[nodiscard]] TrainingLoss training_loss(const TrainableNetwork& network, const TrainingTask& task,
                                         TrainingWorkspace& workspace, std::size_t threads = 0);
[[nodiscard]] TrainingLoss training_loss(const TrainableNetwork& network, const TrainingTask& task,
                                         std::size_t threads = 0);

/// The loss and its gradient: the adjoint of the steps as they are taken, so that the gradient is
/// that of the loss as computed, to rounding. With ℓ the loss and ρ_t = G a_t (1 without gains),
///
///     q_t = (Wᵀ + Σ g_l(t) V_l U_lᵀ) η λ_{t+1} + ∂ℓ/∂r_t ,
///     λ_t = (1 − η) λ_{t+1} + ρ_t ∘ φ'(x_t) ∘ q_t + ∂ℓ/∂x_t ,
///     ∂ℓ/∂W = Σ_t η λ_{t+1} r_tᵀ ,   ∂ℓ/∂G = Σ_t (φ(x_t) ∘ q_t) a_tᵀ ,   ∂ℓ/∂x_0 = λ_0 .
///
/// With a window K, states 0, K, 2K, … begin windows, and what happens in a window does not count
/// for the state it begins with, as if that were data (x_0 excepted): the gradient is the sum of
/// the windows' own ones. K ≥ steps is the full gradient. Rectified units have slope 0 at 0.
///
/// \param parts   loops in any order, each once; window at least 0.
/// \param threads 0: one per core; any number gives the same bits. Trials are split into blocks of
///                at least 32, which are summed in their order: fewer than 64 trials take one
///                thread.
/// \throws ShapeError, DomainError of validate(network, task), and for `parts`, before anything is
///         computed; DomainError naming step, unit and trial where a state is no longer finite, or
///         the step where the gradient is not.
/// \cost   6 n² · steps · trials flops, all in products of matrices; memory for the states,
///         8 n · (steps + 1) · trials bytes, for a chunk of about 256 columns a block, and for a
///         gradient a block.
/// \see    Werbos (1990), Proceedings of the IEEE 78(10):1550; Williams & Peng (1990), Neural
///         Computation 2(4):490, for gradients that are cut in time.
[[nodiscard]] LossAndGradient value_and_gradient(const TrainableNetwork& network,
                                                 const TrainingTask& task,
                                                 const TrainedParts& parts,
                                                 TrainingWorkspace& workspace,
                                                 std::size_t threads = 0);
[[nodiscard]] LossAndGradient value_and_gradient(const TrainableNetwork& network,
                                                 const TrainingTask& task,
                                                 const TrainedParts& parts = {},
                                                 std::size_t threads = 0);

}  // namespace heddle
