#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "heddle/core/error.hpp"
#include "heddle/core/similar.hpp"
#include "heddle/core/version.hpp"
#include "long_call.hpp"
#include "modules.hpp"

// Only OpenBLAS has it; with another BLAS it is null.
extern "C" __attribute__((weak)) char* openblas_get_corename();

namespace heddle::python {
namespace {

using namespace nb::literals;

/// The exception types, kept for as long as the process runs.
struct Exceptions {
    PyObject* error;
    PyObject* domain;
    PyObject* shape;
    PyObject* format;
    PyObject* not_converged;
};

PyObject* exception_type(nb::module_& module, const char* name, const char* doc, nb::handle bases) {
    const std::string qualified = std::string("heddle.") + name;
    PyObject* const type = PyErr_NewExceptionWithDoc(qualified.c_str(), doc, bases.ptr(), nullptr);
    if (type == nullptr) throw nb::python_error();
    module.attr(name) = nb::handle(type);
    return type;
}

Exceptions* make_exceptions(nb::module_& module) {
    PyObject* const error = exception_type(
        module, "Error", "Base of every error Heddle raises; the message is one sentence.",
        nb::make_tuple(nb::handle(PyExc_Exception)));
    const nb::tuple value = nb::make_tuple(nb::handle(error), nb::handle(PyExc_ValueError));
    const nb::tuple runtime = nb::make_tuple(nb::handle(error), nb::handle(PyExc_RuntimeError));
    return new Exceptions{
        error,
        exception_type(module, "DomainError",
                       "A value lies outside the domain of the function it was given to.", value),
        exception_type(
            module, "ShapeError",
            "An array has the wrong shape. Those that the core raises have the attributes\n"
            "`argument`, `expected` and `actual`, all text.",
            value),
        exception_type(module, "FormatError", "A file is not what it should be.", value),
        exception_type(module, "NotConverged", "An iteration ended without an answer.", runtime)};
}

void raise_shape_error(PyObject* type, const ShapeError& error) {
    const nb::object raised = nb::handle(type)(error.what());
    raised.attr("argument") = error.argument;
    raised.attr("expected") = error.expected;
    raised.attr("actual") = error.actual;
    PyErr_SetObject(type, raised.ptr());
}

void translate(const std::exception_ptr& thrown, void* payload) {
    const auto& types = *static_cast<const Exceptions*>(payload);
    try {
        std::rethrow_exception(thrown);
    } catch (const ShapeError& error) {
        raise_shape_error(types.shape, error);
    } catch (const DomainError& error) {
        PyErr_SetString(types.domain, error.what());
    } catch (const FormatError& error) {
        PyErr_SetString(types.format, error.what());
    } catch (const NotConverged& error) {
        PyErr_SetString(types.not_converged, error.what());
    } catch (const Error& error) {
        PyErr_SetString(types.error, error.what());
    }
}

}  // namespace

void bind_core(nb::module_& module) {
    nb::register_exception_translator(&translate, make_exceptions(module));
    module.attr("__version__") = version();
    module.def("did_you_mean", &did_you_mean, "name"_a, "known"_a,
               "The end of an error message about an unknown name: the nearest known one, or all.");
    module.def(
        "blas_core",
        [] { return std::string(openblas_get_corename ? openblas_get_corename() : ""); },
        "The kind of processor the BLAS computes for, on which bits depend; empty if it does not "
        "say.");
    nb::module_::import_("atexit").attr("register")(nb::cpp_function(&join_interrupted));
}

}  // namespace heddle::python
