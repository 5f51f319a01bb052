#pragma once

#include <cmath>
#include <cstdint>

#include "heddle/core/random.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/resolvent.hpp"
#include "heddle/linalg/solve.hpp"

/// The loops that the gain law speaks of, as it describes them: orthonormal u, least-norm v.
namespace heddle::examples {

/// Relative, unlike doctest's Approx, which adds 1 to the scale.
inline bool within(double tolerance, double value, double expected) {
    return std::abs(value - expected) <= tolerance * std::abs(expected);
}

/// real + i linspace(−1, 1, count): the targets of the published figures.
inline ComplexVector line(double real, Index count) {
    ComplexVector targets(count);
    targets.real().setConstant(real);
    targets.imag() = Vector::LinSpaced(count, -1.0, 1.0);
    return targets;
}

inline Matrix normals(Index rows, Index columns, std::uint64_t seed) {
    Matrix a(rows, columns);
    Random(seed, stream_of("test")).fill_normal({a.data(), static_cast<std::size_t>(a.size())});
    return a;
}

struct LeastLoops {
    Matrix u;             ///< Orthonormal, shape (n, k).
    Matrix v;             ///< shape (n, k).
    ComplexVector upper;  ///< Targets with Im > 0.
    ComplexMatrix r;      ///< Right eigenvectors (λ_i − W)⁻¹ u, one column each.
    Vector condition;     ///< ‖l_i‖ ‖r_i‖ / |l_iᵀ r_i|.
};

/// The vector that a small, almost singular matrix almost annihilates: one step of inverse
/// iteration, or exactly, where the matrix is singular to working precision.
inline ComplexVector null_vector(const ComplexMatrix& a) {
    const ComplexLeastNorm solved = complex_least_norm(a, ComplexVector::Ones(a.rows()));
    if (solved.null_space.cols() > 0) return solved.null_space.rightCols(1);
    return solved.solution;
}

/// Targets in pairs only, in order of Im; pair i by loop i mod k.
inline LeastLoops least_loops(const Matrix& weights, const ComplexVector& targets, Index k,
                              std::uint64_t seed) {
    const Index n = weights.rows();
    const Index pairs = targets.size() / 2;
    const Resolvent resolvent(weights);
    LeastLoops loops{orthonormal(normals(n, k, seed)), {}, targets.tail(pairs), {}, Vector(pairs)};
    ComplexMatrix driven(n, pairs);
    Matrix wanted = Matrix::Zero(k, 2 * pairs);
    for (Index i = 0; i < pairs; ++i) {
        driven.col(i) = loops.u.col(i % k);
        wanted(i % k, i) = 1.0;
    }
    loops.r = resolvent.solve(loops.upper, driven);
    Matrix x(n, 2 * pairs);
    x << loops.r.real(), loops.r.imag();
    loops.v = least_norm(x, wanted).v.transpose();
    // In n → ∞ the loops do not see each other; here the left vector's mixture is found exactly.
    for (Index i = 0; i < pairs; ++i) {
        const ComplexVector at = ComplexVector::Constant(k, loops.upper(i));
        const ComplexMatrix left = resolvent.solve_transposed(at, loops.v.cast<Complex>());
        const ComplexMatrix open = ComplexMatrix::Identity(k, k) - left.transpose() * loops.u;
        const ComplexVector l = left * null_vector(open.transpose());
        const Complex overlap = l.transpose() * loops.r.col(i);
        loops.condition(i) = l.norm() * loops.r.col(i).norm() / std::abs(overlap);
    }
    return loops;
}

/// Mean over draws of the largest target's mean squared shift, when v has relative noise eta: the
/// worst target is the one that moves most in all draws together.
inline double input_noise_power(const Matrix& weights, const ComplexVector& targets, double eta,
                                Index draws, std::uint64_t seed) {
    const LeastLoops loops = least_loops(weights, targets, 1, seed);
    const auto n = static_cast<double>(weights.rows());
    Vector power = Vector::Zero(loops.upper.size());
    for (Index draw = 0; draw < draws; ++draw) {
        const Vector noise =
            normals(weights.rows(), 1, 1000 + seed * 100 + static_cast<std::uint64_t>(draw));
        const Matrix v = loops.v + eta * loops.v.norm() / std::sqrt(n) * noise;
        const ComplexVector moved = eigenvalues(weights + loops.u * v.transpose());
        for (Index i = 0; i < loops.upper.size(); ++i)
            power(i) += (moved.array() - loops.upper(i)).abs2().minCoeff();
    }
    return power.maxCoeff() / static_cast<double>(draws);
}

}  // namespace heddle::examples
