#pragma once

#include <functional>

#include "heddle/linalg/types.hpp"

namespace heddle {

/// A point, the function's value there (+∞ outside its domain) and its gradient (anything there).
struct Evaluated {
    Vector x;
    double value;
    Vector gradient;
};

/// φ: fills in value and gradient at x.
using Objective = std::function<void(Evaluated&)>;

struct LbfgsOptions {
    double tolerance;  ///< Of ‖∇φ‖ ‖x‖ / |φ|, for functions that do not change with ‖x‖.
    int most_evaluations;
    int memory = 20;       ///< Pairs of steps and gradient changes that are kept.
    double settled = 0.0;  ///< A step that lowers φ by no more than this is the last; 0: none is.
};

struct Minimum {
    Evaluated at;
    int evaluations;  ///< The start's included.
    bool converged;   ///< The gradient is below the tolerance.
};

/// Limited-memory BFGS with a strong-Wolfe line search that steps back from where φ is infinite.
/// NLopt's LD_LBFGS, with 10 or 20 pairs, needs one or two evaluations more to any of the levels
/// 1e-2 … 1e-5 above the minimum of a preparation cost, 38 instead of 32 (n = 100) and 55 instead
/// of 49 (n = 200) to its end, and takes an infinite value for an error; hence this one.
/// \param start φ is finite there.
/// \see Nocedal & Wright (2006), Numerical Optimization, algorithms 3.5, 3.6 and 7.5.
[[nodiscard]] Minimum minimise(const Objective& objective, const Vector& start,
                               const LbfgsOptions& options);

}  // namespace heddle
