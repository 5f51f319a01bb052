#include "spectrum/delay_chain.hpp"

#include <cmath>
#include <limits>

#include "heddle/core/error.hpp"
#include "heddle/linalg/solve.hpp"

namespace heddle {
namespace {

/// Squared gain from stage q − 1 to stage q; that of stage 0 is never used.
Vector squared_gains(Index loops, Index n) {
    const double step = static_cast<double>(loops) / static_cast<double>(n);
    return 1.0 -
           step * Vector::LinSpaced(n / loops, 0.0, static_cast<double>(n / loops - 1)).array();
}

/// What the chain holds when its first stage is driven at λ: e^{log_norm} times a unit vector. Long
/// chains and targets inside the disc would overflow without the logarithm.
struct ChainResponse {
    ComplexVector direction;
    double log_norm;
};

ChainResponse response(const Vector& gains, Complex target) {
    const Index stages = gains.size();
    Vector logarithm(stages);
    double sum = 0.0;
    for (Index q = 0; q < stages; ++q) {
        if (q > 0) sum += 0.5 * std::log(gains(q));
        logarithm(q) = sum - static_cast<double>(q + 1) * std::log(std::abs(target));
    }
    const double largest = logarithm.maxCoeff();
    ComplexVector direction(stages);
    for (Index q = 0; q < stages; ++q)
        direction(q) = std::polar(std::exp(logarithm(q) - largest),
                                  -static_cast<double>(q + 1) * std::arg(target));
    const double norm = direction.norm();
    return {direction / norm, largest + std::log(norm)};
}

Index real_columns(const TargetGroup& group) {
    return members(group).size();
}

/// The least-norm v with vᵀ r_i = 1 for every member of the group, in real numbers.
Vector least_input(const TargetGroup& group, const std::vector<ChainResponse>& responses,
                   Index stages) {
    Matrix x(stages, real_columns(group));
    Matrix g = Matrix::Zero(1, x.cols());
    Index used = 0;
    for (std::size_t i = 0; i < group.size(); ++i) {
        g(0, used) = std::exp(-responses[i].log_norm);
        x.col(used++) = responses[i].direction.real();
        if (group[i].value.imag() > 0.0) x.col(used++) = responses[i].direction.imag();
    }
    return least_norm(x, g).v.row(0).transpose();
}

/// |vᵀ dr/dλ| / ‖r‖ = |f'(λ)| / ‖r‖, f the loop's secular function.
double relative_slope(const Vector& v, const ChainResponse& response, Complex target) {
    Complex slope = 0.0;
    for (Index q = 0; q < v.size(); ++q)
        slope += v(q) * static_cast<double>(q + 1) * response.direction(q);
    return std::abs(slope / target);
}

/// ‖(λ − Wᵀ)⁻¹ v‖: the part on the chains, l_q = (v_q + h_{q+1} l_{q+1}) / λ, and what it becomes
/// off them. Every row p of Wᵀ adds fresh noise of variance Σ_{p' ≤ p} |l_p'|² / n, which its chain
/// passes on towards its start, and which is then part of the sum itself.
double left_norm(const Vector& v, const Vector& gains, Complex target, Index loops, Index n) {
    const Index stages = v.size();
    // Inside the disc the chain would grow where the network does not.
    const double size = std::max(1.0, std::abs(target));
    const Complex held = std::polar(size, std::arg(target));
    ComplexVector l(stages);
    Complex next = 0.0;
    for (Index q = stages - 1; q >= 0; --q) {
        const double passed = q + 1 < stages ? std::sqrt(gains(q + 1)) : 0.0;
        l(q) = next = (v(q) + passed * next) / held;
    }
    const double rows = static_cast<double>(loops) / static_cast<double>(n);
    double total = 0.0;
    double spread = 0.0;
    for (Index q = 0; q < stages; ++q) {
        spread = (1.0 + (q > 0 ? gains(q) : 0.0) * spread) / (size * size);
        total += std::norm(l(q)) + rows * total * spread;
    }
    return std::sqrt(total);
}

void check_distinct(const TargetGroup& group) {
    for (std::size_t i = 0; i < group.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (std::abs(group[i].value - group[j].value) <= 1e-12 * std::abs(group[i].value))
                throw DomainError("targets: number " + std::to_string(group[i].index) +
                                  " equals number " + std::to_string(group[j].index) +
                                  ", expected distinct eigenvalues");
}

}  // namespace

ChainPlacement place_on_chain(const TargetGroup& group, Index loops, Index n) {
    const double infinity = std::numeric_limits<double>::infinity();
    const auto size = static_cast<Index>(group.size());
    check_distinct(group);
    if (group.empty()) return {0.0, Vector()};
    if (real_columns(group) > n / loops) return {infinity, Vector::Constant(size, infinity)};
    const Vector gains = squared_gains(loops, n);
    std::vector<ChainResponse> responses;
    for (const GroupTarget& target : group) responses.push_back(response(gains, target.value));
    const Vector v = least_input(group, responses, gains.size());
    ChainPlacement placement{v.norm(), Vector(size)};
    for (Index i = 0; i < size; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const Complex target = group[at].value;
        placement.condition(i) =
            left_norm(v, gains, target, loops, n) / relative_slope(v, responses[at], target);
    }
    return placement;
}

}  // namespace heddle
