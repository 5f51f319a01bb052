#include "spectrum/mode_equation.hpp"

#include <cmath>
#include <limits>

#include "heddle/core/error.hpp"
#include "heddle/linalg/solve.hpp"

namespace heddle {
namespace {

constexpr double rounding = std::numeric_limits<double>::epsilon();
constexpr double same = 1e-11;        // Of the scale: eigenvalues that are one.
constexpr double settled = 32.0;      // Roundings.
constexpr double contraction = 0.5;   // Of successive corrections.
constexpr double resemblance = 0.25;  // Of the best pole's share, below which a mode takes that.
constexpr int most_corrections = 12;

std::vector<bool> repeated_poles(const ModeCoordinates& system) {
    const auto n = static_cast<std::size_t>(system.poles.size());
    std::vector<bool> found(n, false);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < i; ++j) {
            const double apart =
                std::abs(system.poles(static_cast<Index>(i)) - system.poles(static_cast<Index>(j)));
            if (system.moves[i] && system.moves[j] && apart <= same * system.scale)
                found[i] = found[j] = true;
        }
    return found;
}

ComplexMatrix columns(const ComplexMatrix& matrix, const std::vector<Index>& chosen) {
    ComplexMatrix found(matrix.rows(), static_cast<Index>(chosen.size()));
    for (Index k = 0; k < found.cols(); ++k)
        found.col(k) = matrix.col(chosen[static_cast<std::size_t>(k)]);
    return found;
}

Complex product(const ComplexVector& a, const ComplexVector& b) {
    return a.cwiseProduct(b).sum();
}

}  // namespace

ModeCoordinates mode_coordinates(const EigenSystem& system, const Loops& loops) {
    validate(loops, system.eigenvalues.size());
    if (system.updates > 0)
        throw DomainError("system: found " + std::to_string(system.updates) +
                          " loops open, expected the eigen_system of the network alone");
    ModeCoordinates found{system.eigenvalues,
                          left_vectors(system) * loops.u.cast<Complex>(),
                          right_vectors(system).transpose() * loops.v.cast<Complex>(),
                          {},
                          {},
                          0.0};
    const Vector strength =
        (found.u.rowwise().norm().array() * found.v.rowwise().norm().array()).matrix();
    const double largest = strength.size() > 0 ? strength.maxCoeff() : 0.0;
    for (Index j = 0; j < strength.size(); ++j)
        found.moves.push_back(strength(j) > rounding * largest);
    found.scale = found.poles.cwiseAbs().maxCoeff() + norm(loops);
    found.repeated = repeated_poles(found);
    return found;
}

ModeEquation::ModeEquation(const ModeCoordinates& system, const std::vector<Index>& loops)
    : system_(system), u_(columns(system.u, loops)), v_(columns(system.v, loops)) {
    for (Index j = 0; j < u_.rows(); ++j) {
        if (system.moves[static_cast<std::size_t>(j)]) continue;
        u_.row(j).setZero();
        v_.row(j).setZero();
    }
    weighted_.resize(u_.rows(), u_.cols());
    nearness_.resize(u_.rows());
}

ModePoint ModeEquation::start(Index mode) const {
    ModePoint point{0.0,
                    system_.poles(mode),
                    mode,
                    ComplexVector::Zero(u_.rows()),
                    {},
                    v_.row(mode).transpose(),
                    u_.row(mode).transpose(),
                    1.0};
    point.right(mode) = 1.0;
    point.left = point.right;
    return point;
}

void ModeEquation::set_nearness(const ModePoint& point) {
    for (Index j = 0; j < nearness_.size(); ++j) {
        const Complex apart = point.value - system_.poles(j);
        nearness_(j) = 1.0 / (apart == 0.0 ? Complex(rounding * system_.scale) : apart);
    }
    nearness_(point.pole) = 0.0;
    weighted_.noalias() = nearness_.asDiagonal() * u_;
}

ComplexMatrix ModeEquation::difference(Complex gate) {
    ComplexMatrix found = -gate * (v_.transpose() * weighted_);
    found.diagonal().array() += 1.0;
    return found;
}

Complex ModeEquation::evaluate(ModePoint& point) {
    ++evaluations_;
    set_nearness(point);
    const Complex gate = point.gate;
    const ComplexMatrix matrix = difference(gate);
    if (!matrix.allFinite()) return std::numeric_limits<double>::quiet_NaN();
    try {
        point.drives = solve_complex(matrix, v_.row(point.pole).transpose());
        point.answers = solve_complex(matrix.transpose(), u_.row(point.pole).transpose());
    } catch (const DomainError&) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    point.right.noalias() = gate * (weighted_ * point.drives);
    point.left.noalias() = gate * (v_ * point.answers);
    point.left.array() *= nearness_.array();
    point.right(point.pole) = 1.0;
    point.left(point.pole) = 1.0;
    point.product = product(point.left, point.right);
    return point.value - system_.poles(point.pole) -
           gate * product(u_.row(point.pole).transpose(), point.drives);
}

double ModeEquation::rate(const ModePoint& point) {
    // With r = (z − Λ)⁻¹ g Ũ b off the pole, and b = Ṽᵀ r: r′ = (z − Λ)⁻¹ (Ũ b + g Ũ b′ − z′ r).
    set_nearness(point);
    const Complex slope = point.slope();
    const ComplexMatrix matrix = difference(point.gate);
    if (!matrix.allFinite()) return std::numeric_limits<double>::infinity();
    const auto off_pole = [&](const ComplexVector& vector) {
        return nearness_.cwiseProduct(vector).eval();
    };
    const ComplexVector right = off_pole(u_ * point.drives - slope * point.right);
    const ComplexVector left = off_pole(v_ * point.answers - slope * point.left);
    ComplexVector drives, answers;
    try {
        drives = solve_complex(matrix, v_.transpose() * right);
        answers = solve_complex(matrix.transpose(), u_.transpose() * left);
    } catch (const DomainError&) {
        return std::numeric_limits<double>::infinity();
    }
    const ComplexVector right_change = right + point.gate * off_pole(u_ * drives);
    const ComplexVector left_change = left + point.gate * off_pole(v_ * answers);
    const Complex along = product(left_change, point.right) * product(point.left, right_change);
    return std::sqrt(
        std::abs((product(left_change, right_change) - along / point.product) / point.product));
}

bool ModeEquation::solve(ModePoint& point) {
    double last = std::numeric_limits<double>::infinity();
    for (int i = 0; i < most_corrections; ++i) {
        const Complex correction = -evaluate(point) / point.product;
        const double length = std::abs(correction);
        if (!std::isfinite(length)) return false;
        const double condition = point.left.norm() * point.right.norm() / std::abs(point.product);
        const bool noise = length <= settled * rounding * system_.scale * condition;
        if (!noise && length > contraction * last) return false;
        point.value += correction;
        last = length;
        if (!noise) continue;
        choose_pole(point);
        return true;
    }
    return false;
}

void ModeEquation::choose_pole(ModePoint& point) const {
    Index best = point.pole;
    const double share = point.left.cwiseProduct(point.right).cwiseAbs().maxCoeff(&best);
    if (share * resemblance < 1.0) return;
    const Complex right = point.right(best), left = point.left(best);
    point.right /= right;
    point.drives /= right;
    point.left /= left;
    point.answers /= left;
    point.product /= left * right;
    point.pole = best;
}

double distance(const ModePoint& a, const ModePoint& b) {
    return std::abs(product(a.left, b.right) * product(b.left, a.right) / (a.product * b.product) -
                    1.0);
}

}  // namespace heddle
