#include "heddle/linalg/eigenbasis.hpp"

#include <doctest/doctest.h>

#include "heddle/core/error.hpp"
#include "matrices.hpp"

using namespace heddle;
using namespace heddle::matrices;

namespace {

Matrix block_diagonal_form(const RealEigenbasis& basis) {
    const Index m = basis.reals.size(), h = basis.pairs.size();
    Matrix form = Matrix::Zero(m + 2 * h, m + 2 * h);
    form.diagonal() << basis.reals, basis.pairs.real(), basis.pairs.real();
    for (Index j = 0; j < h; ++j) {
        form(m + j, m + h + j) = basis.pairs[j].imag();
        form(m + h + j, m + j) = -basis.pairs[j].imag();
    }
    return form;
}

}  // namespace

TEST_CASE("real_eigenbasis: A R = R Λ, and R⁻¹ is the inverse") {
    for (const Index n : {1, 2, 3, 40, 101}) {
        const Matrix a = weights(n);
        const RealEigenbasis basis = real_eigenbasis(a);
        const Matrix form = block_diagonal_form(basis);
        CHECK((a * basis.r - basis.r * form).norm() < 1e-12 * a.norm() * basis.r.norm());
        CHECK((basis.r * basis.inverse - identity(n)).norm() < 1e-13 * basis.condition);
    }
}

TEST_CASE("real_eigenbasis: a defective matrix has an infinite condition") {
    const RealEigenbasis basis = real_eigenbasis(jordan_block(5, -1.0));
    CHECK(std::isinf(basis.condition));
    CHECK(basis.inverse.size() == 0);
}

TEST_CASE("DiagonalLyapunov: Λ X + X Λᵀ = −C, and its adjoint, for any C") {
    for (const Index n : {1, 2, 3, 40, 101}) {
        const RealEigenbasis basis = real_eigenbasis(weights(n) - 1.3 * identity(n));
        const Matrix form = block_diagonal_form(basis), c = gaussian(n, n, 5);
        const DiagonalLyapunov equation(basis);
        const Matrix x = equation.solve(c), y = equation.solve_adjoint(c);
        CHECK((form * x + x * form.transpose() + c).norm() < 1e-13 * form.norm() * x.norm());
        CHECK((form.transpose() * y + y * form + c).norm() < 1e-13 * form.norm() * y.norm());
    }
}

TEST_CASE("DiagonalLyapunov: only pairs, and only real eigenvalues") {
    for (const Matrix& a : {block_diagonal({pair_block(-1, 2), pair_block(-0.5, 1)}),
                            Matrix(-Matrix(Vector::LinSpaced(4, 1, 4).asDiagonal()))}) {
        const RealEigenbasis basis = real_eigenbasis(a);
        const Matrix form = block_diagonal_form(basis), c = gaussian(4, 4, 2);
        const Matrix x = DiagonalLyapunov(basis).solve(c);
        CHECK((form * x + x * form.transpose() + c).norm() < 1e-14 * form.norm() * x.norm());
    }
}
