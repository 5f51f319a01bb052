#pragma once

#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "heddle/core/parallel.hpp"
#include "heddle/train/gradient.hpp"
#include "heddle/train/parameters.hpp"

namespace heddle {

enum class Optimiser {
    adam,   ///< Kingma & Ba (2015), with bias correction.
    lbfgs,  ///< NLopt's L-BFGS, anew each step: with bounds for signs, without norm and rank.
};

/// \throws DomainError naming "adam" and "lbfgs" for another word.
[[nodiscard]] Optimiser optimiser_from(std::string_view name);

struct TrainingOptions {
    Optimiser optimiser = Optimiser::adam;
    Index steps = 1000;       ///< Of the whole training, those of a state it goes on from included.
    double rate = 1e-3;       ///< Adam: α.
    double halving = 0.0;     ///< Adam: steps after which α is half as large; 0: never.
    double mean_decay = 0.9;  ///< Adam: β₁.
    double square_decay = 0.999;  ///< Adam: β₂.
    double epsilon = 1e-8;        ///< Adam: ε.
    double clip = 1.0;            ///< Adam: a longer gradient is scaled to this length; 0: never.
    double explosion = 1e8;       ///< A gradient of this length ends training, clipped or not.
    Index evaluations = 30;       ///< L-BFGS: most evaluations of the loss in a step.
    Index memory = 10;            ///< L-BFGS: vectors that are kept.
    Index window = 0;             ///< Of truncated gradients; 0: full ones.
    double target = 0.0;          ///< Training ends once the loss is no larger; 0: never.
    Index patience = 0;           ///< … after so many steps without improvement; 0: never.
    double improvement = 1e-3;    ///< What counts as one, relative to the best loss so far.
    Index validation_steps = 10;  ///< The validation task is looked at every so many steps.
    std::size_t threads = 0;      ///< 0: one per core; any number gives the same bits.
};

/// All that training goes on from: the same state, tasks and options give the same bits, wherever
/// it was interrupted.
struct TrainingState {
    TrainableNetwork network;        ///< After `step` steps.
    Index step = 0;                  ///< Steps that were taken.
    Vector mean;                     ///< Adam's first moments, of the trained entries; or empty.
    Vector square;                   ///< Adam's second moments.
    std::vector<double> losses;      ///< Of the task of each step, before that step.
    std::vector<double> validation;  ///< Of the validation task, every `validation_steps` steps.
    TrainableNetwork best;           ///< The network of the least loss that was seen.
    double best_loss = std::numeric_limits<double>::infinity();  ///< Of validation, if there is
                                                                 ///< one.
    Index best_step = 0;                                         ///< Steps that led to `best`.
    Index improved_step = 0;  ///< The last step at which the best loss improved as options ask.
};

/// Why training ended.
enum class TrainingEnd {
    steps,     ///< All steps were taken.
    target,    ///< The loss is no larger than asked for.
    patience,  ///< It no longer improves.
    diverged,  ///< Loss or gradient are not finite, or exploded; `state` is that before the step.
    paused,    ///< After as many steps as this call was to take.
};

struct TrainingOutcome {
    TrainingState state;
    TrainingEnd end = TrainingEnd::steps;
    std::string reason;  ///< In words, with numbers.
};

/// What is asked for in a step; the same for the same step.
using TaskOfStep = std::function<TrainingTask(Index step)>;

/// A state at the start of training.
/// \throws what validate(TrainedParameters, TrainableNetwork) throws.
[[nodiscard]] TrainingState start_training(const TrainableNetwork& network,
                                           const TrainedParameters& trained);

/// Trains by gradients through time. A step of Adam is
///
///     m ← β₁ m + (1 − β₁) g ,   s ← β₂ s + (1 − β₂) g² ,
///     θ ← P(θ − α (m / (1 − β₁ᵏ)) / (√(s / (1 − β₂ᵏ)) + ε)) ,
///
/// where P projects each parameter onto its constraint: clipped signs, then scaled norms, or the
/// nearest matrix of the rank, that of Eckart & Young (1936). A step of L-BFGS minimises the loss
/// of the step's task, in at most `evaluations` evaluations. What is best is judged by the
/// validation task, or without one by the loss of each step's own task. The loss of the last
/// network of all is looked at too.
///
/// \param tasks       what each step asks for.
/// \param validation  a task the network is not trained on; null: none.
/// \param most        steps of this call at most; then the outcome is `paused`.
/// \param progress    told the step before every evaluation of the loss.
/// \throws ShapeError, DomainError  of validate() for network, parameters, options and tasks,
/// before
///         the step that needs them.
/// \cost   A value_and_gradient a step; with rank constraints an eigendecomposition, O(n³), too.
/// \see    Kingma & Ba (2015), ICLR; Nocedal (1980), Mathematics of Computation 35(151):773.
[[nodiscard]] TrainingOutcome train(TrainingState state, const TaskOfStep& tasks,
                                    const TrainedParameters& trained,
                                    const TrainingOptions& options,
                                    const TrainingTask* validation = nullptr,
                                    Index most = std::numeric_limits<Index>::max(),
                                    const Progress& progress = {});

/// \throws DomainError naming the option.
void validate(const TrainingOptions& options, const TrainedParameters& trained);

}  // namespace heddle
