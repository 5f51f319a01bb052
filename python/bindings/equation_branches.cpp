#include "equation_branches.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>

#include <sstream>

#include "heddle/equations/bifurcate.hpp"
#include "heddle/equations/boundary.hpp"
#include "long_call.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const EquilibriumBranch& branch) {
    return "EquilibriumBranch(" + branch.statement + ")";
}

std::string describe(const BranchSpecial& special) {
    std::ostringstream text;
    text << "BranchSpecial(" << special.kind << (special.label.empty() ? "" : ", ") << special.label
         << " at " << special.parameter << ")";
    return text.str();
}

std::string describe(const OscillationSpecial& special) {
    std::ostringstream text;
    text << "OscillationSpecial(" << special.kind << " at " << special.parameter << ")";
    return text.str();
}

std::string describe(const OscillationBranch& branch) {
    return "OscillationBranch(" + branch.statement + ")";
}

std::string describe(const BoundaryCurve& curve) {
    return "BoundaryCurve(" + curve.kind + ", " + curve.statement + ")";
}

std::string describe(const BifurcationDiagram& diagram) {
    return "BifurcationDiagram(" + diagram.statement + ")";
}

void bind_equilibria(nb::module_& module) {
    Value<BranchSpecial>(module, "BranchSpecial", "Where on a branch something happens.",
                         [](const BranchSpecial& special) { return describe(special); })
        .required("kind", &BranchSpecial::kind, "\"fold\", \"hopf\" or \"branch point\".")
        .required("label", &BranchSpecial::label,
                  "Of a Hopf point: \"supercritical\", \"subcritical\" or \"degenerate\".")
        .required("parameter", &BranchSpecial::parameter, "Where.")
        .required("state", &BranchSpecial::state, "Shape (n,).")
        .required("rates", &BranchSpecial::rates, "Of populations, Hz.")
        .required("frequency", &BranchSpecial::frequency,
                  "Of the oscillation that is born, Hz; 0 if none is.")
        .required("coefficient", &BranchSpecial::coefficient,
                  "Of the normal form, 1/ms: fold a in ẏ = a y²; Hopf the first Lyapunov "
                  "coefficient, supercritical below 0.")
        .required("residual", &BranchSpecial::residual, "max |velocity|, per ms.")
        .required("after", &BranchSpecial::after, "Position of the branch point before it.")
        .done();
    Value<EquilibriumBranch>(module, "EquilibriumBranch", "Equilibria along a parameter.",
                             [](const EquilibriumBranch& branch) { return describe(branch); })
        .required("parameter", &EquilibriumBranch::parameter, "Its name.")
        .required("names", &EquilibriumBranch::names, "Of populations.")
        .required("values", &EquilibriumBranch::values, "Of the parameter, shape (m,).")
        .required("states", &EquilibriumBranch::states, "Shape (n, m).")
        .required("rates", &EquilibriumBranch::rates, "Hz, shape (P, m).")
        .required("abscissa", &EquilibriumBranch::abscissa, "max Re λ, 1/s, shape (m,).")
        .required("unstable", &EquilibriumBranch::unstable,
                  "How many eigenvalues lie right of the axis.")
        .required("specials", &EquilibriumBranch::specials, "List of BranchSpecial.")
        .required("residual", &EquilibriumBranch::residual, "Largest |velocity|, per ms.")
        .required("statement", &EquilibriumBranch::statement, "In a sentence: why it ends.")
        .done();
}

void bind_oscillations(nb::module_& module) {
    using Branch = OscillationBranch;
    Value<OscillationSpecial>(module, "OscillationSpecial",
                              "Where on a branch of oscillations something happens.",
                              [](const OscillationSpecial& special) { return describe(special); })
        .required("kind", &OscillationSpecial::kind, "\"fold\", \"period doubling\" or \"torus\".")
        .required("parameter", &OscillationSpecial::parameter, "Where, by interpolation.")
        .required("after", &OscillationSpecial::after, "Position of the branch point before it.")
        .done();
    Value<Branch>(module, "OscillationBranch", "Periodic solutions along a parameter.",
                  [](const Branch& branch) { return describe(branch); })
        .required("parameter", &Branch::parameter, "Its name.")
        .required("names", &Branch::names, "Of populations.")
        .required("values", &Branch::values, "Of the parameter, shape (m,).")
        .required("period", &Branch::period, "ms, shape (m,).")
        .required("lowest", &Branch::lowest, "Least rate in a period, Hz, shape (P, m).")
        .required("highest", &Branch::highest, "Largest, the same shape.")
        .required("mean", &Branch::mean, "The same shape.")
        .required("unstable", &Branch::unstable, "Multipliers outside of the unit circle.")
        .required("multiplier", &Branch::multiplier, "Largest |μ| but for the trivial one.")
        .required("trivial_error", &Branch::trivial_error,
                  "|μ₁ − 1| of the multiplier that is 1: how far the others are to be trusted.")
        .required("defect", &Branch::defect,
                  "Largest |ẋ − f| between collocation points over the largest |ẋ|.")
        .required("states", &Branch::states, "One period at equal times, each (n, samples).")
        .required("specials", &Branch::specials, "List of OscillationSpecial.")
        .required("statement", &Branch::statement, "In a sentence: why it ends.")
        .done();
}

