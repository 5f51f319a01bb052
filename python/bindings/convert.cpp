#include "convert.hpp"

#include <nanobind/eigen/sparse.h>

#include "heddle/core/error.hpp"
#include "heddle/population/artificial_unit.hpp"

namespace heddle::python {
namespace {

bool is_sparse(nb::handle value) {
    return nb::cast<bool>(nb::module_::import_("scipy.sparse").attr("issparse")(value));
}

}  // namespace

/// Sorted, without duplicates, and with the index type that the C++ side has.
SparseMatrix to_sparse(nb::handle value, const std::string& name) {
    if (!is_sparse(value)) {
        const std::string message = name + " is " + nb::cast<std::string>(nb::str(value.type())) +
                                    "; expected a SciPy sparse matrix";
        throw nb::type_error(message.c_str());
    }
    const std::string kind = nb::cast<std::string>(value.attr("dtype").attr("kind"));
    if (kind == "c") throw DomainError(name + " holds complex numbers; expected real numbers");
    const nb::object csr =
        nb::module_::import_("scipy.sparse")
            .attr("csr_matrix")(value, nb::arg("dtype") = "float64", nb::arg("copy") = true);
    csr.attr("sum_duplicates")();
    for (const char* indices : {"indices", "indptr"})
        nb::setattr(csr, indices, csr.attr(indices).attr("astype")("int32"));
    return nb::cast<SparseMatrix>(csr);
}

Response to_response(nb::handle value, const std::string& name) {
    if (nb::isinstance<TransferResponse>(value)) return nb::cast<TransferResponse>(value);
    if (nb::isinstance<ArtificialUnit>(value)) return response_of(nb::cast<ArtificialUnit>(value));
    std::string word;
    if (nb::try_cast(value, word)) return response_from(word);
    const std::string message = name + " is " + found_text(value) +
                                "; expected a name, an ArtificialUnit or a TransferResponse";
    throw nb::type_error(message.c_str());
}

Kronecker to_kronecker(nb::handle value, const std::string& name) {
    if (!nb::isinstance<nb::sequence>(value) || nb::len(value) != 2) {
        const std::string message =
            name + " holds " + found_text(value) + "; expected pairs (A, B) of square matrices";
        throw nb::type_error(message.c_str());
    }
    return {to_eigen<Matrix>(value[0], name), to_eigen<Matrix>(value[1], name)};
}

Weights to_weights(nb::handle value, const std::string& name) {
    if (nb::isinstance<StructuredWeights>(value)) return nb::cast<const StructuredWeights&>(value);
    if (is_sparse(value)) return to_sparse(value, name);
    return to_eigen<Matrix>(value, name);
}

Matrix to_dense_weights(nb::handle value, const std::string& name) {
    if (nb::isinstance<Network>(value)) return dense_weights(nb::cast<const Network&>(value));
    if (is_sparse(value) || nb::isinstance<StructuredWeights>(value))
        return dense_weights({.weights = to_weights(value, name)});
    return to_eigen<Matrix>(value, name);
}

std::string found_text(nb::handle value) {
    return nb::cast<std::string>(nb::repr(value)) + " (" +
           nb::cast<std::string>(value.type().attr("__name__")) + ")";
}

template <>
nb::object to_python(const SparseMatrix& field, nb::handle) {
    return nb::cast(SparseMatrix(field), nb::rv_policy::move);
}

}  // namespace heddle::python
