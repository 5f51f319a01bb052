#pragma once

#include <string>
#include <vector>

#include "heddle/population/stationary_distributions.hpp"

namespace heddle {

[[nodiscard]] std::vector<std::string> distribution_assumptions(const Circuit& circuit,
                                                                const DistributionOptions& options);

[[nodiscard]] std::string distribution_statement(const StationaryDistributions& found,
                                                 const DistributionOptions& options);

/// \throws NotConverged
[[noreturn]] void refuse_search(const std::vector<double>& history,
                                const DistributionOptions& options);
[[noreturn]] void refuse_drift(const std::string& population, double drift,
                               const std::vector<double>& history);

}  // namespace heddle
