#include "heddle/population/rate_units.hpp"

#include <algorithm>
#include <cmath>

#include "circuit/checks.hpp"
#include "equations/integrate.hpp"
#include "heddle/core/error.hpp"
#include "population/rate_unit.hpp"

namespace heddle {
namespace {

/// Delays become multiples of the step, and at least one.
Circuit on_grid(Circuit circuit, double step) {
    for (Projection& projection : circuit.projections) {
        double& delay = projection.delay.location;
        delay = step * std::max(1.0, std::round(delay / step));
    }
    return circuit;
}

/// Means over bins of what was sampled once a step, by the trapezoidal rule.
Matrix binned(const Matrix& samples, Index in_bin, Index bins) {
    Matrix means = Matrix::Zero(samples.rows(), bins);
    for (Index bin = 0; bin < bins; ++bin)
        for (Index k = bin * in_bin; k < (bin + 1) * in_bin; ++k)
            means.col(bin) += 0.5 * (samples.col(k) + samples.col(k + 1));
    return means / static_cast<double>(in_bin);
}

/// Every population's quantity of that name, "A_E" for "A_", after the transient.
Matrix rows(const RateEquations& equations, const RateSamples& samples, const std::string& letter,
            Index skipped) {
    const auto populations = static_cast<Index>(equations.populations.size());
    Matrix found(populations, samples.states.cols() - skipped);
    for (Index a = 0; a < populations; ++a)
        found.row(a) = row_of(equations, samples,
                              letter + equations.rates[static_cast<std::size_t>(a)].substr(2))
                           .tail(found.cols())
                           .transpose();
    return found;
}

struct Run {
    Matrix activity;
    Matrix mean;
    Matrix variance;
};

Run run(const RateEquations& equations, const RateUnitOptions& options, double step) {
    const auto skipped = static_cast<Index>(std::llround(options.transient / step));
    const auto in_bin = static_cast<Index>(std::llround(options.bin / step));
    const auto bins = static_cast<Index>(std::floor(options.duration / options.bin + 1e-9));
    EquationSystem system(equations);
    const RateSamples samples = integrate(equations, system, initial_state(equations), step,
                                          skipped + bins * in_bin, 1, true);
    if (samples.states.cols() == 0)
        throw NotConverged("rate_units left the range of numbers with a step of " +
                           quantity(step, "ms") +
                           "; take a shorter step, or `mesoscopic`, or look at the fixed points of "
                           "rate_unit_equations");
    check_range(equations, samples.definitions, step);
    const auto ends = Eigen::seqN(in_bin, bins, in_bin);
    return {binned(rows(equations, samples, "A_", skipped), in_bin, bins),
            rows(equations, samples, "m_", skipped)(Eigen::all, ends),
            rows(equations, samples, "v_", skipped)(Eigen::all, ends)};
}

}  // namespace

RateUnitRecording rate_units(const Circuit& circuit, const RateUnitOptions& options) {
    check_rate_units(circuit, options);
    const RateEquations equations =
        rate_unit_equations(on_grid(circuit, options.step), options.closure);
    Run coarse = run(equations, options, options.step);
    const Run fine = run(equations, options, 0.5 * options.step);
    RateUnitRecording recording{.names = equations.populations,
                                .bin = options.bin,
                                .activity = std::move(coarse.activity),
                                .mean = std::move(coarse.mean),
                                .variance = std::move(coarse.variance),
                                .step_error = 0.0,
                                .assumptions = equations.assumptions};
    if (recording.activity.size() > 0)
        recording.step_error = (recording.activity - fine.activity).cwiseAbs().maxCoeff();
    return recording;
}

}  // namespace heddle
