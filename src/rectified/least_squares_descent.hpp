#pragma once

#include <algorithm>

#include "linalg/lu.hpp"

namespace heddle {

/// Where |F|² / 2 descends to from x, by the steps of Levenberg and Marquardt: a zero of F, or near
/// a local minimum that is none. F and F' of a `Map` are its functions residual_of(map, x) and
/// jacobian_of(map, x). The damping goes as Nielsen (1999), IMM-REP-1999-05, has it.
/// \cost 8/3 n³ flops a step, and 2/3 n³ for each step that is tried in vain.
template <class Map>
[[nodiscard]] Vector least_squares_descent(const Map& map, Vector x, Index most_steps) {
    Vector f = residual_of(map, x);
    double damping = -1.0, growth = 2.0;
    for (Index i = 0; i < most_steps; ++i) {
        const Matrix jacobian = jacobian_of(map, x);
        const Vector slope = jacobian.transpose() * f;
        const Matrix normal = jacobian.transpose() * jacobian;
        const double scale = normal.diagonal().maxCoeff();
        if (damping < 0.0) damping = 1e-3 * scale;
        for (bool better = false; !better;) {
            Matrix shifted = normal;
            shifted.diagonal().array() += damping;
            const Vector step = -Lu(std::move(shifted)).solve(slope);
            const Vector there = residual_of(map, x + step);
            const double promised = 0.5 * step.dot(damping * step - slope);
            const double gained = 0.5 * (f.squaredNorm() - there.squaredNorm());
            better = gained > 0.0;
            if (better) {
                const double bend = 2.0 * gained / promised - 1.0;
                damping *= std::max(1.0 / 3.0, 1.0 - bend * bend * bend);
                growth = 2.0;
                x += step;
                f = there;
            } else {
                damping *= growth;
                growth *= 2.0;
                if (!(damping < 1e12 * scale)) return x;
            }
        }
    }
    return x;
}

}  // namespace heddle
