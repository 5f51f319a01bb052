#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/circuit/circuit.hpp"
#include "heddle/equations/rate_solution.hpp"

namespace heddle {

/// A filtered rate s of a population, Hz, as its targets see it a delay later:
///
///     delta        s = r(t − delay)
///     exponential  tau_syn ṡ = −s + r(t − delay)
///     alpha        tau_syn ẋ = −x + r(t − delay) ,   tau_syn ṡ = −s + x
struct RateFilter {
    Index source = 0;  ///< Population.
    Synapse synapse;
    double delay = 0.0;  ///< ms, > 0.
};

/// What a filtered rate does to a population: I += gain s, D += width |s|.
struct RateCoupling {
    Index target = 0;    ///< Population.
    Index filter = 0;    ///< In `QuadraticRates::filters`.
    double gain = 0.0;   ///< J, 1/Hz.
    double width = 0.0;  ///< Γ, 1/Hz, ≥ 0; above 0 for weights with a Lorentzian law.
};

/// Adaptation of a population by its own rate: tau ȧ = −a + gain r, I −= a.
struct RateAdaptation {
    Index population = 0;
    double tau = 100.0;  ///< ms.
    double gain = 0.0;   ///< 1/Hz.
};

/// A current that all neurons of a population get: values[k] for times[k] ≤ t < times[k + 1].
struct SharedCurrent {
    Index population = 0;
    std::vector<double> times;  ///< ms, increasing; no current before the first.
    Vector values;              ///< Dimensionless, as eta.
};

/// The firing-rate equations of quadratic neurons: for each population, with ϱ = r / 1000 its rate
/// per ms,
///
///     τ ṙ = 1000 D / (π τ) + 2 r v                     D = Δ + Σ width |s|
///     τ v̇ = v² + η + I − (π τ ϱ)²                      I = Σ gain s − Σ a + shared currents
///
/// and its filters and adaptations. r is the population's rate, Hz, and v its median potential.
/// A state holds r and v of each population, then each filter's s (alpha: x, s), then each a, in
/// the order of `state_names`.
struct QuadraticRates {
    std::vector<std::string> names;  ///< Of populations.
    Vector tau;                      ///< ms, shape (P,).
    Vector eta;                      ///< Median of the excitabilities, shape (P,).
    Vector delta;                    ///< Δ, their half width at half maximum, shape (P,).
    std::vector<RateFilter> filters;
    std::vector<RateCoupling> couplings;
    std::vector<RateAdaptation> adaptations;
    std::vector<SharedCurrent> currents;
    Vector initial;                        ///< State that the circuit starts in, shape (n,).
    std::vector<std::string> state_names;  ///< "r_E", "v_E", …, shape (n,).
    std::vector<std::string> units;        ///< "Hz" or "", shape (n,).
    std::vector<std::string> assumptions;  ///< What separates the circuit from the equations.
};

/// The rate equations of a circuit of quadratic neurons. With Lorentzian excitabilities
/// (median η, half width Δ) the membrane potentials of a population stay Lorentzian, with median v
/// and half width π τ r, and both obey closed equations: exact as the number of neurons and of
/// synapses per neuron goes to infinity. So are Lorentzian weights: a sum of them is Lorentzian
/// again, and adds its half width to Δ. With K synapses a neuron of median weight w and half width
/// γ,
///
///     gain = K w q ,  width = K γ q ,   q = tau_m (delta), tau_syn (exponential), e tau_syn
///     (alpha)
///
/// over 1000, since rates are in Hz and times in ms. Adaptation is replaced by its population mean.
///
/// \throws DomainError naming the population, projection or input: other neurons; eta without a
///         Lorentzian law, or cut to an interval; other quenched parameters; membrane noise;
///         Poisson and noisy inputs; currents of each neuron's own; weights that are neither
///         constant nor Lorentzian; distributed delays; degrees that differ between neurons by
///         design, one-to-one and given connections; low-rank weights.
/// \cost O(populations + projections²).
/// \see Montbrió, Pazó & Roxin (2015), Phys Rev X 5:021028; Gast, Schmidt & Knösche (2020), Neural
///      Comput 32:1615, for adaptation by the mean.
[[nodiscard]] QuadraticRates quadratic_rates(const Circuit& circuit);

/// \throws ShapeError or DomainError naming the field: columns of other lengths, positions that do
///         not exist, times and widths out of range. Equations of a circuit are always valid.
void validate(const QuadraticRates& equations);

/// What drives the state at one time.
struct RateDrive {
    Vector delayed;  ///< Rate of each filter's source one delay ago, Hz, shape (filters,).
    Vector current;  ///< Shared current of each population, shape (P,).
};

/// The drive of a steady state: delayed rates are those of the state, currents those at `time`.
[[nodiscard]] RateDrive steady_drive(const QuadraticRates& equations, const VectorView& state,
                                     double time = 0.0);

/// The right-hand side: change of the state per ms, shape (n,). \throws ShapeError
[[nodiscard]] Vector velocity(const QuadraticRates& equations, const VectorView& state,
                              const RateDrive& drive);

/// The derivatives of `velocity` where every s ≥ 0.
struct RateJacobian {
    Matrix state;    ///< With respect to the state, shape (n, n).
    Matrix delayed;  ///< With respect to delayed rates, shape (n, filters).
};
[[nodiscard]] RateJacobian jacobian(const QuadraticRates& equations, const VectorView& state);

/// The same as formulas, for everything that can be done with rate equations.
[[nodiscard]] RateEquations rate_equations(const QuadraticRates& equations);

/// `solve` of `rate_equations`.
[[nodiscard]] RateTrajectory solve(const QuadraticRates& equations,
                                   const RateSolveOptions& options = {});

/// `fixed_points` of `rate_equations`. From ṙ = 0, v = −D / (2 π τ ϱ): the rates are left, and for
/// one population they are the roots of a quartic.
[[nodiscard]] RateFixedPoints fixed_points(const QuadraticRates& equations,
                                           const RateFixedPointOptions& options = {});

/// The equations with their numbers, in lines of Unicode.
[[nodiscard]] std::string equation_text(const QuadraticRates& equations);

/// The same as an `aligned` environment for LaTeX.
[[nodiscard]] std::string equation_latex(const QuadraticRates& equations);

}  // namespace heddle
