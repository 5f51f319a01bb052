#include "heddle/population/siegert.hpp"

#include <nanobind/nanobind.h>

#include "convert.hpp"
#include "modules.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

using Law = SiegertRates (*)(const LeakyDrive&, const VectorView&);

LeakyDrive drive_of(nb::handle mu, nb::handle sigma, nb::handle tau_m, nb::handle V_th,
                    nb::handle V_reset, nb::handle t_ref) {
    return {to_eigen<Vector>(mu, "mu"),           to_eigen<Vector>(sigma, "sigma"),
            to_eigen<Vector>(tau_m, "tau_m"),     to_eigen<Vector>(V_th, "V_th"),
            to_eigen<Vector>(V_reset, "V_reset"), to_eigen<Vector>(t_ref, "t_ref")};
}

/// (rate, ∂ rate / ∂ μ, ∂ rate / ∂ σ).
template <Law law>
nb::tuple rates(nb::handle mu, nb::handle sigma, nb::handle tau_m, nb::handle V_th,
                nb::handle V_reset, nb::handle t_ref, nb::handle tau_s) {
    SiegertRates found =
        law(drive_of(mu, sigma, tau_m, V_th, V_reset, t_ref), to_eigen<Vector>(tau_s, "tau_s"));
    return nb::make_tuple(to_numpy(std::move(found.rate)), to_numpy(std::move(found.d_mu)),
                          to_numpy(std::move(found.d_sigma)));
}

/// The same for one neuron.
template <Law law>
nb::tuple rate(double mu, double sigma, double tau_m, double V_th, double V_reset, double t_ref,
               double tau_s) {
    const auto one = [](double value) { return Vector::Constant(1, value); };
    const SiegertRates found =
        law({one(mu), one(sigma), one(tau_m), one(V_th), one(V_reset), one(t_ref)}, one(tau_s));
    return nb::make_tuple(found.rate[0], found.d_mu[0], found.d_sigma[0]);
}

template <Law law>
void bind_rates(nb::module_& module, const char* name, const char* doc) {
    module.def(name, &rate<law>, "mu"_a, "sigma"_a, "tau_m"_a, "V_th"_a, "V_reset"_a, "t_ref"_a,
               "tau_s"_a, doc);
    module.def(name, &rates<law>, "mu"_a, "sigma"_a, "tau_m"_a, "V_th"_a, "V_reset"_a, "t_ref"_a,
               "tau_s"_a, doc);
}

}  // namespace

void bind_siegert(nb::module_& module) {
    bind_rates<shifted_siegert_rates>(
        module, "shifted_siegert_rates",
        "(rate, d_mu, d_sigma), thresholds shifted for noise of tau_s; "
        "arrays of length n or 1.");
    bind_rates<taylor_siegert_rates>(
        module, "taylor_siegert_rates",
        "The same with the rate expanded to first order in the shift.");
    module.def(
        "siegert_susceptibility",
        [](nb::handle mu, nb::handle sigma, nb::handle tau_m, nb::handle V_th, nb::handle V_reset,
           nb::handle t_ref, nb::handle tau_s, nb::handle f) {
            return to_numpy(siegert_susceptibility(drive_of(mu, sigma, tau_m, V_th, V_reset, t_ref),
                                                   to_eigen<Vector>(tau_s, "tau_s"),
                                                   to_eigen<Vector>(f, "f")));
        },
        "mu"_a, "sigma"_a, "tau_m"_a, "V_th"_a, "V_reset"_a, "t_ref"_a, "tau_s"_a, "f"_a,
        "χ(f), shape (n, m).");
}

}  // namespace heddle::python