void bind_diagrams(nb::module_& module) {
    using Curve = BoundaryCurve;
    Value<Curve>(module, "BoundaryCurve", "Folds or Hopf points over two parameters.",
                 [](const Curve& curve) { return describe(curve); })
        .required("kind", &Curve::kind, "\"fold\" or \"hopf\".")
        .required("first", &Curve::first, "Name of a parameter.")
        .required("second", &Curve::second, "And of the other.")
        .required("names", &Curve::names, "Of populations.")
        .required("first_values", &Curve::first_values, "Shape (m,).")
        .required("second_values", &Curve::second_values, "Shape (m,).")
        .required("states", &Curve::states, "Shape (n, m).")
        .required("rates", &Curve::rates, "Hz, shape (P, m).")
        .required("frequency", &Curve::frequency, "Of what is born, Hz; 0 on folds.")
        .required("coefficient", &Curve::coefficient,
                  "Of the normal form, 1/ms: 0 at a cusp, and where a Hopf point goes from super- "
                  "to subcritical.")
        .required("residual", &Curve::residual, "Largest |velocity|, per ms.")
        .required("singular", &Curve::singular,
                  "Largest distance of the eigenvalue from 0 or iω, 1/s.")
        .required("statement", &Curve::statement, "In a sentence: why it ends.")
        .done();
    using Diagram = BifurcationDiagram;
    Value<Diagram>(module, "BifurcationDiagram", "What equations do over a range of a parameter.",
                   [](const Diagram& diagram) { return describe(diagram); })
        .required("parameter", &Diagram::parameter, "Its name.")
        .required("branches", &Diagram::branches, "List of EquilibriumBranch.")
        .required("oscillations", &Diagram::oscillations, "List of OscillationBranch.")
        .required("sections", &Diagram::sections,
                  "At so many values all fixed points were searched.")
        .required("proven_sections", &Diagram::proven_sections,
                  "At so many of them the list is proven to be whole.")
        .required("statement", &Diagram::statement, "In a sentence.")
        .done();
}

constexpr const char* how_it_follows = R"(Follows an equilibrium along a parameter, around folds.

Pseudo-arclength continuation in both directions from the parameter's present value, with the exact
Jacobian. Folds, Hopf points (with the first Lyapunov coefficient of the delay equation) and branch
points are found to a relative 1e-9.

parameter     its name
start, end    the range
state         to start from; a stable fixed point with the lowest rates if None
time          ms at which inputs are held
largest_step  of arclength, where the range and the states' sizes are 1
most_points   in each direction

Returns an EquilibriumBranch. Raises DomainError for an unknown parameter, a range that does not hold
its value, or a start from which no equilibrium is reached. See Kuznetsov (2004), Elements of Applied
Bifurcation Theory, ch. 10.)";

constexpr const char* how_it_oscillates = R"(Follows a periodic solution along a parameter.

Collocation at Gauss points, delays taken modulo the period; Floquet multipliers of the delay
equation. The branch starts at a Hopf point, or at the oscillation that solutions settle to.

parameter       its name
start, end      the range
hopf            a BranchSpecial of `follow`; None: solve for `settle` ms first
settle          ms
time            ms at which inputs are held
intervals       of a period, each with a polynomial of degree 4
largest_step    of arclength, where range, period and states are of size 1
longest_period  ms; a longer one ends the branch
most_points     of the branch
samples         of each period, in `states`

Returns an OscillationBranch. Raises DomainError where nothing oscillates or arguments are out of
range, NotConverged if no periodic solution is reached. See Engelborghs, Luzyanina, in 't Hout &
Roose (2001), SIAM J Sci Comput 22:1593.)";

constexpr const char* how_it_bounds = R"(Follows a fold or Hopf point over two parameters.

special        a BranchSpecial of `follow` along the first parameter
first, second  names of parameters
first_range    (least, largest)
second_range   the same; holds its present value
time           ms at which inputs are held
largest_step   of arclength, where ranges and states are of size 1
most_points    in each direction

