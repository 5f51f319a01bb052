#include "train/blocks.hpp"

#include <algorithm>
#include <exception>

#include "heddle/core/parallel.hpp"

namespace heddle {
namespace {

constexpr Index least_trials = 32, most_blocks = 16;

Index rank(const std::vector<Loops>& loops) {
    Index sum = 0;
    for (const Loops& group : loops) sum += group.u.cols();
    return sum;
}

/// Loops side by side, so that all of them are one product; gates are spread over their columns.
void gather_loops(const TrainableNetwork& network, const TrainingTask& task,
                  TrainingWorkspace& workspace) {
    const Index n = size(network.network), r = rank(network.loops);
    workspace.u.resize(n, r);
    workspace.v.resize(n, r);
    const bool gated = !task.gates.empty();
    workspace.gates.resize(gated ? r : 0, gated ? task.steps * task.trials : 0);
    Index at = 0;
    for (std::size_t l = 0; l < network.loops.size(); ++l) {
        const Index k = network.loops[l].u.cols();
        workspace.u.middleCols(at, k) = network.loops[l].u;
        workspace.v.middleCols(at, k) = network.loops[l].v;
        for (Index t = 0; gated && t < task.steps; ++t)
            workspace.gates.block(at, t * task.trials, k, task.trials) =
                task.gates[l].row(t).replicate(k, 1);
        at += k;
    }
}

}  // namespace

std::vector<Trials> blocks_of(Index trials) {
    const Index count = std::clamp<Index>(trials / least_trials, 1, most_blocks);
    std::vector<Trials> blocks;
    for (Index b = 0; b < count; ++b) {
        const Index first = b * trials / count;
        blocks.push_back({first, (b + 1) * trials / count - first});
    }
    return blocks;
}

void prepare(const TrainableNetwork& network, const TrainingTask& task, std::size_t blocks,
             TrainingWorkspace& workspace) {
    workspace.states.resize(size(network.network), (task.steps + 1) * task.trials);
    workspace.blocks.resize(blocks);
    gather_loops(network, task, workspace);
}

void for_blocks(std::size_t blocks, std::size_t threads,
                const std::function<void(std::size_t)>& body) {
    std::vector<std::exception_ptr> errors(blocks);
    parallel_for(blocks, threads, [&](std::size_t b) {
        try {
            body(b);
        } catch (...) {
            errors[b] = std::current_exception();
        }
    });
    for (const std::exception_ptr& error : errors)
        if (error) std::rethrow_exception(error);
}

}  // namespace heddle
