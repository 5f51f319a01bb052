#include "heddle/core/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace heddle {
namespace {

constexpr auto progress_interval = std::chrono::milliseconds(50);

/// What the workers and the calling thread share while one `parallel_for` runs.
class Work {
  public:
    Work(std::size_t count, const std::function<void(std::size_t)>& body)
        : count_(count), body_(body) {}

    /// Called before a worker starts, so that `wait` cannot miss one that is slow to come up.
    void enter() {
        const std::lock_guard lock(mutex_);
        ++working_;
    }

    /// What a worker does from start to end.
    void run() noexcept {
        try {
            for (std::size_t i = next_++; i < count_ && !stopped_; i = next_++) {
                body_(i);
                ++done_;
            }
        } catch (...) {
            fail(std::current_exception());
        }
        leave();
    }

    void stop() noexcept { stopped_ = true; }

    /// Waits for every worker that entered, telling `progress` now and then.
    void wait(const Progress& progress) {
        std::unique_lock lock(mutex_);
        while (!finished_.wait_for(lock, progress_interval, [&] { return working_ == 0; })) {
            if (!progress || stopped_) continue;
            lock.unlock();
            progress(done_, count_);
            lock.lock();
        }
    }

    void rethrow() const {
        if (error_) std::rethrow_exception(error_);
    }

  private:
    void fail(std::exception_ptr error) noexcept {
        const std::lock_guard lock(mutex_);
        if (!error_) error_ = std::move(error);
        stop();
    }

    void leave() noexcept {
        const std::lock_guard lock(mutex_);
        if (--working_ == 0) finished_.notify_all();
    }

    std::size_t count_;
    const std::function<void(std::size_t)>& body_;
    std::atomic<std::size_t> next_{0};
    std::atomic<std::size_t> done_{0};
    std::atomic<bool> stopped_{false};
    std::mutex mutex_;
    std::condition_variable finished_;
    std::size_t working_ = 0;
    std::exception_ptr error_;
};

void run_inline(std::size_t count, const std::function<void(std::size_t)>& body,
                const Progress& progress) {
    for (std::size_t i = 0; i < count; ++i) {
        body(i);
        if (progress) progress(i + 1, count);
    }
}

void run_threaded(std::size_t count, std::size_t threads,
                  const std::function<void(std::size_t)>& body, const Progress& progress) {
    Work work(count, body);
    {
        std::vector<std::jthread> workers;  // Joined on every way out of this block.
        try {
            workers.reserve(threads);
            for (std::size_t i = 0; i < threads; ++i) {
                work.enter();
                workers.emplace_back([&work] { work.run(); });
            }
            work.wait(progress);
        } catch (...) {
            work.stop();
            throw;
        }
    }
    work.rethrow();
    if (progress) progress(count, count);
}

std::size_t thread_count(std::size_t asked, std::size_t count) {
    const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
    return std::min(asked == 0 ? cores : asked, count);
}

}  // namespace

void parallel_for(std::size_t count, std::size_t threads,
                  const std::function<void(std::size_t)>& body, const Progress& progress) {
    const std::size_t used = thread_count(threads, count);
    if (used <= 1) return run_inline(count, body, progress);
    run_threaded(count, used, body, progress);
}

}  // namespace heddle
