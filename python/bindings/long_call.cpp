#include "long_call.hpp"

#include <chrono>
#include <cstdlib>
#include <list>
#include <thread>
#include <utility>

namespace heddle::python {
namespace {

constexpr auto glance = std::chrono::milliseconds(50);
constexpr int interrupted_status = 130;

/// Ends a computation that nobody waits for any more.
struct Stopped {};

/// Threads of interrupted computations, until they end.
class Interrupted {
  public:
    void add(std::thread thread, std::weak_ptr<LongCall> call) {
        const std::lock_guard lock(mutex_);
        threads_.emplace_back(std::move(thread), std::move(call));
    }

    /// Joins those that have ended; true if none is left.
    bool reap() {
        const std::lock_guard lock(mutex_);
        threads_.remove_if([](auto& entry) {
            if (!entry.second.expired()) return false;
            entry.first.join();
            return true;
        });
        return threads_.empty();
    }

  private:
    std::mutex mutex_;
    std::list<std::pair<std::thread, std::weak_ptr<LongCall>>> threads_;
};

/// Never destroyed: a thread that is left when the process ends must not be.
Interrupted& interrupted() {
    static auto* const threads = new Interrupted;
    return *threads;
}

void raise_pending_signal() {
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
}

}  // namespace

/// What the Python thread learns at one glance.
struct LongCall::News {
    bool task;
    bool finished;
    bool failed;
    std::pair<std::size_t, std::size_t> progress;
};

Progress LongCall::progress() {
    return [call = shared_from_this()](std::size_t done, std::size_t total) {
        const std::lock_guard lock(call->mutex_);
        if (call->stopped_) throw Stopped{};
        call->done_ = done;
        call->total_ = total;
    };
}

void LongCall::on_caller(std::function<void()> task) {
    std::unique_lock lock(mutex_);
    task_ = std::move(task);
    changed_.notify_all();
    changed_.wait(lock, [this] { return !task_ || stopped_; });
    task_ = nullptr;
    if (stopped_) throw Stopped{};
}

void LongCall::compute(std::function<void(LongCall&)>& work) noexcept {
    std::exception_ptr error;
    try {
        work(*this);
    } catch (const Stopped&) {
        error = nullptr;
    } catch (...) {
        error = std::current_exception();
    }
    work = nullptr;
    const std::lock_guard lock(mutex_);
    error_ = std::move(error);
    finished_ = true;
    changed_.notify_all();
}

LongCall::News LongCall::wait() {
    const nb::gil_scoped_release unlocked;
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, glance, [this] { return finished_ || task_; });
    return {task_ != nullptr, finished_, error_ != nullptr, {done_, total_}};
}

/// Runs the task that the computation waits for. It stays in place meanwhile: `on_caller` looks at
/// it.
void LongCall::answer() {
    task_();
    const std::lock_guard lock(mutex_);
    task_ = nullptr;
    changed_.notify_all();
}

void LongCall::attend(nb::handle told) {
    std::pair<std::size_t, std::size_t> last{0, 0};
    for (bool finished = false; !finished;) {
        const News news = wait();
        finished = news.finished;
        raise_pending_signal();
        if (news.task) answer();
        if (news.failed || told.is_none() || news.progress == last) continue;
        last = news.progress;
        told(last.first, last.second);
    }
}

void LongCall::stop() noexcept {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
}

void LongCall::run(std::function<void(LongCall&)> work, nb::handle told) {
    interrupted().reap();
    auto call = std::make_shared<LongCall>();
    std::thread thread([call, work = std::move(work)]() mutable { call->compute(work); });
    try {
        call->attend(told);
    } catch (...) {
        call->stop();
        interrupted().add(std::move(thread), call);
        throw;
    }
    {
        const nb::gil_scoped_release unlocked;
        thread.join();
    }
    if (call->error_) std::rethrow_exception(call->error_);
}

void join_interrupted() {
    while (!interrupted().reap()) {
        {
            const nb::gil_scoped_release unlocked;
            std::this_thread::sleep_for(glance);
        }
        // Asked to end for the second time, and nothing is left to save.
        if (PyErr_CheckSignals() != 0) std::_Exit(interrupted_status);
    }
}

}  // namespace heddle::python
