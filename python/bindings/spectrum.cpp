#include <nanobind/nanobind.h>

#include <sstream>

#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/spectrum/closed_loop.hpp"
#include "heddle/spectrum/gain_law.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

void bind_bulk(nb::module_& module) {
    Value<Bulk>(module, "Bulk", "The disc that the bulk of a network's eigenvalues fills.",
                [](const Bulk& bulk) {
                    std::ostringstream text;
                    text << "Bulk(centre " << bulk.centre << ", radius " << bulk.radius << ")";
                    return text.str();
                })
        .required("centre", &Bulk::centre, "tr W / n.")
        .required("radius", &Bulk::radius,
                  "g = ‖W − centre‖_F / √n, exact for iid weights as n → ∞.")
        .done();
    module.def(
        "bulk_of",
        [](nb::handle weights) {
            if (nb::isinstance<Network>(weights)) return bulk_of(nb::cast<const Network&>(weights));
            return std::visit([](const auto& w) { return bulk_of(w); },
                              to_weights(weights, "weights"));
        },
        "weights"_a, "The Bulk of weights, shape (n, n), of any kind, or of a Network.");
}

void bind_spectra(nb::module_& module) {
    module.def(
        "eigenvalues",
        [](nb::handle weights) {
            return to_numpy(long_call(nb::none(), [matrix = to_dense_weights(weights, "weights")](
                                                      LongCall&) { return eigenvalues(matrix); }));
        },
        "weights"_a, R"(All eigenvalues of weights, shape (n, n), or of a Network, shape (n,).

In canonical order: from right to left, and of a conjugate pair the one with Im > 0 first. About
10 n³ flops.)");
    module.def(
        "closed_spectrum",
        [](nb::handle weights, const Loops& loops) {
            return to_numpy(long_call(
                nb::none(), [matrix = to_dense_weights(weights, "weights"), loops](LongCall&) {
                    return closed_spectrum(matrix, loops);
                }));
        },
        "weights"_a, "loops"_a,
        R"(All eigenvalues of W + U Vᵀ, shape (n,), in canonical order: the network with these loops open.

`weights` is W, shape (n, n), or a Network. About 10 n³ flops.)");
}

void bind_law(nb::module_& module) {
    module.def(
        "loop_gain",
        [](nb::handle targets, Index loops, const Bulk& bulk) {
            return loop_gain(to_eigen<ComplexVector>(targets, "targets"), loops, bulk);
        },
        "targets"_a, "loops"_a, "bulk"_a,
        R"(The least gain ‖U Vᵀ‖_F with which loops place targets outside the bulk.

    g √( Σ_groups ( Π_{i in group} |λ_i / g|² − 1 ) )

for n → ∞ and iid weights; `targets` has shape (m,), both members of every pair.)");
    module.def(
        "weight_noise_shift",
        [](nb::handle targets, Index loops, const Bulk& bulk, Index n, double eta) {
            return weight_noise_shift(to_eigen<ComplexVector>(targets, "targets"), loops, bulk, n,
                                      eta);
        },
        "targets"_a, "loops"_a, "bulk"_a, "n"_a, nb::kw_only(), "eta"_a = 2.2e-16,
        R"(The standard deviation that the gain law expects for the worst target, shape (m,) of `targets`.

`eta` is relative noise on the loop input weights V (rounding: 2.2e-16); n → ∞, iid weights.)");
    Value<ExpectedPlacement>(module, "ExpectedPlacement",
                             "What to expect of place_eigenvalues before any network is there.",
                             [](const ExpectedPlacement& expected) {
                                 std::ostringstream text;
                                 text << "ExpectedPlacement(" << expected.condition.size()
                                      << " targets, gain " << expected.gain << ")";
                                 return text.str();
                             })
        .required("gain", &ExpectedPlacement::gain,
                  "‖U Vᵀ‖_F; infinite if a loop has more targets than its chain has stages.")
        .required("condition", &ExpectedPlacement::condition,
                  "κ_i, first-order shift of target i per unit ‖δ(U Vᵀ)‖₂, shape (m,).")
        .done();
    module.def(
        "expected_placement",
        [](nb::handle targets, Index loops, const Bulk& bulk, Index n) {
            return expected_placement(to_eigen<ComplexVector>(targets, "targets"), loops, bulk, n);
        },
        "targets"_a, "loops"_a, "bulk"_a, "n"_a,
        R"(The gain law at finite n: the gain and the conditions to expect in a network of n units.

Each of the k loops drives a chain of n / k delays, τ ẋ_q = −x_q + g √(1 − k q / n) x_{q−1}, on which
V has to place its share of the targets, shape (m,). For iid weights: gains within 10 % or so for
n ≥ 200, conditions within a factor of 2. O(n m² / k). Edelman & Rao (2005), Acta Numerica 14;
Chalker & Mehlig (1998), PRL 81(16).)");
    module.def(
        "loops_needed",
        [](nb::handle targets, const Bulk& bulk, Index n, double tolerance, double eta,
           Index most) {
            return loops_needed(to_eigen<ComplexVector>(targets, "targets"), bulk, n, tolerance,
                                eta, most);
        },
        "targets"_a, "bulk"_a, "n"_a, nb::kw_only(), "tolerance"_a = 1e-8, "eta"_a = 2.2e-16,
        "most"_a = 32,
        R"(The fewest loops for which the gain law expects every target within `tolerance`.

`eta` is relative noise of the weights (rounding: 2.2e-16). 0 if no number up to `most` will do.)");
}

}  // namespace

void bind_spectrum(nb::module_& module) {
    bind_bulk(module);
    bind_spectra(module);
    bind_law(module);
}

}  // namespace heddle::python
