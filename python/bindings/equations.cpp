#include <nanobind/nanobind.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/pair.h>

#include <sstream>

#include "equation_branches.hpp"
#include "heddle/equations/rate_solution.hpp"
#include "heddle/equations/text.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const RateTrajectory& trajectory) {
    std::ostringstream text;
    text << "RateTrajectory(" << trajectory.state_names.size() << " states, "
         << trajectory.times.size() << " times, largest error " << trajectory.error.maxCoeff()
         << ")";
    return text.str();
}

std::string describe(const RateFixedPoint& point) {
    std::ostringstream text;
    text << "RateFixedPoint(" << point.stability << " " << point.kind << ", " << point.state[0]
         << " Hz)";
    return text.str();
}

std::string describe(const RateFixedPoints& found) {
    return "RateFixedPoints(" + found.statement + ")";
}

std::string describe(const RateEquations& equations) {
    std::string text = "RateEquations(" + equations.title + ": ";
    for (std::size_t i = 0; i < equations.states.size(); ++i)
        text += (i ? ", " : "") + equations.states[i].name;
    return text + ")";
}

void bind_equation_parts(nb::module_& module) {
    Value<EquationState>(module, "EquationState", "What rate equations move in time.",
                         [](const EquationState& state) {
                             return state.name + "' = " + expression_text(state.rate);
                         })
        .required("name", &EquationState::name, "A letter, then what it belongs to: \"s_E\".")
        .required("rate", &EquationState::rate, "Its change per ms, an Expression.")
        .optional("initial", &EquationState::initial, "At t = 0.")
        .optional("unit", &EquationState::unit, "\"\" for a number.")
        .done();
    Value<EquationDefinition>(module, "EquationDefinition", "What follows from states at once.",
                              [](const EquationDefinition& item) {
                                  return item.name + " = " + expression_text(item.value);
                              })
        .required("name", &EquationDefinition::name, "")
        .required("value", &EquationDefinition::value, "An Expression.")
        .optional("unit", &EquationDefinition::unit, "")
        .optional("least", &EquationDefinition::least,
                  "Below it the equations mean nothing; −inf: nowhere.")
        .done();
    Value<EquationParameter>(module, "EquationParameter", "A number with a name.",
                             [](const EquationParameter& item) {
                                 std::ostringstream text;
                                 text << item.name << " = " << item.value << " " << item.unit;
                                 return text.str();
                             })
        .required("name", &EquationParameter::name, "")
        .required("value", &EquationParameter::value, "")
        .optional("unit", &EquationParameter::unit, "")
        .optional("meaning", &EquationParameter::meaning, "In a few words.")
        .done();
    Value<EquationInput>(
        module, "EquationInput",
        "A number that changes in steps: values[k] for times[k] ≤ t < times[k + "
        "1], 0 before.",
        [](const EquationInput& item) { return "EquationInput(" + item.name + ")"; })
        .required("name", &EquationInput::name, "")
        .required("times", &EquationInput::times, "ms, increasing.")
        .required("values", &EquationInput::values, "")
        .optional("unit", &EquationInput::unit, "")
        .done();
}