Returns a BoundaryCurve. Raises DomainError for points, parameters or ranges that do not fit. See
Govaerts (2000), Numerical Methods for Bifurcations of Dynamical Equilibria, ch. 4.)";

constexpr const char* how_it_bifurcates = R"(What the equations do over a range of one parameter.

All fixed points at a few values of the parameter, the branch of each, and the oscillations that are
born at Hopf points. A branch that closes between two of the values is not seen.

parameter          its name
start, end         the range
time               ms at which inputs are held
largest_rate       Hz, of fixed points
sections           how many values
oscillations       follow what is born at Hopf points?
largest_step       of arclength
intervals          of a period
most_oscillations  points of each branch of oscillations
progress           called with (done, total); may raise to stop

Returns a BifurcationDiagram. Raises DomainError as `follow`.)";

void add_followers(nb::class_<RateEquations>& type) {
    type.def(
            "follow",
            [](const RateEquations& self, const std::string& parameter, double start, double end,
               nb::handle state, double time, double largest_step, Index most_points) {
                const BranchOptions options{
                    start,
                    end,
                    state.is_none() ? Vector() : to_eigen<Vector>(state, "state"),
                    time,
                    largest_step,
                    most_points};
                return long_call(nb::none(), [self, parameter, options](LongCall&) {
                    return follow_equilibrium(self, parameter, options);
                });
            },
            "parameter"_a, "start"_a, "end"_a, nb::kw_only(), "state"_a = nb::none(),
            "time"_a = 0.0, "largest_step"_a = 0.02, "most_points"_a = 2000, how_it_follows)
        .def(
            "follow_oscillation",
            [](const RateEquations& self, const std::string& parameter, double start, double end,
               const std::optional<BranchSpecial>& hopf, double settle, double time,
               Index intervals, double largest_step, double longest_period, Index most_points,
               Index samples) {
                const OscillationOptions options{start,
                                                 end,
                                                 hopf.value_or(BranchSpecial{}),
                                                 settle,
                                                 time,
                                                 intervals,
                                                 largest_step,
                                                 longest_period,
                                                 most_points,
                                                 samples};
                return long_call(nb::none(), [self, parameter, options](LongCall&) {
                    return follow_oscillation(self, parameter, options);
                });
            },
            "parameter"_a, "start"_a, "end"_a, nb::kw_only(), "hopf"_a = nb::none(),
            "settle"_a = 3000.0, "time"_a = 0.0, "intervals"_a = 30, "largest_step"_a = 0.05,
            "longest_period"_a = 1e4, "most_points"_a = 300, "samples"_a = 100, how_it_oscillates);
}

using Range = std::pair<double, double>;

}  // namespace

void bind_equation_branches(nb::module_& module) {
    bind_equilibria(module);
    bind_oscillations(module);
    bind_diagrams(module);
}

void add_continuation(nb::class_<RateEquations>& type) {
    add_followers(type);
    type.def(
            "follow_boundary",
            [](const RateEquations& self, const BranchSpecial& special, const std::string& first,
               const std::string& second, const Range& first_range, const Range& second_range,
               double time, double largest_step, Index most_points) {
                const BoundaryOptions options{first_range.first,
                                              first_range.second,
                                              second_range.first,
                                              second_range.second,
                                              time,
                                              largest_step,
                                              most_points};
                return long_call(nb::none(), [self, special, first, second, options](LongCall&) {
                    return follow_boundary(self, special, first, second, options);
                });
            },
            "special"_a, "first"_a, "second"_a, nb::kw_only(), "first_range"_a, "second_range"_a,
            "time"_a = 0.0, "largest_step"_a = 0.02, "most_points"_a = 1000, how_it_bounds)
        .def(
            "bifurcate",
            [](const RateEquations& self, const std::string& parameter, double start, double end,
               double time, double largest_rate, Index sections, bool oscillations,
               double largest_step, Index intervals, Index most_oscillations, nb::handle progress) {
                const BifurcationOptions options{start,        end,       time,
                                                 largest_rate, sections,  oscillations,
                                                 largest_step, intervals, most_oscillations};
                return long_call(progress, [self, parameter, options](LongCall& call) {
                    return bifurcate(self, parameter, options, call.progress());
                });
            },
            "parameter"_a, "start"_a, "end"_a, nb::kw_only(), "time"_a = 0.0,
            "largest_rate"_a = 1000.0, "sections"_a = 5, "oscillations"_a = true,
            "largest_step"_a = 0.02, "intervals"_a = 30, "most_oscillations"_a = 150,
            "progress"_a = nb::none(), how_it_bifurcates);
}

}  // namespace heddle::python
