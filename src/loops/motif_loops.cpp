#include "heddle/loops/motif_loops.hpp"

#include <cmath>
#include <limits>

#include "heddle/core/error.hpp"
#include "heddle/core/random.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/spectrum/closed_loop.hpp"

namespace heddle {
namespace {

Matrix loop_outputs(Index n, Index k, const std::string& name, std::uint64_t seed) {
    Matrix u(n, k);
    Random(seed, stream_of("loops/" + name)).fill_normal({u.data(), static_cast<std::size_t>(u.size())});
    return orthonormal(u);
}

/// The least-norm direction with the asked output, turned along the null space of the outputs towards loop
/// `own` by `spread` times its length.
ComplexVector direction(const ComplexMatrixView& output_response, const ComplexVectorView& amplitude,
                        Index own, double spread) {
    const ComplexLeastNorm least = complex_least_norm(output_response, amplitude);
    if (least.null_space.cols() == 0 || spread == 0.0) return least.solution;
    const ComplexVector along = least.null_space * least.null_space.row(own).adjoint();
    return least.solution + spread * least.solution.norm() / along.norm() * along;
}

/// Real and imaginary parts side by side: a real basis of the span of conjugate pairs.
Matrix real_form(const ComplexMatrixView& a) {
    Matrix parts(a.rows(), 2 * a.cols());
    parts << a.real(), a.imag();
    return parts;
}

/// x* of least norm whose readout is the fit's offset.
Vector offset_state(const Matrix& readout, const Vector& offset) {
    return least_norm(readout.transpose(), offset.transpose()).v.transpose();
}

/// ‖U Vᵀ‖_F through the small Gram matrices.
double loop_norm(const Loops& loops) {
    return std::sqrt(((loops.u.transpose() * loops.u).array() * (loops.v.transpose() * loops.v).array()).sum());
}

void judge(MotifLoops& design, double tolerance) {
    const double worst = design.error.size() > 0 ? design.error.maxCoeff() : 0.0;
    const double rounding =
        design.error.size() > 0
            ? std::numeric_limits<double>::epsilon() * design.condition.maxCoeff() * design.gain /
                  static_cast<double>(design.modes.rows())
            : 0.0;
    design.trusted = worst <= tolerance && rounding <= tolerance;
    if (!design.trusted)
        design.reason = "an eigenvalue misses its place by " + std::to_string(std::max(worst, rounding)) +
                        "; more loops or fewer modes would help";
}

struct ModePlan {
    ComplexMatrix responses;   ///< (λ_m − W)⁻¹ U, side by side.
    ComplexMatrix directions;  ///< g_m, shape (K, q).
    ComplexMatrix lagged;      ///< (1 + ε μ_m) g_m: what Vᵀ r_m must be.
    ComplexMatrix modes;       ///< r_m.
};

ModePlan plan_modes(const Network& network, const Resolvent& resolvent, const ModeFit& fit, const Matrix& u,
                    double spread, double epsilon) {
    const Index k = u.cols();
    const Index q = fit.eigenvalues.size();
    ModePlan plan{loop_responses(resolvent, fit.eigenvalues, u), ComplexMatrix(k, q), ComplexMatrix(k, q),
                  ComplexMatrix(u.rows(), q)};
    for (Index m = 0; m < q; ++m) {
        const auto response = plan.responses.middleCols(m * k, k);
        plan.directions.col(m) =
            direction(network.readout * response, fit.amplitudes.col(m), m % k, spread);
        plan.lagged.col(m) = (1.0 + epsilon * (fit.eigenvalues(m) - 1.0)) * plan.directions.col(m);
        plan.modes.col(m) = response * plan.directions.col(m);
    }
    return plan;
}

void check_channels(const Network& network, const Motif& motif, Index k) {
    const Index d = network.readout.rows();
    if (motif.values.cols() != d)
        throw ShapeError("motif '" + motif.name + "'", std::to_string(d) + " channels, one per readout",
                         std::to_string(motif.values.cols()));
    if (k < d)
        throw DomainError("loops: found " + std::to_string(k) + " for the " + std::to_string(d) +
                          " channels of motif '" + motif.name + "', expected at least one loop per channel");
}

}  // namespace

MotifLoops design_motif_loops(const Network& network, const Resolvent& resolvent, Motif motif, ModeFit fit,
                              const MotifLoopOptions& options) {
    check_channels(network, motif, options.loops);
    const double epsilon = options.thalamic_tau / network.tau;
    const Matrix u = loop_outputs(size(network), options.loops, motif.name, options.seed);
    const ModePlan plan = plan_modes(network, resolvent, fit, u, options.spread, epsilon);
    const LeastNorm least = least_norm(real_form(plan.modes), real_form(plan.lagged));

    MotifLoops design{.motif = std::move(motif), .fit = std::move(fit)};
    design.loops = {u, least.v.transpose(), options.thalamic_tau};
    design.modes = plan.modes;
    design.fixed_point = offset_state(network.readout, design.fit.offset);
    design.initial_state = design.fixed_point + plan.modes.real().rowwise().sum();
    design.thalamic_state =
        design.loops.v.transpose() * design.fixed_point + plan.directions.real().rowwise().sum();
    ClosedLoop evidence = closed_loop(resolvent, dense_weights(network), design.loops, design.fit.eigenvalues,
                                      plan.responses, plan.directions, epsilon);
    design.error = std::move(evidence.error);
    design.condition = std::move(evidence.condition);
    design.gain = loop_norm(design.loops);
    design.solve_condition = least.condition;
    const Matrix states = isolated_states(design, network.tau);
    design.activity = std::sqrt(states.squaredNorm() / static_cast<double>(states.size()));
    judge(design, options.tolerance);
    return design;
}

Matrix isolated_states(const MotifLoops& design, double tau) {
    const Index samples = design.motif.values.rows();
    const Index q = design.fit.eigenvalues.size();
    Matrix waves(2 * q, samples);
    for (Index m = 0; m < q; ++m)
        for (Index j = 0; j < samples; ++j) {
            const Complex wave =
                std::exp((design.fit.eigenvalues(m) - 1.0) / tau * (static_cast<double>(j) * design.motif.dt));
            waves(m, j) = wave.real();
            waves(q + m, j) = -wave.imag();
        }
    Matrix states = real_form(design.modes) * waves;
    states.colwise() += design.fixed_point;
    return states;
}

}  // namespace heddle
