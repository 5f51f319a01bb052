#pragma once

#include <string>
#include <vector>

namespace heddle {

/// "; did you mean 'x'?" for the known name nearest to `name`, or "; known are a, b, c" if none is
/// near: the end of an error message.
[[nodiscard]] std::string did_you_mean(const std::string& name,
                                       const std::vector<std::string>& known);

}  // namespace heddle
