#include "equations/range.hpp"

#include <cmath>

#include "heddle/core/error.hpp"
#include "network/checks.hpp"

namespace heddle {

void check_ends(const std::string& what, double from, double to) {
    if (!(from < to) || !std::isfinite(to - from))
        throw DomainError(what + " goes from " + number_text(from) + " to " + number_text(to) +
                          "; give finite ends that rise");
}

void check_range(const std::string& name, double start, double from, double to) {
    check_ends("the range of '" + name + "'", from, to);
    if (start < from || start > to)
        throw DomainError("'" + name + "' starts at " + number_text(start) +
                          ", outside of the range from " + number_text(from) + " to " +
                          number_text(to) + "; give a range that holds it");
}

}  // namespace heddle
