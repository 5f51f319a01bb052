#include <nanobind/nanobind.h>

#include <sstream>

#include "heddle/rectified/lyapunov_spectrum.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

constexpr const char* what_it_does =
    R"(The largest Lyapunov exponents of a trajectory, with the evidence.

    τ Q̇ = (−1 + W diag φ'(x)) Q ,   Q ← Q R⁻¹ after every interval ,   λ_j = ⟨log R_jj⟩ / Δt

system     a Network τ ẋ = −x + W φ(x) + b with any weights: state and tangent vectors take
           Runge–Kutta steps of order 8; for a rectified response, whose slope jumps, steps across a
           threshold have errors of random sign and order 1.
           A ThresholdLinear (`input_form`, `rate_form`, `rectified_loops`): the exact flow, and
           exponentials of each region's matrix.
           A ThresholdMap: products of the regions' matrices.
count      how many exponents, from the largest; all if there are fewer states
duration   time averaged over, s, or steps of a map; 1000 τ or 10,000 steps if 0
transient  time discarded before; a fifth of the duration if 0
step       of Runge–Kutta, s; found by halving τ / 2 if 0
start      x(0), shape (n,); standard normal from the seed if None
seed       of x(0) and of the first tangent vectors
threads    0: one per core; any number gives the same bits
progress   progress(done, 1000)

Returns a LyapunovSpectrum. For a linear response the Jacobian is constant, and x stays at x(0).
Raises ShapeError or DomainError, naming the argument. A step takes 12 products of W with `count`
vectors, O(n k count) with diagonal plus rank-k weights; memory O(n count).)";

std::string describe(const LyapunovSpectrum& spectrum) {
    std::ostringstream text;
    text << "LyapunovSpectrum(" << spectrum.exponents.size() << " exponents";
    if (spectrum.exponents.size() > 0)
        text << ", largest " << spectrum.exponents[0] << " ± " << spectrum.standard_errors[0];
    text << (spectrum.trusted ? "" : ", not trusted") << ")";
    return text.str();
}

void bind_value(nb::module_& module) {
    using Spectrum = LyapunovSpectrum;
    Value<Spectrum>(module, "LyapunovSpectrum",
                    "Lyapunov exponents, in 1/s or for maps in 1/step, and what is known of them.",
                    [](const Spectrum& spectrum) { return describe(spectrum); })
        .required("exponents", &Spectrum::exponents,
                  "Largest first, shape (q,); −inf for directions that collapse.")
        .required(
            "standard_errors", &Spectrum::standard_errors,
            "Of the averages over time, by batch means and the range of partial sums, shape (q,).")
        .required("kaplan_yorke", &Spectrum::kaplan_yorke,
                  "Kaplan–Yorke dimension; None where q exponents do not tell it.")
        .required("kaplan_yorke_error", &Spectrum::kaplan_yorke_error, "Its standard error.")
        .required("mean_trace", &Spectrum::mean_trace,
                  "⟨tr J⟩, 1/s; for maps ⟨log |det J|⟩ if all exponents were asked for.")
        .required("sum_residual", &Spectrum::sum_residual,
                  "Σ λ − ⟨tr J⟩, if all exponents were asked for.")
        .required("step_error", &Spectrum::step_error,
                  "Largest error of an exponent by the step, estimated against half the step.")
        .required("running_times", &Spectrum::running_times, "Shape (t,).")
        .required("running", &Spectrum::running, "The averages up to those times, shape (q, t).")
        .required("time", &Spectrum::time, "Averaged over, s or steps.")
        .required("transient", &Spectrum::transient, "Discarded, s or steps.")
        .required("step", &Spectrum::step, "Of the integration, s.")
        .required("interval", &Spectrum::interval, "Between orthonormalisations, s.")
        .required("correlation_time", &Spectrum::correlation_time,
                  "Integrated, the longest among the exponents, s.")
        .required("batches", &Spectrum::batches, "Of the standard errors.")
        .required("steps", &Spectrum::steps, "Altogether.")
        .required("condition", &Spectrum::condition, "Largest max R_jj / min R_jj of an interval.")
        .required("final_state", &Spectrum::final_state, "Shape (n,).")
        .required("trusted", &Spectrum::trusted, "Stationary, long enough, and the checks agree.")
        .required("statement", &Spectrum::statement, "What was done, or why it is not trusted.")
        .done();
}

template <class System>
void bind_for(nb::module_& module, const char* doc) {
    module.def(
        "lyapunov_spectrum",
        [](const System& system, Index count, double duration, double transient, double step,
           nb::handle start, std::uint64_t seed, std::size_t threads, nb::handle progress) {
            LyapunovOptions options{count, duration, transient, step, {}, seed, threads};
            options.start = from_python<std::optional<Vector>>(start, "start");
            return long_call(progress, [system, options](LongCall& call) {
                return lyapunov_spectrum(system, options, call.progress());
            });
        },
        "system"_a, nb::kw_only(), "count"_a = 10, "duration"_a = 0.0, "transient"_a = 0.0,
        "step"_a = 0.0, "start"_a = nb::none(), "seed"_a = 0, "threads"_a = 0,
        "progress"_a = nb::none(), doc);
}

}  // namespace

void bind_lyapunov(nb::module_& module) {
    bind_value(module);
    bind_for<Network>(module, what_it_does);
    bind_for<ThresholdLinear>(module, "Along the exact flow of a ThresholdLinear.");
    bind_for<ThresholdMap>(module, "Of a ThresholdMap.");
}

}  // namespace heddle::python
