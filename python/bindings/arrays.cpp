#include "arrays.hpp"

#include <nanobind/stl/string.h>

#include "heddle/core/error.hpp"

namespace heddle::python {
namespace {

std::string text(nb::handle value) {
    return nb::cast<std::string>(nb::str(value));
}

nb::object any_array(nb::handle value, const std::string& name) {
    try {
        return nb::module_::import_("numpy").attr("asarray")(value);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_ValueError) && !error.matches(PyExc_TypeError)) throw;
        throw DomainError(name +
                          " is no array of numbers, such as rows that differ in length; "
                          "expected one that NumPy can read");
    }
}

std::string found(char kind, nb::handle dtype) {
    if (kind == 'c') return "complex numbers";
    return kind == 'O' ? "Python objects" : "values of type " + text(dtype);
}

}  // namespace

nb::object dense_array(nb::handle value, const std::string& name, bool complex,
                       std::size_t dimension) {
    const nb::object array = any_array(value, name);
    const nb::object dtype = array.attr("dtype");
    const char kind = text(dtype.attr("kind"))[0];
    if (std::string(complex ? "biufc" : "biuf").find(kind) == std::string::npos)
        throw DomainError(name + " holds " + found(kind, dtype) + "; expected " +
                          (complex ? "numbers" : "real numbers"));
    if (nb::cast<std::size_t>(array.attr("ndim")) != dimension)
        throw ShapeError(name, dimension == 1 ? "one dimension" : "two dimensions",
                         text(array.attr("shape")));
    return nb::module_::import_("numpy").attr("asarray")(array, complex ? "complex128" : "float64",
                                                         "F");
}

}  // namespace heddle::python
