#include "heddle/network/hazard.hpp"

#include "core/names.hpp"

namespace heddle {
namespace {

constexpr std::array<const char*, 4> hazard_names = {"exponential", "softplus", "sigmoid",
                                                     "rectified"};

}  // namespace

const char* name_of(Hazard hazard) {
    return hazard_names[static_cast<std::size_t>(hazard)];
}

Hazard hazard_from(const std::string& name) {
    return static_cast<Hazard>(position_of_name(hazard_names, name, "hazard"));
}

}  // namespace heddle
