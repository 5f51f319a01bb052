#pragma once

#include <nanobind/nanobind.h>

#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "heddle/core/parallel.hpp"

namespace heddle::python {

namespace nb = nanobind;

/// One long computation and the Python thread that waits for it. The computation runs on a thread
/// of its own, so that the Python thread can look at signals every 50 ms whatever the computation
/// is busy with. After Ctrl-C the call returns at once, and the computation ends at its next report
/// of progress.
class LongCall final : public std::enable_shared_from_this<LongCall> {
  public:
    /// For the computation: what to report progress to.
    [[nodiscard]] Progress progress();

    /// For the computation: has `task` run on the Python thread, with Python's lock held, and waits
    /// for it.
    void on_caller(std::function<void()> task);

    /// Runs `work` to its end. \throws what `work`, `told` or a signal's handler throws.
    static void run(std::function<void(LongCall&)> work, nb::handle told);

  private:
    struct News;

    void compute(std::function<void(LongCall&)>& work) noexcept;
    void attend(nb::handle told);
    [[nodiscard]] News wait();
    void answer();
    void stop() noexcept;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::function<void()> task_;
    std::exception_ptr error_;
    std::size_t done_ = 0;
    std::size_t total_ = 0;
    bool stopped_ = false;
    bool finished_ = false;
};

/// The result of `work(call)`, computed as a `LongCall`. `work` owns all it needs, since it may
/// outlive the caller.
template <class Work>
auto long_call(nb::handle told, Work work) {
    using Result = std::invoke_result_t<Work, LongCall&>;
    auto result = std::make_shared<std::optional<Result>>();
    LongCall::run(
        [result, work = std::move(work)](LongCall& call) mutable { result->emplace(work(call)); },
        told);
    return std::move(**result);
}

/// Waits for computations that were interrupted and have not ended yet; for Python's exit.
void join_interrupted();

}  // namespace heddle::python
