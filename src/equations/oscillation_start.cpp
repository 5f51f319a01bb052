#include "equations/oscillation_start.hpp"

#include <cmath>
#include <numbers>

#include "equations/delay_spectrum.hpp"
#include "heddle/core/error.hpp"
#include "heddle/equations/rate_solution.hpp"
#include "heddle/linalg/eigenvectors.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

double node_time(const CollocationMesh& mesh, Index k) {
    return static_cast<double>(k) / static_cast<double>(mesh.nodes() - 1);
}

/// Equations whose inputs are what they are at one time.
RateEquations held(RateEquations equations, double time) {
    std::vector<double> values(equations.inputs.size());
    mean_inputs(equations, time, time, values.data());
    for (std::size_t k = 0; k < values.size(); ++k) {
        equations.inputs[k].times = {0.0};
        equations.inputs[k].values = Vector::Constant(1, values[k]);
    }
    return equations;
}

/// Times at which a row rises through its mean, by linear interpolation, in steps.
std::vector<double> rises(const Vector& row) {
    const double middle = 0.5 * (row.maxCoeff() + row.minCoeff());
    std::vector<double> found;
    for (Index k = 0; k + 1 < row.size(); ++k)
        if (row[k] < middle && row[k + 1] >= middle)
            found.push_back(static_cast<double>(k) + (middle - row[k]) / (row[k + 1] - row[k]));
    return found;
}

/// x between samples.
Vector between(const Matrix& states, double at) {
    const auto left = std::min<Index>(static_cast<Index>(at), states.cols() - 2);
    const double share = at - static_cast<double>(left);
    return (1.0 - share) * states.col(left) + share * states.col(left + 1);
}

}  // namespace

OscillationStart start_at_hopf(const RateEquations& equations, std::size_t parameter,
                               const OscillationOptions& options, const CollocationMesh& mesh) {
    RateEquations at = equations;
    at.parameters[parameter].value = options.hopf.parameter;
    const double omega = 2e-3 * std::numbers::pi * options.hopf.frequency;
    SteadySystem system(at, options.time);
    const EquationSlopes slopes = system.slopes(options.hopf.state);
    ComplexVector q = null_vector(characteristic_matrix(slopes, Complex(0.0, omega)));
    const double size = 1e-3 * (options.hopf.state.cwiseAbs().maxCoeff() + 1e-3);
    q *= size / q.cwiseAbs().maxCoeff();
    OscillationStart start;
    start.direction.profile.resize(q.size(), mesh.nodes());
    for (Index k = 0; k < mesh.nodes(); ++k)
        start.direction.profile.col(k) =
            (q * std::exp(Complex(0.0, 2.0 * std::numbers::pi * node_time(mesh, k)))).real();
    start.direction.period = start.direction.parameter = 0.0;
    start.solution.profile =
        start.direction.profile + options.hopf.state.replicate(1, mesh.nodes());
    start.solution.period = 2.0 * std::numbers::pi / omega;
    start.solution.parameter = options.hopf.parameter;
    return start;
}

OscillationStart start_from_solution(const RateEquations& equations, std::size_t parameter,
                                     const OscillationOptions& options,
                                     const CollocationMesh& mesh) {
    double step = 0.1;
    for (const DelayedValue& item : delayed_values(equations)) step = std::min(step, item.delay);
    const RateTrajectory run = solve(held(equations, options.time),
                                     {.duration = options.settle, .step = step, .tolerance = 1e-4});
    const Index half = run.times.size() / 2;
    const Matrix late = run.states.rightCols(half);
    const Vector range = late.rowwise().maxCoeff() - late.rowwise().minCoeff();
    const Vector mean = late.cwiseAbs().rowwise().mean();
    Index row = 0;
    const double most = range.cwiseQuotient(mean.cwiseMax(1e-9)).maxCoeff(&row);
    const std::vector<double> marks = rises(late.row(row).transpose());
    if (most < 1e-3 || marks.size() < 4)
        throw DomainError("the equations settle to no oscillation within " +
                          number_text(options.settle) + " ms at " +
                          equations.parameters[parameter].name + " = " +
                          number_text(equations.parameters[parameter].value) +
                          "; give a Hopf point, another value, or a longer settle");
    const double from = marks[marks.size() - 2], to = marks.back();
    OscillationStart start;
    start.solution.profile.resize(late.rows(), mesh.nodes());
    for (Index k = 0; k < mesh.nodes(); ++k)
        start.solution.profile.col(k) = between(late, from + (to - from) * node_time(mesh, k));
    start.solution.profile.col(mesh.nodes() - 1) = start.solution.profile.col(0);
    start.solution.period = (to - from) * step;
    start.solution.parameter = equations.parameters[parameter].value;
    return start;
}

}  // namespace heddle
