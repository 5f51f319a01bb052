#include "heddle/rectified/threshold_flow.hpp"

#include <nanobind/nanobind.h>

#include <sstream>

#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const ThresholdFlow& flow) {
    std::ostringstream text;
    text << "ThresholdFlow(" << flow.states.rows() << " states at " << flow.times.size()
         << " times, " << flow.crossings.size() << " crossings, "
         << (flow.complete ? "complete" : "not complete") << ")";
    return text.str();
}

std::string describe(const Crossing& crossing) {
    std::ostringstream text;
    text << "Crossing(unit " << crossing.unit << (crossing.active ? " active" : " silent")
         << " from " << crossing.time << " s)";
    return text.str();
}

void bind_values(nb::module_& module) {
    Value<Crossing>(module, "Crossing", "A rectified unit that becomes active or silent.",
                    [](const Crossing& crossing) { return describe(crossing); })
        .required("time", &Crossing::time, "s.")
        .required("unit", &Crossing::unit, "Index of the rectified unit.")
        .required("active", &Crossing::active, "Whether it is active afterwards.")
        .done();
    Value<ThresholdFlow>(module, "ThresholdFlow",
                         "An exact trajectory of a threshold-linear network; see threshold_flow.",
                         [](const ThresholdFlow& flow) { return describe(flow); })
        .required("times", &ThresholdFlow::times, "Times of the states that were reached, s.")
        .required("states", &ThresholdFlow::states, "x at those times, shape (n, t).")
        .required("crossings", &ThresholdFlow::crossings, "Every Crossing, by rising time.")
        .required("crossing_states", &ThresholdFlow::crossing_states,
                  "x at the crossings, shape (n, number of crossings).")
        .required("grazings", &ThresholdFlow::grazings,
                  "Extrema of inputs that touched a threshold without crossing it.")
        .required("initial_support", &ThresholdFlow::initial_support,
                  "The active units just after the start.")
        .required("final_support", &ThresholdFlow::final_support, "The active units at the end.")
        .required("reached", &ThresholdFlow::reached, "The last time that was reached, s.")
        .required("complete", &ThresholdFlow::complete, "Whether that is the last time asked for.")
        .required("statement", &ThresholdFlow::statement, "Why not, in words; else what was done.")
        .required("truncation", &ThresholdFlow::truncation,
                  "Sum of the bounds of all remainders, relative to the largest state.")
        .required("backward_error", &ThresholdFlow::backward_error,
                  "‖R Λ R⁻¹ − L‖_F / ‖L‖_F of the coordinates that were used; 0 for L itself.")
        .required("steps", &ThresholdFlow::steps, "Series that were summed.")
        .required("products", &ThresholdFlow::products, "Products with the dynamics.")
        .done();
}

void bind_function(nb::module_& module) {
    module.def(
        "threshold_flow",
        [](const ThresholdLinear& system, nb::handle initial, nb::handle times,
           Index most_crossings, double tolerance, double grazing, nb::handle progress) {
            const ThresholdFlowOptions options{most_crossings, tolerance, grazing};
            return long_call(progress, [system, options, x = to_eigen<Vector>(initial, "initial"),
                                        at = to_eigen<Vector>(times, "times")](LongCall& call) {
                return threshold_flow(system, x, at, options, call.progress());
            });
        },
        "system"_a, "initial"_a, "times"_a, nb::kw_only(), "most_crossings"_a = 100'000,
        "tolerance"_a = 1e-15, "grazing"_a = 1e-9, "progress"_a = nb::none(),
        R"(The trajectory of a ThresholdLinear from x(0) = initial, exact but for rounding.

Within a region the flow is summed as a series with a bound of its remainder,

    x(t) = Σ_p x_p t^p ,   x_1 = (A_σ x_0 + b_σ) / τ ,   x_{p+1} = A_σ x_p / (τ (p + 1)) ,

and the first zero of any unit's input is found by subdivision of its Bernstein form, so that no
pair of crossings is missed; there the unit's bit flips, a rank-one change of A_σ.

    initial         x(0), shape (n,)
    times           where states are wanted, s, shape (t,); not falling, the first 0 or more
    most_crossings  the budget; with more, the result is not complete and says so
    tolerance       largest remainder of a series, relative to the largest state so far
    grazing         an extremum of a unit's input so near to its threshold, relative to the largest
                    input so far, is listed in `grazings`
    progress        called with (done, total) now and then; what it raises stops the work

Returns a ThresholdFlow. Raises ShapeError or DomainError, naming the argument. About 30 products a
step of some τ, or fewer between near crossings: O(n m) each where L is diagonalised (25 n³ once),
which is done where it is well conditioned and n ≥ 4 m, else O(n²).)");
}

}  // namespace

void bind_threshold_flow(nb::module_& module) {
    bind_values(module);
    bind_function(module);
}

}  // namespace heddle::python
