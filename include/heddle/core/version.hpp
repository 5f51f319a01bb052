#pragma once

namespace heddle {

/// The version of this library, `major.minor.patch`.
[[nodiscard]] const char* version() noexcept;

}  // namespace heddle
