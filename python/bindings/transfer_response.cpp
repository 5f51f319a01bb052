#include <nanobind/nanobind.h>

#include <sstream>

#include "circuit_values.hpp"
#include "heddle/network/response.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

std::string describe(const TransferResponse& response) {
    std::ostringstream text;
    text << "TransferResponse(" << heddle::name_of(response.hazard) << ", " << response.potential
         << " mV, variance " << response.variance << " mV², scale " << response.scale
         << " mV, tau_m " << response.tau_m << " ms)";
    return text.str();
}

constexpr const char* what_it_is =
    R"(A population of spiking neurons as the response of a Network's units.

    φ(x) = (Φ(m_0 + κ x, v) − r_0) / (κ G) ,   Φ(m, v) = ∫ Dz f(m + √v z)
    r_0 = Φ(m_0, v) ,   G = ∂Φ/∂m (m_0, v)

φ(0) = 0 and φ'(0) = 1, and φ rises everywhere. `ArtificialUnit.response` makes one. λ_0 and the floor
cancel in φ; they are what makes A = r_0 + κ G φ a rate, in `network_equations`.

    hazard        f, by its name, as in EscapeNeuron; "softplus"
    Delta_V       softness of the threshold, mV; 2
    lambda_0      hazard at threshold (exponential), Hz; 10
    lambda_floor  hazard far below threshold (rectified), Hz; 0
    tau_m         of the membrane that carries x, ms: a network's tau; 10
    potential     m_0: V − ϑ at x = 0, mean over neurons, mV; 0
    variance      v over neurons, mV², held; 0
    scale         κ, mV: what x = 1 does to the potential; 1

Raises DomainError, naming the field.)";

}  // namespace

void bind_transfer_response(nb::module_& module) {
    using Transfer = TransferResponse;
    Value<Transfer>(module, "TransferResponse", what_it_is,
                    [](const Transfer& response) { return describe(response); })
        .optional("hazard", &Transfer::hazard, "f, by its name.")
        .optional("Delta_V", &Transfer::Delta_V, "Softness of the threshold, mV.")
        .optional("lambda_0", &Transfer::lambda_0, "Hazard at threshold (exponential), Hz.")
        .optional("lambda_floor", &Transfer::lambda_floor,
                  "Hazard far below threshold (rectified), Hz.")
        .optional("tau_m", &Transfer::tau_m, "Of the membrane that carries x, ms.")
        .optional("potential", &Transfer::potential, "m_0: V − ϑ at x = 0, mV.")
        .optional("variance", &Transfer::variance, "v over neurons, mV².")
        .optional("scale", &Transfer::scale, "κ, mV: what x = 1 does to the potential.")
        .check([](Transfer& response) { validate(response); })
        .done()
        .def_prop_ro(
            "steepest", [](const Transfer& response) { return steepest(response); },
            "sup φ', rounded up; infinite for exponential hazards.")
        .def(
            "__eq__", [](const Transfer& a, const Transfer& b) { return a == b; },
            nb::is_operator())
        .def("__hash__", [](const Transfer& response) {
            return nb::hash(nb::make_tuple(heddle::name_of(response.hazard), response.Delta_V,
                                           response.lambda_0, response.lambda_floor, response.tau_m,
                                           response.potential, response.variance, response.scale));
        });
}

}  // namespace heddle::python
