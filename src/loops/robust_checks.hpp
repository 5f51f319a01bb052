#pragma once

#include "heddle/network/network.hpp"

namespace heddle {

/// \throws DomainError, ShapeError unless the network is linear with one readout and T > 0.
void check_robust_network(const Network& network, double duration);

/// \throws DomainError, ShapeError unless targets are finite, distinct and closed under
/// conjugation, and amplitudes conjugate for conjugate targets and not all zero.
void check_robust_targets(const ComplexVectorView& targets, const ComplexVectorView& amplitudes,
                          Index n);

}  // namespace heddle
