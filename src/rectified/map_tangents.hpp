#pragma once

#include <map>

#include "heddle/rectified/threshold_map.hpp"
#include "rectified/tangent_flow.hpp"

namespace heddle {

/// State and tangent vectors of a piecewise-linear map, step by step.
class MapTangents final : public TangentFlow {
  public:
    /// \param with_determinant whether `trace_integral` sums log |det J|.
    MapTangents(const ThresholdMap& map, Vector start, bool with_determinant);

    void advance(Index steps, Matrix& q) override;
    [[nodiscard]] const Vector& state() const override { return z_; }
    [[nodiscard]] double trace_integral() const override { return log_determinant_; }
    [[nodiscard]] double step() const override { return 1.0; }
    [[nodiscard]] bool every_step() const override { return true; }

  private:
    [[nodiscard]] double log_determinant(const Support& support);

    const ThresholdMap& map_;
    Vector z_;
    bool with_determinant_;
    double log_determinant_;
    std::map<Support, double> known_;
};

}  // namespace heddle
