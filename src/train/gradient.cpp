#include "heddle/train/gradient.hpp"

#include "linalg/lapack.hpp"
#include "train/checks.hpp"
#include "train/sweep.hpp"

namespace heddle {
namespace {

/// The sums over time that are the gradient, for all loops together.
struct Sums {
    Matrix u, v;  ///< ∂ loss / ∂ [U_1 U_2 …] and [V_1 V_2 …].
    TrainingGradient gradient;
};

/// Zeros where something will be summed.
Sums start(const TrainableNetwork& network, const TrainedParts& parts, Index loops) {
    const Index n = size(network.network);
    Sums sums;
    TrainingGradient& gradient = sums.gradient;
    if (parts.weights) gradient.weights = Matrix::Zero(n, n);
    if (!parts.loops.empty()) sums.u = sums.v = Matrix::Zero(n, loops);
    if (parts.bias) gradient.bias = Vector::Zero(n);
    if (parts.input) gradient.input = Matrix::Zero(n, network.input.cols());
    if (parts.readout) gradient.readout = Matrix::Zero(network.network.readout.rows(), n);
    return sums;
}

/// λ from one state to the one before, through a chunk; leaves η λ and what the loops see of it.
class Adjoint final {
  public:
    Adjoint(const Sweep& sweep, const TrainingTask& task, Index window,
            TrainingWorkspace& workspace)
        : sweep_(sweep), task_(task), window_(window), workspace_(workspace) {
        workspace_.costate.setZero();
    }

    void through(const Chunk& chunk) {
        for (Index t = chunk.first + chunk.count - 1; t >= chunk.first; --t) {
            if (t < task_.steps) take_step(t, chunk.first);
            add_sample(t, chunk.first);
            check_costate(workspace_.costate, t);
        }
    }

  private:
    /// Does state t begin a window? Then it is data for what comes after.
    [[nodiscard]] bool begins_window(Index t) const {
        return window_ > 0 && t > 0 && t % window_ == 0;
    }

    void take_step(Index t, Index first) {
        const Index at = sweep_.column(t, first), trials = task_.trials;
        auto adjoint = workspace_.adjoint.middleCols(at, trials);
        auto projected = workspace_.projected.middleCols(at, trials);
        adjoint = sweep_.eta() * workspace_.costate;
        if (projected.rows() > 0) {
            projected.noalias() = workspace_.u.transpose() * adjoint;
            if (workspace_.gates.size() > 0)
                projected.array() *= workspace_.gates.middleCols(sweep_.column(t), trials).array();
        }
        if (begins_window(t)) {
            workspace_.costate.setZero();
            return;
        }
        auto drive = workspace_.drive.middleCols(at, trials);
        drive.noalias() += sweep_.recurrent().transpose() * adjoint;
        if (projected.rows() > 0) drive.noalias() += workspace_.v * projected;
        workspace_.costate *= 1.0 - sweep_.eta();
        add_velocity(t, -1.0);
    }

    /// What state t itself adds to λ, and the step that led to it.
    void add_sample(Index t, Index first) {
        const Index at = sweep_.column(t, first), trials = task_.trials;
        workspace_.costate.array() += workspace_.slopes.middleCols(at, trials).array() *
                                      workspace_.drive.middleCols(at, trials).array();
        if (t > 0) add_velocity(t - 1, 1.0);
    }

    void add_velocity(Index t, double sign) {
        if (task_.velocity == 0.0) return;
        workspace_.costate += sign * sweep_.velocity_slope() *
                              (workspace_.states.middleCols(sweep_.column(t + 1), task_.trials) -
                               workspace_.states.middleCols(sweep_.column(t), task_.trials));
    }

