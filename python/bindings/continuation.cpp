#include "heddle/rectified/continuation.hpp"

#include <nanobind/nanobind.h>

#include <sstream>

#include "cycle_values.hpp"
#include "heddle/core/error.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

/// A Python function s ↦ ThresholdLinear. It is called on the thread that waits for the result.
struct Callable {
    nb::object function;

    ~Callable() {
        const nb::gil_scoped_acquire lock;
        function.reset();
    }
};

ThresholdLinear system_of(nb::handle result, double s) {
    ThresholdLinear system;
    if (nb::try_cast(result, system)) return system;
    const std::string message = "family returned " + found_text(result) + " at " +
                                std::to_string(s) + "; expected a ThresholdLinear";
    throw nb::type_error(message.c_str());
}

/// The family while a call is running.
using FamilyOf = std::function<ThresholdFamily(LongCall&)>;

FamilyOf callable_family(nb::handle given) {
    auto callable = std::make_shared<Callable>();
    callable->function = nb::borrow(given);
    return [callable](LongCall& call) -> ThresholdFamily {
        return [callable, &call](double s) {
            ThresholdLinear system;
            std::exception_ptr raised;
            call.on_caller([&] {
                try {
                    system = system_of(callable->function(s), s);
                } catch (...) {
                    raised = std::current_exception();
                }
            });
            if (raised) std::rethrow_exception(raised);
            return system;
        };
    };
}

FamilyOf family_of(nb::handle given) {
    if (PyCallable_Check(given.ptr())) return callable_family(given);
    const auto ends = from_python<std::vector<ThresholdLinear>>(given, "family");
    if (ends.size() != 2)
        throw DomainError(
            "family: found " + std::to_string(ends.size()) +
            " networks, expected a function of one number, or the two ends of a line");
    return [line = straight_line(ends[0], ends[1])](LongCall&) { return line; };
}

FollowOptions options_from(Index most_points, double largest_step) {
    FollowOptions options;
    options.most_points = most_points;
    options.largest_step = largest_step;
    return options;
}

template <class Branch>
std::string describe(const char* name, const Branch& branch) {
    std::ostringstream text;
    text << name << "(" << branch.parameters.size() << " points, " << branch.events.size()
         << " events, " << (branch.complete ? "complete" : "not complete") << ")";
    return text.str();
}

void bind_values(nb::module_& module) {
    Value<BranchEvent>(module, "BranchEvent", "What happens at one point of a branch.",
                       [](const BranchEvent& event) {
                           return std::string("BranchEvent(") + name_of(event.kind) + " at " +
                                  std::to_string(event.parameter) + ")";
                       })
        .required("parameter", &BranchEvent::parameter, "s.")
        .required("kind", &BranchEvent::kind,
                  "persistence, nonsmooth fold, Hopf-like border collision, Hopf-like, zero "
                  "eigenvalue, to infinity, continuum, fold, period doubling, torus, border "
                  "collision, collapse, long period or lost.")
        .required("unit", &BranchEvent::unit, "The unit at its threshold; −1 if none is.")
        .required("point", &BranchEvent::point, "Of the branch, the first after it.")
        .required("description", &BranchEvent::description, "In words.")
        .done();
    Value<FixedPointBranch>(
        module, "FixedPointBranch", "A branch of fixed points, through thresholds and folds.",
        [](const FixedPointBranch& branch) { return describe("FixedPointBranch", branch); })
        .required("parameters", &FixedPointBranch::parameters, "s, in order, shape (k,).")
        .required("points", &FixedPointBranch::points, "x, shape (n, k).")
        .required("supports", &FixedPointBranch::supports, "σ of every point.")
        .required("growth", &FixedPointBranch::growth,
                  "max Re eig A_σ / τ, 1/s, shape (k,): stable where negative.")
        .required("residuals", &FixedPointBranch::residuals, "|τ ẋ| beside its terms, shape (k,).")
        .required("events", &FixedPointBranch::events, "Every BranchEvent, in order.")
        .required("complete", &FixedPointBranch::complete,
                  "Followed until the parameter left its range.")
        .required("statement", &FixedPointBranch::statement, "All this in words.")
        .done();
    Value<CycleBranch>(module, "CycleBranch", "A branch of cycles, through thresholds and folds.",
                       [](const CycleBranch& branch) { return describe("CycleBranch", branch); })
        .required("parameters", &CycleBranch::parameters, "s, in order, shape (k,).")
        .required("cycles", &CycleBranch::cycles, "Every Cycle with its evidence.")
        .required("events", &CycleBranch::events, "Every BranchEvent, in order.")
        .required("complete", &CycleBranch::complete,
                  "Followed until the parameter left its range.")
        .required("statement", &CycleBranch::statement, "All this in words.")
        .done();
}

