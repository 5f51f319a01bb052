#pragma once

#include <atomic>

namespace heddle {

/// Where the threads of a run meet: all others wait while the leader does what only one may do.
/// Waiting is first in a loop, since the steps between two meetings of a small circuit take
/// microseconds, and then asleep.
class Meeting final {
  public:
    explicit Meeting(int others) : others_(others) {}

    /// Of the leader: waits until all others have come.
    void gather() {
        for (int here = arrived_.load(); here != others_; here = arrived_.load())
            wait_while(arrived_, here);
        arrived_.store(0);
    }
    /// Of the leader: lets the others go.
    void release() {
        round_.fetch_add(1);
        round_.notify_all();
    }
    /// Of the others: comes, and waits to be let go.
    void join() {
        const int round = round_.load();
        arrived_.fetch_add(1);
        arrived_.notify_one();
        wait_while(round_, round);
    }

  private:
    static void wait_while(const std::atomic<int>& value, int old) {
        constexpr int turns = 2000;
        for (int turn = 0; turn < turns; ++turn) {
            if (value.load() != old) return;
#if defined(__x86_64__)
            __builtin_ia32_pause();
#endif
        }
        value.wait(old);
    }

    int others_;
    alignas(64) std::atomic<int> arrived_ = 0;
    alignas(64) std::atomic<int> round_ = 0;
};

}  // namespace heddle
