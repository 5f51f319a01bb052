#include "heddle/network/structured.hpp"

#include <nanobind/nanobind.h>

#include <sstream>

#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const StructuredWeights& weights) {
    std::ostringstream text;
    text << "StructuredWeights(" << weights.rows() << " units, " << weights.sparse.nonZeros()
         << " sparse weights, rank " << weights.p.cols() << ", " << weights.kronecker.size()
         << " Kronecker products)";
    return text.str();
}

}  // namespace

void bind_structured(nb::module_& module) {
    Value<StructuredWeights>(module, "StructuredWeights",
                             R"(Recurrent weights that are never one matrix:

    W = S + P Qᵀ + Σ_i A_i ⊗ B_i ,

a product with a vector costs O(nnz + n r + n (a + b)). `heddle.structured_weights` and
`heddle.block_weights` make them.

    sparse     S, shape (n, n), any SciPy sparse matrix
    p, q       shape (n, r) each
    kronecker  pairs (A, B), square, all of the same two sizes, which multiply to n

Raises ShapeError or DomainError, naming the part.)",
                             [](const StructuredWeights& weights) { return describe(weights); })
        .required("sparse", &StructuredWeights::sparse, "S, scipy.sparse.csr_matrix, shape (n, n).")
        .required("p", &StructuredWeights::p, "P, shape (n, r).")
        .required("q", &StructuredWeights::q, "Q, shape (n, r).")
        .required("kronecker", &StructuredWeights::kronecker, "Pairs (A, B) of A ⊗ B.")
        .check([](StructuredWeights& weights) { validate(weights); })
        .done()
        .def_prop_ro(
            "shape",
            [](const StructuredWeights& weights) {
                return nb::make_tuple(weights.rows(), weights.cols());
            },
            "(n, n).")
        .def(
            "__matmul__",
            [](const StructuredWeights& weights, nb::handle x) {
                const auto columns =
                    nb::cast<std::size_t>(nb::module_::import_("numpy").attr("ndim")(x));
                if (columns == 1) return to_numpy(Vector(apply(weights, to_eigen<Vector>(x, "x"))));
                return to_numpy(apply(weights, to_eigen<Matrix>(x, "x")));
            },
            "x"_a, "W x, shape (n,) or (n, m).")
        .def(
            "toarray", [](const StructuredWeights& weights) { return to_numpy(dense(weights)); },
            "W as one array, shape (n, n).");
    module.def(
        "block_weights",
        [](nb::handle blocks, const std::vector<Index>& sizes) {
            return block_weights(to_eigen<Matrix>(blocks, "blocks"), sizes);
        },
        "blocks"_a, "sizes"_a, "Mean connectivity between populations; see heddle.block_weights.");
}

}  // namespace heddle::python
