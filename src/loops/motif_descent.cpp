#include "loops/motif_descent.hpp"

#include <cmath>

#include "loops/lbfgs.hpp"
#include "loops/loop_coordinates.hpp"

namespace heddle {

void descend(Descent& descent, const MotifCost& cost, const RobustMotifOptions& options,
             const std::function<void()>& tick) {
    const Coordinates coordinates(descent.start, options.fixed_outputs);
    const auto objective = [&](Evaluated& at) {
        const MotifCost::Value value = cost.at(coordinates.point(at.x));
        at.value = std::log(value.cost);
        if (std::isfinite(value.cost)) at.gradient = coordinates.from_gradient(value.gradient);
        tick();
    };
    const LbfgsOptions settings{.tolerance = 0.0,
                                .most_evaluations = options.most_evaluations,
                                .settled = options.precision};
    const Minimum found = minimise(objective, coordinates.from(descent.start), settings);
    descent.end = coordinates.point(found.at.x);
    descent.cost = std::exp(found.at.value);
    descent.slope = found.at.gradient.norm() * found.at.x.norm();
    descent.evaluations = found.evaluations;
}

}  // namespace heddle
