#include <cmath>
#include <cstring>

#include "core/vectorise.hpp"
#include "population/threshold_sweep.hpp"

namespace heddle::kernels {
namespace {

using Lane = double __attribute__((vector_size(8 * sweep_width)));

/// Density and flux of one solution, for all frequencies.
struct Wave {
    Lane p_re, p_im, q_re, q_im;
};

}  // namespace

HEDDLE_VECTORISE_WIDE void response_sweep(const PotentialGrid& grid, const Faces& faces,
                                          const ModulationSources& sources, const LaneArray& omega,
                                          double t_ref, ResponseSweep& out) {
    const Lane zero = {};
    Lane turn, back_re, back_im;
    for (std::size_t i = 0; i < sweep_width; ++i) {
        turn[i] = omega[i] * grid.h;
        back_re[i] = std::cos(omega[i] * t_ref);
        back_im[i] = -std::sin(omega[i] * t_ref);
    }
    Wave unit{zero, zero, zero + 1.0, zero}, mu{zero, zero, zero, zero}, sigma = mu;
    const double* keeps = faces.keep.data();
    const double* gains = faces.gain.data();
    for (std::size_t k = grid.size; k-- > 0;) {
        const double keep = keeps[k], gain = gains[k];
        const auto move = [&](Wave& wave, double source) HEDDLE_INLINE_LAMBDA {
            wave.p_re = keep * wave.p_re + gain * (wave.q_re + source);
            wave.p_im = keep * wave.p_im + gain * wave.q_im;
            wave.q_re -= turn * wave.p_im;
            wave.q_im += turn * wave.p_re;
        };
        move(unit, 0.0);
        move(mu, sources.mu[k]);
        move(sigma, sources.sigma[k]);
        if (k == grid.reset) {
            unit.q_re -= back_re;
            unit.q_im -= back_im;
        }
    }
    const auto store = [](const Lane& from, LaneArray& to) {
        std::memcpy(to.data(), &from, sizeof from);
    };
    store(unit.q_re, out.unit_re);
    store(unit.q_im, out.unit_im);
    store(mu.q_re, out.mu_re);
    store(mu.q_im, out.mu_im);
    store(sigma.q_re, out.sigma_re);
    store(sigma.q_im, out.sigma_im);
}

}  // namespace heddle::kernels
