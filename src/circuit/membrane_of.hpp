#pragma once

#include "circuit/individual.hpp"
#include "circuit/propagator.hpp"

namespace heddle {

/// How a step treats input: exactly, for a linear membrane with currents only; else by its mean
/// over the step.
enum class InputRule { exact, mean };

/// What the propagators of a neuron's input need.
[[nodiscard]] Membrane membrane_of(const Individual& individual, InputRule rule, double step);

/// C_m, pF; for the quadratic neuron tau_m: what turns a jump of V into charge.
[[nodiscard]] double capacity_of(const Neuron& neuron);

/// Has a population a port with conductance?
[[nodiscard]] bool conducting(const Circuit& circuit, std::size_t population);

}  // namespace heddle
