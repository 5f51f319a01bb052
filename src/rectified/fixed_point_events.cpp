#include <algorithm>
#include <cmath>
#include <sstream>

#include "heddle/linalg/eigenvalues.hpp"
#include "rectified/fixed_point_follower.hpp"

namespace heddle {
namespace {

constexpr double singular = 1e-12;  // Of the ratio of determinants.

}  // namespace

PointStability stability_of(const ThresholdLinear& system, const Support& support) {
    const ComplexVector values = eigenvalues(region_matrix(system, support));
    return {values.size() > 0 ? values[0].real() : 0.0, (values.real().array() > 0.0).count(),
            values.size() > 0 && values[0].imag() != 0.0};
}

/// A change in the number of unstable eigenvalues between two points of one region: A_σ depends on
/// s alone, so s is bisected.
void FixedPointFollower::report_stability(const FixedPointState& before,
                                          const PointStability& old) {
    if (before.support != state_.support || old.unstable == stability_.unstable) return;
    double a = equations_.parameter(before), b = equations_.parameter(state_);
    for (int i = 0; i < 52; ++i) {
        const double middle = 0.5 * (a + b);
        const bool same = stability_of(family_.at(middle), state_.support).unstable == old.unstable;
        (same ? a : b) = middle;
    }
    const bool pair =
        std::abs(old.unstable - stability_.unstable) == 2 && (old.pair || stability_.pair);
    std::ostringstream text;
    text << (pair ? "a complex pair of eigenvalues" : "a real eigenvalue")
         << " crosses the imaginary axis within the region; unstable eigenvalues: " << old.unstable
         << " before, " << stability_.unstable << " after";
    events_.push_back({b, pair ? BranchEventKind::hopf_like : BranchEventKind::zero_eigenvalue, -1,
                       static_cast<Index>(states_.size()) - 1, text.str()});
}

/// The region behind the threshold of `unit`, reached at `at`.
void FixedPointFollower::cross(const FixedPointState& at, Index unit) {
    const double s = equations_.parameter(at);
    const ThresholdLinear system = family_.at(s);
    const PointStability before = stability_of(system, state_.support);
    const double ratio = equations_.determinant_ratio(system, state_.support, unit);
    const double direction = state_.tangent[at.n()];
    state_ = equations_.entered(at, unit);
    const PointStability after = stability_of(system, state_.support);
    BranchEventKind kind = BranchEventKind::persistence;
    std::ostringstream text;
    text << "unit " << unit
         << (std::ranges::binary_search(state_.support, unit) ? " becomes active"
                                                              : " falls silent");
    if (ratio < 0.0) {
        kind = BranchEventKind::nonsmooth_fold;
        text << ", and the branch turns back";
    } else if (std::abs(before.unstable - after.unstable) == 2 && (before.pair || after.pair)) {
        kind = BranchEventKind::hopf_like_collision;
        text << ", and a complex pair jumps across the imaginary axis";
    } else {
        text << ", and the branch goes on";
    }
    text << "; det A_σ' / det A_σ = " << ratio << ", unstable eigenvalues: " << before.unstable
         << " before, " << after.unstable << " after";
    if (std::abs(ratio) < singular || (direction * state_.tangent[at.n()] < 0.0) != (ratio < 0.0)) {
        kind = BranchEventKind::continuum;
        text << "; A_σ' is singular to working precision, and the branch runs on at one value of "
                "the parameter";
    }
    report(kind, s, unit, text.str());
    record();
}

}  // namespace heddle
