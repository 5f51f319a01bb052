#pragma once

#include <string>
#include <vector>

#include "heddle/circuit/circuit.hpp"
#include "heddle/population/mesoscopic.hpp"

namespace heddle {

/// \throws DomainError, ShapeError  for options that `mesoscopic` refuses, and circuits that are
/// none.
void check_options(const Circuit& circuit, const MesoscopicOptions& options);

/// Quenched laws that are one number for all neurons, as that number.
[[nodiscard]] Circuit without_constant_laws(Circuit circuit);

/// \throws DomainError  for circuits whose populations ages do not tell, whatever the delays.
/// \param own_noise  Is what each neuron receives for itself described?
void check_age_structured(const Circuit& circuit, bool own_noise = false);

/// \throws DomainError  for circuits that have no mesoscopic equation.
void check_mesoscopic(const Circuit& circuit, const MesoscopicOptions& options);

/// What is assumed beyond the circuit, in sentences. `history`: of each population, ms.
[[nodiscard]] std::vector<std::string> mesoscopic_assumptions(const Circuit& circuit,
                                                              const MesoscopicOptions& options,
                                                              const Vector& history);

/// Where own noise is too strong for what was assumed, that it is.
void of_noise(const MesoscopicRecording& recording, std::vector<std::string>& out);

/// Those of them that concern adaptation, and connections.
void of_adaptation(const Population& population, std::vector<std::string>& out);
void of_connections(const Circuit& circuit, std::size_t projection, std::vector<std::string>& out,
                    bool own_noise = false);

}  // namespace heddle
