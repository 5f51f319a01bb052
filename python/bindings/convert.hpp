#pragma once

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "arrays.hpp"
#include "heddle/network/network.hpp"

namespace heddle::python {

/// Weights from an array, any SciPy sparse matrix, or StructuredWeights.
[[nodiscard]] Weights to_weights(nb::handle value, const std::string& name);
[[nodiscard]] SparseMatrix to_sparse(nb::handle value, const std::string& name);
/// \throws TypeError unless it is a pair of matrices.
[[nodiscard]] Kronecker to_kronecker(nb::handle value, const std::string& name);

/// A name, a TransferResponse, or an ArtificialUnit without adaptation.
[[nodiscard]] Response to_response(nb::handle value, const std::string& name);

/// Dense weights from those or from a Network.
[[nodiscard]] Matrix to_dense_weights(nb::handle value, const std::string& name);

/// "5 (int)", for messages.
[[nodiscard]] std::string found_text(nb::handle value);

template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

template <class T>
struct IsVectorOfArrays : std::false_type {};
template <Dense T>
struct IsVectorOfArrays<std::vector<T>> : std::true_type {};

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

/// What a field of this type accepts, in words.
template <class T>
[[nodiscard]] std::string expected_text() {
    if constexpr (std::is_same_v<T, bool>) return "True or False";
    if constexpr (std::is_same_v<T, double>) return "a number";
    if constexpr (std::is_integral_v<T>)
        return std::is_signed_v<T> ? "an integer" : "an integer, 0 or more";
    if constexpr (std::is_same_v<T, std::string>) return "text";
    if constexpr (IsVector<T>::value) return "a list";
    return "another type";
}

/// A C++ value from a Python one. \throws TypeError, DomainError or ShapeError that calls it
/// `name`.
template <class T>
[[nodiscard]] T from_python(nb::handle value, const std::string& name) {
    if constexpr (Dense<T>) {
        return to_eigen<T>(value, name);
    } else if constexpr (std::is_same_v<T, Weights>) {
        return to_weights(value, name);
    } else if constexpr (std::is_same_v<T, SparseMatrix>) {
        return to_sparse(value, name);
    } else if constexpr (std::is_same_v<T, std::vector<Kronecker>>) {
        std::vector<Kronecker> products;
        for (const nb::handle item : value) products.push_back(to_kronecker(item, name));
        return products;
    } else if constexpr (std::is_same_v<T, Response>) {
        return to_response(value, name);
    } else if constexpr (IsOptional<T>::value) {
        if (value.is_none()) return std::nullopt;
        return from_python<typename T::value_type>(value, name);
    } else if constexpr (IsVectorOfArrays<T>::value) {
        T arrays;
        for (const nb::handle item : value)
            arrays.push_back(to_eigen<typename T::value_type>(item, name));
        return arrays;
    } else {
        T result{};
        if (nb::try_cast<T>(value, result)) return result;
        const std::string message =
            name + " is " + found_text(value) + "; expected " + expected_text<T>();
        throw nb::type_error(message.c_str());
    }
}

/// A Python value of a field of `owner`: arrays and nested values are read-only views that keep
/// `owner` alive.
template <class T>
[[nodiscard]] nb::object to_python(const T& field, nb::handle owner) {
    if constexpr (Dense<T>) {
        return to_numpy(field, owner);
    } else if constexpr (std::is_same_v<T, Weights>) {
        if (const auto* dense = std::get_if<Matrix>(&field)) return to_numpy(*dense, owner);
        if (const auto* structured = std::get_if<StructuredWeights>(&field))
            return nb::cast(structured, nb::rv_policy::reference_internal, owner);
        return to_python(std::get<SparseMatrix>(field), owner);
    } else if constexpr (std::is_same_v<T, Kronecker>) {
        return nb::make_tuple(to_numpy(field.a, owner), to_numpy(field.b, owner));
    } else if constexpr (std::is_same_v<T, Response>) {
        if (field.kind() == Response::Kind::transfer) return to_python(field.transfer(), owner);
        return nb::cast(name_of(field));
    } else if constexpr (IsOptional<T>::value) {
        return field ? to_python(*field, owner) : nb::none();
    } else if constexpr (IsVector<T>::value) {
        nb::list items;
        for (const auto& item : field) items.append(to_python(item, owner));
        return items;
    } else if constexpr (std::is_class_v<T> && !std::is_same_v<T, std::string> &&
                         !std::is_same_v<T, SparseMatrix>) {
        return nb::cast(&field, nb::rv_policy::reference_internal, owner);
    } else {
        return nb::cast(field);
    }
}

/// SciPy's csr_matrix, a copy.
template <>
[[nodiscard]] nb::object to_python(const SparseMatrix& field, nb::handle owner);

}  // namespace heddle::python
