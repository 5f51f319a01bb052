#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <string>
#include <utility>

#include "heddle/linalg/types.hpp"

namespace heddle::python {

namespace nb = nanobind;

/// Whether T is one of the dense types of `heddle/linalg/types.hpp`.
template <class T>
concept Dense = std::is_base_of_v<Eigen::PlainObjectBase<T>, T>;

/// A NumPy array of doubles (or complex doubles) in column-major order, of the given dimension,
/// from anything NumPy understands. Errors call it `name`.
[[nodiscard]] nb::object dense_array(nb::handle value, const std::string& name, bool complex,
                                     std::size_t dimension);

template <Dense Plain>
[[nodiscard]] Plain to_eigen(nb::handle value, const std::string& name) {
    using Scalar = typename Plain::Scalar;
    constexpr std::size_t dimension = Plain::IsVectorAtCompileTime ? 1 : 2;
    const auto array = nb::cast<nb::ndarray<nb::numpy, const Scalar>>(
        dense_array(value, name, !std::is_same_v<Scalar, double>, dimension));
    const auto rows = static_cast<Index>(array.shape(0));
    const Index columns = dimension == 2 ? static_cast<Index>(array.shape(1)) : 1;
    return Eigen::Map<const Plain>(array.data(), rows, columns);
}

/// A read-only NumPy view of an array that lives as long as `owner`.
template <Dense Plain>
[[nodiscard]] nb::object to_numpy(const Plain& array, nb::handle owner) {
    using Scalar = typename Plain::Scalar;
    constexpr std::size_t dimension = Plain::IsVectorAtCompileTime ? 1 : 2;
    const std::size_t shape[] = {static_cast<std::size_t>(array.rows()),
                                 static_cast<std::size_t>(array.cols())};
    const std::int64_t strides[] = {1, array.rows()};
    return nb::ndarray<nb::numpy, const Scalar>(array.data(), dimension, shape, owner, strides)
        .cast(nb::rv_policy::reference);
}

/// The array itself, handed over to NumPy.
template <Dense Plain>
[[nodiscard]] nb::object to_numpy(Plain&& array) {
    auto* const kept = new Plain(std::forward<Plain>(array));
    const nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<Plain*>(p); });
    return to_numpy(std::as_const(*kept), owner);
}

}  // namespace heddle::python
