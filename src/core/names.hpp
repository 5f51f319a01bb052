#pragma once

#include <array>
#include <string>

#include "heddle/core/error.hpp"
#include "heddle/core/similar.hpp"

namespace heddle {

/// Where `name` is among `names`. \throws DomainError that calls it `what`, with a did-you-mean.
template <std::size_t count>
[[nodiscard]] std::size_t position_of_name(const std::array<const char*, count>& names,
                                           const std::string& name, const char* what) {
    for (std::size_t i = 0; i < count; ++i)
        if (name == names[i]) return i;
    throw DomainError(std::string(what) + " is '" + name + "'" +
                      did_you_mean(name, {names.begin(), names.end()}));
}

}  // namespace heddle
