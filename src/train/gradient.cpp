#include "heddle/train/gradient.hpp"

#include "linalg/lapack.hpp"
#include "train/adjoint.hpp"
#include "train/checks.hpp"
#include "train/loss.hpp"
#include "train/sweep.hpp"

namespace heddle {
namespace {

/// The sums over time that are the gradient, for all loops together.
struct Sums {
    TrainingLoss loss;
    Matrix u, v;  ///< ∂ loss / ∂ [U_1 U_2 …] and [V_1 V_2 …].
    TrainingGradient gradient;
};

/// Zeros where something will be summed.
Sums start(const TrainableNetwork& network, const TrainedParts& parts, const Matrix& loops) {
    const Index n = size(network.network);
    Sums sums;
    TrainingGradient& gradient = sums.gradient;
    if (parts.weights) gradient.weights = Matrix::Zero(n, n);
    if (!parts.loops.empty()) sums.u = sums.v = Matrix::Zero(n, loops.cols());
    if (parts.bias) gradient.bias = Vector::Zero(n);
    if (parts.input) gradient.input = Matrix::Zero(n, network.input.cols());
    if (parts.readout) gradient.readout = Matrix::Zero(network.network.readout.rows(), n);
    if (parts.gains) gradient.gains = Matrix::Zero(n, network.gains.cols());
    return sums;
}

/// Adds a chunk: each sum over its steps and trials is one product of matrices.
void add_chunk(const Sweep& sweep, const Chunk& chunk, const TrainingTask& task,
               TrainingBlock& block, Sums& sums) {
    const Index steps = sweep.column(chunk.steps), columns = sweep.column(chunk.count);
    const auto adjoint = block.adjoint.leftCols(steps);
    const auto rates = block.rates.leftCols(steps);
    TrainingGradient& gradient = sums.gradient;
    if (gradient.weights.size() > 0) gradient.weights.noalias() += adjoint * rates.transpose();
    if (sums.u.size() > 0) {
        sums.u.noalias() += adjoint * block.thalamus.leftCols(steps).transpose();
        sums.v.noalias() += rates * block.projected.leftCols(steps).transpose();
    }
    if (gradient.bias.size() > 0) gradient.bias += adjoint.rowwise().sum();
    if (gradient.input.size() > 0) {
        sweep.gather(task.inputs, {chunk.first, chunk.steps, chunk.steps}, block.inputs);
        gradient.input.noalias() += adjoint * block.inputs.leftCols(steps).transpose();
    }
    if (gradient.readout.size() > 0 && task.targets.size() > 0)
        gradient.readout.noalias() +=
            block.errors.leftCols(columns) * block.rates.leftCols(columns).transpose();
    if (gradient.gains.size() == 0) return;
    sweep.gather(task.gain_weights, chunk, block.gain_weights);
    block.drive.leftCols(columns).array() *= block.responses.leftCols(columns).array();
    gradient.gains.noalias() +=
        block.drive.leftCols(columns) * block.gain_weights.leftCols(columns).transpose();
}

/// Loss and gradient of one block of trials.
Sums differentiate(Sweep& sweep, const TrainableNetwork& network, const TrainingTask& task,
                   const TrainedParts& parts, const TrainingWorkspace& workspace,
                   TrainingBlock& block) {
    sweep.run();
    Sums sums = start(network, parts, workspace.u);
    Adjoint adjoint(sweep, task, parts, workspace, block);
    for (Chunk chunk = sweep.last_chunk(); chunk.count > 0; chunk = sweep.before(chunk)) {
        sweep.sample(chunk, sums.loss);
        sweep.linearise(chunk);
        adjoint.through(chunk);
        add_chunk(sweep, chunk, task, block, sums);
    }
    if (parts.initial && network.initial.cols() == task.trials)
        sums.gradient.initial = block.costate;
    else if (parts.initial)
        sums.gradient.initial = block.costate.rowwise().sum();
    return sums;
}

/// Adds the sums of a block to those of the ones before.
void add_block(const TrainableNetwork& network, const TrainingTask& task, const Sums& block,
               Sums& sums) {
    add(block.loss, sums.loss);
    sums.u += block.u;
    sums.v += block.v;
    TrainingGradient& gradient = sums.gradient;
    gradient.weights += block.gradient.weights;
    gradient.bias += block.gradient.bias;
    gradient.input += block.gradient.input;
    gradient.readout += block.gradient.readout;
    gradient.gains += block.gradient.gains;
    if (network.initial.cols() != task.trials) {
        gradient.initial += block.gradient.initial;
        return;
    }
    Matrix& initial = gradient.initial;
    const Index before = initial.cols();
    initial.conservativeResize(Eigen::NoChange, before + block.gradient.initial.cols());
    initial.rightCols(block.gradient.initial.cols()) = block.gradient.initial;
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

LossAndGradient value_and_gradient(const TrainableNetwork& network, const TrainingTask& task,
                                   const TrainedParts& parts, TrainingWorkspace& workspace,
                                   std::size_t threads) {
    validate(network, task);
    check_parts(parts, network.loops.size());
    lapack::use_one_blas_thread();
    const std::vector<Trials> blocks = blocks_of(task.trials);
    prepare(network, task, blocks.size(), workspace);
    std::vector<Sums> found(blocks.size());
    for_blocks(blocks.size(), threads, [&](std::size_t b) {
        TrainingBlock& block = workspace.blocks[b];
        Sweep sweep(network, task, blocks[b], workspace, block);
        found[b] = differentiate(sweep, network, task, parts, workspace, block);
    });
    Sums& sums = found.front();
    for (std::size_t b = 1; b < found.size(); ++b) add_block(network, task, found[b], sums);
    finish(task, sums.loss);
    deal_loops(network, parts, sums);
    return {sums.loss, std::move(sums.gradient)};
}

LossAndGradient value_and_gradient(const TrainableNetwork& network, const TrainingTask& task,
                                   const TrainedParts& parts, std::size_t threads) {
    TrainingWorkspace workspace;
    return value_and_gradient(network, task, parts, workspace, threads);
}

}  // namespace heddle
