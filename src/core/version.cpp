#include "heddle/core/version.hpp"

// HEDDLE_VERSION is the version that CMakeLists.txt states.
namespace heddle {

const char* version() noexcept {
    return HEDDLE_VERSION;
}

}  // namespace heddle
