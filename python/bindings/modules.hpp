#pragma once

#include <nanobind/nanobind.h>

namespace heddle::python {

// What each translation unit adds to heddle._core.
void bind_core(nanobind::module_& module);
void bind_structured(nanobind::module_& module);
void bind_network(nanobind::module_& module);
void bind_transfer_response(nanobind::module_& module);
void bind_motif(nanobind::module_& module);
void bind_spectrum(nanobind::module_& module);
void bind_placement(nanobind::module_& module);
void bind_eigen_system(nanobind::module_& module);
void bind_mode_paths(nanobind::module_& module);
void bind_loops(nanobind::module_& module);
void bind_frontier(nanobind::module_& module);
void bind_large(nanobind::module_& module);
void bind_preparation(nanobind::module_& module);
void bind_library(nanobind::module_& module);
void bind_perform(nanobind::module_& module);
void bind_measure(nanobind::module_& module);
void bind_certificates(nanobind::module_& module);
void bind_switching(nanobind::module_& module);
void bind_safe_design(nanobind::module_& module);
void bind_robust(nanobind::module_& module);
void bind_robust_motifs(nanobind::module_& module);
void bind_rectified(nanobind::module_& module);
void bind_threshold_flow(nanobind::module_& module);
void bind_linear_regime(nanobind::module_& module);
void bind_maps(nanobind::module_& module);
void bind_gated_units(nanobind::module_& module);
void bind_lyapunov(nanobind::module_& module);
void bind_smooth_points(nanobind::module_& module);
void bind_contraction(nanobind::module_& module);
void bind_fixed_points(nanobind::module_& module);
void bind_limit_cycles(nanobind::module_& module);
void bind_continuation(nanobind::module_& module);
void bind_circuit_laws(nanobind::module_& module);
void bind_neurons(nanobind::module_& module);
void bind_circuit(nanobind::module_& module);
void bind_connectome(nanobind::module_& module);
void bind_simulate(nanobind::module_& module);
void bind_expression(nanobind::module_& module);
void bind_equations(nanobind::module_& module);
void bind_levels(nanobind::module_& module);
void bind_artificial_unit(nanobind::module_& module);
void bind_more_equations(nanobind::module_& module);
void bind_equation_code(nanobind::module_& module);
void bind_rate_units(nanobind::module_& module);
void bind_siegert(nanobind::module_& module);
void bind_stationary_rates(nanobind::module_& module);
void bind_stationary_distributions(nanobind::module_& module);
void bind_diffusion_response(nanobind::module_& module);
void bind_fokker_planck(nanobind::module_& module);
void bind_cascade(nanobind::module_& module);
void bind_quadratic_rates(nanobind::module_& module);
void bind_quadrature_populations(nanobind::module_& module);
void bind_mesoscopic(nanobind::module_& module);
void bind_age_structured_rates(nanobind::module_& module);
void bind_linear_response(nanobind::module_& module);
void bind_population_eigenvalues(nanobind::module_& module);
void bind_renewal_modes(nanobind::module_& module);
void bind_training(nanobind::module_& module);
void bind_carry(nanobind::module_& module);
void bind_repertoire(nanobind::module_& module);
void bind_training_runs(nanobind::module_& module);
void bind_training_tasks(nanobind::module_& module);

}  // namespace heddle::python
