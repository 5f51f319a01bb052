#pragma once

#include <string>
#include <vector>

#include "heddle/network/loops.hpp"

namespace heddle {

/// One stretch of time with a fixed pattern of gates: at most one group of loops is open and a
/// constant (tonic) input holds. The input is given by the fixed point it creates, x* with (1 − W −
/// U Vᵀ) x* = b.
struct Segment {
    std::string name;       ///< What happens here: "prepare h", "h".
    const Loops* open;      ///< The open group; null if every gate is closed.
    Vector fixed_point;     ///< x*, shape (n,).
    Vector thalamic_start;  ///< y at the opening of the gate, shape (k,); unused when τ_T = 0.
    double duration;        ///< s.
};

using Schedule = std::vector<Segment>;

}  // namespace heddle
