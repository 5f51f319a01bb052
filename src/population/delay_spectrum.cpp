#include "population/delay_spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/solve.hpp"

namespace heddle {
namespace {

constexpr Index fewest_intervals = 16;
constexpr Index most_intervals = 128;

/// Chebyshev points (cos φ − 1) / 2 from 0 back to −1.
Vector points(Index intervals) {
    Vector theta(intervals + 1);
    for (Index j = 0; j <= intervals; ++j) {
        const double share = static_cast<double>(j) / static_cast<double>(intervals);
        const double sine = std::sin(0.5 * std::numbers::pi * share);
        theta[j] = -sine * sine;
    }
    return theta;
}

double barycentric(Index j, Index intervals) {
    const double sign = j % 2 == 0 ? 1.0 : -1.0;
    return j == 0 || j == intervals ? 0.5 * sign : sign;
}

/// D with (D u)_j = u'(θ_j) for polynomials.
Matrix differentiation(const Vector& theta) {
    const Index intervals = theta.size() - 1;
    Matrix d = Matrix::Zero(intervals + 1, intervals + 1);
    for (Index j = 0; j <= intervals; ++j) {
        for (Index k = 0; k <= intervals; ++k)
            if (k != j)
                d(j, k) =
                    barycentric(k, intervals) / (barycentric(j, intervals) * (theta[j] - theta[k]));
        d(j, j) = -d.row(j).sum();
    }
    return d;
}

/// ℓ with u(at) = ℓᵀ u for polynomials.
Vector interpolation(const Vector& theta, double at) {
    const Index intervals = theta.size() - 1;
    Vector weights(intervals + 1);
    for (Index j = 0; j <= intervals; ++j) {
        if (theta[j] == at) return Vector::Unit(intervals + 1, j);
        weights[j] = barycentric(j, intervals) / (at - theta[j]);
    }
    return weights / weights.sum();
}

/// The generator: y, then the past of each source at the points after the first.
Matrix generator(const DelayEquation& equation, Index intervals) {
    const Index n = equation.a.rows();
    const double longest = *std::ranges::max_element(equation.delay);
    std::vector<Index> sources = equation.source;
    std::ranges::sort(sources);
    sources.erase(std::ranges::unique(sources).begin(), sources.end());
    const Vector theta = points(intervals);
    const Matrix d = differentiation(theta) / longest;
    const Index size = n + intervals * static_cast<Index>(sources.size());
    Matrix g = Matrix::Zero(size, size);
    g.topLeftCorner(n, n) = equation.a;
    const auto past = [&](Index source) {
        return n + intervals * (std::ranges::find(sources, source) - sources.begin());
    };
    for (const Index source : sources) {
        const Index at = past(source);
        g.block(at, source, intervals, 1) = d.bottomLeftCorner(intervals, 1);
        g.block(at, at, intervals, intervals) = d.bottomRightCorner(intervals, intervals);
    }
    for (std::size_t k = 0; k < equation.delay.size(); ++k) {
        const Vector weights = interpolation(theta, -equation.delay[k] / longest);
        const auto b = equation.b.col(static_cast<Index>(k));
        g.block(0, equation.source[k], n, 1) += b * weights[0];
        g.block(0, past(equation.source[k]), n, intervals) +=
            b * weights.tail(intervals).transpose();
    }
    return g;
}

ComplexVector on_grid(const DelayEquation& equation, Index intervals) {
    const ComplexVector all = eigenvalues(generator(equation, intervals));
    const Index n = equation.a.rows();
    return all.head(all[n - 1].imag() > 0.0 ? n + 1 : n);
}

/// Newton's method for det M(λ) = 0: λ ← λ − 1 / tr(M⁻¹ M').
Complex refined(const DelayEquation& equation, Complex start) {
    const Index n = equation.a.rows();
    Complex lambda = start;
    for (int iteration = 0; iteration < 20; ++iteration) {
        ComplexMatrix m = lambda * ComplexMatrix::Identity(n, n) - equation.a;
        ComplexMatrix slope = ComplexMatrix::Identity(n, n);
        for (std::size_t k = 0; k < equation.delay.size(); ++k) {
            const Index column = equation.source[k];
            const Complex factor = std::exp(-lambda * equation.delay[k]);
            const auto b = equation.b.col(static_cast<Index>(k));
            m.col(column) -= factor * b;
            slope.col(column) += equation.delay[k] * factor * b;
        }
        Complex step;
        try {
            step = 1.0 / solve_complex(m, slope).trace();
        } catch (const DomainError&) {
            return lambda;  // Singular: λ is a root.
        }
        lambda -= step;
        if (std::abs(step) <= 1e-14 * std::abs(lambda)) break;
    }
    // A root elsewhere is one that another start finds.
    const bool near = std::abs(lambda - start) <= 1e-2 * std::abs(start) + 1e-9;
    return near ? lambda : start;
}

}  // namespace

ComplexVector rightmost_eigenvalues(const DelayEquation& equation) {
    if (equation.delay.empty()) return eigenvalues(equation.a);
    ComplexVector found = on_grid(equation, fewest_intervals);
    for (Index intervals = 2 * fewest_intervals; intervals <= most_intervals; intervals *= 2) {
        const ComplexVector finer = on_grid(equation, intervals);
        const bool agree = finer.size() == found.size() && (finer - found).cwiseAbs().maxCoeff() <=
                                                               1e-6 * finer.cwiseAbs().maxCoeff();
        found = finer;
        if (agree) break;
    }
    for (Complex& lambda : found) lambda = refined(equation, lambda);
    sort_canonically(found);
    return found;
}

}  // namespace heddle
