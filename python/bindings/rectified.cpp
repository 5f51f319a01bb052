#include <nanobind/nanobind.h>

#include <optional>
#include <sstream>

#include "heddle/rectified/threshold_linear.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const ThresholdLinear& system) {
    std::ostringstream text;
    text << "ThresholdLinear(" << system.states() << " states, " << system.units()
         << " rectified units, tau " << system.tau << " s)";
    return text.str();
}

/// Without a bias or a drive there is none.
void complete(ThresholdLinear& system) {
    if (system.bias.size() == 0) system.bias = Vector::Zero(system.units());
    if (system.drive.size() == 0) system.drive = Vector::Zero(system.states());
    validate(system);
}

/// What Python gave for the rectified units, or those of the network's response.
template <class OfUnits, class OfResponse>
ThresholdLinear form_of(const Network& network, nb::handle rectified, OfUnits of_units,
                        OfResponse of_response) {
    if (rectified.is_none()) return of_response(network);
    return of_units(network, from_python<Support>(rectified, "rectified"));
}

void bind_value(nb::module_& module) {
    Value<ThresholdLinear>(module, "ThresholdLinear",
                           R"(A threshold-linear network of n state variables and m rectified units.

    τ ẋ = L x + P [Q x + c]₊ + h

Unit j is active where (Q x + c)_j > 0. Within the region of a support σ, the set of active units,
the dynamics are linear with A_σ = L + P_σ Q_σ and b_σ = h + P_σ c_σ. `input_form`, `rate_form` and
`rectified_loops` make one from a Network.

    linear   L, shape (n, n), leak included
    outputs  P, what each rectified unit sends, shape (n, m)
    inputs   Q, what each rectified unit receives, shape (m, n)
    bias     c, shape (m,); zero
    drive    h, shape (n,); zero
    tau      τ, s; 0.01

Raises ShapeError or DomainError, naming the field.)",
                           [](const ThresholdLinear& system) { return describe(system); })
        .required("linear", &ThresholdLinear::linear, "L, shape (n, n), leak included.")
        .required("outputs", &ThresholdLinear::outputs, "P, shape (n, m).")
        .required("inputs", &ThresholdLinear::inputs, "Q, shape (m, n).")
        .optional("bias", &ThresholdLinear::bias, "c, shape (m,).")
        .optional("drive", &ThresholdLinear::drive, "h, shape (n,).")
        .optional("tau", &ThresholdLinear::tau, "τ, s.")
        .check(&complete)
        .done()
        .def_prop_ro("states", &ThresholdLinear::states, "Number of state variables n.")
        .def_prop_ro("units", &ThresholdLinear::units, "Number of rectified units m.");
}

void bind_forms(nb::module_& module) {
    module.def(
        "input_form",
        [](const Network& network, nb::handle rectified) {
            return form_of(
                network, rectified,
                [](const Network& n, const Support& units) { return input_form(n, units); },
                [](const Network& n) { return input_form(n); });
        },
        "network"_a, "rectified"_a = nb::none(),
        R"(The ThresholdLinear of τ ẋ = −x + W φ(x) + b.

`rectified` lists the units with φ(x) = max(x, 0), by rising index; the others are linear. None: all
units of a rectified network, none of a linear one. Raises DomainError for other responses.)");
    module.def(
        "rate_form",
        [](const Network& network, nb::handle rectified) {
            return form_of(
                network, rectified,
                [](const Network& n, const Support& units) { return rate_form(n, units); },
                [](const Network& n) { return rate_form(n); });
        },
        "network"_a, "rectified"_a = nb::none(),
        R"(The ThresholdLinear of τ ṙ = −r + φ(W r + b), of the same weights.

`rectified` as in `input_form`. With x = W r + b it moves as the input form does, and the fixed
points of both correspond one to one.)");
    module.def(
        "rectified_loops",
        [](const Network& network, const Loops& loops, nb::handle bias) {
            const Index k = loops.u.cols();
            return rectified_loops(
                network, loops, bias.is_none() ? Vector::Zero(k) : to_eigen<Vector>(bias, "bias"));
        },
        "network"_a, "loops"_a, "bias"_a = nb::none(),
        R"(The ThresholdLinear of rectified thalamic units on a linear cortex.

    τ ẋ = −x + W x + U y + b ,   y = [Vᵀ x + c]₊

and with thalamic_tau > 0, τ_T ẏ = −y + [Vᵀ x + c]₊; the state is then (x, y). `bias` is c, shape
(k,), zero if None. Raises DomainError unless the network is linear and the loops have no delay.)");
}

void bind_regions(nb::module_& module) {
    module.def(
        "velocity",
        [](const ThresholdLinear& system, nb::handle x) {
            return to_numpy(velocity(system, to_eigen<Vector>(x, "x")));
        },
        "system"_a, "x"_a, "τ ẋ = L x + P [Q x + c]₊ + h at x, shape (n,).");
    module.def(
        "support_at",
        [](const ThresholdLinear& system, nb::handle x) {
            return support_at(system, to_eigen<Vector>(x, "x"));
        },
        "system"_a, "x"_a, "The active units at x, shape (n,), by rising index.");
    module.def(
        "region_matrix",
        [](const ThresholdLinear& system, const Support& support) {
            validate(support, system);
            return to_numpy(region_matrix(system, support));
        },
        "system"_a, "support"_a, "A_σ = L + P_σ Q_σ, shape (n, n).");
}

}  // namespace

void bind_rectified(nb::module_& module) {
    bind_value(module);
    bind_forms(module);
    bind_regions(module);
}

}  // namespace heddle::python
