#pragma once

#include <vector>

#include "heddle/linalg/types.hpp"

namespace heddle {

/// How a set of complex numbers that is closed under conjugation is stored: its real members, then
/// one of each pair (the one with Im > 0). Vectors over such a set have three forms,
///
///     half   x of the members that are stored, shape (real + pairs,)
///     full   those, then the conjugates of the pairs, shape (real + 2 pairs,)
///     real   K x = (x of the real members, √2 Re x and √2 Im x of the pairs)
///
/// and K is unitary, so norms, least norms and conditions are the same in all of them. A matrix
/// that takes closed vectors to closed vectors is K A Kᴴ, a real one with a quarter of the work.
struct PairLayout {
    Index real = 0;
    Index pairs = 0;

    [[nodiscard]] Index half() const noexcept { return real + pairs; }
    [[nodiscard]] Index full() const noexcept { return real + 2 * pairs; }
};

/// The real ones of `values` in their order, then those with Im > 0.
struct HalfSet {
    PairLayout layout;
    ComplexVector values;       ///< Half form.
    std::vector<Index> origin;  ///< Where each stood.
};
[[nodiscard]] HalfSet half_of(const ComplexVectorView& values);

[[nodiscard]] ComplexVector full_of(const ComplexVectorView& half, PairLayout layout);
[[nodiscard]] Vector real_of(const ComplexVectorView& half, PairLayout layout);
[[nodiscard]] ComplexVector half_of_real(const VectorView& real, PairLayout layout);

/// K A Kᴴ of a matrix of which the half rows and all columns are given.
/// \param a shape (rows.half(), columns.full()). \return shape (rows.full(), columns.full()).
[[nodiscard]] Matrix real_form(const ComplexMatrixView& a, PairLayout rows, PairLayout columns);

/// Changes the sign of what belongs to Im: in K A Kᴴ this turns K into its conjugate.
void flip_rows(Matrix& a, PairLayout rows);
void flip_columns(Matrix& a, PairLayout columns);

/// Columns of a real form as complex ones, Re − i Im of each pair: a diagonal matrix on the right
/// then is a product with its half form. `unpacked_columns` is the inverse.
[[nodiscard]] ComplexMatrix packed_columns(const MatrixView& a, PairLayout columns);
[[nodiscard]] Matrix unpacked_columns(const ComplexMatrixView& a, PairLayout columns);

/// The same for rows, Re + i Im, and a diagonal matrix on the left.
[[nodiscard]] ComplexMatrix packed_rows(const MatrixView& a, PairLayout rows);
[[nodiscard]] Matrix unpacked_rows(const ComplexMatrixView& a, PairLayout rows);

}  // namespace heddle
