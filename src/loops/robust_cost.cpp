#include <cmath>
#include <limits>

#include "heddle/core/error.hpp"
#include "heddle/loops/robust_loop.hpp"
#include "loops/robust_terms.hpp"

namespace heddle {
namespace {

/// z̃ of a product n = m z, summed over rows; z̃ = ∂/∂Re z + i ∂/∂Im z, as everywhere here.
ComplexVector scale_slope(const ComplexMatrix& product_slope, const ComplexMatrix& m) {
    return product_slope.cwiseProduct(m.conjugate()).colwise().sum().transpose();
}

ComplexVector halved(ComplexVector slope, PairLayout layout) {
    slope.tail(layout.pairs) /= std::sqrt(2.0);
    return slope;
}

/// Real-form slopes of a vector from those of its half form.
Vector real_slope(const ComplexVector& half_slope, PairLayout layout) {
    Vector real(layout.full());
    const ComplexVector scaled = halved(half_slope, layout);
    real << scaled.head(layout.real).real(), scaled.tail(layout.pairs).real(),
        scaled.tail(layout.pairs).imag();
    return real;
}

/// A quantity and its slopes along c and a.
struct Term {
    double value;
    ComplexVector along_c, along_a;
};

/// I_y / τ = ‖Fᵀ diag(c) C⁻¹ diag(1/a) L‖²: rows are moments in time of wᵀ e^{A t}.
Term response_term(const RobustProblem& problem, const RobustState& state) {
    const PairLayout poles = poles_of(problem), roots = roots_of(problem);
    const ComplexMatrix times = packed_columns(problem.correlations.transpose(), roots);
    const Matrix weighted = unpacked_columns(times * state.c.asDiagonal(), roots);
    const ComplexMatrix spread = packed_columns(weighted * problem.inverse_modes, poles);
    const ComplexVector b = state.a.cwiseInverse();
    const Matrix seen = unpacked_columns(spread * b.asDiagonal(), poles) * problem.left;

    const ComplexMatrix slope = packed_columns(2.0 * seen * problem.left.transpose(), poles);
    const ComplexVector along_b = scale_slope(slope, spread);
    const Matrix back = unpacked_columns(slope * b.conjugate().asDiagonal(), poles) *
                        problem.inverse_modes.transpose();
    return {seen.squaredNorm(), scale_slope(packed_columns(back, roots), times),
            -along_b.cwiseProduct(b.cwiseProduct(b).conjugate())};
}

/// I_x / τ = ‖R diag(a) C diag(q) F‖² over the targets, q = α / c.
Term activity_term(const RobustProblem& problem, const RobustState& state) {
    const PairLayout poles = poles_of(problem), targets = targets_of(problem);
    const ComplexMatrix cauchy = packed_rows(problem.placed_modes, poles);
    const ComplexMatrix modes = packed_columns(state.modes, targets);
    const Matrix scaled = unpacked_columns(modes * state.q.asDiagonal(), targets);
    const Matrix moments = scaled * problem.placed_correlations;

    const ComplexMatrix slope =
        packed_columns(2.0 * moments * problem.placed_correlations.transpose(), targets);
    const ComplexVector along_q = scale_slope(slope, modes);
    const Matrix turned = problem.right.transpose() *
                          unpacked_columns(slope * state.q.conjugate().asDiagonal(), targets);
    const ComplexVector along_a =
        packed_rows(turned, poles).cwiseProduct(cauchy.conjugate()).rowwise().sum();
    ComplexVector along_c = ComplexVector::Zero(state.c.size());
    for (Index i = 0; i < along_q.size(); ++i) {
        const Complex c = state.c(problem.placed(i));
        along_c(problem.placed(i)) = -along_q(i) * std::conj(state.q(i) / c);
    }
    return {moments.squaredNorm(), along_c, along_a};
}

/// ∂/∂u from the slopes along c and a, c = Cᵀ ((Rᵀ w) ∘ a), a = L u.
Vector along_u(const RobustProblem& problem, const Term& term) {
    const PairLayout poles = poles_of(problem), roots = roots_of(problem);
    const Vector g = problem.readout_to_modes.transpose() * real_slope(term.along_c, roots);
    ComplexVector along_a = g.head(poles.half()).cast<Complex>();
    along_a.tail(poles.pairs).imag() = g.tail(poles.pairs);
    along_a = along_a.cwiseProduct(problem.readout.conjugate());
    along_a += halved(term.along_a, poles);
    Vector real(poles.full());
    real << along_a.real(), along_a.tail(poles.pairs).imag();
    return problem.left.transpose() * real;
}

}  // namespace

RobustState robust_state(const RobustProblem& problem, const VectorView& u) {
    const Index n = problem.left.rows();
    if (u.size() != n) throw ShapeError("u", shape_text(n, 1), shape_text(u.size(), 1));
    if (!u.allFinite()) throw DomainError("u: found NaN or infinity, expected finite numbers");
    const PairLayout poles = poles_of(problem), roots = roots_of(problem);
    RobustState state;
    state.a = half_of_real(problem.left * u, poles);
    const Vector weighted = real_of(problem.readout.cwiseProduct(state.a), poles);
    state.c = half_of_real(problem.readout_to_modes * weighted, roots);
    state.q.resize(problem.placed.size());
    for (Index i = 0; i < state.q.size(); ++i)
        state.q(i) = problem.placed_amplitudes(i) / state.c(problem.placed(i));
    const ComplexMatrix rows = packed_rows(problem.placed_modes, poles);
    state.modes = problem.right * unpacked_rows(state.a.asDiagonal() * rows, poles);
    return state;
}

RobustCost robust_loop_cost(const RobustProblem& problem, const VectorView& u) {
    const RobustState state = robust_state(problem, u);
    const Term x = activity_term(problem, state), y = response_term(problem, state);
    const double n = static_cast<double>(u.size());
    RobustCost result{.cost = std::sqrt(x.value * y.value / n) * problem.tau / problem.duration,
                      .activity = problem.tau * x.value,
                      .response = problem.tau * y.value,
                      .gradient = Vector::Zero(u.size())};
    if (!std::isfinite(result.cost)) {
        result.cost = std::numeric_limits<double>::infinity();
        return result;
    }
    const Term both{0.0, 0.5 * (x.along_c / x.value + y.along_c / y.value),
                    0.5 * (x.along_a / x.value + y.along_a / y.value)};
    result.gradient = along_u(problem, both);
    return result;
}

Loops robust_loop_at(const RobustProblem& problem, const VectorView& u) {
    const RobustState state = robust_state(problem, u);
    const PairLayout poles = poles_of(problem);
    const ComplexVector d = problem.strengths.head(poles.half());
    Matrix b = real_of(d.cwiseQuotient(state.a), poles);
    flip_rows(b, poles);
    return {u, problem.left.transpose() * b.col(0), 0.0};
}

Vector robust_initial_state(const RobustProblem& problem, const VectorView& u) {
    const RobustState state = robust_state(problem, u);
    return state.modes * real_of(state.q, targets_of(problem));
}

}  // namespace heddle
