#include "value.hpp"

#include "heddle/core/similar.hpp"

namespace heddle::python {

void raise_unknown_field(const std::string& type, const std::string& field,
                         const std::vector<std::string>& known) {
    const std::string message =
        type + " has no field '" + field + "' to set" + did_you_mean(field, known);
    throw nb::type_error(message.c_str());
}

void raise_missing_field(const std::string& type, const std::string& field) {
    throw nb::type_error((type + " needs the field '" + field + "'").c_str());
}

void raise_too_many_fields(const std::string& type, std::size_t most, std::size_t found) {
    const std::string message = type + " has " + std::to_string(most) + " fields; found " +
                                std::to_string(found) + " values";
    throw nb::type_error(message.c_str());
}

}  // namespace heddle::python
