#include <nanobind/nanobind.h>

#include <cstdlib>

#include "modules.hpp"

NB_MODULE(_core, module) {
    // What other modules still hold when the interpreter ends is no leak; those who look for leaks
    // ask for them.
    nanobind::set_leak_warnings(std::getenv("HEDDLE_LEAK_WARNINGS") != nullptr);
    using namespace heddle::python;
    module.attr("__doc__") = "The C++ core of Heddle. Private: what is public, `heddle` names.";
    bind_core(module);
    bind_structured(module);
    bind_network(module);
    bind_transfer_response(module);
    bind_motif(module);
    bind_spectrum(module);
    bind_placement(module);
    bind_loops(module);
    bind_eigen_system(module);
    bind_mode_paths(module);
    bind_frontier(module);
    bind_large(module);
    bind_preparation(module);
    bind_library(module);
    bind_perform(module);
    bind_measure(module);
    bind_certificates(module);
    bind_switching(module);
    bind_safe_design(module);
    bind_robust(module);
    bind_robust_motifs(module);
    bind_rectified(module);
    bind_threshold_flow(module);
    bind_linear_regime(module);
    bind_maps(module);
    bind_gated_units(module);
    bind_lyapunov(module);
    bind_smooth_points(module);
    bind_contraction(module);
    bind_fixed_points(module);
    bind_limit_cycles(module);
    bind_continuation(module);
    bind_circuit_laws(module);
    bind_neurons(module);
    bind_circuit(module);
    bind_connectome(module);
    bind_simulate(module);
    bind_expression(module);
    bind_equations(module);
    bind_more_equations(module);
    bind_equation_code(module);
    bind_rate_units(module);
    bind_artificial_unit(module);
    bind_siegert(module);
    bind_stationary_rates(module);
    bind_stationary_distributions(module);
    bind_diffusion_response(module);
    bind_fokker_planck(module);
    bind_cascade(module);
    bind_quadratic_rates(module);
    bind_quadrature_populations(module);
    bind_mesoscopic(module);
    bind_levels(module);
    bind_age_structured_rates(module);
    bind_linear_response(module);
    bind_population_eigenvalues(module);
    bind_renewal_modes(module);
    bind_training(module);
    bind_carry(module);
    bind_repertoire(module);
    bind_training_runs(module);
    bind_training_tasks(module);
}
