#include <nanobind/nanobind.h>
#include <nanobind/stl/vector.h>

#include "circuit_values.hpp"
#include "heddle/population/cascade_rates.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

void bind_tables(nb::module_& module) {
    using Tables = CascadeTables;
    Value<Tables>(module, "CascadeTables",
                  "What low-dimensional rate models need of a neuron; arrays of shape (mu, sigma).",
                  [](const Tables& tables) {
                      return "CascadeTables(" + std::string(name_of(tables.neuron)) + ", " +
                             std::to_string(tables.mu.size()) + " x " +
                             std::to_string(tables.sigma.size()) + ")";
                  })
        .required("neuron", &Tables::neuron, "Whose they are.")
        .required("mu", &Tables::mu, "mV.")
        .required("sigma", &Tables::sigma, "mV.")
        .required("f", &Tables::f, "Of the fits, Hz.")
        .required("rate", &Tables::rate, "r_∞, Hz.")
        .required("mean_potential", &Tables::mean_potential, "V_∞, mV.")
        .required("tau_mu", &Tables::tau_mu, "Of the exponential that filters μ, ms.")
        .required("tau_sigma", &Tables::tau_sigma, "Of that which filters σ, ms.")
        .required("tau", &Tables::tau, "Decay time of the damped oscillator that filters μ, ms.")
        .required("omega", &Tables::omega, "Its frequency, 1 / ms.")
        .required("exponential_misfit", &Tables::exponential_misfit,
                  "Root mean square of |fit − χ_μ(f) / χ_μ(0)| over f.")
        .required("oscillator_misfit", &Tables::oscillator_misfit, "The same of the oscillator.")
        .required("lambda_1", &Tables::lambda_1, "Slowest mode, 1 / ms.")
        .required("lambda_2", &Tables::lambda_2, "The next.")
        .required("mu_coupling_1", &Tables::mu_coupling_1, "f_1 c_1 to μ, Hz / mV.")
        .required("mu_coupling_2", &Tables::mu_coupling_2, "f_2 c_2 to μ, Hz / mV.")
        .required("sigma_coupling_1", &Tables::sigma_coupling_1, "f_1 c_1 to σ, Hz / mV.")
        .required("sigma_coupling_2", &Tables::sigma_coupling_2, "f_2 c_2 to σ, Hz / mV.")
        .required("rate_error", &Tables::rate_error, "Largest error of r_∞, Hz.")
        .required("interpolation_error", &Tables::interpolation_error,
                  "Largest error of r_∞ as models read it, at centres of cells, Hz.")
        .required("lost_modes", &Tables::lost_modes, "Pairs whose modes were not found.")
        .done();
}

void bind_recording(nb::module_& module) {
    using Recording = CascadeRecording;
    Value<Recording>(module, "CascadeRecording", "What rate models did, with the evidence.",
                     [](const Recording& found) {
                         return "CascadeRecording(" + std::to_string(found.names.size()) +
                                " populations, " + std::to_string(found.activity.cols()) + " bins)";
                     })
        .required("names", &Recording::names, "Of populations.")
        .required("bin", &Recording::bin, "ms.")
        .required("activity", &Recording::activity, "Hz, shape (populations, bins).")
        .required("mu", &Recording::mu, "μ − ⟨w⟩ / g_L at the ends of bins, before filters, mV.")
        .required("sigma", &Recording::sigma, "σ at the ends of bins, mV.")
        .required("adaptation", &Recording::adaptation, "⟨w⟩ at the ends of bins, pA.")
        .required("step_error", &Recording::step_error,
                  "Largest difference from half the step, Hz.")
        .required("assumptions", &Recording::assumptions, "What a simulation does not assume.")
        .done();
}

/// Ends of a range or an axis of its own; what is None is the default's.
Vector axis(nb::handle given, const char* name, const Vector& usual) {
    return given.is_none() ? usual : to_eigen<Vector>(given, name);
}

CascadeGrid grid_of(const Neuron& neuron, nb::handle mu, nb::handle sigma, nb::handle f) {
    const CascadeGrid usual = default_cascade_grid(neuron);
    return {axis(mu, "mu", usual.mu), axis(sigma, "sigma", usual.sigma), axis(f, "f", usual.f)};
}

}  // namespace

void bind_cascade(nb::module_& module) {
    bind_tables(module);
    bind_recording(module);
    module.def(
        "cascade_grid",
        [](nb::handle neuron, nb::handle mu, nb::handle sigma, nb::handle f) {
            CascadeGrid grid = grid_of(from_python<Neuron>(neuron, "neuron"), mu, sigma, f);
            return nb::make_tuple(to_numpy(std::move(grid.mu)), to_numpy(std::move(grid.sigma)),
                                  to_numpy(std::move(grid.f)));
        },
        "neuron"_a, "mu"_a.none(), "sigma"_a.none(), "f"_a.none(),
        "(mu, sigma, f), the default where None.");
    module.def(
        "cascade_tables",
        [](nb::handle neuron, nb::handle mu, nb::handle sigma, nb::handle f, std::size_t threads,
           nb::handle progress) {
            const auto law = from_python<Neuron>(neuron, "neuron");
            return long_call(progress,
                             [law, grid = grid_of(law, mu, sigma, f), threads](LongCall& call) {
                                 return cascade_tables(law, grid, {threads}, call.progress());
                             });
        },
        "neuron"_a, "mu"_a.none(), "sigma"_a.none(), "f"_a.none(), "threads"_a, "progress"_a.none(),
        "Tables of one neuron, computed.");
    module.def(
        "cascade_rates",
        [](const Circuit& circuit, const std::vector<CascadeTables>& tables,
           const std::string& model, double duration, double transient, double step, double bin,
           double smoothing) {
            const CascadeOptions options{
                cascade_model_from(model), duration, transient, step, bin, smoothing};
            const nb::gil_scoped_release release;
            return cascade_rates(circuit, tables, options);
        },
        "circuit"_a, "tables"_a, "model"_a, "duration"_a, "transient"_a, "step"_a, "bin"_a,
        "smoothing"_a, "Rates by tables, one for each population.");
    module.def(
        "check_cascade",
        [](const Circuit& circuit, const std::string& model, double duration, double transient,
           double step, double bin, double smoothing) {
            check_cascade(circuit,
                          {cascade_model_from(model), duration, transient, step, bin, smoothing});
        },
        "circuit"_a, "model"_a, "duration"_a, "transient"_a, "step"_a, "bin"_a, "smoothing"_a,
        "Raises DomainError for what `cascade_rates` does not describe.");
}

}  // namespace heddle::python
