#include "heddle/core/parallel.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace heddle;

namespace {

void take_a_moment() {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

}  // namespace

TEST_CASE("parallel_for: every index is used exactly once, with any number of threads") {
    for (const std::size_t threads : {0u, 1u, 2u, 3u, 8u, 200u}) {
        for (const std::size_t count : {0u, 1u, 2u, 100u}) {
            std::vector<std::atomic<int>> used(count);
            parallel_for(count, threads, [&](std::size_t i) { ++used[i]; });
            for (const auto& times : used) CHECK(times == 1);
        }
    }
}

TEST_CASE("parallel_for: the result has the same bits for any number of threads") {
    const auto run = [](std::size_t threads) {
        std::vector<double> out(500);
        parallel_for(out.size(), threads,
                     [&](std::size_t i) { out[i] = std::sin(static_cast<double>(i) * 1e3); });
        return out;
    };
    const std::vector<double> alone = run(1);
    CHECK(run(2) == alone);
    CHECK(run(7) == alone);
}

TEST_CASE("parallel_for: several threads do work at the same time") {
    std::atomic<int> waiting{0};
    parallel_for(2, 2, [&](std::size_t) {
        ++waiting;
        while (waiting < 2) std::this_thread::yield();  // Never ends on one thread.
    });
    CHECK(waiting == 2);
}

TEST_CASE("parallel_for: the exception of a body ends the work and is rethrown") {
    for (const std::size_t threads : {1u, 4u}) {
        std::atomic<std::size_t> done{0};
        const auto body = [&](std::size_t i) {
            if (i == 5) throw std::runtime_error("at 5");
            take_a_moment();
            ++done;
        };
        CHECK_THROWS_WITH_AS(parallel_for(10000, threads, body), "at 5", std::runtime_error);
        CHECK(done < 1000);
    }
}

TEST_CASE(
    "parallel_for: progress is told on the calling thread, never backwards, and ends at the "
    "total") {
    for (const std::size_t threads : {1u, 3u}) {
        const auto caller = std::this_thread::get_id();
        std::vector<std::size_t> seen;
        parallel_for(
            120, threads, [](std::size_t) { take_a_moment(); },
            [&](std::size_t done, std::size_t total) {
                CHECK(std::this_thread::get_id() == caller);
                CHECK(total == 120);
                seen.push_back(done);
            });
        REQUIRE_FALSE(seen.empty());
        CHECK(std::is_sorted(seen.begin(), seen.end()));
        CHECK(seen.back() == 120);
    }
}

TEST_CASE("parallel_for: on one thread progress follows every body") {
    std::vector<std::size_t> seen;
    parallel_for(
        3, 1, [](std::size_t) {}, [&](std::size_t done, std::size_t) { seen.push_back(done); });
    CHECK(seen == std::vector<std::size_t>{1, 2, 3});
}

TEST_CASE("parallel_for: an exception of progress stops the work") {
    for (const std::size_t threads : {1u, 3u}) {
        std::atomic<std::size_t> done{0};
        const auto body = [&](std::size_t) {
            take_a_moment();
            ++done;
        };
        const auto stop = [](std::size_t, std::size_t) { throw std::runtime_error("stop"); };
        CHECK_THROWS_WITH_AS(parallel_for(100000, threads, body, stop), "stop", std::runtime_error);
        CHECK(done < 10000);
    }
}

TEST_CASE("parallel_for: may be used inside a body") {
    std::vector<std::vector<int>> out(4, std::vector<int>(6));
    parallel_for(4, 2, [&](std::size_t i) {
        parallel_for(6, 2, [&, i](std::size_t j) { out[i][j] = static_cast<int>(10 * i + j); });
    });
    for (std::size_t i = 0; i < 4; ++i) {
        for (std::size_t j = 0; j < 6; ++j) CHECK(out[i][j] == static_cast<int>(10 * i + j));
    }
}
