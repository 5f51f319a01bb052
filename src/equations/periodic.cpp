#include "equations/periodic.hpp"

#include <algorithm>
#include <cmath>

#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/solve.hpp"

namespace heddle {
namespace {

constexpr Index degree = CollocationMesh::degree;
constexpr std::size_t stencil_size = degree + 1;

}  // namespace

PeriodicProblem::PeriodicProblem(const RateEquations& equations, std::size_t parameter, double time,
                                 Index intervals)
    : system_(equations, time), parameter_(parameter), mesh_(intervals) {}

void PeriodicProblem::set_reference(const PeriodicSolution& solution, double range) {
    const Matrix& x = solution.profile;
    units_ =
        (x.rowwise().maxCoeff() - x.rowwise().minCoeff()) + 0.1 * x.cwiseAbs().rowwise().mean();
    units_ = units_.cwiseMax(1e-6 * std::max(units_.maxCoeff(), 1e-6));
    period_unit_ = solution.period;
    range_ = range;
    phase_.resize(x.rows(), mesh_.nodes());
    for (Index k = 0; k < mesh_.nodes(); ++k) {
        const double t = static_cast<double>(k) / static_cast<double>(mesh_.nodes() - 1);
        phase_.col(k) = mesh_.slope(x, k + 1 == mesh_.nodes() ? 0.0 : t).cwiseQuotient(units_);
    }
    phase_ /= std::max(phase_.norm(), 1e-300);
    phase_offset_ = phase_of(x);
}

double PeriodicProblem::phase_of(const Matrix& profile) const {
    return (phase_.array() * (units_.cwiseInverse().asDiagonal() * profile).array()).sum();
}

Vector PeriodicProblem::packed(const PeriodicSolution& solution) const {
    Vector y(solution.profile.size() + 2);
    // As long as one state of size 1, whatever the number of nodes.
    const double weight = 1.0 / std::sqrt(static_cast<double>(mesh_.nodes()));
    const Matrix scaled = weight * units_.cwiseInverse().asDiagonal() * solution.profile;
    y << scaled.reshaped(), solution.period / period_unit_, solution.parameter / range_;
    return y;
}

PeriodicSolution PeriodicProblem::unpacked(const Vector& y) const {
    const double weight = std::sqrt(static_cast<double>(mesh_.nodes()));
    const Matrix scaled = y.head(y.size() - 2).reshaped(units_.size(), mesh_.nodes());
    return {weight * units_.asDiagonal() * scaled, y[y.size() - 2] * period_unit_,
            y[y.size() - 1] * range_};
}

PeriodicProblem::Local PeriodicProblem::local(const PeriodicSolution& solution,
                                              const Vector& delays, double t,
                                              const CollocationMesh::Stencil& here) {
    Local found{Vector::Zero(solution.profile.rows()), Vector(delays.size())};
    for (std::size_t i = 0; i < stencil_size; ++i)
        found.state += here.weight[i] * solution.profile.col(here.first + static_cast<Index>(i));
    for (Index k = 0; k < delays.size(); ++k)
        found.delayed[k] =
            system_.delayed(k, mesh_.value(solution.profile, t - delays[k] / solution.period));
    return found;
}

Vector PeriodicProblem::residual(const PeriodicSolution& solution) {
    system_.set_parameter(parameter_, solution.parameter);
    const Vector delays = system_.delay_times();
    const Index n = solution.profile.rows();
    Vector out(solution.profile.size() + 1);
    Index row = 0;
    for (Index i = 0; i < mesh_.intervals(); ++i)
        for (Index j = 0; j < degree; ++j, row += n) {
            const double t = mesh_.point(i, j);
            const auto here = mesh_.inside(i, t);
            const Local at = local(solution, delays, t, here);
            Vector slope = Vector::Zero(n);
            for (std::size_t k = 0; k < stencil_size; ++k)
                slope += here.slope[k] * solution.profile.col(here.first + static_cast<Index>(k));
            const Vector change = system_.velocity(at.state, at.delayed);
            out.segment(row, n) = (slope - solution.period * change).cwiseQuotient(units_);
        }
    const Matrix& x = solution.profile;
    out.segment(row, n) = (x.col(0) - x.col(x.cols() - 1)).cwiseQuotient(units_);
    out[row + n] = phase_of(x) - phase_offset_;
    return out;
}

/// Collocation rows: ∂ residual / ∂ profile, not scaled by columns.
Matrix PeriodicProblem::profile_slope(const PeriodicSolution& solution) {
    const Vector delays = system_.delay_times();
    const Index n = solution.profile.rows();
    Matrix out = Matrix::Zero(solution.profile.size() + 1, solution.profile.size());
    const Vector inverse = units_.cwiseInverse();
    Index row = 0;
    const auto add = [&](Index node, const Matrix& block) {
        out.block(row, node * n, n, n) += inverse.asDiagonal() * block;
    };
    for (Index i = 0; i < mesh_.intervals(); ++i)
        for (Index j = 0; j < degree; ++j, row += n) {
            const double t = mesh_.point(i, j);
            const auto here = mesh_.inside(i, t);
            const Local at = local(solution, delays, t, here);
            const LocalSystem::Slopes slopes = system_.slopes(at.state, at.delayed);
            for (std::size_t k = 0; k < stencil_size; ++k)
                add(here.first + static_cast<Index>(k),
                    here.slope[k] * Matrix::Identity(n, n) -
                        solution.period * here.weight[k] * slopes.a);
            for (Index d = 0; d < delays.size(); ++d) {
                const double then = t - delays[d] / solution.period;
                const Vector c = system_.delayed_slope(d, mesh_.value(solution.profile, then));
                const Matrix product = -solution.period * slopes.b.col(d) * c.transpose();
                const auto past = mesh_.at(then);
                for (std::size_t k = 0; k < stencil_size; ++k)
                    add(past.first + static_cast<Index>(k), past.weight[k] * product);
            }
        }
    add(0, Matrix::Identity(n, n));
    add(mesh_.nodes() - 1, -Matrix::Identity(n, n));
    out.row(row + n) = (inverse.asDiagonal() * phase_).reshaped().transpose();
    return out;
}

Matrix PeriodicProblem::slope(const Vector& y) {
    const PeriodicSolution solution = unpacked(y);
    system_.set_parameter(parameter_, solution.parameter);
    const Index many = y.size() - 2;
    Matrix out(many + 1, y.size());
    const double weight = std::sqrt(static_cast<double>(mesh_.nodes()));
    const Vector columns = weight * units_.replicate(mesh_.nodes(), 1);
    out.leftCols(many) = profile_slope(solution) * columns.asDiagonal();
    for (Index last : {many, many + 1}) {
        const double h = 1e-6 * (1.0 + std::abs(y[last]));
        Vector up = y, down = y;
        up[last] += h;
        down[last] -= h;
        out.col(last) = (residual(unpacked(up)) - residual(unpacked(down))) / (2.0 * h);
    }
    return out;
}

CurveEquations PeriodicProblem::equations() {
    return {[this](const Vector& y) { return residual(unpacked(y)); },
            [this](const Vector& y) { return slope(y); }};
}

PeriodicProblem::Multipliers PeriodicProblem::multipliers(const PeriodicSolution& solution) {
    system_.set_parameter(parameter_, solution.parameter);
    const Vector delays = system_.delay_times();
    const Index n = solution.profile.rows();
    const double longest = delays.size() > 0 ? delays.maxCoeff() / solution.period : 0.0;
    // The history is as many intervals long as the longest delay, and one node.
    const Index before =
        static_cast<Index>(std::ceil(longest * static_cast<double>(mesh_.intervals()) - 1e-9));
    const Index history = degree * before + 1;
    const Index ahead = degree * mesh_.intervals();
    Matrix equation = Matrix::Zero(n * ahead, n * (history + ahead));
    Index row = 0;
    // Node k of this period stands at position k + history − 1.
    const auto add = [&](Index node, Index period, const Matrix& block) {
        const Index position = node + period * ahead + history - 1;
        equation.block(row, position * n, n, n) += block;
    };
    for (Index i = 0; i < mesh_.intervals(); ++i)
        for (Index j = 0; j < degree; ++j, row += n) {
            const double t = mesh_.point(i, j);
            const auto here = mesh_.inside(i, t);
            const Local at = local(solution, delays, t, here);
            const LocalSystem::Slopes slopes = system_.slopes(at.state, at.delayed);
            for (std::size_t k = 0; k < stencil_size; ++k)
                add(here.first + static_cast<Index>(k), 0,
                    here.slope[k] * Matrix::Identity(n, n) -
                        solution.period * here.weight[k] * slopes.a);
            for (Index d = 0; d < delays.size(); ++d) {
                const double then = t - delays[d] / solution.period;
                const Vector c = system_.delayed_slope(d, mesh_.value(solution.profile, then));
                const Matrix product = -solution.period * slopes.b.col(d) * c.transpose();
                const auto past = mesh_.at(then);
                for (std::size_t k = 0; k < stencil_size; ++k)
                    add(past.first + static_cast<Index>(k), past.period, past.weight[k] * product);
            }
        }
    // What the history becomes a period later: its own end, where it is longer, then what follows.
    const Matrix later = -solve(equation.rightCols(n * ahead), equation.leftCols(n * history));
    Matrix all(n * (history + ahead), n * history);
    all.topRows(n * history).setIdentity();
    all.bottomRows(n * ahead) = later;
    ComplexVector values = eigenvalues(all.bottomRows(n * history));
    std::ranges::sort(values,
                      [](const Complex& a, const Complex& b) { return std::abs(a) > std::abs(b); });
    Index trivial = 0;
    for (Index k = 0; k < values.size(); ++k)
        if (std::abs(values[k] - 1.0) < std::abs(values[trivial] - 1.0)) trivial = k;
    Multipliers found{ComplexVector(values.size() - 1), std::abs(values[trivial] - 1.0)};
    found.others << values.head(trivial), values.tail(values.size() - 1 - trivial);
    return found;
}

double PeriodicProblem::defect(const PeriodicSolution& solution) {
    system_.set_parameter(parameter_, solution.parameter);
    const Vector delays = system_.delay_times();
    Vector largest = Vector::Zero(solution.profile.rows());
    Vector speed = largest;
    for (Index i = 0; i < mesh_.intervals(); ++i)
        for (const double share : {0.0, 0.2, 0.5, 0.8}) {
            const double t =
                (static_cast<double>(i) + share) / static_cast<double>(mesh_.intervals());
            const auto here = mesh_.inside(i, t);
            const Local at = local(solution, delays, t, here);
            const Vector change = solution.period * system_.velocity(at.state, at.delayed);
            const Vector slope = mesh_.slope(solution.profile, t);
            largest = largest.cwiseMax((slope - change).cwiseAbs());
            speed = speed.cwiseMax(slope.cwiseAbs());
        }
    return largest.cwiseQuotient(speed.cwiseMax(1e-300)).maxCoeff();
}

}  // namespace heddle
