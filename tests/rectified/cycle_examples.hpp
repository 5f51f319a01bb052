#pragma once

#include <algorithm>
#include <set>
#include <utility>

#include "heddle/rectified/threshold_linear.hpp"
#include "support/examples.hpp"

/// Small rectified networks with known dynamics.
namespace heddle::examples {

using Edges = std::set<std::pair<Index, Index>>;  ///< (from, to).

inline Edges cyclic_graph(Index n) {
    Edges edges;
    for (Index i = 0; i < n; ++i) edges.emplace(i, (i + 1) % n);
    return edges;
}

/// W_ij = −1 + ε where j → i, −1 − δ elsewhere, W_ii = 0, with θ = 1: in rate form.
inline ThresholdLinear ctln(const Edges& edges, double epsilon = 0.25, double delta = 0.5) {
    Index n = 0;
    for (const auto& [from, to] : edges) n = std::max({n, from + 1, to + 1});
    Matrix w = Matrix::Constant(n, n, -1.0 - delta);
    for (const auto& [from, to] : edges) w(to, from) = -1.0 + epsilon;
    w.diagonal().setZero();
    Network network = make_network(w, 1, 0, 0.01, Response::rectified);
    network.bias = Vector::Ones(n);
    return rate_form(network);
}

/// τ ẋ = t(x) x − y ,  τ ẏ = x − offset , with t = `active` where x > 0 and `silent` elsewhere:
/// a piecewise-linear Liénard oscillator with one rectified unit.
inline ThresholdLinear oscillator(double active, double silent, double offset) {
    return {Matrix{{silent, -1.0}, {1.0, 0.0}},
            Matrix{{active - silent}, {0.0}},
            Matrix{{1.0, 0.0}},
            Vector::Zero(1),
            Vector{{0.0, -offset}},
            0.01};
}

/// τ ẋ = F(x) − y ,  τ ẏ = x , F odd with slope −0.2 up to |x| = 1, `middle` up to 3, −0.5 beyond.
inline ThresholdLinear two_cycles(double middle) {
    const double inner = middle + 0.2, outer = -0.5 - middle;
    return {Matrix{{-0.2, -1.0}, {1.0, 0.0}},
            Matrix{{inner, -inner, outer, -outer}, {0.0, 0.0, 0.0, 0.0}},
            Matrix{{1.0, 0.0}, {-1.0, 0.0}, {1.0, 0.0}, {-1.0, 0.0}},
            Vector{{-1.0, -1.0, -3.0, -3.0}},
            Vector::Zero(2),
            0.01};
}

/// Sprott's x''' + a x'' + x' − |x| + 1 = 0 in units of τ, |x| = 2 [x]₊ − x.
inline ThresholdLinear jerk(double a) {
    return {Matrix{{0.0, 1.0, 0.0}, {0.0, 0.0, 1.0}, {-1.0, -1.0, -a}},
            Matrix{{0.0}, {0.0}, {2.0}},
            Matrix{{1.0, 0.0, 0.0}},
            Vector::Zero(1),
            Vector{{0.0, 0.0, -1.0}},
            0.01};
}

inline ThresholdLinear time_reversed(ThresholdLinear system) {
    system.linear = -system.linear;
    system.outputs = -system.outputs;
    system.drive = -system.drive;
    return system;
}

}  // namespace heddle::examples
