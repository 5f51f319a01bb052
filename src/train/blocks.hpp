#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "heddle/train/gradient.hpp"

namespace heddle {

/// Trials first … first + count − 1 of a task.
struct Trials {
    Index first;
    Index count;
};

/// A task's trials in blocks that do not depend on the number of threads: each wide enough for
/// products of matrices, and few enough for a gradient of each to be kept.
[[nodiscard]] std::vector<Trials> blocks_of(Index trials);

/// Memory for the states and for as many blocks; the loops side by side.
void prepare(const TrainableNetwork& network, const TrainingTask& task, std::size_t blocks,
             TrainingWorkspace& workspace);

/// Runs `body(b)` for every block. \throws what the first block throws that throws.
void for_blocks(std::size_t blocks, std::size_t threads,
                const std::function<void(std::size_t)>& body);

}  // namespace heddle
