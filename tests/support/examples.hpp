#pragma once

#include <cmath>
#include <functional>
#include <string>

#include "heddle/core/random.hpp"
#include "heddle/loops/library.hpp"

/// Small networks and motifs that the tests share.
namespace heddle::examples {

inline Matrix random_matrix(Index rows, Index columns, std::uint64_t seed) {
    Matrix a(rows, columns);
    Random(seed).fill_normal({a.data(), static_cast<std::size_t>(a.size())});
    return a;
}

/// W_ij ~ N(0, g²/n) with `channels` readouts.
inline Network network(Index n, Index channels, std::uint64_t seed = 1, double g = 0.8) {
    return make_network(Matrix(g / std::sqrt(static_cast<double>(n)) * random_matrix(n, n, seed)),
                        channels, seed);
}

/// A smooth closed curve that differs from name to name: 60 τ long, 121 samples, an offset in every
/// channel.
inline Motif motif(const std::string& name, Index channels = 2) {
    const Random random(7, stream_of(name));
    Matrix values(121, channels);
    for (Index c = 0; c < channels; ++c)
        for (Index j = 0; j < values.rows(); ++j) {
            const double phase = 2.0 * M_PI * static_cast<double>(j) / 120.0;
            const auto draw = [&](int i) {
                return random.normal(static_cast<std::uint64_t>(10 * c + i));
            };
            values(j, c) = 0.5 * draw(0) + draw(1) * std::cos(phase) + draw(2) * std::sin(phase) +
                           0.5 * draw(3) * std::cos(2 * phase) +
                           0.5 * draw(4) * std::sin(2 * phase);
        }
    return make_motif(name, values, 0.005);
}

inline Library library(const std::vector<std::string>& names, DesignOptions options = {},
                       Index n = 120) {
    options.motif_loops.loops = 4;
    options.preparation_fraction = 0.3;
    std::vector<Motif> motifs;
    for (const std::string& name : names) motifs.push_back(motif(name));
    return design(network(n, 2), motifs, options);
}

/// The slow twin of every exact propagation: the equations as they are written, in tiny Runge–Kutta
/// steps. State (x, y); with τ_T = 0 the thalamic part is Vᵀ x at every instant.
inline Vector integrate(const Network& network, const Segment& segment, Vector x, double time,
                        Index steps) {
    const Index n = size(network);
    const Matrix w = dense_weights(network);
    const Loops& loops = *segment.open;
    const bool dynamic = loops.thalamic_tau > 0.0;
    const Vector b = segment.fixed_point - w * segment.fixed_point -
                     loops.u * (loops.v.transpose() * segment.fixed_point);
    Vector z(n + (dynamic ? loops.u.cols() : 0));
    z.head(n) = x;
    if (dynamic) z.tail(loops.u.cols()) = segment.thalamic_start;
    const std::function<Vector(const Vector&)> field = [&](const Vector& state) {
        Vector change(state.size());
        const Vector seen = loops.v.transpose() * state.head(n);
        const Vector thalamus = dynamic ? Vector(state.tail(loops.u.cols())) : seen;
        change.head(n) =
            (-state.head(n) + w * state.head(n) + loops.u * thalamus + b) / network.tau;
        if (dynamic) change.tail(loops.u.cols()) = (seen - thalamus) / loops.thalamic_tau;
        return change;
    };
    const double h = time / static_cast<double>(steps);
    for (Index i = 0; i < steps; ++i) {
        const Vector k1 = field(z), k2 = field(z + 0.5 * h * k1), k3 = field(z + 0.5 * h * k2),
                     k4 = field(z + h * k3);
        z += h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
    }
    return z.head(n);
}

}  // namespace heddle::examples
