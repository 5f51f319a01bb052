#include "heddle/measure/switching.hpp"

#include <nanobind/nanobind.h>

#include "heddle/core/error.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

MapTime to_time(const std::string& name) {
    if (name == "continuous") return MapTime::continuous;
    if (name == "discrete") return MapTime::discrete;
    throw DomainError("time: found '" + name + "', expected continuous or discrete");
}

void bind_value(nb::module_& module) {
    Value<SwitchingCertificate>(
        module, "SwitchingCertificate",
        "What is proven about a state that several recurrent maps take over from each other.",
        [](const SwitchingCertificate& found) {
            return "SwitchingCertificate(" + found.verdict + ": " + found.statement + ")";
        })
        .required("verdict", &SwitchingCertificate::verdict,
                  "'any', 'dwell', 'unstable' or 'undecided'.")
        .required("statement", &SwitchingCertificate::statement,
                  "What was proven, or what would help, in a sentence.")
        .required("margin", &SwitchingCertificate::margin,
                  "1 − max Re λ or 1 − max |λ| of each map, shape (m,).")
        .required("radius", &SwitchingCertificate::radius,
                  "JointRadius of the maps; in continuous time of e^{(W_i − 1) resolution}.")
        .required("grows", &SwitchingCertificate::grows,
                  "Whether `radius.word`, repeated, is proven to grow.")
        .required("rate", &SwitchingCertificate::rate,
                  "'any': ‖x(t)‖ ≤ constant · e^{−rate t} ‖x(0)‖, per step or τ; else 0.")
        .required("constant", &SwitchingCertificate::constant, "Of the proof; 0 without one.")
        .required("dwell", &SwitchingCertificate::dwell,
                  "Least stay, steps or τ; 0 for 'any', infinite if none was proven.")
        .required("transform", &SwitchingCertificate::transform,
                  "T, shape (n, n): the norm ‖T x‖ of the proof.")
        .done();
}

}  // namespace

void bind_switching(nb::module_& module) {
    bind_value(module);
    module.def(
        "certify_switching",
        [](nb::handle maps, const std::string& time, double resolution, Index most_dwell,
           std::size_t threads, nb::handle progress) {
            SwitchingOptions options{to_time(time), resolution, most_dwell};
            options.threads = threads;
            return long_call(progress, [given = from_python<std::vector<Matrix>>(maps, "maps"),
                                        options](LongCall& call) {
                return certify_switching(given, options, call.progress());
            });
        },
        "maps"_a, nb::kw_only(), "time"_a = "continuous", "resolution"_a = 0.25,
        "most_dwell"_a = 512, "threads"_a = 0, "progress"_a = nb::none(),
        R"(May recurrent maps W_i switch? The SwitchingCertificate.

Any switching is stable in discrete time if the joint spectral radius of the W_i is below 1, in
continuous time if there are one P = TᵀT and a rate > 0 with

    P (W_i − 1) + (W_iᵀ − 1) P ≤ −2 rate P    for all i .

Failing that, a dwell time d is sought: with S_i = W_i, or e^{(W_i − 1) resolution},

    ‖T S_i^t T⁻¹‖₂ c < 1    for all i and d ≤ t < 2 d

proves that switching is stable if every map stays for d at least (c ≥ 1 covers times between
resolutions); there may be shorter ones.

maps        W_i of one shape (n, n)
time        "continuous", τ ẋ = −x + W x, or "discrete", x(t + 1) = W x(t)
resolution  of dwell times in continuous time, τ
most_dwell  longest one tried, in steps or resolutions
threads     0: one per core

Raises ShapeError or DomainError for no map, other shapes, NaN, options out of range. Costs
`joint_spectral_radius` for every doubling of the dwell time, and 2 n³ flops for each step of it.
Liberzon (2003), Switching in Systems and Control; Jungers (2009), The Joint Spectral Radius.)");
}

}  // namespace heddle::python
