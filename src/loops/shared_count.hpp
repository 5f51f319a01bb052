#pragma once

#include <atomic>
#include <cstddef>
#include <thread>

#include "heddle/core/parallel.hpp"

namespace heddle {

/// Counts what the bodies of a `parallel_for` have done, in finer steps than one a body, and ends
/// them where the caller is told and throws: `step` throws too from then on.
class SharedCount final {
  public:
    SharedCount(std::size_t total, const Progress& progress)
        : total_(total), progress_(progress), caller_(std::this_thread::get_id()) {}

    /// What `parallel_for` is to call.
    [[nodiscard]] Progress polled() {
        return [this](std::size_t, std::size_t) { tell(); };
    }

    /// For a body: that it has done `count` more.
    void step(std::size_t count) {
        done_ += count;
        if (stopped_) throw Stopped{};
        if (std::this_thread::get_id() == caller_) tell();
    }

  private:
    struct Stopped {};

    void tell() try {
        if (progress_) progress_(done_, total_);
    } catch (...) {
        stopped_ = true;
        throw;
    }

    std::size_t total_;
    const Progress& progress_;
    std::thread::id caller_;
    std::atomic<std::size_t> done_{0};
    std::atomic<bool> stopped_{false};
};

}  // namespace heddle
