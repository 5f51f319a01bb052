#pragma once

#include <string>
#include <vector>

#include "heddle/carry/carry_over.hpp"

namespace heddle {

struct SurvivalOptions {
    Index points = 5;       ///< States of each motif at which eigenvalues are computed; 0: none.
    double lost = 0.05;     ///< Distance from its place beyond which an eigenvalue counts as lost.
    double failure = 0.05;  ///< Normalised squared error above which a motif has failed.
};

/// Where the designed eigenvalues of a motif are along its trajectory.
struct SpectrumAlong {
    Vector times;          ///< Of the states looked at, s from the motif's start, (P,).
    ComplexVector placed;  ///< λ' of the design, upper half plane, (q,).
    ComplexMatrix found;   ///< The eigenvalues of M diag(φ'(x) / φ'(x̄)) paired with them, (q, P).
    Matrix distance;       ///< |found − placed|, (q, P).
    double abscissa;       ///< Largest real part of all eigenvalues, over the states: above 1 some
                           ///< direction grows there.
    double least_gain;     ///< Smallest φ'(x) / φ'(x̄) over units and states of the whole motif …
    double most_gain;      ///< … and largest.
    Index lost;  ///< Of the placed ones, how many are at some state farther than `lost` off.
};

/// What a non-linear network keeps of its linear design.
struct Survival {
    Vector error;         ///< Normalised squared error of each motif from its own start, (M,).
    Vector design_error;  ///< The same of the linear design: what the fit leaves, (M,).
    Vector deviation;     ///< Root of Σ |y − y_linear|² / Σ |target − mean|², (M,).
    int order;   ///< p of deviation → κ a^p as a → 0: 2 if φ'' is 0 at x̄, else 1; 0 if there is
                 ///< no such law, as φ is piecewise linear.
    Vector law;  ///< κ, of the equations' leading order, (M,); 0 where order is 0.
    Matrix transitions;  ///< [i, j]: normalised squared error of j after i, (M, M).
    Matrix state_error;  ///< |x − x_j(0)|₂ / (a √n) at the start of j after i, (M, M).
    std::vector<SpectrumAlong> spectra;  ///< One a motif.
    Index failed;                        ///< Transitions with an error above `failure`.
    bool survives;                       ///< No motif and no transition fails.
    std::string statement;               ///< What fails and what would help, in words.
};

/// Measures what survives of a design at the amplitude it was carried over with: every motif from
/// its own start, all ordered pairs, eigenvalues along the trajectories, and the law by which
/// deviations grow with the amplitude,
///
///     δ_{t+1} = (1 − η) δ_t + η M (δ_t + q(x_t) − q(x*)) ,   δy = C (δ + q) ,
///     q(x) = φ'' / (2 φ') x²  or  φ''' / (6 φ') x³ ,
///
/// along the linear network's x. Eigenvalues are paired by least distance, the nearest first. Same
/// bits for any number of threads.
///
/// \throws DomainError for options out of range or states that are not finite.
/// \cost 4 n² a step and trial of M + M² + 2 M trials; 10 n³ for each state looked at.
[[nodiscard]] Survival survival(const CarriedLibrary& carried, const SurvivalOptions& options = {},
                                std::size_t threads = 0, const Progress& progress = {});

}  // namespace heddle
