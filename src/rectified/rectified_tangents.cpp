#include "rectified/rectified_tangents.hpp"

#include <algorithm>
#include <utility>

#include "linalg/lapack.hpp"

namespace heddle {

RectifiedTangents::RectifiedTangents(const ThresholdLinear& system, Vector start, double step)
    : system_(system), region_(system), x_(std::move(start)), step_(step) {
    lapack::use_one_blas_thread();
}

void RectifiedTangents::run_ahead() {
    constexpr double most_numbers = 2e6;  // of the states that a stretch notes, 16 MB
    if (flow_) {
        const auto noted =
            static_cast<double>(x_.size() * (flow_->states.cols() + flow_->crossing_states.cols()));
        length_ =
            std::clamp(static_cast<Index>(static_cast<double>(length_) * most_numbers / noted),
                       Index{4}, std::min<Index>(2 * length_, 1024));
    }
    const Vector times = step_ * Vector::LinSpaced(length_, 1.0, static_cast<double>(length_));
    flow_ = threshold_flow(system_, x_, times);
    if (!flow_->complete) ended_ = flow_->statement;
    region_.set(flow_->initial_support);
    done_ = 0;
    crossed_ = 0;
    now_ = 0.0;
}

void RectifiedTangents::advance(Index steps, Matrix& q) {
    while (steps > 0 && ended_.empty()) {
        if (!flow_ || done_ == length_) run_ahead();
        if (!ended_.empty()) return;
        const Index taken = std::min(steps, length_ - done_);
        done_ += taken;
        steps -= taken;
        move_to(flow_->times[done_ - 1], q);
        x_ = flow_->states.col(done_ - 1);
    }
}

void RectifiedTangents::move_to(double time, Matrix& q) {
    const auto pass = [&](double until) {
        const double t = (until - now_) / system_.tau;
        region_.exponentiate(t, q);
        trace_ += region_.trace() * t;
        now_ = until;
    };
    for (; crossed_ < flow_->crossings.size() && flow_->crossings[crossed_].time <= time;
         ++crossed_) {
        pass(flow_->crossings[crossed_].time);
        region_.flip(flow_->crossings[crossed_].unit);
    }
    pass(time);
}

}  // namespace heddle
