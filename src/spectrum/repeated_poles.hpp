#pragma once

#include <vector>

#include "spectrum/pair_coordinates.hpp"

namespace heddle {

/// Eigenvalues that coincide, and the basis T of their space in which a loop a bᵀ touches only one
/// of them: T⁻¹ a = (‖a‖, 0, …), Tᵀ b = (b̂, 0, …). The others keep value and vectors.
struct PoleGroup {
    std::vector<Index> members;  ///< Indices in half form.
    ComplexMatrix t, inverse;
};

/// Finds poles that coincide, and turns a and b to the bases of their groups. A group with
/// bᵀ a = 0, where the loop makes a Jordan block or nothing at all, is left as it is.
/// \param poles, a, b in half form.
[[nodiscard]] std::vector<PoleGroup> separate_repeated(const ComplexVectorView& poles,
                                                       ComplexVector& a, ComplexVector& b);

/// Equal entries of `poles`, in groups of two or more, each in rising order.
[[nodiscard]] std::vector<std::vector<Index>> coinciding(const ComplexVectorView& poles);

}  // namespace heddle
