#include "heddle/loops/frontier.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/vector.h>

#include <sstream>

#include "long_call.hpp"
#include "modules.hpp"
#include "options.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const FrontierPoint& point) {
    std::ostringstream text;
    text << "FrontierPoint(" << point.loops << " loops, gain " << point.gain << " (law "
         << point.law_gain << "), largest error "
         << (point.error.size() > 0 ? point.error.maxCoeff() : 0.0)
         << (point.suffices ? ", suffices)" : ", does not suffice)");
    return text.str();
}

std::string describe(const Frontier& frontier) {
    std::ostringstream text;
    text << "Frontier(" << frontier.targets.size() << " targets, 1 to " << frontier.points.size()
         << " loops, enough: ";
    if (frontier.enough > 0)
        text << frontier.enough << ")";
    else
        text << "none of them)";
    return text.str();
}

void bind_point(nb::module_& module) {
    Value<FrontierPoint>(module, "FrontierPoint", "What k loops can do, expected and achieved.",
                         [](const FrontierPoint& point) { return describe(point); })
        .required("loops", &FrontierPoint::loops, "k.")
        .required("law_gain", &FrontierPoint::law_gain,
                  "‖U Vᵀ‖_F by expected_placement: iid weights with the same bulk.")
        .required("law_condition", &FrontierPoint::law_condition,
                  "κ_i by the same law, shape (m,).")
        .required("law_shift", &FrontierPoint::law_shift,
                  "Three standard deviations of each target under the weight noise, shape (m,).")
        .required("response_gain", &FrontierPoint::response_gain,
                  "‖U Vᵀ‖_F by W's own responses to other loops: a mean over draws.")
        .required("response_gain_deviation", &FrontierPoint::response_gain_deviation,
                  "Its standard deviation over them.")
        .required("gain", &FrontierPoint::gain, "‖U Vᵀ‖_F of the loops that were designed.")
        .required("condition", &FrontierPoint::condition, "Their κ_i, shape (m,).")
        .required("error", &FrontierPoint::error,
                  "|λ_i − λ_i^des| of the closed network, first order and two-sided, shape (m,).")
        .required("shift", &FrontierPoint::shift,
                  "Three standard deviations under the weight noise, shape (m,).")
        .required("suffices", &FrontierPoint::suffices,
                  "Whether every error and every shift is within the tolerance.")
        .done();
}

}  // namespace

void bind_frontier(nb::module_& module) {
    bind_point(module);
    Value<Frontier>(module, "Frontier",
                    "How gain, condition and shift of placed eigenvalues fall with more loops.",
                    [](const Frontier& frontier) { return describe(frontier); })
        .required("targets", &Frontier::targets, "λ^des, shape (m,).")
        .required("bulk", &Frontier::bulk, "The Bulk of W.")
        .required("tolerance", &Frontier::tolerance, "Largest error and shift that is accepted.")
        .required("eta", &Frontier::eta, "Relative noise of every weight.")
        .required("points", &Frontier::points, "FrontierPoints for k = 1, 2, …")
        .required("enough", &Frontier::enough,
                  "Fewest loops from which on all suffice; 0 if none do.")
        .required("enough_by_law", &Frontier::enough_by_law, "The same by the law alone.")
        .done();
    module.def(
        "frontier",
        [](const Network& network, nb::handle targets, Index most_loops, double tolerance,
           double eta, std::uint64_t seed, std::size_t threads, nb::handle progress,
           const std::string& solver) {
            const FrontierOptions options{most_loops, tolerance, eta,
                                          seed,       threads,   solver_from(solver)};
            return long_call(
                progress, [network, options,
                           wanted = to_eigen<ComplexVector>(targets, "targets")](LongCall& call) {
                    return frontier(network, wanted, options, call.progress());
                });
        },
        "network"_a, "targets"_a, nb::kw_only(), "most_loops"_a = FrontierOptions{}.most_loops,
        "tolerance"_a = FrontierOptions{}.tolerance, "eta"_a = FrontierOptions{}.eta, "seed"_a = 0,
        "threads"_a = 0, "progress"_a = nb::none(), "solver"_a = "automatic",
        R"(What k = 1 … most_loops loops can do to this network, at what cost, and how safely.

Every k places the same targets, the loops of fewer being the first of those of more, and for each
there is what the law of iid weights expects (`expected_placement`), what W's own responses to other
draws of loops let expect (for weights of any kind), and what was achieved.

    network     a linear Network of n units
    targets     λ^des, shape (m,), closed under conjugation, distinct, none an eigenvalue of W
    tolerance   shift of an eigenvalue above which loops do not suffice
    eta         relative noise of every weight of W + U Vᵀ; 2.2e-16: rounding alone
    solver      as in `place_eigenvalues`: networks too large to decompose go by products with W
                or by their structure

Returns a Frontier. Raises ShapeError or DomainError, naming the argument. One Hessenberg reduction;
then, for every k, one transposed solve of O(n²) a target. Logiaco, Abbott & Escola (2021), Cell
Reports 35(9):109090, Figure S2.)");
}

}  // namespace heddle::python
