#include "rectified/smooth_newton.hpp"

namespace heddle {

Search newton(const SmoothMap& map, Vector x, const std::vector<Vector>& known, Index most_steps) {
    return damped_newton(map, std::move(x), known, most_steps);
}

}  // namespace heddle
