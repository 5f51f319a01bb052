#include "cycle_values.hpp"

#include "heddle/core/error.hpp"
#include "heddle/core/similar.hpp"

namespace heddle::python {
namespace {

/// The value of an enumeration from 0 to `last` that has this name.
template <class Enum>
Enum named(nb::handle value, const std::string& name, Enum last) {
    const auto wanted = from_python<std::string>(value, name);
    std::vector<std::string> known;
    for (int i = 0; i <= static_cast<int>(last); ++i) {
        known.emplace_back(name_of(static_cast<Enum>(i)));
        if (known.back() == wanted) return static_cast<Enum>(i);
    }
    throw DomainError(name + " is '" + wanted + "'" + did_you_mean(wanted, known));
}

}  // namespace

template <>
nb::object to_python(const CycleOutcome& field, nb::handle) {
    return nb::cast(name_of(field));
}
template <>
CycleOutcome from_python(nb::handle value, const std::string& name) {
    return named(value, name, CycleOutcome::diverges);
}
template <>
nb::object to_python(const BranchEventKind& field, nb::handle) {
    return nb::cast(name_of(field));
}
template <>
BranchEventKind from_python(nb::handle value, const std::string& name) {
    return named(value, name, BranchEventKind::lost);
}

}  // namespace heddle::python
