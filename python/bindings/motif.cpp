#include <nanobind/nanobind.h>

#include <sstream>

#include "heddle/motif/fit.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "options.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const Motif& motif) {
    std::ostringstream text;
    text << "Motif('" << motif.name << "', " << motif.values.rows() << " samples of ";
    for (std::size_t i = 0; i < motif.channels.size(); ++i)
        text << (i > 0 ? ", " : "") << motif.channels[i];
    text << " over " << duration(motif) << " s)";
    return text.str();
}

std::string describe(const ModeFit& fit) {
    std::ostringstream text;
    text << "ModeFit(" << fit.eigenvalues.size() << " pairs, normalised squared error " << fit.error
         << (fit.reached ? "" : ", which is not what was asked") << ", loop gain " << fit.gain
         << ")";
    return text.str();
}

void bind_motif_value(nb::module_& module) {
    Value<Motif>(module, "Motif", R"(A target movement: d channels, sample j at t = j · dt.

    name      text
    values    shape (T, d), T ≥ 2, all finite
    dt        step, s
    channels  d names; x, y, z, c3, … if missing. One called "pen" is drawn where it is > 0.5.

Raises ShapeError or DomainError, naming the motif.)",
                 [](const Motif& motif) { return describe(motif); })
        .required("name", &Motif::name, "The motif's name.")
        .required("values", &Motif::values, "Samples, shape (T, d).")
        .required("dt", &Motif::dt, "Step between samples, s.")
        .optional("channels", &Motif::channels, "Names of the d channels.")
        .check([](Motif& motif) {
            motif = make_motif(std::move(motif.name), std::move(motif.values), motif.dt,
                               std::move(motif.channels));
        })
        .done()
        .def_prop_ro(
            "duration", [](const Motif& motif) { return duration(motif); }, "(T − 1) · dt, s.");
}

void bind_fit_value(nb::module_& module) {
    Value<ModeFit>(module, "ModeFit",
                   R"(A motif as a few damped oscillations that all channels share:

    ŷ(t) = c + Σ_m Re( C_m e^{γ_m t} ) ,   γ_m = (λ_m − 1) / τ ,  Im λ_m > 0 .)",
                   [](const ModeFit& fit) { return describe(fit); })
        .required("eigenvalues", &ModeFit::eigenvalues,
                  "λ_m of the upper half plane, one of each conjugate pair, shape (q,).")
        .required("amplitudes", &ModeFit::amplitudes, "C_m, shape (d, q).")
        .required("offset", &ModeFit::offset, "c, shape (d,).")
        .required("error", &ModeFit::error, "Normalised squared error on the motif's own samples.")
        .required("amplitude", &ModeFit::amplitude,
                  "√(Σ |C_m|² / variance): how much cancellation the fit relies on.")
        .required("gain", &ModeFit::gain, "Loop gain the gain law asks for; see `loop_gain`.")
        .required("separation", &ModeFit::separation,
                  "Smallest distance between two eigenvalues, conjugates included.")
        .required("reached", &ModeFit::reached, "Whether the asked error was reached.")
        .done()
        .def(
            "__call__",
            [](const ModeFit& fit, double tau, double dt, Index samples) {
                return to_numpy(evaluate(fit, tau, dt, samples));
            },
            "tau"_a, "dt"_a, "samples"_a,
            "ŷ at t = j · dt for a network of time constant tau, shape (samples, d).");
}

void bind_options(nb::module_& module) {
    Value<FitOptions>(
        module, "FitOptions", "What one chooses when a motif is fitted; see `fit_modes`.",
        [](const FitOptions& options) {
            std::ostringstream text;
            text << "FitOptions(pairs=" << options.pairs << ", error=" << options.error << ", …)";
            return text.str();
        })
        .optional("tau", &FitOptions::tau,
                  "Time constant of the network that will perform the motif, s.")
        .optional("pairs", &FitOptions::pairs,
                  "Number of conjugate pairs; 0: the fewest that reach `error`.")
        .optional("error", &FitOptions::error,
                  "Asked normalised squared error, where `pairs` is 0.")
        .optional("least_pairs", &FitOptions::least_pairs, "Fewest pairs.")
        .optional("most_pairs", &FitOptions::most_pairs, "Most pairs.")
        .optional("separation", &FitOptions::separation,
                  "Least distance between any two eigenvalues.")
        .optional("fastest_decay", &FitOptions::fastest_decay, "1 − Re λ at most.")
        .optional("reach", &FitOptions::reach, "Im λ at most.")
        .optional("ridge", &FitOptions::ridge,
                  "Weight of Σ|C|²/variance against the normalised error.")
        .optional("radius", &FitOptions::radius, "Radius of the network's bulk, for the gain law.")
        .optional("loops", &FitOptions::loops,
                  "Loops over which the eigenvalues are spread, for the gain law.")
        .optional("most_gain", &FitOptions::most_gain, "Largest loop gain ‖U Vᵀ‖_F by the law.")
        .optional("starts", &FitOptions::starts, "Deterministic starts.")
        .optional("seed", &FitOptions::seed, "Source of the perturbed starts.")
        .done();
}

}  // namespace

void bind_motif(nb::module_& module) {
    bind_motif_value(module);
    bind_fit_value(module);
    bind_options(module);
    module.def(
        "fit_modes",
        [](const Motif& motif, const nb::kwargs& options) {
            const FitOptions chosen = fit_options_from(options);
            return long_call(nb::none(),
                             [motif, chosen](LongCall&) { return fit_modes(motif, chosen); });
        },
        "motif"_a, "options"_a, R"(Fits a motif by damped oscillations that all its channels share.

    ŷ(t) = c + Σ_m Re( C_m e^{(λ_m − 1) t / τ} ) ,  Im λ_m > 0

by variable projection: for given eigenvalues the amplitudes are a linear (ridge) least-squares
problem; the eigenvalues move along the exact gradient of what is left, from deterministic starts,
under the constraints below.

    tau            0.01; time constant of the network that will perform the motif, s
    pairs          0; number q of pairs, or 0 for the fewest whose error is at most `error`
    error          5e-4; asked normalised squared error, where pairs is 0
    least_pairs, most_pairs   2, 12; between which q is chosen
    separation     0.05; least distance between any two eigenvalues, conjugates included
    fastest_decay  0.3; 1 − Re λ at most. Decays only: Re λ ≤ 1
    reach          2.0; Im λ at most
    ridge          1e-5; weight of Σ|C|²/variance against the normalised error
    radius, loops  0.9, 6; the network's bulk and the number of loops, for the gain law
    most_gain      8.0; largest loop gain ‖U Vᵀ‖_F by that law
    starts, seed   4, 0

Returns a ModeFit. Raises DomainError, naming the option or the motif.)");
    module.def(
        "normalised_error",
        [](nb::handle output, nb::handle target) {
            return normalised_error(to_eigen<Matrix>(output, "output"),
                                    to_eigen<Matrix>(target, "target"));
        },
        "output"_a, "target"_a,
        R"(Σ |output − target|² / Σ |target − mean over time|², both of shape (T, d).)");
}

}  // namespace heddle::python
