#include "heddle/core/version.hpp"

// The project's CMakeLists.txt states the version and hands it over; a build without it is a plain
// one.
#ifndef HEDDLE_VERSION
#define HEDDLE_VERSION "0.1.0"
#endif

namespace heddle {

const char* version() noexcept {
    return HEDDLE_VERSION;
}

}  // namespace heddle
