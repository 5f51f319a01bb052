#include "heddle/measure/linear_regime.hpp"

#include <nanobind/nanobind.h>

#include <sstream>

#include "heddle/measure/rectified_performance.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

void bind_values(nb::module_& module) {
    Value<ThalamicBias>(module, "ThalamicBias",
                        "What is added to the drive of rectified thalamic units, [Vᵀ x + c]₊.",
                        [](const ThalamicBias& bias) {
                            return "ThalamicBias(" + std::to_string(bias.motifs.size()) +
                                   " motifs, " + std::to_string(bias.preparation.size()) +
                                   " preparatory units)";
                        })
        .required("motifs", &ThalamicBias::motifs, "c of each motif's units, a list of (K,).")
        .required("preparation", &ThalamicBias::preparation, "c of the preparatory units, (K_p,).")
        .done();
    Value<LinearRegime>(module, "LinearRegime",
                        "Under which thresholds a library's linear design holds; see "
                        "linear_regime.",
                        [](const LinearRegime& regime) {
                            std::ostringstream text;
                            text << "LinearRegime(" << regime.bias.motifs.size()
                                 << " motifs, bounds within " << regime.slack << ")";
                            return text.str();
                        })
        .required("bias", &LinearRegime::bias,
                  "The least ThalamicBias that keeps every open loop "
                  "linear.")
        .required("inhibition", &LinearRegime::inhibition,
                  "[a, b]: I_BG − c that keeps the units of motif b silent during motif a, (M, M).")
        .required("inhibition_preparing", &LinearRegime::inhibition_preparing,
                  "The same for the units of each motif during any preparation, (M,).")
        .required("inhibition_preparatory", &LinearRegime::inhibition_preparatory,
                  "The same for the preparatory units during each motif, (M,).")
        .required("slack", &LinearRegime::slack,
                  "How far, at most, a bound lies from a value that is attained.")
        .required("statement", &LinearRegime::statement, "What is proven, in words.")
        .done();
    Value<RectifiedMotif>(module, "RectifiedMotif",
                          "One motif of a sequence that rectified thalamic units performed.",
                          [](const RectifiedMotif& item) {
                              std::ostringstream text;
                              text << "RectifiedMotif(error " << item.error << ", "
                                   << item.preparation_crossings << " + " << item.crossings
                                   << " crossings)";
                              return text.str();
                          })
        .required("motif", &RectifiedMotif::motif, "Position in the library.")
        .required("output", &RectifiedMotif::output, "C x on the motif's grid, shape (T, d).")
        .required("error", &RectifiedMotif::error, "Normalised squared error.")
        .required("isolated_error", &RectifiedMotif::isolated_error,
                  "Of linear loops, started exactly at the motif's initial state.")
        .required("state_error", &RectifiedMotif::state_error,
                  "|x − x(0)| / |x(0)| at the motif's start.")
        .required("preparation_crossings", &RectifiedMotif::preparation_crossings,
                  "Crossings of thresholds while preparing.")
        .required("crossings", &RectifiedMotif::crossings, "Crossings during the motif.")
        .done();
}

void bind_functions(nb::module_& module) {
    module.def(
        "linear_regime",
        [](const Library& library, std::size_t threads, nb::handle progress) {
            return long_call(progress, [library, threads](LongCall& call) {
                return linear_regime(library, threads, call.progress());
            });
        },
        "library"_a, nb::kw_only(), "threads"_a = 0, "progress"_a = nb::none(),
        R"(Under which thresholds a library's linear design holds although its thalamic units rectify.

With y = [Vᵀ x + c]₊ and −U c added to the cortex, open loops are linear while c_k ≥ −v_kᵀ x(t), and
closed ones are silent while basal ganglia inhibit them by I_BG ≥ c_k + v_kᵀ x(t). The extrema are
proven over whole intervals for the planned trajectories, every motif and the preparation of each
after each: during a motif the drives are sums of its few modes, whose extrema are enclosed by
subdivision; while preparing they are sampled, with a bound of the curvature in between.

Returns a LinearRegime. O(n³) once for the preparation, then O(M n²) a sample of it.)");
    module.def(
        "perform_rectified",
        [](const Library& library, const std::vector<std::string>& sequence,
           const ThalamicBias& bias, nb::handle progress) {
            return long_call(progress, [library, sequence, bias](LongCall& call) {
                return perform_rectified(library, sequence, bias, call.progress());
            });
        },
        "library"_a, "sequence"_a, "bias"_a, nb::kw_only(), "progress"_a = nb::none(),
        R"(A sequence with rectified thalamic units, followed exactly.

    τ ẋ = −x + W x + U ([Vᵀ x + c]₊ − c) + b

in every segment with its own loops, tonic input b and bias c; with τ_T > 0 the units lag as
τ_T ẏ = −y + [Vᵀ x + c]₊. Linear as long as no unit crosses its threshold. Starts from the initial
state of the first motif.

    sequence  names of motifs
    bias      ThalamicBias, for example `linear_regime(library).bias`

Returns a list of RectifiedMotif. Raises DomainError for an unknown name, a bias of the wrong shape,
or a state that grows without bound.)");
}

}  // namespace

void bind_linear_regime(nb::module_& module) {
    bind_values(module);
    bind_functions(module);
}

}  // namespace heddle::python
