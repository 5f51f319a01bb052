#include "loops/direction_cost.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenbasis.hpp"
#include "heddle/linalg/eigenvectors.hpp"
#include "heddle/linalg/solve.hpp"
#include "loops/bounded_inputs.hpp"
#include "loops/dealt_targets.hpp"

namespace heddle {
namespace {

constexpr double most_defective = 1e12;  // κ(R) above which nothing is done in the eigenbasis.
constexpr double load_power = 16.0;  // Of the norm of loop strengths that stands for their maximum.

/// 1 / (λ_i − λ_j), shape (n, m).
ComplexMatrix cauchy(const DirectionProblem& problem) {
    ComplexMatrix d(problem.poles.size(), problem.targets.size());
    for (Index i = 0; i < d.cols(); ++i)
        d.col(i) = (problem.targets(i) - problem.poles.array()).inverse();
    return d;
}

/// V, and what carries slopes back through it. For loops that share their free weights one
/// pseudo-inverse serves all.
struct Inputs {
    Matrix v;
    bool feasible = true;
    std::vector<std::vector<Index>> free;  ///< Weights inside their bounds, for each loop.
};

Inputs inputs_for(const DirectionProblem& problem, const Matrix& x, const Matrix& g) {
    if (!problem.v_bounds.empty()) {
        const Vector limits = Vector::Constant(g.rows(), std::numeric_limits<double>::infinity());
        BoundedInputs bounded = bounded_inputs(x, g, problem.v_bounds, limits);
        Inputs inputs{std::move(bounded.v), bounded.feasible, {}};
        for (Index c = 0; c < g.rows(); ++c) {
            inputs.free.emplace_back();
            for (Index i = 0; i < x.rows(); ++i)
                if (inputs.v(i, c) > problem.v_bounds.lower(i, c) &&
                    inputs.v(i, c) < problem.v_bounds.upper(i, c))
                    inputs.free.back().push_back(i);
        }
        return inputs;
    }
    if (problem.subspace.size() == 0) return {least_norm(x, g).v.transpose(), true, {}};
    const LeastNorm inside = least_norm(problem.subspace.transpose() * x, g);
    return {problem.subspace * inside.v.transpose(), true, {}};
}

/// Slopes of V = X (Xᵀ X)⁻¹ Gᵀ along X and G from those along V.
struct InputSlopes {
    Matrix x;  ///< Shape (n, p).
    Matrix g;  ///< Shape (k, p).
};

InputSlopes through_least_norm(const Matrix& x, const Matrix& v, const Matrix& v_slope) {
    const Matrix inverse = least_norm(x, Matrix::Identity(x.cols(), x.cols())).v;  // X⁺.
    const Matrix y = inverse * v, along_g = inverse * v_slope;
    return {(v_slope - x * along_g) * y.transpose() - v * along_g.transpose(), along_g.transpose()};
}

InputSlopes through_inputs(const DirectionProblem& problem, const Inputs& inputs, const Matrix& x,
                           const Matrix& v_slope) {
    if (problem.subspace.size() > 0) {
        const Matrix& q = problem.subspace;
        InputSlopes inside = through_least_norm(q.transpose() * x, q.transpose() * inputs.v,
                                                q.transpose() * v_slope);
        inside.x = q * inside.x;
        return inside;
    }
    if (inputs.free.empty()) return through_least_norm(x, inputs.v, v_slope);
    InputSlopes slopes{Matrix::Zero(x.rows(), x.cols()), Matrix(v_slope.cols(), x.cols())};
    for (Index c = 0; c < v_slope.cols(); ++c) {
        const std::vector<Index>& free = inputs.free[static_cast<std::size_t>(c)];
        const InputSlopes own = through_least_norm(
            x(free, Eigen::all), inputs.v(free, std::vector{c}), v_slope(free, std::vector{c}));
        slopes.x(free, Eigen::all) += own.x;
        slopes.g.row(c) = own.g;
    }
    return slopes;
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
    Inputs inputs;
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
    State state{cauchy(problem), problem.left * at.u, {}, {}, {}, {}, {}};
    const Index m = problem.targets.size();
    const ComplexMatrix modes = state.d.cwiseProduct(state.u * at.g);
    state.r = problem.right * modes;
    const ComplexMatrix sent = at.g * problem.lag.factors(problem.targets).asDiagonal();
    state.inputs =
        inputs_for(problem, real_form(state.r, problem.targets), real_form(sent, problem.targets));
    state.v = problem.right.transpose() * state.inputs.v;
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
    const Matrix& v = state.inputs.v;
    const GainTerm gain = gain_term(at.u, v, problem.spread_load);
    ConditionTerm condition = condition_term(problem, state, at);
    Slopes& slopes = condition.slopes;
    const Matrix v_slope =
        (1.0 - w) * gain.v_slope + w * (problem.right.conjugate() * slopes.v).real();
    const InputSlopes inputs =
        through_inputs(problem, state.inputs, real_form(state.r, problem.targets), v_slope);
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
                   complex_form(inputs.g, problem.targets) * factors.conjugate().asDiagonal();
    const ComplexMatrix u_slope = w * slopes.u + coordinates * at.g.adjoint();
    cost.u_slope = (1.0 - w) * gain.u_slope + (problem.left.adjoint() * u_slope).real();
    return cost;
}

}  // namespace

DirectionProblem direction_problem(const Network& network, const ComplexVectorView& upper) {
    const RealEigenbasis basis = real_eigenbasis(dense_weights(network));
    if (!(basis.condition <= most_defective))
        throw DomainError(
            "weights: W is defective or nearly so, its eigenvectors have the condition " +
            std::to_string(basis.condition) +
            ", expected at most 1e12; directions = 'dealt' needs no eigenvectors");
    const Index n = basis.r.rows(), reals = basis.reals.size(), pairs = basis.pairs.size();
    DirectionProblem problem{.poles = ComplexVector(n),
                             .right = ComplexMatrix::Zero(n, n),
                             .left = ComplexMatrix::Zero(n, n),
                             .targets = upper,
                             .condition_weight = 0.5,
                             .spread_load = false};
    problem.poles << basis.reals.cast<Complex>(), basis.pairs, basis.pairs.conjugate();
    const Complex i(0.0, 1.0);
    const auto r_re = basis.r.middleCols(reals, pairs), r_im = basis.r.rightCols(pairs);
    const auto l_re = basis.inverse.middleRows(reals, pairs),
               l_im = basis.inverse.bottomRows(pairs);
    problem.right << basis.r.leftCols(reals).cast<Complex>(), r_re + i * r_im, r_re - i * r_im;
    problem.left << basis.inverse.topRows(reals).cast<Complex>(), 0.5 * (l_re - i * l_im),
        0.5 * (l_re + i * l_im);
    return problem;
}

DirectionCost direction_cost(const DirectionProblem& problem, const Directions& at) {
    try {
        const State state = state_at(problem, at);
        if (state.inputs.feasible) return assembled(problem, at, state);
    } catch (const DomainError&) {  // Modes that coincide: no V holds both.
    }
    DirectionCost none{};
    none.value = std::numeric_limits<double>::infinity();
    return none;
}

}  // namespace heddle
