#include "measure/motif_descent.hpp"

#include <cmath>
#include <limits>

#include "heddle/core/error.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/linalg/split.hpp"
#include "linalg/exponential_path.hpp"
#include "loops/lbfgs.hpp"
#include "loops/loop_coordinates.hpp"
#include "loops/motif_assembly.hpp"

namespace heddle {
namespace {

constexpr double settled = 1e-3;  // A step that lowers φ by less is the last.

/// A point at which modes are linearly dependent is outside the domain of φ.
MotifNorm::Value outside() {
    return {std::numeric_limits<double>::infinity(), {}};
}

}  // namespace

MotifNorm::MotifNorm(const Network& network, const Resolvent& resolvent, const MotifLoops& design,
                     const Matrix& left, const Matrix& right)
    : resolvent_(resolvent),
      map_(network, resolvent, design.fit),
      left_(left),
      right_(right),
      time_(duration(design.motif) / network.tau) {}

MotifNorm::Value MotifNorm::at(const LoopVariables& point) const {
    MappedModes mapped;
    try {
        mapped = map_.at(point);
    } catch (const DomainError&) {
        return outside();
    }
    Matrix a = resolvent_.reduced();
    a.noalias() += point.u * mapped.v.transpose();
    a.diagonal().array() -= 1.0;
    const ExponentialPath path(time_ * a);
    const SchattenNorm norm = schatten_norm(left_ * path.value() * right_);
    if (!std::isfinite(norm.value)) return outside();
    const Matrix of_m = left_.transpose() * norm.gradient * right_.transpose();
    const Matrix of_a = time_ * path.pull_back(of_m);
    return {norm.value, map_.pull_back(point, mapped, of_a * mapped.v,
                                       Matrix::Zero(mapped.parts.rows(), mapped.parts.cols()),
                                       of_a.transpose() * point.u)};
}

LoopVariables variables_of(const MotifLoops& design, const Resolvent& resolvent) {
    return {resolvent.rotate(design.loops.u),
            join(design.loops.v.transpose() * split(design.modes))};
}

MotifDescent descend(const MotifNorm& norm, const Network& network, const Resolvent& resolvent,
                     const MotifLoops& start, const MotifLoopOptions& options, int most_evaluations,
                     const std::function<void()>& tick) {
    const LoopVariables from = variables_of(start, resolvent);
    const Coordinates coordinates(from, false);
    MotifDescent result{start, std::numeric_limits<double>::quiet_NaN(), 0.0, 0};
    const auto objective = [&](Evaluated& at) {
        const MotifNorm::Value value = norm.at(coordinates.point(at.x));
        at.value = value.value;
        if (std::isnan(result.before)) result.before = value.value;
        if (std::isfinite(value.value)) at.gradient = coordinates.from_gradient(value.gradient);
        tick();
    };
    const LbfgsOptions settings{
        .tolerance = 0.0, .most_evaluations = most_evaluations, .settled = settled};
    const Minimum found = minimise(objective, coordinates.from(from), settings);
    result.evaluations = found.evaluations;
    result.after = found.at.value;
    const LoopVariables end = coordinates.point(found.at.x);
    const Matrix basis = orthonormal(end.u);
    const ComplexMatrix directions = join(basis.transpose() * end.u * split(norm.directions(end)));
    MotifLoops design = motif_loops_from(network, resolvent, start.motif, start.fit,
                                         resolvent.rotate_back(basis), directions, options);
    if (design.trusted || !start.trusted)
        result.design = std::move(design);
    else
        result.after = result.before;
    return result;
}

}  // namespace heddle
