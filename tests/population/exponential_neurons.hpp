#pragma once

#include "heddle/circuit/neuron.hpp"

namespace heddle::examples {

/// The cell of Augustin, Ladenbauer, Baumann & Obermayer (2017), with adaptation or without.
inline ExponentialNeuron augustin_cell(double a = 0.0, double b = 0.0) {
    return {.C_m = 200.0,
            .g_L = 10.0,
            .E_L = -65.0,
            .V_th = -50.0,
            .Delta_T = 1.5,
            .V_peak = -40.0,
            .V_reset = -70.0,
            .t_ref = 0.0,
            .a = a,
            .b = b,
            .tau_w = 200.0,
            .E_w = -80.0};
}

}  // namespace heddle::examples
