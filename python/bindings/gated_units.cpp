#include <nanobind/nanobind.h>

#include <sstream>

#include "heddle/rectified/gated_fixed_points.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const GatedUnits& layer) {
    std::ostringstream text;
    text << "GatedUnits(" << layer.units() << " units, " << layer.inputs() << " inputs)";
    return text.str();
}

std::string describe(const GatedFixedPoint& point) {
    std::ostringstream text;
    text << "GatedFixedPoint(" << (point.stable ? "" : "un") << "stable, largest multiplier "
         << point.spectral_radius << ", from " << point.found_from << ")";
    return text.str();
}

/// What is left out is 0.
void complete(GatedUnits& layer) {
    const Index rows = layer.recurrent.rows();
    if (layer.input.size() == 0) layer.input = Matrix::Zero(rows, layer.input.cols());
    if (layer.recurrent_bias.size() == 0) layer.recurrent_bias = Vector::Zero(rows);
    if (layer.input_bias.size() == 0) layer.input_bias = Vector::Zero(rows);
    validate(layer);
}

std::string describe(const GatedFixedPoints& found) {
    std::ostringstream text;
    text << "GatedFixedPoints(" << found.points.size() << " points; of " << found.starts
         << " starts " << found.failed << " failed)";
    return text.str();
}

void bind_layer(nb::module_& module) {
    Value<GatedUnits>(module, "GatedUnits",
                      R"(A layer of n gated recurrent units (GRU) with k inputs, as nn.GRU has it.

    ρ = σ(W_ρ h + b_ρ + B_ρ s + a_ρ) ,   z = σ(W_z h + b_z + B_z s + a_z) ,
    c = tanh(B_c s + a_c + ρ ∘ (W_c h + b_c)) ,   h' = (1 − z) ∘ c + z ∘ h

    recurrent       W, shape (3 n, n): rows of the reset gate ρ, of the update gate z, of the
                    candidate c, in this order
    input           B, shape (3 n, k), in the same order; no inputs
    recurrent_bias  b, shape (3 n,); zero
    input_bias      a, shape (3 n,); zero

`read_gru` makes one from what PyTorch saved. Raises ShapeError or DomainError, naming the field.
Cho et al. (2014), EMNLP.)",
                      [](const GatedUnits& layer) { return describe(layer); })
        .required("recurrent", &GatedUnits::recurrent, "W, shape (3 n, n).")
        .optional("input", &GatedUnits::input, "B, shape (3 n, k).")
        .optional("recurrent_bias", &GatedUnits::recurrent_bias, "b, shape (3 n,).")
        .optional("input_bias", &GatedUnits::input_bias, "a, shape (3 n,).")
        .check(&complete)
        .done()
        .def_prop_ro("units", &GatedUnits::units, "Number of units n.")
        .def_prop_ro("inputs", &GatedUnits::inputs, "Number of inputs k.");
}

void bind_point(nb::module_& module) {
    Value<GatedFixedPoint>(module, "GatedFixedPoint", "A state that a layer of GatedUnits keeps.",
                           [](const GatedFixedPoint& point) { return describe(point); })
        .required("state", &GatedFixedPoint::state, "h̄, shape (n,).")
        .required("residual", &GatedFixedPoint::residual, "|h' − h̄|₂ as computed.")
        .required("multipliers", &GatedFixedPoint::multipliers, "Eigenvalues of ∂h'/∂h at h̄.")
        .required("spectral_radius", &GatedFixedPoint::spectral_radius, "max |multiplier|.")
        .required("stable", &GatedFixedPoint::stable, "Whether that is below 1.")
        .required("found_from", &GatedFixedPoint::found_from, "Which search found it.")
        .done();
    Value<GatedFixedPoints>(module, "GatedFixedPoints", "States that a layer of GatedUnits keeps.",
                            [](const GatedFixedPoints& found) { return describe(found); })
        .required("points", &GatedFixedPoints::points,
                  "Of GatedFixedPoint, those with most unstable directions first.")
        .required("starts", &GatedFixedPoints::starts, "As many as asked for.")
        .required("failed", &GatedFixedPoints::failed,
                  "Starts from which no search found a fixed point.")
        .done();
}

void bind_map(nb::module_& module) {
    module.def(
        "gated_states",
        [](const GatedUnits& layer, nb::handle initial, nb::handle inputs) {
            return to_numpy(iterate(layer, to_eigen<Vector>(initial, "initial"),
                                    to_eigen<Matrix>(inputs, "inputs")));
        },
        "layer"_a, "initial"_a, "inputs"_a,
        R"(h(0) and the states of GatedUnits that follow, shape (n, T + 1).

initial  h(0), shape (n,); nn.GRU starts at 0
inputs   s, shape (k, T), a column for each step; (0, T) without inputs

Column t + 1 is what nn.GRU puts out at step t. Raises ShapeError or DomainError. Cost: 6 n (n + k)
flops a step.)");
    module.def(
        "gated_linearisation",
        [](const GatedUnits& layer, nb::handle state, nb::handle input) {
            GatedLinearisation found = linearise(layer, to_eigen<Vector>(state, "state"),
                                                 to_eigen<Vector>(input, "input"));
            return nb::make_tuple(to_numpy(std::move(found.next)),
                                  to_numpy(std::move(found.jacobian)),
                                  to_numpy(std::move(found.input)));
        },
        "layer"_a, "state"_a, "input"_a, "(h', ∂h'/∂h, ∂h'/∂s); see heddle.linearised.");
}

void bind_search(nb::module_& module) {
    module.def(
        "gated_fixed_points",
        [](const GatedUnits& layer, nb::handle input, Index starts, Index deflations,
           Index most_steps, std::uint64_t seed, std::size_t threads, nb::handle progress) {
            const GatedSearchOptions options{starts, deflations, most_steps, seed, threads};
            Vector held = input.is_none() ? Vector(Vector::Zero(layer.inputs()))
                                          : to_eigen<Vector>(input, "input");
            return long_call(progress, [layer, held = std::move(held), options](LongCall& call) {
                return gated_fixed_points(layer, held, options, call.progress());
            });
        },
        "layer"_a, "input"_a = nb::none(), nb::kw_only(), "starts"_a = 64, "deflations"_a = 1,
        "most_steps"_a = 60, "seed"_a = 0, "threads"_a = 0, "progress"_a = nb::none(),
        R"(States that a layer of GatedUnits keeps under a constant input, with their multipliers.

Damped Newton steps on F = h' − h run from every start, from where |F|² descends to if those fail, and
again with the points found so far divided out. What agrees to 1e-6 is one point. Every layer has at
least one fixed point (Brouwer); nothing is proven of those found, and the list may miss some.

input        s, shape (k,); zero
starts       states to search from: half random in [−1, 1], half from the layer's own activity
deflations   searches with all known points divided out
most_steps   of Newton's method, for each start and search
threads      0: one per core; any number gives the same bits

Returns GatedFixedPoints. Raises ShapeError or DomainError. Cost: 2/3 n³ flops a Newton step and
start, 8/3 n³ a step of a descent, 10 n³ a point. Sussillo & Barak (2013), Neural
Comput 25:626; Farrell et al. (2015), SIAM J Sci Comput 37:A2026, for deflation.)");
}

}  // namespace

void bind_gated_units(nb::module_& module) {
    bind_layer(module);
    bind_point(module);
    bind_map(module);
    bind_search(module);
}

}  // namespace heddle::python
