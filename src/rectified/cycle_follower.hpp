#pragma once

#include <string>
#include <vector>

#include "rectified/cycle_branch.hpp"

namespace heddle {

/// One branch of cycles while it is being followed.
class CycleFollower final {
  public:
    CycleFollower(const Family& family, CyclePoint point, const FollowOptions& options)
        : equations_(family, options.cycle),
          family_(family),
          options_(options),
          point_(std::move(point)),
          step_(0.25 * options.largest_step),
          first_period_(point_.cycle.period),
          first_extent_(path_length(family.at(point_.s), point_.path)) {
        record();
    }

    CycleBranch run(double from, double to, const Progress& progress);

  private:
    void record();
    void report(BranchEventKind kind, double parameter, Index unit, const std::string& text);
    void report_multipliers(const CyclePoint& before, double length);
    bool advance();
    void finish(double s);
    void cross(double length);
    [[nodiscard]] bool enter(const CyclePoint& inside, double s, double direction);
    void stop_where_it_ends();
    void lose(BranchEventKind kind, const std::string& why);

    CycleEquations equations_;
    const Family& family_;
    FollowOptions options_;
    CyclePoint point_;
    double step_, first_period_, first_extent_;
    CycleBranch branch_{};
    std::vector<double> parameters_;
    bool ended_ = false;
};

}  // namespace heddle
