#pragma once

#include <cstddef>
#include <functional>

namespace heddle {

/// Told, on the calling thread only, how much is done; it may throw to stop the work cleanly.
using Progress = std::function<void(std::size_t done, std::size_t total)>;

/// Runs `body(i)` for i = 0 … count − 1 on `threads` threads (0: one per core). Each i must write
/// only what is its own; then the result has the same bits for any number of threads. The first
/// exception of `body` or `progress` ends the work after the bodies in flight and is rethrown.
void parallel_for(std::size_t count, std::size_t threads,
                  const std::function<void(std::size_t)>& body, const Progress& progress = {});

}  // namespace heddle
