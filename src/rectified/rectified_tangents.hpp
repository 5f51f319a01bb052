#pragma once

#include <optional>
#include <string>

#include "heddle/rectified/threshold_flow.hpp"
#include "rectified/region_product.hpp"
#include "rectified/tangent_flow.hpp"

namespace heddle {

/// Tangent vectors along the exact flow of a threshold-linear network. The flow runs ahead in
/// stretches of as many steps as memory should hold.
class RectifiedTangents final : public TangentFlow {
  public:
    /// \param step a unit of time, s; nothing is approximated by it.
    RectifiedTangents(const ThresholdLinear& system, Vector start, double step);

    void advance(Index steps, Matrix& q) override;
    [[nodiscard]] const Vector& state() const override { return x_; }
    [[nodiscard]] double trace_integral() const override { return trace_; }
    [[nodiscard]] double step() const override { return step_; }
    [[nodiscard]] std::string ended() const override { return ended_; }

  private:
    void run_ahead();
    /// Carries q to `time` of the stretch, through all crossings before.
    void move_to(double time, Matrix& q);

    const ThresholdLinear& system_;
    RegionProduct region_;
    Vector x_;
    double step_;
    std::optional<ThresholdFlow> flow_;
    Index length_ = 16;  ///< Steps of a stretch.
    Index done_ = 0;     ///< Of them.
    std::size_t crossed_ = 0;
    double now_ = 0.0;  ///< Time since the stretch began, s.
    double trace_ = 0.0;
    std::string ended_;
};

}  // namespace heddle
