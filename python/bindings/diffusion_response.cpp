#include "heddle/population/diffusion_response.hpp"

#include <nanobind/nanobind.h>

#include "circuit_values.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

constexpr const char* what_it_does =
    R"(Rates of leaky and exponential neurons in white noise, and how they follow it.

    τ_m V̇ = μ − V + ψ(V) + √τ_m σ ξ ,   ψ = Delta_T exp((V − V_th) / Delta_T), or 0 (leaky)
    ∂_t p = −∂_V J ,   τ_m J = (μ − V + ψ) p − (σ² / 2) ∂_V p
    p = 0 and J = r at V_peak (leaky: V_th);  J jumps by r(t − t_ref) at V_reset

integrated down from V_peak with exact exponentials of the drift in each cell. For μ + ε cos 2πft the
rate is r + Re(χ_μ ε e^{2πift}), and so for σ. μ holds all that is constant: E_L, I_e, and −w / g_L of
adaptation, which is thus frozen; τ_m is C_m / g_L.

neuron    a LeakyNeuron or ExponentialNeuron (a, b, tau_w, E_w, E_L, I_e are not used)
mu        mean of the free potential, mV, length n or 1
sigma     noise as in `heddle.Noise`, mV, > 0, length n or 1
f         Hz, 0 to 1e5, length m; may be left out
threads   0: one per core; any number gives the same bits
progress  progress(done, total) in pairs (mu, sigma); may raise to stop

Returns a DiffusionResponse. Its values are those of two grids extrapolated, its errors the distance
from the finer one: above the true error, typically by a factor of 10 or more. Raises DomainError or
ShapeError, naming the argument. A pair with 40 frequencies takes a millisecond or so. Richardson
(2007), Phys Rev E 76:021919.)";

constexpr const char* what_modes_are =
    R"(The two slowest eigenvalues of the Fokker–Planck operator of `heddle.diffusion_response`.

Density and rate that grow as e^{λt}, with what is reset t_ref later. With λ_1 complex the rate rings
at Im λ_1 while it decays at −Re λ_1; far below threshold λ_k = −k / τ_m. Each pair (mu, sigma) is
solved on its own, from the generator's eigenvalues next to 0: no mode is followed from one pair to
the next, so none is taken for another; where two real ones meet and become a pair, the values of
neighbours differ in kind.

neuron, mu, sigma, threads, progress  as in `heddle.diffusion_response`

What a change of input excites of a mode, seen in the rate, is f c:

    χ(f) = ∂r/∂μ + Σ_n f_n c_n s / (s − λ_n) ,   s = 2πi f

Returns DiffusionModes: first (λ_1, Im ≥ 0), second (its conjugate, or the next real one), 1 / ms, the
couplings f c of both to μ and to σ, and the distance from a finer grid, infinite where a mode was not
found. Raises DomainError or ShapeError.
About a
millisecond a pair. Mattia & Del Giudice (2002), Phys Rev E 66:051917.)";

std::string describe(const DiffusionResponse& found) {
    return "DiffusionResponse(" + std::to_string(found.rate.size()) + " pairs, " +
           std::to_string(found.mu_response.cols()) + " frequencies)";
}

void bind_response(nb::module_& module) {
    using Response = DiffusionResponse;
    Value<Response>(module, "DiffusionResponse",
                    "Rates in white noise and how they follow it, one row for each (mu, sigma).",
                    [](const Response& found) { return describe(found); })
        .required("rate", &Response::rate, "Hz, shape (n,).")
        .required("mean_potential", &Response::mean_potential,
                  "⟨V⟩, refractory neurons at V_reset, mV.")
        .required("cv", &Response::cv, "Of intervals between spikes.")
        .required("d_mu", &Response::d_mu, "∂ rate / ∂μ, Hz / mV.")
        .required("d_sigma", &Response::d_sigma, "∂ rate / ∂σ, Hz / mV.")
        .required("mu_response", &Response::mu_response, "χ_μ(f), Hz / mV, shape (n, m).")
        .required("sigma_response", &Response::sigma_response, "χ_σ(f), Hz / mV, shape (n, m).")
        .required("rate_error", &Response::rate_error, "Distance from the finer grid, Hz.")
        .required("response_error", &Response::response_error,
                  "Largest distance of χ from the finer grid, Hz / mV.")
        .done();
}

void bind_modes(nb::module_& module) {
    using Modes = DiffusionModes;
    Value<Modes>(module, "DiffusionModes", "The two slowest modes for each (mu, sigma).",
                 [](const Modes& found) {
                     return "DiffusionModes(" + std::to_string(found.first.size()) + " pairs)";
                 })
        .required("first", &Modes::first, "λ_1, 1 / ms: rightmost but 0, Im ≥ 0.")
        .required("second", &Modes::second, "Conjugate of a complex λ_1, else the next real one.")
        .required("error", &Modes::error, "Distance from the finer grid, 1 / ms.")
        .required("first_mu", &Modes::first_mu, "f_1 c_1 to μ, Hz / mV.")
        .required("first_sigma", &Modes::first_sigma, "f_1 c_1 to σ, Hz / mV.")
        .required("second_mu", &Modes::second_mu, "f_2 c_2 to μ, Hz / mV.")
        .required("second_sigma", &Modes::second_sigma, "f_2 c_2 to σ, Hz / mV.")
        .done();
    module.def(
        "diffusion_modes",
        [](nb::handle neuron, nb::handle mu, nb::handle sigma, std::size_t threads,
           nb::handle progress) {
            return long_call(
                progress,
                [neuron = from_python<Neuron>(neuron, "neuron"), mu = to_eigen<Vector>(mu, "mu"),
                 sigma = to_eigen<Vector>(sigma, "sigma"), threads](LongCall& call) {
                    return diffusion_modes(neuron, mu, sigma, {threads}, call.progress());
                });
        },
        "neuron"_a, "mu"_a, "sigma"_a, nb::kw_only(), "threads"_a = 1, "progress"_a = nb::none(),
        what_modes_are);
}

}  // namespace

void bind_diffusion_response(nb::module_& module) {
    bind_response(module);
    bind_modes(module);
    module.def(
        "diffusion_response",
        [](nb::handle neuron, nb::handle mu, nb::handle sigma, nb::handle f, std::size_t threads,
           nb::handle progress) {
            return long_call(progress, [neuron = from_python<Neuron>(neuron, "neuron"),
                                        mu = to_eigen<Vector>(mu, "mu"),
                                        sigma = to_eigen<Vector>(sigma, "sigma"),
                                        f = to_eigen<Vector>(f, "f"), threads](LongCall& call) {
                return diffusion_response(neuron, mu, sigma, f, {threads}, call.progress());
            });
        },
        "neuron"_a, "mu"_a, "sigma"_a, "f"_a = nb::tuple(), nb::kw_only(), "threads"_a = 1,
        "progress"_a = nb::none(), what_it_does);
}

}  // namespace heddle::python
