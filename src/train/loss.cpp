#include "train/loss.hpp"

#include "linalg/lapack.hpp"
#include "train/checks.hpp"
#include "train/sweep.hpp"

namespace heddle {

void add(const TrainingLoss& block, TrainingLoss& loss) {
    loss.output_error += block.output_error;
    loss.activity += block.activity;
    loss.velocity += block.velocity;
}

void finish(const TrainingTask& task, TrainingLoss& loss) {
    loss.value = loss.output_error + task.activity * loss.activity + task.velocity * loss.velocity;
    check_loss(loss);
}

TrainingLoss training_loss(const TrainableNetwork& network, const TrainingTask& task,
                           TrainingWorkspace& workspace, std::size_t threads) {
    validate(network, task);
    lapack::use_one_blas_thread();
    const std::vector<Trials> blocks = blocks_of(task.trials);
    prepare(network, task, blocks.size(), workspace);
    std::vector<TrainingLoss> found(blocks.size());
    for_blocks(blocks.size(), threads, [&](std::size_t b) {
        Sweep sweep(network, task, blocks[b], workspace, workspace.blocks[b]);
        sweep.run();
        for (Chunk chunk = sweep.last_chunk(); chunk.count > 0; chunk = sweep.before(chunk))
            sweep.sample(chunk, found[b]);
    });
    TrainingLoss loss = found.front();
    for (std::size_t b = 1; b < found.size(); ++b) add(found[b], loss);
    finish(task, loss);
    return loss;
}

Matrix training_outputs(const TrainableNetwork& network, const TrainingTask& task,
                        TrainingWorkspace& workspace, std::size_t threads) {
    check_run(network, task);
    lapack::use_one_blas_thread();
    const std::vector<Trials> blocks = blocks_of(task.trials);
    prepare(network, task, blocks.size(), workspace);
    const Matrix& readout = network.network.readout;
    Matrix outputs(readout.rows(), (task.steps + 1) * task.trials);
    for_blocks(blocks.size(), threads, [&](std::size_t b) {
        TrainingBlock& block = workspace.blocks[b];
        Sweep sweep(network, task, blocks[b], workspace, block);
        sweep.run();
        for (Chunk chunk = sweep.last_chunk(); chunk.count > 0; chunk = sweep.before(chunk)) {
            sweep.respond(chunk);
            for (Index t = 0; t < chunk.count; ++t)
                sweep.at(outputs, chunk.first + t).noalias() =
                    readout * block.rates.middleCols(sweep.column(t), blocks[b].count);
        }
    });
    return outputs;
}

TrainingLoss training_loss(const TrainableNetwork& network, const TrainingTask& task,
                           std::size_t threads) {
    TrainingWorkspace workspace;
    return training_loss(network, task, workspace, threads);
}

Matrix training_outputs(const TrainableNetwork& network, const TrainingTask& task,
                        std::size_t threads) {
    TrainingWorkspace workspace;
    return training_outputs(network, task, workspace, threads);
}

}  // namespace heddle