void bind_results(nb::module_& module) {
    Value<RateTrajectory>(module, "RateTrajectory", "A solution of rate equations in time.",
                          [](const RateTrajectory& trajectory) { return describe(trajectory); })
        .required("names", &RateTrajectory::names, "Of populations.")
        .required("state_names", &RateTrajectory::state_names, "Shape (n,).")
        .required("definition_names", &RateTrajectory::definition_names, "Shape (d,).")
        .required("times", &RateTrajectory::times, "ms, shape (m,).")
        .required("rates", &RateTrajectory::rates, "Of populations, Hz, shape (P, m).")
        .required("states", &RateTrajectory::states, "Shape (n, m).")
        .required("definitions", &RateTrajectory::definitions, "Shape (d, m).")
        .required("error", &RateTrajectory::error,
                  "Of each state: the largest difference over time to a solution with twice the "
                  "inner step.")
        .required("step", &RateTrajectory::step, "ms between samples.")
        .required("inner_step", &RateTrajectory::inner_step, "ms, of the method.")
        .done();
    Value<RateFixedPoint>(module, "RateFixedPoint", "A state at which nothing changes.",
                          [](const RateFixedPoint& point) { return describe(point); })
        .required("state", &RateFixedPoint::state, "Shape (n,).")
        .required("definitions", &RateFixedPoint::definitions, "Shape (d,).")
        .required("residual", &RateFixedPoint::residual, "max |velocity|, per ms.")
        .required("eigenvalues", &RateFixedPoint::eigenvalues,
                  "The n rightmost λ of perturbations ∝ e^{λ t}, 1/s, delays included.")
        .required("stability", &RateFixedPoint::stability,
                  "\"stable\", \"unstable\" or \"marginal\".")
        .required("kind", &RateFixedPoint::kind,
                  "\"saddle\" (an odd number of unstable eigenvalues), \"focus\" (the leading pair "
                  "is complex) or \"node\".")
        .required("certified", &RateFixedPoint::certified,
                  "Is it proven to exist, as the only one in a box around it?")
        .done();
    Value<RateFixedPoints>(module, "RateFixedPoints", "Fixed points of rate equations.",
                           [](const RateFixedPoints& found) { return describe(found); })
        .required("points", &RateFixedPoints::points, "By rising rate of the first population.")
        .required("complete", &RateFixedPoints::complete,
                  "Are these all, in the box that was searched?")
        .required("boxes", &RateFixedPoints::boxes, "That a proof looked at.")
        .required("undecided", &RateFixedPoints::undecided, "Boxes that may hold more.")
        .required("statement", &RateFixedPoints::statement, "In a sentence.")
        .done();
}

constexpr const char* how_it_solves = R"(Solves the equations in time.

The classical Runge–Kutta method; before t = 0 delayed values were those of the initial state, or 0.
They are interpolated with the cubic through values and slopes, and a step sees the mean of an
input. Fourth order if delays and the times of inputs are multiples of the inner step. That is
halved, from step / 2 to step / 256, until the solution agrees with that of twice the step.

duration     ms
step         ms between samples; at most the least delay
tolerance    how well the two agree: of each state, over its largest absolute value
initial      state at t = 0, shape (n,); that of the equations if None
silent_past  were delayed values 0 before t = 0?

Returns a RateTrajectory with the measured difference, which exceeds the error of the method. Raises
ShapeError or DomainError; NotConverged if step / 256 does not do. 8 right-hand sides an inner
step.)";

constexpr const char* where_it_rests = R"(The fixed points, with their stability.

States that enter their own equation linearly are eliminated; for the few unknowns that are left,
boxes are divided until in each of them there is provably none or one (Krawczyk 1969), and if that
does not end, Newton's method runs from many starts.

time          ms at which inputs are held
largest_rate  Hz: rates are looked for from 0 to this
box           where to look for other states and definitions: {name: (least, largest)}
starts        of Newton's method
most_boxes    that a proof may take; 0: no proof
seed          of the starts

Returns RateFixedPoints; with `complete` the list is proven to be whole, rounding included.
Eigenvalues take delays into account (Breda, Maset & Vermiglio 2005, SIAM J Sci Comput 27:482).
Raises DomainError for options out of range.)";

RateEquations changed(const RateEquations& self, const nb::kwargs& values) {
    RateEquations made = self;
    for (const auto [name, value] : values)
        made.parameters[parameter_index(made, nb::cast<std::string>(name))].value =
            from_python<double>(value, nb::cast<std::string>(name));
    validate(made);
    return made;
}

nb::dict parameter_values(const RateEquations& self) {
    nb::dict values;
    for (const EquationParameter& item : self.parameters) values[item.name.c_str()] = item.value;
    return values;
}

