#pragma once

#include "heddle/population/adex_mean_field.hpp"

namespace heddle {

/// \throws as `adex_mean_field` says.
void check_adex(const Circuit& circuit, const std::vector<Vector>& thresholds,
                const AdexMeanFieldOptions& options);

}  // namespace heddle
