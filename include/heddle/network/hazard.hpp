#pragma once

#include <string>

namespace heddle {

/// The hazard of a spike, as a function of u = V − ϑ:
///
///     exponential  λ_0 exp(u / Delta_V)
///     softplus     λ_0 log(1 + exp(u / Delta_V))
///     sigmoid      λ_0 / (1 + exp(−u / Delta_V))
///     rectified    λ_0 [u / Delta_V]₊ + lambda_floor
enum class Hazard { exponential, softplus, sigmoid, rectified };

[[nodiscard]] const char* name_of(Hazard hazard);
/// \throws DomainError, with a did-you-mean.
[[nodiscard]] Hazard hazard_from(const std::string& name);

}  // namespace heddle
