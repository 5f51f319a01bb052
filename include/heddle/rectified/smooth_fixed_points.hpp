#pragma once

#include <string>
#include <vector>

#include "heddle/core/parallel.hpp"
#include "heddle/network/network.hpp"

namespace heddle {

/// What is proven about zeros of F(x) = −x + W φ(x) + b around a state x̄, in the ∞-norm, for the
/// weights and the bias as they are stored.
struct FixedPointCertificate {
    bool certified;            ///< Exactly one fixed point lies within `uniqueness_radius` of x̄,
                               ///< and it lies within `radius`.
    double radius;             ///< r₋; infinite unless certified.
    double uniqueness_radius;  ///< r₊; 0 unless certified.
    double step;               ///< Y, a bound of |R F(x̄)|.
    double defect;             ///< Z₁, a bound of ‖1 − R F'(x̄)‖.
    double curvature;          ///< Z₂, a bound of ‖R (F'(x) − F'(x̄))‖ / |x − x̄| within r₊.
};

/// With R ≈ F'(x̄)⁻¹ as computed and T(x) = x − R F(x),
///
///     |T(x) − x̄| ≤ Y + Z₁ r + Z₂ r² / 2 < r   for   |x − x̄| ≤ r ,   r₋ < r < r₊ ,
///
/// and where Z₁ + Z₂ r₋ < 1 the map contracts: one fixed point within r₋, and none between r₋ and
/// r₊. |φ''| is bounded over each coordinate's interval.
///
/// Rounding: with u = 2⁻⁵³, every sum of k products computed in any order, fused or not, is off by
/// at most γ_k = k u / (1 − k u) times the sum of its absolute values; tanh, exp and log1p by at
/// most 4 ulp. Bounds of all these errors are part of Y, Z₁ and Z₂, and bounds themselves are
/// rounded up by a relative (8 n + 64) u. Underflow is bounded by 1e-290. Of populations of spiking
/// neurons φ, φ' and φ'' are Gaussian means: those of softplus and sigmoid hazards are taken to be
/// off by 1e-9 of the bound of the derivative that is averaged, which the radius shows.
///
/// \throws ShapeError; DomainError for a rectified network, for populations with a kink, or a state
///         that is not finite.
/// \cost One LU factorisation, one inverse and one product: 5 n³ flops.
/// \see Kantorovich (1948); Rump (2010), Acta Numerica 19, ch. 13; Day, Lessard & Mischaikow
/// (2007), SIAM J. Numer. Anal. 45(4), for the radii polynomial.
[[nodiscard]] FixedPointCertificate certify_fixed_point(const Network& network,
                                                        const VectorView& state);

/// A state at which Newton's method converged.
struct SmoothFixedPoint {
    Vector state;               ///< x̄, shape (n,).
    double residual;            ///< |F(x̄)|₂ as computed.
    double radius;              ///< A fixed point lies so near, in every coordinate …
    double uniqueness_radius;   ///< … and no other one so near.
    bool certified;             ///< Whether that is proven.
    ComplexVector eigenvalues;  ///< Of F'(x̄), times τ: rates are these over τ. Canonical order.
    double abscissa;            ///< max Re of these.
    double eigenvalue_error;    ///< Those of F' at the fixed point itself lie this near to these,
                                ///< proven; infinite where nothing is.
    Index unstable;             ///< Eigenvalues right of the imaginary axis; −1 if undecided.
    std::string stability;      ///< "stable", "unstable" or "undecided", proven.
    std::string found_from;     ///< "start 5 (random)", "start 6 (trajectory), deflated", "mirror
                                ///< of point 3", "origin", …
};

/// A local minimum of |F|² where F is not zero: the state lingers, but there is no fixed point
/// here.
struct SlowPoint {
    Vector state;            ///< Shape (n,).
    double speed;            ///< |ẋ|₂ = |F|₂ / τ, 1/s.
    double gradient;         ///< |∇ |F|² / 2|₂ as computed.
    double least_curvature;  ///< Least eigenvalue of the Hessian of |F|² / 2, above 0.
    std::string found_from;
};

struct SmoothFixedPointOptions {
    Index starts = 64;        ///< Half of them random, half from the network's own activity.
    Index deflations = 1;     ///< Searches with all points found so far divided out.
    Index most_steps = 60;    ///< Of Newton's method, for each start and search.
    bool slow_points = true;  ///< Whether every start descends to a minimum of |F|² too.
    std::uint64_t seed = 0;
    std::size_t threads = 0;  ///< 0: one per core; any number gives the same bits.
};

struct SmoothFixedPoints {
    std::vector<SmoothFixedPoint> points;  ///< By falling number of unstable directions, then
                                           ///< found.
    std::vector<SlowPoint> slow_points;    ///< By rising speed.
    Index starts;                          ///< As many as asked for.
    Index failed;                          ///< Starts from which no search found a fixed point.
    Index certified;                       ///< Of `points`.
    Index factorisations;                  ///< LU factorisations of the searches.
    std::string statement;  ///< In a sentence; among other things, that the list may miss some.
};

/// Fixed points of τ ẋ = −x + W φ(x) + b =: F(x) with a smooth response, each with a proof that it
/// exists (`certify_fixed_point`). Newton's method, damped such that the simplified Newton step
/// shrinks, runs from every start; |F|² / 2 descends from where that fails, by Newton's method with
/// its Hessian, which finds most of what is hard to find; then Newton's method on F runs again with
/// the points found so far divided out by
///
///     m(x) = Π_i (1 + n s² / |x − x_i|²) ,
///
/// whose Newton step is that of F times a number. A tanh network without bias is odd: it has the
/// origin and, with x, −x. The eigenvalues at the fixed point itself lie within ‖R⁻¹ ΔJ R‖ of those
/// computed, R the eigenvectors, where ΔJ bounds rounding and the change of F' over the ball.
///
/// The fixed points of τ ṙ = −r + φ(W r + b) correspond to these by x = W r + b, with the same
/// eigenvalues but for −1.
///
/// \throws ShapeError; DomainError for a rectified network, populations with a kink, or options out
///         of range.
/// \cost A factorisation, 2/3 n³ flops, for each step of each start; 35 n³ for each point found.
/// \see Farrell, Birkisson & Funke (2015), SIAM J. Sci. Comput. 37(4), for deflation; Deuflhard
///      (2004), Newton Methods for Nonlinear Problems, ch. 3, for the damping; Sussillo & Barak
///      (2013), Neural Comput. 25(3), for slow points.
[[nodiscard]] SmoothFixedPoints smooth_fixed_points(const Network& network,
                                                    const SmoothFixedPointOptions& options = {},
                                                    const Progress& progress = {});

}  // namespace heddle
