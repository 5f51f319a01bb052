#include "heddle/loops/motif_loops.hpp"

#include <cmath>
#include <limits>
#include <utility>

#include "heddle/core/error.hpp"
#include "heddle/core/random.hpp"
#include "heddle/linalg/schur.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/linalg/split.hpp"
#include "heddle/spectrum/closed_loop.hpp"
#include "loops/motif_assembly.hpp"

namespace heddle {
namespace {

Matrix loop_outputs(Index n, Index k, const std::string& name, std::uint64_t seed) {
    Matrix u(n, k);
    Random(seed, stream_of("loops/" + name))
        .fill_normal({u.data(), static_cast<std::size_t>(u.size())});
    return orthonormal(u);
}

/// The least-norm direction with the asked output, turned along the null space of the outputs
/// towards loop `own` by `spread` times its length.
ComplexVector direction(const ComplexMatrixView& output_response,
                        const ComplexVectorView& amplitude, Index own, double spread) {
    const ComplexLeastNorm least = complex_least_norm(output_response, amplitude);
    if (least.null_space.cols() == 0 || spread == 0.0) return least.solution;
    const ComplexVector along = least.null_space * least.null_space.row(own).adjoint();
    return least.solution + spread * least.solution.norm() / along.norm() * along;
}

/// x* of least norm whose readout is the fit's offset.
Vector offset_state(const Matrix& readout, const Vector& offset) {
    return least_norm(readout.transpose(), offset.transpose()).v.transpose();
}

void judge(MotifLoops& design, double tolerance) {
    const double worst = design.error.size() > 0 ? design.error.maxCoeff() : 0.0;
    const double rounding = design.error.size() > 0
                                ? std::numeric_limits<double>::epsilon() *
                                      design.condition.maxCoeff() * design.gain /
                                      static_cast<double>(design.modes.rows())
                                : 0.0;
    design.trusted = worst <= tolerance && rounding <= tolerance;
    if (!design.trusted)
        design.reason = "an eigenvalue misses its place by " +
                        std::to_string(std::max(worst, rounding)) +
                        "; more loops or fewer modes would help";
}

/// Modes whose readout is the fit's, from directions with that output.
LoopModes plan_modes(const Network& network, const Resolvent& resolvent, const ModeFit& fit,
                     const Matrix& u, double spread) {
    const Index k = u.cols();
    ComplexMatrix responses = loop_responses(resolvent, fit.eigenvalues, u);
    const Matrix readout = resolvent.rotate(network.readout.transpose()).transpose();
    ComplexMatrix directions(k, fit.eigenvalues.size());
    for (Index m = 0; m < directions.cols(); ++m)
        directions.col(m) = direction(readout * responses.middleCols(m * k, k),
                                      fit.amplitudes.col(m), m % k, spread);
    return loop_modes(resolvent, fit.eigenvalues, std::move(responses), std::move(directions));
}

/// (1 + ε μ_m) g_m: what Vᵀ r_m must be for thalamic units with a time constant.
ComplexMatrix lagged(const LoopModes& placed, double epsilon) {
    const ComplexVector lag = 1.0 + epsilon * (placed.eigenvalues.array() - 1.0);
    return placed.directions * lag.asDiagonal();
}

void check_channels(const Network& network, const Motif& motif, Index k) {
    const Index d = network.readout.rows();
    if (motif.values.cols() != d)
        throw ShapeError("motif '" + motif.name + "'",
                         std::to_string(d) + " channels, one per readout",
                         std::to_string(motif.values.cols()));
    if (k < d)
        throw DomainError("loops: found " + std::to_string(k) + " for the " + std::to_string(d) +
                          " channels of motif '" + motif.name +
                          "', expected at least one loop per channel");
}

/// Six right-hand sides a shift cost 30 n² flops more in Hessenberg form than in Schur form, which
/// is 20 n³ dearer to reach.
Resolvent resolvent_for(const Network& network, const std::vector<ModeFit>& fits) {
    Index shifts = 0;
    for (const ModeFit& fit : fits) shifts += fit.eigenvalues.size();
    const Matrix weights = dense_weights(network);
    return 2 * shifts < weights.rows() ? Resolvent(weights) : Resolvent(real_schur(weights));
}

MotifLoops assemble(const Network& network, const Resolvent& resolvent, Motif motif, ModeFit fit,
                    const Matrix& u, const LoopModes& placed, const MotifLoopOptions& options) {
    const double epsilon = options.thalamic_tau / network.tau;
    const LeastNorm least = least_norm(split(placed.modes), split(lagged(placed, epsilon)));

    MotifLoops design{.motif = std::move(motif), .fit = std::move(fit)};
    design.loops = {u, least.v.transpose(), options.thalamic_tau};
    design.modes = placed.modes;
    design.fixed_point = offset_state(network.readout, design.fit.offset);
    design.initial_state = design.fixed_point + placed.modes.real().rowwise().sum();
    design.thalamic_state =
        design.loops.v.transpose() * design.fixed_point + placed.directions.real().rowwise().sum();
    ClosedLoop evidence = closed_loop(resolvent, network, design.loops, placed);
    design.error = std::move(evidence.error);
    design.condition = std::move(evidence.condition);
    design.gain = norm(design.loops);
    design.solve_condition = least.condition;
    const Matrix states = isolated_states(design, network.tau);
    design.activity = std::sqrt(states.squaredNorm() / static_cast<double>(states.size()));
    judge(design, options.tolerance);
    return design;
}

}  // namespace

MotifLoops motif_loops_from(const Network& network, const Resolvent& resolvent, Motif motif,
                            ModeFit fit, const Matrix& u, const ComplexMatrix& directions,
                            const MotifLoopOptions& options) {
    const LoopModes placed = loop_modes(resolvent, fit.eigenvalues,
                                        loop_responses(resolvent, fit.eigenvalues, u), directions);
    return assemble(network, resolvent, std::move(motif), std::move(fit), u, placed, options);
}

MotifLoops design_motif_loops(const Network& network, const Resolvent& resolvent, Motif motif,
                              ModeFit fit, const MotifLoopOptions& options) {
    check_channels(network, motif, options.loops);
    const Matrix u = loop_outputs(size(network), options.loops, motif.name, options.seed);
    const LoopModes placed = plan_modes(network, resolvent, fit, u, options.spread);
    return assemble(network, resolvent, std::move(motif), std::move(fit), u, placed, options);
}

std::vector<MotifLoops> design_motif_loops(const Network& network, std::vector<Motif> motifs,
                                           std::vector<ModeFit> fits,
                                           const MotifLoopOptions& options, std::size_t threads,
                                           const Progress& progress) {
    if (motifs.size() != fits.size())
        throw ShapeError("fits", std::to_string(motifs.size()) + ", one per motif",
                         std::to_string(fits.size()));
    const Resolvent resolvent = resolvent_for(network, fits);
    std::vector<MotifLoops> designs(motifs.size());
    const auto body = [&](std::size_t i) {
        designs[i] = design_motif_loops(network, resolvent, std::move(motifs[i]),
                                        std::move(fits[i]), options);
    };
    parallel_for(motifs.size(), threads, body, progress);
    return designs;
}

Matrix isolated_states(const MotifLoops& design, double tau) {
    const Index samples = design.motif.values.rows();
    const Index q = design.fit.eigenvalues.size();
    Matrix waves(2 * q, samples);
    for (Index m = 0; m < q; ++m)
        for (Index j = 0; j < samples; ++j) {
            const Complex wave = std::exp((design.fit.eigenvalues(m) - 1.0) / tau *
                                          (static_cast<double>(j) * design.motif.dt));
            waves(m, j) = wave.real();
            waves(q + m, j) = -wave.imag();
        }
    Matrix states = split(design.modes) * waves;
    states.colwise() += design.fixed_point;
    return states;
}

}  // namespace heddle
