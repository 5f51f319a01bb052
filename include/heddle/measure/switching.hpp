#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "heddle/linalg/joint_radius.hpp"

namespace heddle {

enum class MapTime {
    continuous,  ///< τ ẋ = −x + W x: stable where Re λ < 1.
    discrete,    ///< x(t + 1) = W x(t): stable where |λ| < 1.
};

struct SwitchingOptions {
    MapTime time = MapTime::continuous;
    double resolution = 0.25;  ///< Of dwell times in continuous time, in units of τ.
    Index most_dwell = 512;    ///< Longest dwell time tried, in steps or in resolutions.
    JointRadiusOptions radius{.gap = 0.02, .products = 1000};  ///< The threshold is 1.
    std::size_t threads = 0;
};

/// What is proven about a state that several recurrent maps W_i take over from each other.
struct SwitchingCertificate {
    std::string verdict;    ///< "any": stable under any switching. "dwell": stable if every map
                            ///< stays for `dwell` at least. "unstable": one of them is so by
                            ///< itself. "undecided": none of these was proven.
    std::string statement;  ///< What was proven, or what would help, in a sentence.
    Vector margin;          ///< 1 − max Re λ or 1 − max |λ| of each map, shape (m,).
    JointRadius radius;     ///< Of the W_i; in continuous time of e^{(W_i − 1) resolution}.
    bool grows;             ///< Whether `radius.word`, repeated, is proven to grow: switching as
                            ///< fast as one likes is not stable.
    double rate;            ///< "any": ‖x(t)‖ ≤ constant · e^{−rate t} ‖x(0)‖, per step or per τ;
                            ///< else 0.
    double constant;        ///< Of the proof of `verdict`; 0 if there is none.
    double dwell;           ///< Steps or τ; 0 for "any", infinite if none was proven.
    Matrix transform;       ///< T, shape (n, n): the norm ‖T x‖ in which it was proven.
};

/// Adapters on one recurrent map are gates; this asks whether gates may switch.
///
/// *Any switching.* In discrete time the joint spectral radius of the W_i is below 1. In continuous
/// time there is a common Lyapunov matrix P = TᵀT,
///
///     P (W_i − 1) + (W_iᵀ − 1) P ≤ −2 rate P    for all i ,
///
/// sought as the ellipsoid that the Cayley transforms (1 + h A_i)(1 − h A_i)⁻¹, A_i = W_i − 1,
/// share (they have the same P), and verified on the A_i themselves.
///
/// *Dwell time.* With S_i = W_i or e^{A_i δ}, δ the resolution, and the ellipsoid T of the S_i^d,
///
///     ‖T S_i^t T⁻¹‖₂ c < 1    for all i and d ≤ t < 2 d ,    c = max_i e^{max(μ_T(A_i), 0) δ}
///
/// (1 in discrete time; μ_T the logarithmic norm) proves stability if every map stays for d at
/// least: any longer stay is a sum of such t. d is the least that this T proves, not the least
/// there is.
///
/// Nothing is proven where a map alone is not stable, and `statement` says which and what would
/// help. Matrices are those given; norms have margins of 1e-9 for rounding.
///
/// \param maps W_i, m ≥ 1 of one shape (n, n).
/// \throws ShapeError, DomainError for no map, other shapes, NaN, or options out of range.
/// \cost `joint_spectral_radius` once or twice and once for each doubling of the dwell time, and
///       2 n³ flops and a norm for each of its steps.
/// \see Liberzon (2003), Switching in Systems and Control, Birkhäuser, ch. 2-3; Jungers (2009), The
///      Joint Spectral Radius, Springer.
[[nodiscard]] SwitchingCertificate certify_switching(const std::vector<Matrix>& maps,
                                                     const SwitchingOptions& options = {},
                                                     const Progress& progress = {});

}  // namespace heddle