void bind_branch_of_points(nb::module_& module) {
    module.def(
        "follow_fixed_point",
        [](nb::handle family, nb::handle initial, double from, double to, Index most_points,
           double largest_step, nb::handle progress) {
            return long_call(
                progress,
                [make = family_of(family), from, to, x = to_eigen<Vector>(initial, "initial"),
                 options = options_from(most_points, largest_step)](LongCall& call) {
                    return follow_fixed_point(make(call), x, from, to, options, call.progress());
                });
        },
        "family"_a, "initial"_a, "start"_a = 0.0, "stop"_a = 1.0, nb::kw_only(),
        "most_points"_a = FollowOptions{}.most_points,
        "largest_step"_a = FollowOptions{}.largest_step, "progress"_a = nb::none(),
        R"(A fixed point A_σ(s) x + b_σ(s) = 0 followed from s = start until s leaves [start, stop].

Pseudo-arclength, so that the branch may turn back. Where a unit reaches its threshold, s is solved
for; behind it the branch goes on if det A_σ' / det A_σ > 0 and turns back, a nonsmooth fold, if it is
negative. Within regions changes of stability are bisected.

    family        s ↦ ThresholdLinear, a function; or a pair (a, b) for the line (1 − s) a + s b
    initial       x near the fixed point at s = start, shape (n,)
    most_points   budget
    largest_step  of the arclength, relative to the range of s and the size of x

Returns a FixedPointBranch. Raises DomainError where no fixed point is found from `initial`; ShapeError.
di Bernardo, Budd, Champneys & Kowalczyk (2008), Piecewise-smooth Dynamical Systems, ch. 5.)");
}

void bind_cycles_of(nb::module_& module) {
    module.def(
        "follow_cycle",
        [](nb::handle family, const Cycle& cycle, double from, double to, Index most_points,
           double largest_step, nb::handle progress) {
            return long_call(
                progress, [make = family_of(family), cycle, from, to,
                           options = options_from(most_points, largest_step)](LongCall& call) {
                    return follow_cycle(make(call), cycle, from, to, options, call.progress());
                });
        },
        "family"_a, "cycle"_a, "start"_a = 0.0, "stop"_a = 1.0, nb::kw_only(),
        "most_points"_a = FollowOptions{}.most_points,
        "largest_step"_a = FollowOptions{}.largest_step, "progress"_a = nb::none(),
        R"(A cycle followed from s = start until s leaves [start, stop].

Pseudo-arclength in states, dwell times and s. Folds, period doublings and complex multipliers on the
unit circle are bisected; where the exact flow no longer follows the itinerary, so is the border, and
the itinerary of the true orbit is tried on both sides of it.

    family  s ↦ ThresholdLinear, a function; or a pair (a, b) for the line (1 − s) a + s b
    cycle   a Cycle of the network at s = start
    most_points, largest_step  as in `follow_fixed_point`

Returns a CycleBranch. Raises DomainError unless the cycle is one of the network at s = start. About
9 p exponentials of size n + 1 and the evidence of a Cycle for every point.)");
}

}  // namespace

void bind_continuation(nb::module_& module) {
    bind_values(module);
    bind_branch_of_points(module);
    bind_cycles_of(module);
}

}  // namespace heddle::python
