#pragma once

#include <cstdint>

#include "heddle/motif/motif.hpp"

namespace heddle {

/// A motif written as a few damped oscillations that all channels share,
///
///     ŷ(t) = c + Σ_m Re( C_m e^{γ_m t} ) ,   γ_m = (λ_m − 1) / τ ,  Im λ_m > 0 .
struct ModeFit {
    ComplexVector eigenvalues;  ///< λ_m of the upper half plane, one of each conjugate pair, shape
                                ///< (q,).
    ComplexMatrix amplitudes;   ///< C_m, shape (d, q).
    Vector offset;              ///< c, shape (d,).
    double error;               ///< Normalised squared error of the fit on the motif's own samples.
    double amplitude;   ///< sqrt(Σ |C_m|² / variance): how much cancellation the fit relies on.
    double gain;        ///< Loop gain the law asks for with `loops` loops, see `loop_gain`.
    double separation;  ///< Smallest distance between two eigenvalues, conjugates included.
    bool reached;       ///< Whether `options.error` was reached with at most `most_pairs` pairs.
};

struct FitOptions {
    double tau = 0.01;    ///< Time constant of the network that will perform the motif, s.
    Index pairs = 0;      ///< q; 0: the fewest (up to most_pairs) whose error is at most `error`.
    double error = 5e-4;  ///< Asked normalised squared error, used when pairs = 0.
    Index least_pairs = 2;
    Index most_pairs = 12;
    double separation = 0.05;  ///< Least distance between any two eigenvalues, conjugates included.
    double fastest_decay = 0.3;  ///< 1 − Re λ at most; decays only (Re λ ≤ 1).
    double reach = 2.0;          ///< Im λ at most.
    double ridge = 1e-5;         ///< Weight of Σ|C|²/variance against the normalised error: small
                                 ///< amplitudes are robust.
    double radius = 0.9;         ///< g of the network's bulk, for the gain law.
    Index loops = 6;             ///< K over which the eigenvalues will be spread, for the gain law.
    double most_gain = 8.0;      ///< Largest loop gain ‖U Vᵀ‖_F by the law.
    Index starts = 4;  ///< Deterministic starts: harmonic, matrix pencil, then perturbed ones.
    std::uint64_t seed = 0;
};

/// Fits by variable projection: for given eigenvalues the amplitudes are a linear (ridge)
/// least-squares problem; the eigenvalues move along the exact gradient of what is left, under the
/// constraints above.
[[nodiscard]] ModeFit fit_modes(const Motif& motif, const FitOptions& options = {});

/// The fit evaluated at times t = j · dt, shape (samples, d).
[[nodiscard]] Matrix evaluate(const ModeFit& fit, double tau, double dt, Index samples);

}  // namespace heddle
