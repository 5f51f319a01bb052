#include "equations/delay_spectrum.hpp"

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

/// For each row of C the first one that is equal to it.
std::vector<Index> first_equal(const Matrix& c) {
    std::vector<Index> first;
    for (Index k = 0; k < c.rows(); ++k) {
        Index same = 0;
        while (c.row(same) != c.row(k)) ++same;
        first.push_back(same);
    }
    return first;
}

/// The generator: y, then the past of each different c_kᵀ y at the points after the first.
Matrix generator(const EquationSlopes& equation, Index intervals) {
    const Index n = equation.a.rows();
    const double longest = equation.delay.maxCoeff();
    const std::vector<Index> first = first_equal(equation.c);
    std::vector<Index> sources = first;
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
        g.block(at, 0, intervals, n) = d.bottomLeftCorner(intervals, 1) * equation.c.row(source);
        g.block(at, at, intervals, intervals) = d.bottomRightCorner(intervals, intervals);
    }
    for (Index k = 0; k < equation.delay.size(); ++k) {
        const Vector weights = interpolation(theta, -equation.delay[k] / longest);
        const auto b = equation.b.col(k);
        g.topLeftCorner(n, n) += weights[0] * b * equation.c.row(k);
        g.block(0, past(first[static_cast<std::size_t>(k)]), n, intervals) +=
            b * weights.tail(intervals).transpose();
    }
    return g;
}

ComplexVector on_grid(const EquationSlopes& equation, Index intervals) {
    const ComplexVector all = eigenvalues(generator(equation, intervals));
    const Index n = equation.a.rows();
    return all.head(all[n - 1].imag() > 0.0 ? n + 1 : n);
}

/// Newton's method for det M(λ) = 0: λ ← λ − 1 / tr(M⁻¹ M').
Complex refined(const EquationSlopes& equation, Complex start) {
    Complex lambda = start;
    for (int iteration = 0; iteration < 20; ++iteration) {
        Complex step;
        try {
            step = 1.0 / solve_complex(characteristic_matrix(equation, lambda),
                                       characteristic_slope(equation, lambda))
                             .trace();
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

ComplexMatrix characteristic_matrix(const EquationSlopes& equation, Complex lambda) {
    const ComplexVector factors = (-lambda * equation.delay).array().exp();
    ComplexMatrix m = -equation.a - equation.b * factors.asDiagonal() * equation.c;
    m.diagonal().array() += lambda;
    return m;
}

ComplexMatrix characteristic_slope(const EquationSlopes& equation, Complex lambda) {
    const ComplexVector factors = equation.delay.array() * (-lambda * equation.delay).array().exp();
    ComplexMatrix m = equation.b * factors.asDiagonal() * equation.c;
    m.diagonal().array() += 1.0;
    return m;
}

ComplexVector rightmost_eigenvalues(const EquationSlopes& equation) {
    if (equation.delay.size() == 0) return eigenvalues(equation.a);
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
