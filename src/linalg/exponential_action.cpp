#include "heddle/linalg/exponential_action.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "heddle/core/error.hpp"
#include "heddle/linalg/exponential.hpp"
#include "linalg/checks.hpp"
#include "linalg/lapack.hpp"

namespace heddle {
namespace {

constexpr Index most_vectors = 60;
constexpr double shortest = 1.0 / 1024.0;  // Of the whole step.

/// Arnoldi's process, one vector at a time.
struct Space {
    explicit Space(const Vector& x)
        : norm(x.norm()),
          basis(x.size(), std::min(most_vectors, x.size()) + 1),
          h(Matrix::Zero(basis.cols(), basis.cols())) {
        basis.col(0) = x / norm;
    }

    /// \return whether the space is complete.
    bool grow(const LinearMap& a) {
        Vector y(basis.rows());
        a(basis.col(steps), y);
        const double before = y.norm();
        for (int pass = 0; pass < 2; ++pass) {
            const auto q = basis.leftCols(steps + 1);
            const Vector part = q.transpose() * y;
            y.noalias() -= q * part;
            h.col(steps).head(steps + 1) += part;
        }
        const double next = y.norm();
        ++steps;
        if (next <= 1e-15 * before || steps == basis.rows()) return true;
        h(steps, steps - 1) = next;
        basis.col(steps) = y / next;
        return false;
    }

    double norm;
    Matrix basis;
    Matrix h;
    Index steps = 0;
};

/// First columns of e^{t H} and of φ_1(t H), from one exponential.
Matrix first_columns(const Space& space, double t) {
    const Index m = space.steps;
    Matrix wide = Matrix::Zero(m + 1, m + 1);
    wide.topLeftCorner(m, m) = t * space.h.topLeftCorner(m, m);
    wide(0, m) = 1.0;
    const Matrix e = exponential(wide);
    Matrix columns(m, 2);
    columns << e.col(0).head(m), e.col(m).head(m);
    return columns;
}

/// One substep of t if the tolerance can be reached; adds to the count of products either way.
bool try_step(const LinearMap& a, ExponentialAction& action, double t, double tolerance) {
    constexpr Index between_looks = 4;
    if (action.value.norm() == 0.0) return true;
    Space space(action.value);
    while (space.steps + 1 < space.basis.cols()) {
        const bool complete = space.grow(a);
        ++action.products;
        if (!complete && space.steps % between_looks != 0) continue;
        const Matrix columns = first_columns(space, t);
        const double left = complete ? 0.0
                                     : t * space.h(space.steps, space.steps - 1) *
                                           std::abs(columns(space.steps - 1, 1));
        if (left > tolerance) continue;
        action.error += left;
        action.value = space.norm * (space.basis.leftCols(space.steps) * columns.col(0));
        return true;
    }
    return false;
}

}  // namespace

ExponentialAction exponential_action(const LinearMap& a, const VectorView& x, double t,
                                     double tolerance) {
    require_finite(x, "x");
    if (!(t >= 0.0) || !std::isfinite(t))
        throw DomainError("t: found " + std::to_string(t) + ", expected a time of 0 or more");
    if (!(tolerance > 0.0))
        throw DomainError("tolerance: found " + std::to_string(tolerance) +
                          ", expected a positive number");
    lapack::use_one_blas_thread();
    ExponentialAction action{x, 0.0, 0};
    double done = 0.0;
    double part = 1.0;
    while (done < 1.0 && t > 0.0) {
        if (try_step(a, action, t * part, tolerance * part)) {
            done += part;
            continue;
        }
        part *= 0.5;
        if (part < shortest)
            throw NotConverged(
                "t: the Krylov spaces do not reach the tolerance in 1024 substeps; "
                "a shorter time would do");
    }
    return action;
}

}  // namespace heddle
