#include "heddle/network/loops.hpp"

#include <cmath>

#include "heddle/core/error.hpp"
#include "network/checks.hpp"

namespace heddle {

void validate(const Loops& loops, Index n) {
    if (loops.u.rows() != n)
        throw ShapeError("u", std::to_string(n) + " rows, one per unit",
                         shape_text(loops.u.rows(), loops.u.cols()));
    if (loops.v.rows() != n || loops.v.cols() != loops.u.cols())
        throw ShapeError("v", shape_text(n, loops.u.cols()) + ", the shape of u",
                         shape_text(loops.v.rows(), loops.v.cols()));
    check_finite(loops.u, "u");
    check_finite(loops.v, "v");
    if (!(loops.thalamic_tau >= 0.0) || !std::isfinite(loops.thalamic_tau))
        throw DomainError("thalamic_tau: found " + number_text(loops.thalamic_tau) +
                          " s, expected 0 or more");
    if (!(loops.delay >= 0.0) || !std::isfinite(loops.delay))
        throw DomainError("delay: found " + number_text(loops.delay) + " s, expected 0 or more");
}

double norm(const Loops& loops) {
    const Matrix outputs = loops.u.transpose() * loops.u;
    const Matrix inputs = loops.v.transpose() * loops.v;
    return std::sqrt(outputs.cwiseProduct(inputs).sum());
}

}  // namespace heddle
