#pragma once

#include <string>
#include <vector>

#include "heddle/circuit/circuit.hpp"
#include "heddle/population/cascade_tables.hpp"

namespace heddle {

/// The models of `cascade_rates`.
enum class CascadeModel { lnexp, lndos, spec1, spec2_reduced, spec2, two_modes };

/// "lnexp", "lndos", "spec1", "spec2_reduced", "spec2", "two_modes".
[[nodiscard]] const char* name_of(CascadeModel model);
/// \throws DomainError, with a did-you-mean.
[[nodiscard]] CascadeModel cascade_model_from(const std::string& name);

struct CascadeOptions {
    CascadeModel model = CascadeModel::lnexp;
    double duration = 1000.0;  ///< ms recorded.
    double transient = 0.0;    ///< ms before; inputs count from its start.
    double step = 0.1;         ///< ms; delays are rounded to it, and are at least one.
    double bin = 1.0;          ///< ms; a multiple of the step.
    double smoothing = 1.0;    ///< ms; spec2 makes up for jumps of μ and σ² by this exponential.
};

/// What rate models did, with the evidence.
struct CascadeRecording {
    std::vector<std::string> names;  ///< Of populations.
    double bin;                      ///< ms.
    Matrix activity;                 ///< Hz, shape (populations, bins).
    Matrix mu;          ///< μ − ⟨w⟩ / g_L at the ends of bins, before filters of a model, mV.
    Matrix sigma;       ///< σ at the ends of bins, mV.
    Matrix adaptation;  ///< ⟨w⟩ at the ends of bins, pA.
    double step_error;  ///< Largest difference from half the step, Hz.
    std::vector<std::string> assumptions;  ///< What a simulation does not assume.
};

/// Two to four numbers for each population of leaky or exponential neurons, in place of the density
/// of `fokker_planck`, whose μ(t), σ(t), delays and mean adaptation they share. All tables are of
/// (μ − ⟨w⟩ / g_L, σ), with the filtered μ_f, σ_f in their place for the first two:
///
///     lnexp          tau_mu μ_f' = μ − μ_f ,  tau_sigma σ_f' = σ − σ_f ,
///                    r = r_∞(μ_f − ⟨w⟩/g_L, σ_f)
///     lndos          μ_f' = (μ − μ_f)(1 + u²)/tau − omega y ,  u = omega tau ,
///                    y' = (μ_f − μ)(1 + u²) omega + y (u² − 1)/tau ,  σ_f and r as above
///     spec1          r' = Re λ_1 (r − r_∞) − Im λ_1 s ,  s' = Im λ_1 (r − r_∞) + Re λ_1 s
///     spec2_reduced  r'' = λ_1 λ_2 (r_∞ − r) + (λ_1 + λ_2) r'
///     two_modes      y' = z + (Σ f c)_μ (μ − ⟨w⟩/g_L)' + (Σ f c)_σ σ' ,  r = r_∞ + y
///                    z' = (λ_1 + λ_2) z − λ_1 λ_2 y + (Σ λ f c)_μ (μ − ⟨w⟩/g_L)'
///                         + (Σ λ f c)_σ σ'
///     spec2          D r'' − T r' + r = r_∞ + Σ [D M x'' + (D F − T M) x'] ,
///                    x = μ − ⟨w⟩/g_L and σ² ,  D = 1 / λ_1 λ_2 ,  T = 1 / λ_1 + 1 / λ_2 ,
///                    M_x = ∂r_∞/∂x + (Σ f c)_x ,  F_x = (Σ λ f c)_x
///
/// each with tau_w ⟨w⟩' = a (V_∞ − E_w) − ⟨w⟩ + b tau_w r, and r ≥ 0. The linear–nonlinear cascades
/// filter the input and are right for slow input and, by their fits, for weak fast one; the
/// spectral models relax the rate by the slowest modes of the density. lndos is the damped
/// oscillator of Augustin et al. in coordinates that rest at y = 0 whatever tau and omega become,
/// and that need no derivative of the input: it is lnexp where omega = 0. two_modes keeps
/// x_n' = λ_n x_n + f_n c_n μ', by y = Σ x_n, z = Σ λ_n x_n and sums over both, which stay smooth
/// where two real modes become a pair; it leaves out that modes change along the way. spec2 is the
/// published equation of second order: two_modes without (Σ M_x' x') in z', which is of second
/// order in x'. It has r'' on one side and x'' on the other, so input must not jump: μ and σ² make
/// up for their jumps with e^{−t / smoothing}. ⟨w⟩' and ⟨w⟩'' are put in by its equation.
///
/// Heun's method; tables are read by bicubic (r_∞, V_∞) and bilinear interpolation. Time constants
/// shorter than the step count as the step. Models start at rest: filters settled, r = r_∞.
///
/// \param tables  one for each population, of its neuron.
/// \throws DomainError, ShapeError  as `fokker_planck`; for tables of another neuron; and where an
///         input leaves the tables, with the population, the time and their range.
/// \cost About 0.3 µs a step and population, three times for `step_error`.
/// \see Augustin, Ladenbauer, Baumann & Obermayer (2017), PLoS Comput Biol 13:e1005545; Mattia
///      & Del Giudice (2002), Phys Rev E 66:051917 (spec2_reduced); Schaffer, Ostojic & Abbott
///      (2013), PLoS Comput Biol 9:e1003301 (spec1).
[[nodiscard]] CascadeRecording cascade_rates(const Circuit& circuit,
                                             const std::vector<CascadeTables>& tables,
                                             const CascadeOptions& options = {});

/// What `cascade_rates` asks of a circuit and of options, before tables are computed for it.
void check_cascade(const Circuit& circuit, const CascadeOptions& options = {});

}  // namespace heddle
