#include "heddle/loops/motif_run.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "heddle/core/error.hpp"
#include "heddle/linalg/exponential_action.hpp"
#include "heddle/linalg/split.hpp"

namespace heddle {
namespace {

void check(const Network& network, const MotifLoops& design, const MotifRunOptions& options) {
    const Index n = size(network);
    validate(network);
    validate(design.loops, n);
    if (network.response != Response::linear)
        throw DomainError(std::string("network: found the response ") + name_of(network.response) +
                          ", expected linear, whose flow is an exponential");
    if (network.readout.rows() != design.motif.values.cols())
        throw ShapeError("network: readout",
                         std::to_string(design.motif.values.cols()) + " rows, one per channel",
                         std::to_string(network.readout.rows()));
    if (options.initial_state.size() > 0 && options.initial_state.size() != n)
        throw ShapeError("initial_state", std::to_string(n) + " numbers, one per unit",
                         std::to_string(options.initial_state.size()));
    if (!options.initial_state.allFinite())
        throw DomainError("initial_state: found NaN or infinity, expected finite numbers");
    if (!(options.tolerance > 0.0))
        throw DomainError("tolerance: found " + std::to_string(options.tolerance) +
                          ", expected a positive number");
}

/// Rate of change of (x − x*, y − y*), or of x − x* where thalamic units are instantaneous.
LinearMap field(const Network& network, const Loops& loops) {
    const Index n = size(network);
    const bool lagging = loops.thalamic_tau > 0.0;
    return [&network, &loops, product = product_with(network), n, lagging](const Vector& z,
                                                                           Vector& rate) {
        const Vector x = z.head(n);
        const Vector seen = loops.v.transpose() * x;
        const Vector thalamic = lagging ? Vector(z.tail(loops.u.cols())) : seen;
        Vector cortical(n);
        product(x, cortical);
        rate.resize(z.size());
        rate.head(n) = (cortical - x + loops.u * thalamic) / network.tau;
        if (lagging) rate.tail(loops.u.cols()) = (seen - thalamic) / loops.thalamic_tau;
    };
}

Vector start_of(const MotifLoops& design, const Vector& x) {
    const Vector cortical = x - design.fixed_point;
    if (design.loops.thalamic_tau == 0.0) return cortical;
    Vector z(x.size() + design.loops.u.cols());
    z << cortical, design.thalamic_state - design.loops.v.transpose() * design.fixed_point;
    return z;
}

/// C x of the modes themselves, shape (T, d).
Matrix closed_form(const Network& network, const MotifLoops& design) {
    const ComplexMatrix amplitudes = join(network.readout * split(design.modes));
    const Vector offset = network.readout * design.fixed_point;
    Matrix output(design.motif.values.rows(), offset.size());
    for (Index j = 0; j < output.rows(); ++j) {
        const double t = static_cast<double>(j) * design.motif.dt / network.tau;
        const ComplexVector waves = ((design.fit.eigenvalues.array() - 1.0) * t).exp();
        output.row(j) = ((amplitudes * waves).real() + offset).transpose();
    }
    return output;
}

}  // namespace

MotifRun perform_motif(const Network& network, const MotifLoops& design,
                       const MotifRunOptions& options, const Progress& progress) {
    check(network, design, options);
    const Index samples = design.motif.values.rows();
    const Index n = size(network);
    const LinearMap rate = field(network, design.loops);
    Vector z = start_of(
        design, options.initial_state.size() > 0 ? options.initial_state : design.initial_state);
    MotifRun run{.output = Matrix(samples, network.readout.rows())};
    const Vector offset = network.readout * design.fixed_point;
    for (Index j = 0; j < samples; ++j) {
        if (j > 0) {
            ExponentialAction step =
                exponential_action(rate, z, design.motif.dt, options.tolerance);
            z = std::move(step.value);
            run.step_error += step.error;
            run.products += step.products;
        }
        run.output.row(j) = (network.readout * z.head(n) + offset).transpose();
        if (progress) progress(static_cast<std::size_t>(j) + 1, static_cast<std::size_t>(samples));
    }
    run.final_state = z.head(n) + design.fixed_point;
    run.error = normalised_error(run.output, design.motif.values);
    const Matrix expected = closed_form(network, design);
    run.deviation = (run.output - expected).cwiseAbs().maxCoeff() /
                    std::max(expected.cwiseAbs().maxCoeff(), 1e-300);
    return run;
}

}  // namespace heddle
