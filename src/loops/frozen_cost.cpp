#include "loops/frozen_cost.hpp"

#include <cmath>
#include <limits>

#include "heddle/core/error.hpp"

namespace heddle {
namespace {

constexpr double worst_condition = 1e5;
constexpr int most_passes = 12;  // About what a new basis costs, over both Gramians.
constexpr double infinity = std::numeric_limits<double>::infinity();

PreparationCost unstable(double abscissa) {
    return {infinity, infinity, infinity, {}, {}, abscissa, false};
}

double rightmost(const RealEigenbasis& basis) {
    double value = -infinity;
    if (basis.reals.size() > 0) value = basis.reals.maxCoeff();
    if (basis.pairs.size() > 0) value = std::max(value, basis.pairs.real().maxCoeff());
    return value;
}

/// [a, b].
Matrix beside(const Matrix& a, const Matrix& b) {
    Matrix both(a.rows(), a.cols() + b.cols());
    both << a, b;
    return both;
}

}  // namespace

/// The loops in the basis; D = left rightᵀ.
struct FrozenCost::Input {
    Matrix u, v;   ///< R⁻¹ U, Rᵀ V.
    Matrix speed;  ///< Rᵀ Aᵀ Cᵀ.
    Matrix left, right;
};

/// A Gramian and its last change.
struct FrozenCost::Gramian {
    Matrix x, change;
};

FrozenCost::FrozenCost(const Network& network, const PreparationAim& aim)
    : network_(network), aim_(aim), weights_(dense_weights(network)) {}

std::optional<PreparationCost> FrozenCost::evaluate(const Loops& loops, double tolerance) {
    tolerance_ = tolerance;
    if (basis_)
        if (auto found = in_basis(loops)) return found;
    return renew(loops);
}

FrozenCost::Input FrozenCost::input(const Loops& loops) const {
    const Basis& basis = *basis_;
    const Matrix c = network_.readout.transpose();
    const Matrix speed = weights_.transpose() * c + loops.v * (loops.u.transpose() * c) - c;
    Input in{basis.eigen.inverse * loops.u,
             basis.eigen.r.transpose() * loops.v,
             basis.eigen.r.transpose() * speed,
             {},
             {}};
    in.left = beside(in.u, -basis.u);
    in.right = beside(in.v, basis.v);
    return in;
}

std::optional<FrozenCost::Gramian> FrozenCost::relax(const Matrix& left, const Matrix& right,
                                                     const Matrix& source, bool adjoint) const {
    const DiagonalLyapunov& equation = basis_->equation;
    Gramian now{adjoint ? basis_->y : basis_->x, {}};
    double before = infinity;
    for (int pass = 1; pass <= most_passes; ++pass) {
        const Matrix seen = right.transpose() * now.x;
        const Matrix product = left * seen;
        const Matrix c = source + product + product.transpose();
        Matrix next = adjoint ? equation.solve_adjoint(c) : equation.solve(c);
        now.change = next - now.x;
        now.x = std::move(next);
        const double error = now.change.norm() / now.x.norm();
        if (error <= tolerance_) return now;
        // Passes still to come at the present rate.
        const double rate = error / before;
        if (!(rate < 1.0 || pass == 1)) return std::nullopt;
        if (pass > 1 && std::log(tolerance_ / error) / std::log(rate) > most_passes - pass)
            return std::nullopt;
        before = error;
    }
    return std::nullopt;
}

std::optional<PreparationCost> FrozenCost::in_basis(const Loops& loops) {
    const Input in = input(loops);
    const auto x = relax(in.left, in.right, basis_->noise, false);
    if (!x) return std::nullopt;
    const Matrix source = basis_->weight + aim_.beta * (in.speed * in.speed.transpose());
    const auto y = relax(in.right, in.left, source, true);
    if (!y) return std::nullopt;
    basis_->x = x->x;
    basis_->y = y->x;
    return cost(in, *x, *y);
}

std::optional<PreparationCost> FrozenCost::renew(const Loops& loops) {
    Matrix a = weights_ + loops.u * loops.v.transpose();
    a.diagonal().array() -= 1.0;
    RealEigenbasis eigen = real_eigenbasis(a);
    if (!(eigen.condition < worst_condition)) return std::nullopt;
    const double abscissa = rightmost(eigen);
    if (!(abscissa < -std::numeric_limits<double>::epsilon() * a.norm()))
        return unstable(abscissa + 1.0);

    const DiagonalLyapunov equation(eigen);
    const Matrix seen = aim_.weight.size() > 0 ? Matrix(aim_.weight * eigen.r) : eigen.r;
    Matrix weight = eigen.r.transpose() * seen / static_cast<double>(a.rows());
    Matrix noise = eigen.inverse * eigen.inverse.transpose();
    Matrix x = equation.solve(noise), y = equation.solve_adjoint(weight);
    Matrix u = eigen.inverse * loops.u, v = eigen.r.transpose() * loops.v;
    basis_ = Basis{std::move(eigen), equation,          std::move(u), std::move(v),
                   std::move(noise), std::move(weight), std::move(x), std::move(y)};
    return in_basis(loops);
}

PreparationCost FrozenCost::cost(const Input& in, const Gramian& gx, const Gramian& gy) const {
    const Matrix &x = gx.x, &y = gy.x;
    const Matrix moved = x * in.speed;
    const Matrix yl = y * in.left;
    // The residual of X is D change + change Dᵀ.
    const Matrix residual = gx.change * in.right;
    PreparationCost cost = unstable(std::numeric_limits<double>::quiet_NaN());
    cost.stable = true;
    cost.decay = basis_->weight.cwiseProduct(x).sum();
    cost.readout = in.speed.cwiseProduct(moved).sum();
    cost.value = cost.decay + aim_.beta * cost.readout + 2.0 * yl.cwiseProduct(residual).sum();
    const Matrix xv = x * in.v;
    const Matrix u = 2.0 * (y * xv), v = 2.0 * (x * yl.leftCols(in.u.cols()));
    const Matrix& c = network_.readout;
    const Matrix cu = c * basis_->eigen.r * in.u;
    cost.gradient_u = basis_->eigen.inverse.transpose() * u +
                      2.0 * aim_.beta * c.transpose() * (moved.transpose() * in.v);
    cost.gradient_v = basis_->eigen.r * (v + 2.0 * aim_.beta * moved * cu);
    return cost;
}

}  // namespace heddle