    const Sweep& sweep_;
    const TrainingTask& task_;
    Index window_;
    TrainingWorkspace& workspace_;
};

/// Adds a chunk: each sum over its steps and trials is one product of matrices.
void add_chunk(const Sweep& sweep, const TrainingTask& task, const Chunk& chunk,
               const TrainingWorkspace& workspace, Sums& sums) {
    const Index steps = sweep.column(chunk.steps), from = sweep.column(chunk.first);
    const auto adjoint = workspace.adjoint.leftCols(steps);
    const auto rates = workspace.rates.leftCols(steps);
    TrainingGradient& gradient = sums.gradient;
    if (gradient.weights.size() > 0) gradient.weights.noalias() += adjoint * rates.transpose();
    if (sums.u.size() > 0) {
        sums.u.noalias() += adjoint * workspace.thalamus.leftCols(steps).transpose();
        sums.v.noalias() += rates * workspace.projected.leftCols(steps).transpose();
    }
    if (gradient.bias.size() > 0) gradient.bias += adjoint.rowwise().sum();
    if (gradient.input.size() > 0)
        gradient.input.noalias() += adjoint * task.inputs.middleCols(from, steps).transpose();
    const Index columns = sweep.column(chunk.count);
    if (gradient.readout.size() > 0 && task.targets.size() > 0)
        gradient.readout.noalias() +=
            workspace.errors.leftCols(columns) * workspace.rates.leftCols(columns).transpose();
}

/// The gradient of the loops that were asked for, out of that of all.
void deal_loops(const TrainableNetwork& network, const TrainedParts& parts, Sums& sums) {
    for (const Index wanted : parts.loops) {
        Index at = 0;
        for (Index l = 0; l < wanted; ++l)
            at += network.loops[static_cast<std::size_t>(l)].u.cols();
        const Index k = network.loops[static_cast<std::size_t>(wanted)].u.cols();
        sums.gradient.u.emplace_back(sums.u.middleCols(at, k));
        sums.gradient.v.emplace_back(sums.v.middleCols(at, k));
    }
}

}  // namespace

TrainingLoss training_loss(const TrainableNetwork& network, const TrainingTask& task,
                           TrainingWorkspace& workspace) {
    validate(network, task);
    lapack::use_one_blas_thread();
    Sweep sweep(network, task, workspace);
    sweep.run();
    TrainingLoss loss;
    for (Chunk chunk = sweep.last_chunk(); chunk.count > 0; chunk = sweep.before(chunk))
        sweep.sample(chunk, loss);
    sweep.finish(loss);
    return loss;
}

LossAndGradient value_and_gradient(const TrainableNetwork& network, const TrainingTask& task,
                                   const TrainedParts& parts, TrainingWorkspace& workspace) {
    validate(network, task);
    check_parts(parts, network.loops.size());
    lapack::use_one_blas_thread();
    Sweep sweep(network, task, workspace);
    sweep.run();
    Sums sums = start(network, parts, workspace.u.cols());
    TrainingLoss loss;
    Adjoint adjoint(sweep, task, parts.window, workspace);
    for (Chunk chunk = sweep.last_chunk(); chunk.count > 0; chunk = sweep.before(chunk)) {
        sweep.sample(chunk, loss);
        sweep.linearise(chunk);
        adjoint.through(chunk);
        add_chunk(sweep, task, chunk, workspace, sums);
    }
    sweep.finish(loss);
    deal_loops(network, parts, sums);
    const Matrix& costate = workspace.costate;
    if (parts.initial && network.initial.cols() == 1)
        sums.gradient.initial = costate.rowwise().sum();
    else if (parts.initial)
        sums.gradient.initial = costate;
    return {loss, std::move(sums.gradient)};
}

TrainingLoss training_loss(const TrainableNetwork& network, const TrainingTask& task) {
    TrainingWorkspace workspace;
    return training_loss(network, task, workspace);
}

LossAndGradient value_and_gradient(const TrainableNetwork& network, const TrainingTask& task,
                                   const TrainedParts& parts) {
    TrainingWorkspace workspace;
    return value_and_gradient(network, task, parts, workspace);
}

}  // namespace heddle
