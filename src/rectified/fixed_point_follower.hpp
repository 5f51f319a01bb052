#pragma once

#include <string>
#include <vector>

#include "rectified/fixed_point_branch.hpp"

namespace heddle {

/// Rightmost real part of A_σ at s, and how many eigenvalues are not stable.
struct PointStability {
    double abscissa;
    Index unstable;
    bool pair;  ///< The rightmost eigenvalue is complex.
};

[[nodiscard]] PointStability stability_of(const ThresholdLinear& system, const Support& support);

/// One branch of fixed points while it is being followed.
class FixedPointFollower final {
  public:
    FixedPointFollower(const Family& family, const FixedPointEquations& equations,
                       FixedPointState state, const FollowOptions& options)
        : family_(family), equations_(equations), state_(std::move(state)), options_(options) {
        step_ = 0.25 * options.largest_step;
        record();
    }

    FixedPointBranch run(double from, double to, const Progress& progress);

  private:
    void record();
    void report(BranchEventKind kind, double parameter, Index unit, const std::string& text);
    void report_stability(const FixedPointState& before, const PointStability& old);
    bool advance();
    void finish_at_border();
    void cross(const FixedPointState& at, Index unit);
    [[nodiscard]] double size() const { return std::max(1.0, state_.u.head(state_.n()).norm()); }
    void lose(const std::string& why);

    const Family& family_;
    const FixedPointEquations& equations_;
    FixedPointState state_;
    FollowOptions options_;
    double step_;
    std::vector<FixedPointState> states_;
    std::vector<double> growth_, residuals_;
    PointStability stability_{};
    std::vector<BranchEvent> events_;
    bool ended_ = false, complete_ = false;
    std::string why_;
};

}  // namespace heddle