void add_analysis(nb::class_<RateEquations>& type) {
    type.def(
            "solve",
            [](const RateEquations& self, double duration, double step, double tolerance,
               nb::handle initial, bool silent_past) {
                const Vector start =
                    initial.is_none() ? Vector() : to_eigen<Vector>(initial, "initial");
                const RateSolveOptions options{duration, step, tolerance, start, silent_past};
                return long_call(nb::none(),
                                 [self, options](LongCall&) { return solve(self, options); });
            },
            nb::kw_only(), "duration"_a = 1000.0, "step"_a = 0.1, "tolerance"_a = 1e-6,
            "initial"_a = nb::none(), "silent_past"_a = false, how_it_solves)
        .def(
            "fixed_points",
            [](const RateEquations& self, double time, double largest_rate,
               const std::map<std::string, std::pair<double, double>>& box, Index starts,
               Index most_boxes, std::uint64_t seed) {
                const RateFixedPointOptions options{time,   largest_rate, box,
                                                    starts, most_boxes,   seed};
                return long_call(
                    nb::none(), [self, options](LongCall&) { return fixed_points(self, options); });
            },
            nb::kw_only(), "time"_a = 0.0, "largest_rate"_a = 1000.0, "box"_a = nb::dict(),
            "starts"_a = 256, "most_boxes"_a = 100000, "seed"_a = 0, where_it_rests);
}

void add_methods(nb::class_<RateEquations>& type) {
    type.def("__str__", &equation_text)
        .def("latex", &equation_latex, "The equations as an `aligned` environment for LaTeX.")
        .def("html", &equation_html, "The equations as HTML.")
        .def("_repr_html_", &equation_html)
        .def("_repr_latex_",
             [](const RateEquations& self) { return "$$" + equation_latex(self) + "$$"; })
        .def_prop_ro(
            "state_names",
            [](const RateEquations& self) {
                std::vector<std::string> names;
                for (const EquationState& state : self.states) names.push_back(state.name);
                return names;
            },
            "Shape (n,).")
        .def_prop_ro("values", &parameter_values, "Parameters by name: a dict.")
        .def("with_values", &changed,
             "The same equations with other parameters, by name. Raises DomainError for unknown "
             "ones.")
        .def(
            "rhs",
            [](const RateEquations& self, nb::handle state, double time) {
                return to_numpy(steady_velocity(self, to_eigen<Vector>(state, "state"), time));
            },
            "state"_a, nb::kw_only(), "time"_a = 0.0,
            "Change of the states per ms where delayed values are present ones, shape (n,).")
        .def(
            "slopes",
            [](const RateEquations& self, nb::handle state, double time) {
                EquationSlopes found = steady_slopes(self, to_eigen<Vector>(state, "state"), time);
                return nb::make_tuple(to_numpy(std::move(found.a)), to_numpy(std::move(found.b)),
                                      to_numpy(std::move(found.c)),
                                      to_numpy(std::move(found.delay)));
            },
            "state"_a, nb::kw_only(), "time"_a = 0.0,
            "The linearisation ẏ = A y + Σ_k b_k c_kᵀ y(t − d_k) per ms, where delayed values are "
            "present ones: A (n, n), b (n, delayed values), c (delayed values, n), d (ms). Without "
            "delayed values the eigenvalues of A are all there are. Raises ShapeError.");
    add_analysis(type);
    add_continuation(type);
}

void bind_rate_equations_class(nb::module_& module) {
    auto type =
        Value<RateEquations>(module, "RateEquations",
                             R"(Rate equations of populations as formulas.

    ẋ = f(x, d, p, I(t)) ,   d: definitions and states, now or a delay ago

Derived from a circuit (`rate_unit_equations`, `quadratic_rates(…).equations()`) or written by hand.
`str()` prints them, notebooks show them; they can be solved, followed over a parameter, exported.)",
                             [](const RateEquations& equations) { return describe(equations); })
            .required("states", &RateEquations::states, "List of EquationState.")
            .optional("definitions", &RateEquations::definitions,
                      "List of EquationDefinition, each of those before it.")
            .optional("parameters", &RateEquations::parameters, "List of EquationParameter.")
            .optional("inputs", &RateEquations::inputs, "List of EquationInput.")
            .optional("populations", &RateEquations::populations, "Their names.")
            .optional("rates", &RateEquations::rates,
                      "Each population's rate, Hz: a state or definition by name.")
            .optional("title", &RateEquations::title, "What they are, in a few words.")
            .optional("assumptions", &RateEquations::assumptions,
                      "What separates the circuit from them, in sentences.")
            .check([](RateEquations& equations) { validate(equations); })
            .done();
    add_methods(type);
}

}  // namespace

void bind_equations(nb::module_& module) {
    bind_equation_parts(module);
    bind_results(module);
    bind_equation_branches(module);
    bind_rate_equations_class(module);
}

}  // namespace heddle::python
