#include "loops/direction_cost.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvectors.hpp"
#include "loops/dealt_targets.hpp"
#include "loops/held_inputs.hpp"

namespace heddle {
namespace {

constexpr double load_power = 16.0;  // Of the norm of loop strengths that stands for their maximum.

/// 1 / (λ_i − λ_j), shape (n, m).
ComplexMatrix cauchy(const DirectionProblem& problem) {
    ComplexMatrix d(problem.poles.size(), problem.targets.size());
    for (Index i = 0; i < d.cols(); ++i)
        d.col(i) = (problem.targets(i) - problem.poles.array()).inverse();
    return d;
}

/// ln gain and its slopes.
struct GainTerm {
    double frobenius, logarithm;
    Matrix u_slope, v_slope;
};

GainTerm gain_term(const Matrix& u, const Matrix& v, bool spread_load) {
    const Matrix outputs = u.transpose() * u, inputs = v.transpose() * v;
    const double square = outputs.cwiseProduct(inputs).sum();
    GainTerm term{std::sqrt(square), 0.5 * std::log(square), u * inputs / square,
                  v * outputs / square};
    if (!spread_load) return term;
    const Eigen::ArrayXd a = outputs.diagonal(), b = inputs.diagonal();
    const double largest = (a * b).maxCoeff();
    const Eigen::ArrayXd power = (a * b / largest).pow(0.5 * load_power);
    const Vector share = power / power.sum();
    term.logarithm = 0.5 * std::log(largest) + std::log(power.sum()) / load_power;
    term.u_slope = u * (share.array() / a).matrix().asDiagonal();
    term.v_slope = v * (share.array() / b).matrix().asDiagonal();
    return term;
}

/// The left side of one eigenvalue: h, and the slopes that have to go back through it.
struct Group {
    EqualRun run;
    double weight;       ///< How many targets it stands for, over p.
    ComplexMatrix h;     ///< Null space of θ − (Vᵀ K U)ᵀ, shape (k, p).
    ComplexMatrix back;  ///< Pseudo-inverse of that matrix.
    ComplexMatrix z;     ///< θ′ + Vᵀ K² U, shape (k, k).
};

ComplexMatrix scaled(const ComplexMatrix& cauchy, Index i, const ComplexMatrix& rows) {
    return cauchy.col(i).asDiagonal() * rows;
}

/// All that a point needs, in coordinates of W's eigenvectors where it says so.
struct State {
    ComplexMatrix d;  ///< 1 / (λ_i − λ_j).
    ComplexMatrix u;  ///< L U.
    ComplexMatrix r;  ///< Modes, shape (n, m).
    HeldInputs inputs;
    ComplexMatrix v;  ///< Rᵀ V.
    std::vector<Group> groups;
    ComplexMatrix l;  ///< Left modes, shape (n, m).
};

Group group_of(const DirectionProblem& problem, const State& state, EqualRun run) {
    const Index i = run.first, k = state.u.cols();
    const Complex target = problem.targets(i);
    const ComplexMatrix once = scaled(state.d, i, state.u), twice = scaled(state.d, i, once);
    ComplexMatrix difference = -(state.v.transpose() * once);
    difference.diagonal().array() += problem.lag.factor(target);
    Group group{run, target.imag() == 0.0 ? 1.0 : 2.0, {}, {}, state.v.transpose() * twice};
    group.z.diagonal().array() += problem.lag.slope(target);
    group.h = null_vectors(difference.transpose(), run.count);
    group.back = inverse_of_rank(difference.transpose(), k - run.count);
    return group;
}

State state_at(const DirectionProblem& problem, const Directions& at) {
    const Index m = problem.targets.size();
    const ComplexMatrix d = cauchy(problem), u = problem.left * at.u;
    const ComplexMatrix r = problem.right * d.cwiseProduct(u * at.g);
    const ComplexMatrix sent = at.g * problem.lag.factors(problem.targets).asDiagonal();
    const HeldInputs inputs(real_form(r, problem.targets), real_form(sent, problem.targets),
                            problem.subspace, problem.v_bounds);
    State state{d, u, r, inputs, problem.right.transpose() * inputs.v(), {}, {}};
    ComplexMatrix left(state.u.rows(), m);
    for (const EqualRun& run : equal_runs(problem.targets)) {
        state.groups.push_back(group_of(problem, state, run));
        left.middleCols(run.first, run.count) =
            scaled(state.d, run.first, state.v * state.groups.back().h);
    }
    state.l = problem.left.transpose() * left;
    return state;
}

/// Slopes of ½ Σ weight ‖Π‖_F² of one eigenvalue along its R, L and overlap D, Π = R D⁻¹ Lᵀ.
struct ProjectorTerm {
    double square;  ///< ‖Π‖_F².
    ComplexMatrix r, l, d;
};

ProjectorTerm projector_term(const ComplexMatrix& r, const ComplexMatrix& l,
                             const ComplexMatrix& overlap) {
    const ComplexMatrix e = inverse_of_rank(overlap, overlap.rows());
    const ComplexMatrix a = r.adjoint() * r, b = l.transpose() * l.conjugate();
    const ComplexMatrix left = e * b * e.adjoint(), right = e.adjoint() * a * e;
    return {(right * b).trace().real(), r * left, l * right.transpose(), -(e.adjoint() * a * left)};
}

/// Slopes on their way back: along L U, Rᵀ V and g, and along the modes themselves.
struct Slopes {
    ComplexMatrix u, v, g;
    ComplexMatrix r;
};

/// Of ln κ, but for what goes through the modes r.
struct ConditionTerm {
    double logarithm;
    Slopes slopes;
};

/// Back from h, which follows θ − Vᵀ K U, to U and V.
void through_left_direction(const State& state, const Group& group, const ComplexMatrix& h_slope,
                            Slopes& slopes) {
    const Index i = group.run.first;
    const ComplexMatrix difference = -(group.h * h_slope.adjoint() * group.back).conjugate();
    const ComplexMatrix once = scaled(state.d, i, state.u);
    slopes.v -= (once * difference.adjoint()).conjugate();
    slopes.u -= scaled(state.d, i, state.v).conjugate() * difference;
}

/// Back from the overlap and the left modes of one eigenvalue.
void through_group(const State& state, const Directions& at, const Group& group,
                   const ComplexMatrix& overlap_slope, const ComplexMatrix& left_slope,
                   Slopes& slopes) {
    const auto [i, p] = group.run;
    const auto g = at.g.middleCols(i, p);
    const ComplexMatrix left = scaled(state.d, i, state.v);
    const ComplexMatrix turned = state.d.col(i).conjugate().asDiagonal() * left_slope;
    slopes.v += turned * group.h.adjoint();
    const ComplexMatrix h_slope =
        left.adjoint() * left_slope + (group.z * g).conjugate() * overlap_slope.transpose();
    slopes.g.middleCols(i, p) += (group.h.transpose() * group.z).adjoint() * overlap_slope;
    const ComplexMatrix z_slope = group.h.conjugate() * overlap_slope * g.adjoint();
    slopes.v += (scaled(state.d, i, scaled(state.d, i, state.u)) * z_slope.adjoint()).conjugate();
    slopes.u += scaled(state.d, i, left).conjugate() * z_slope;
    through_left_direction(state, group, h_slope, slopes);
}

ConditionTerm condition_term(const DirectionProblem& problem, const State& state,
                             const Directions& at) {
    const Index n = state.u.rows(), k = state.u.cols(), m = problem.targets.size();
    ConditionTerm term{0.0,
                       {ComplexMatrix::Zero(n, k), ComplexMatrix::Zero(n, k),
                        ComplexMatrix::Zero(k, m), ComplexMatrix(n, m)}};
    ComplexMatrix l_slope(n, m);
    std::vector<ComplexMatrix> overlap_slopes;
    double sum = 0.0, count = 0.0;
    for (const Group& group : state.groups) {
        const auto [i, p] = group.run;
        const ProjectorTerm own =
            projector_term(state.r.middleCols(i, p), state.l.middleCols(i, p),
                           group.h.transpose() * group.z * at.g.middleCols(i, p));
        sum += group.weight * own.square;
        count += group.weight * static_cast<double>(p);
        term.slopes.r.middleCols(i, p) = group.weight * own.r;
        l_slope.middleCols(i, p) = group.weight * own.l;
        overlap_slopes.push_back(group.weight * own.d);
    }
    term.logarithm = 0.5 * std::log(sum / count);
    term.slopes.r /= sum;
    l_slope = (problem.left.conjugate() * (l_slope / sum)).eval();
    for (std::size_t j = 0; j < state.groups.size(); ++j) {
        const Group& group = state.groups[j];
        through_group(state, at, group, overlap_slopes[j] / sum,
                      l_slope.middleCols(group.run.first, group.run.count), term.slopes);
    }
    return term;
}

/// Complex slopes of columns from those of their real form.
ComplexMatrix complex_form(const Matrix& slopes, const ComplexVectorView& targets) {
    ComplexMatrix columns = ComplexMatrix::Zero(slopes.rows(), targets.size());
    Index used = 0;
    for (Index i = 0; i < targets.size(); ++i) {
        columns.col(i).real() = slopes.col(used++);
        if (targets(i).imag() != 0.0) columns.col(i).imag() = slopes.col(used++);
    }
    return columns;
}

/// ln cost and its slopes.
DirectionCost assembled(const DirectionProblem& problem, const Directions& at, const State& state) {
    const double w = problem.condition_weight;
    const Matrix& v = state.inputs.v();
    const GainTerm gain = gain_term(at.u, v, problem.spread_load);
    ConditionTerm condition = condition_term(problem, state, at);
    Slopes& slopes = condition.slopes;
    const Matrix v_slope =
        (1.0 - w) * gain.v_slope + w * (problem.right.conjugate() * slopes.v).real();
    const LeastNormMap::Slopes inputs = state.inputs.pull_back(v_slope);
    const ComplexMatrix r_slope = w * slopes.r + complex_form(inputs.x, problem.targets);
    const ComplexMatrix coordinates =
        state.d.conjugate().cwiseProduct(problem.right.adjoint() * r_slope);
    const ComplexVector factors = problem.lag.factors(problem.targets);
    DirectionCost cost;
    cost.value = std::exp((1.0 - w) * gain.logarithm + w * condition.logarithm);
    cost.gain = gain.frobenius;
    cost.condition = std::exp(condition.logarithm);
    cost.v = v;
    cost.g_slope = w * slopes.g + state.u.adjoint() * coordinates +
                   complex_form(inputs.goals, problem.targets) * factors.conjugate().asDiagonal();
    const ComplexMatrix u_slope = w * slopes.u + coordinates * at.g.adjoint();
    cost.u_slope = (1.0 - w) * gain.u_slope + (problem.left.adjoint() * u_slope).real();
    return cost;
}

}  // namespace

DirectionCost direction_cost(const DirectionProblem& problem, const Directions& at) {
    try {
        const State state = state_at(problem, at);
        if (state.inputs.feasible()) return assembled(problem, at, state);
    } catch (const DomainError&) {  // Modes that coincide: no V holds both.
    }
    DirectionCost none{};
    none.value = std::numeric_limits<double>::infinity();
    return none;
}

}  // namespace heddle
