#include "heddle/carry/carry_over.hpp"

#include <cmath>

#include "carry/checks.hpp"
#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/schur.hpp"
#include "heddle/linalg/solve.hpp"
#include "loops/motif_assembly.hpp"
#include "network/checks.hpp"
#include "network/response_curve.hpp"

namespace heddle {
namespace {

/// The directions nearest to those of a design whose modes have its outputs at other eigenvalues.
ComplexMatrix directions_at(const Network& network, const Resolvent& resolvent,
                            const ComplexVector& eigenvalues, const MotifLoops& design) {
    const Matrix& u = design.loops.u;
    const ComplexMatrix responses = resolvent.solve_each(eigenvalues, u);
    ComplexMatrix directions = design.loops.v.transpose() * design.modes;
    for (Index m = 0; m < directions.cols(); ++m) {
        const ComplexMatrix outputs =
            network.readout * responses.middleCols(m * u.cols(), u.cols());
        const ComplexVector missing = design.fit.amplitudes.col(m) - outputs * directions.col(m);
        directions.col(m) += complex_least_norm(outputs, missing).solution;
    }
    return directions;
}

/// A motif's loops for steps of η τ. The fit stays what it is in time.
MotifLoops placed_for_steps(const Library& library, const Resolvent& resolvent,
                            const MotifLoops& design, double eta) {
    ModeFit fit = design.fit;
    fit.eigenvalues = step_eigenvalues(fit.eigenvalues, eta);
    const ComplexMatrix directions =
        directions_at(library.network, resolvent, fit.eigenvalues, design);
    MotifLoops placed = motif_loops_from(library.network, resolvent, design.motif, fit,
                                         design.loops.u, directions, library.options.motif_loops);
    placed.fit = design.fit;
    const Matrix states = isolated_states(placed, library.network.tau);
    placed.activity = states.norm() / std::sqrt(static_cast<double>(states.size()));
    return placed;
}

double largest_activity(const Library& library) {
    double most = 0.0;
    for (const MotifLoops& design : library.motifs) most = std::max(most, design.activity);
    return most;
}

/// W, V and C for units of other slopes, and loops in one list.
void match_gains(CarriedLibrary& carried) {
    const Vector inverse = carried.gain.cwiseInverse();
    const Library& library = carried.library;
    carried.network.weights = Matrix(dense_weights(library.network) * inverse.asDiagonal());
    carried.network.readout = library.network.readout * inverse.asDiagonal() / carried.scale;
    for (const MotifLoops& design : library.motifs)
        carried.loops.push_back({design.loops.u, inverse.asDiagonal() * design.loops.v});
    const Loops& preparation = library.preparation.loops;
    carried.loops.push_back({preparation.u, inverse.asDiagonal() * preparation.v});
}

/// The input that makes `state` a fixed point while loops are open.
Vector holding_input(const CarriedLibrary& carried, const Vector& rest, const Loops& loops,
                     const Vector& state) {
    const ResponseCurve curve(carried.network.response);
    const Vector rates = state.unaryExpr([&](double x) { return curve.value(x); });
    return state - rest - std::get<Matrix>(carried.network.weights) * rates -
           loops.u * (loops.v.transpose() * rates);
}

void set_inputs(CarriedLibrary& carried) {
    const Library& library = carried.library;
    const auto count = static_cast<Index>(library.motifs.size());
    const ResponseCurve curve(carried.network.response);
    const Vector& point = carried.operating_point;
    const Vector rates = point.unaryExpr([&](double x) { return curve.value(x); });
    carried.network.bias = point - std::get<Matrix>(carried.network.weights) * rates;
    carried.offset = carried.network.readout * rates;
    carried.starts.resize(point.size(), count);
    carried.input.resize(point.size(), 2 * count);
    for (Index i = 0; i < count; ++i) {
        const MotifLoops& design = library.motifs[static_cast<std::size_t>(i)];
        carried.starts.col(i) = point + carried.scale * design.initial_state;
        carried.input.col(i) =
            holding_input(carried, carried.network.bias, carried.loops[static_cast<std::size_t>(i)],
                          point + carried.scale * design.fixed_point);
        carried.input.col(count + i) = holding_input(carried, carried.network.bias,
                                                     carried.loops.back(), carried.starts.col(i));
    }
}

void set_grid(CarriedLibrary& carried) {
    carried.preparation_steps = std::max<Index>(
        1, static_cast<Index>(std::lround(carried.library.preparation.duration / carried.h)));
    for (const MotifLoops& design : carried.library.motifs) {
        const auto stride = static_cast<Index>(std::lround(design.motif.dt / carried.h));
        carried.sample_steps.push_back(stride);
        carried.motif_steps.push_back(stride * (design.motif.values.rows() - 1));
    }
}

void judge(CarriedLibrary& carried) {
    for (const MotifLoops& design : carried.library.motifs)
        if (!design.trusted && carried.reason.empty())
            carried.reason = "motif '" + design.motif.name + "': " + design.reason;
    const double eta = carried.h / carried.network.tau;
    const Loops& loops = carried.library.preparation.loops;
    const Matrix closed = dense_weights(carried.library.network) + loops.u * loops.v.transpose();
    const double radius = ((eigenvalues(closed).array() - 1.0) * eta + 1.0).abs().maxCoeff();
    if (radius >= 1.0)
        carried.reason = "the preparation is unstable in steps of " + number_text(carried.h) +
                         " s: a deviation can grow by " + number_text(radius) +
                         " a step; a smaller h would help";
    carried.trusted = carried.reason.empty();
}

}  // namespace

ComplexVector step_eigenvalues(const ComplexVectorView& eigenvalues, double eta) {
    return eigenvalues.unaryExpr(
        [eta](const Complex& l) { return 1.0 + (std::exp(eta * (l - 1.0)) - 1.0) / eta; });
}

CarriedLibrary carry_over(const Library& library, const CarryOptions& options, std::size_t threads,
                          const Progress& progress) {
    check_carried(library, options);
    CarriedLibrary carried{.library = library, .network = library.network};
    carried.operating_point = operating_point_of(options, size(library.network));
    carried.h = step_of(library, options.h);
    const ResponseCurve curve(options.response);
    carried.gain = carried.operating_point.unaryExpr([&](double x) { return curve.slope(x); });
    carried.network.response = options.response;
    carried.amplitude = options.amplitude;
    const Resolvent resolvent(real_schur(dense_weights(library.network)));
    const double eta = carried.h / library.network.tau;
    const auto place = [&](std::size_t i) {
        carried.library.motifs[i] = placed_for_steps(library, resolvent, library.motifs[i], eta);
    };
    parallel_for(library.motifs.size(), threads, place, progress);
    carried.scale = options.amplitude / largest_activity(carried.library);
    match_gains(carried);
    set_inputs(carried);
    set_grid(carried);
    judge(carried);
    validate(carried.network);
    return carried;
}

CarriedLibrary with_loops(CarriedLibrary carried, std::size_t motif, Loops loops) {
    check_motif(carried, motif);
    validate(loops, size(carried.network));
    if (loops.thalamic_tau != 0.0 || loops.delay != 0.0)
        throw DomainError("loops: found a time constant or a delay, expected 0");
    carried.loops[motif] = std::move(loops);
    return carried;
}

}  // namespace heddle
