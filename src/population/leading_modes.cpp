#include "population/leading_modes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "heddle/linalg/krylov_schur.hpp"
#include "population/diffusion_generator.hpp"
#include "population/threshold_sweep.hpp"

namespace heddle {
namespace {

constexpr Index candidates = 12;
constexpr double rounding = 1e-13;         // Of a mode, 1 / ms.
constexpr double largest_density = 1e150;  // Before it is scaled.

/// Flux below the lowest node and its derivative to λ, both times `scale`.
struct Mismatch {
    Complex value;
    Complex slope;
    double scale;
};

Mismatch mismatch(const PotentialGrid& grid, const Faces& faces, double t_ref, Complex lambda) {
    Complex p = 0.0, q = 1.0, dp = 0.0, dq = 0.0;
    const Complex back = std::exp(-lambda * t_ref);
    double scale = 1.0;
    for (std::size_t k = grid.size; k-- > 0;) {
        p = faces.keep[k] * p + faces.gain[k] * q;
        dp = faces.keep[k] * dp + faces.gain[k] * dq;
        q += grid.h * lambda * p;
        dq += grid.h * (p + lambda * dp);
        if (k == grid.reset) {
            q -= scale * back;
            dq += scale * t_ref * back;
        }
        if (const double size = std::abs(p); size > largest_density) {
            for (Complex* part : {&p, &q, &dp, &dq}) *part /= size;
            scale /= size;
        }
    }
    return {q, dq, scale};
}

/// What modulations of μ and of σ excite of a mode: with the response χ = −q_driven / q_unit, whose
/// pole is at λ, the residue over λ.
struct Couplings {
    Complex mu, sigma;
};

Couplings couplings(const PotentialGrid& grid, const Faces& faces, const ModulationSources& sources,
                    double t_ref, Complex lambda) {
    Complex p = 0.0, q = 0.0, p_sigma = 0.0, q_sigma = 0.0;
    for (std::size_t k = grid.size; k-- > 0;) {
        p = faces.keep[k] * p + faces.gain[k] * (q + sources.mu[k]);
        p_sigma = faces.keep[k] * p_sigma + faces.gain[k] * (q_sigma + sources.sigma[k]);
        q += grid.h * lambda * p;
        q_sigma += grid.h * lambda * p_sigma;
    }
    const Mismatch at = mismatch(grid, faces, t_ref, lambda);
    const Complex factor = -at.scale / (lambda * at.slope);
    return {factor * q, factor * q_sigma};
}

/// Newton's method; NaN where it wanders off.
Complex polished(const PotentialGrid& grid, const Faces& faces, double t_ref, Complex start) {
    Complex lambda = start;
    for (int k = 0; k < 30; ++k) {
        const Mismatch at = mismatch(grid, faces, t_ref, lambda);
        const Complex step = at.value / at.slope;
        if (!std::isfinite(std::abs(step))) break;
        lambda -= step;
        if (std::abs(step) < 1e-12 * std::abs(lambda) + rounding) return lambda;
        if (std::abs(lambda - start) > 0.5 * std::abs(start) + rounding) break;
    }
    return {std::numeric_limits<double>::quiet_NaN(), 0.0};
}

/// Eigenvalues of the generator next to 0, upper half plane, without 0 itself; rightmost first.
std::vector<Complex> slow_eigenvalues(const PotentialGrid& grid, const Faces& faces,
                                      const DiffusiveMembrane& membrane) {
    const double shift = 0.3 / membrane.tau_m;
    const DiffusionGenerator inverse(grid, faces, membrane.t_ref, shift);
    const DominantPairs pairs =
        dominant_pairs([&](const Vector& x, Vector& y) { inverse.solve(x, y); }, inverse.size(),
                       candidates, {.tolerance = 1e-8, .most_restarts = 60});
    std::vector<Complex> found;
    for (const Complex value : pairs.values) {
        const Complex lambda = shift + 1.0 / value;
        if (lambda.imag() >= 0.0) found.push_back(lambda);
    }
    const auto nearest = std::ranges::min_element(
        found, [](Complex a, Complex b) { return std::abs(a) < std::abs(b); });
    if (nearest != found.end()) found.erase(nearest);  // The density at rest.
    std::ranges::sort(found, [](Complex a, Complex b) { return a.real() > b.real(); });
    return found;
}

/// Those two of the modes of one grid, sorted: NaN where there is none.
struct Two {
    Complex first;
    Complex second;
};

Two two_of(const std::vector<Complex>& modes) {
    const Complex none(std::numeric_limits<double>::quiet_NaN(), 0.0);
    if (modes.empty()) return {none, none};
    const Complex first = modes.front();
    if (first.imag() > 1e-9 * std::abs(first)) return {first, std::conj(first)};
    for (std::size_t k = 1; k < modes.size(); ++k) {
        const bool real = std::abs(modes[k].imag()) <= 1e-9 * std::abs(modes[k]);
        if (real && std::abs(modes[k] - first) > 1e-8 * std::abs(first)) return {first, modes[k]};
    }
    return {first, none};
}

Two modes_on(const DiffusiveMembrane& membrane, const PotentialGrid& grid, double mu,
             double sigma) {
    const Faces faces = faces_of(membrane, grid, mu, sigma);
    std::vector<Complex> modes;
    for (const Complex start : slow_eigenvalues(grid, faces, membrane)) {
        const Complex root = polished(grid, faces, membrane.t_ref, start);
        if (!std::isnan(root.real())) modes.push_back(root);
    }
    std::ranges::sort(modes, [](Complex a, Complex b) { return a.real() > b.real(); });
    return two_of(modes);
}

}  // namespace

LeadingModes leading_modes(const DiffusiveMembrane& membrane, double mu, double sigma) {
    const PotentialGrid grid = potential_grid(membrane, mu, sigma, 1.0 / membrane.tau_m);
    const PotentialGrid half = grid.halved();
    const Faces finer = faces_of(membrane, half, mu, sigma);
    const Two coarse = modes_on(membrane, grid, mu, sigma);
    const auto refined = [&](Complex mode) {
        return std::isnan(mode.real()) ? mode : polished(half, finer, membrane.t_ref, mode);
    };
    const Two fine{refined(coarse.first), refined(coarse.second)};
    const Two found{fine.first + (fine.first - coarse.first) / 3.0,
                    fine.second + (fine.second - coarse.second) / 3.0};
    const double error =
        std::max(std::abs(found.first - fine.first), std::abs(found.second - fine.second));
    if (!std::isfinite(error))
        return {
            found.first, found.second, 0.0, 0.0, 0.0, 0.0, std::numeric_limits<double>::infinity()};
    const StationarySweep stationary = stationary_sweep(membrane, half, finer, sigma);
    const ModulationSources sources = modulation_sources(membrane, half, finer, sigma, stationary);
    const Couplings a = couplings(half, finer, sources, membrane.t_ref, fine.first);
    const Couplings b = couplings(half, finer, sources, membrane.t_ref, fine.second);
    return {found.first, found.second, a.mu, a.sigma, b.mu, b.sigma, error};
}

}  // namespace heddle
