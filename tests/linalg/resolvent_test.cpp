#include "heddle/linalg/resolvent.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/schur.hpp"
#include "matrices.hpp"

using namespace heddle;
using namespace heddle::matrices;

namespace {

enum class Form { hessenberg, schur };

Resolvent reduce(const Matrix& a, Form form) {
    return form == Form::hessenberg ? Resolvent(a) : Resolvent(real_schur(a));
}

/// Shifts right of the bulk, real ones among them, the first two equal.
ComplexVector some_shifts(Index m) {
    ComplexVector shifts(m);
    for (Index j = 0; j < m; ++j)
        shifts[j] = {1.0 + 0.01 * static_cast<double>(j), 0.1 * static_cast<double>(j % 7)};
    if (m > 1) shifts[1] = shifts[0];
    return shifts;
}

/// Largest of |(λ − A) x − b| / ((|λ| + ‖A‖) |x|) over the columns: at most a few ε for a backward
/// stable solve.
double backward_error(const Matrix& a, const ComplexVector& shifts, const ComplexMatrix& x,
                      const ComplexMatrix& b) {
    double worst = 0.0;
    for (Index j = 0; j < b.cols(); ++j) {
        const double residual = (shifts[j] * x.col(j) - a * x.col(j) - b.col(j)).norm();
        worst = std::max(worst, residual / ((std::abs(shifts[j]) + a.norm()) * x.col(j).norm()));
    }
    return worst;
}

}  // namespace

TEST_CASE("Resolvent: x of either form satisfies (λ − A) x = b to backward error 1e-14") {
    for (const Form form : {Form::hessenberg, Form::schur}) {
        // On both sides of the block sizes inside.
        for (const Index n : {1, 2, 3, 63, 64, 65, 66, 130, 257}) {
            for (const Index m : {1, 2, 9}) {
                const Matrix a = weights(n);
                const Resolvent resolvent = reduce(a, form);
                const ComplexMatrix b = complex_gaussian(n, m);
                const ComplexVector shifts = some_shifts(m);
                CHECK(backward_error(a, shifts, resolvent.solve(shifts, b), b) < 1e-14);
                CHECK(backward_error(a.transpose(), shifts, resolvent.solve_transposed(shifts, b),
                                     b) < 1e-14);
            }
        }
    }
}

TEST_CASE("Resolvent: more columns than are solved at a time are solved as well") {
    const Matrix a = weights(50);
    const ComplexMatrix b = complex_gaussian(50, 300);
    const ComplexVector shifts = some_shifts(300);
    for (const Form form : {Form::hessenberg, Form::schur}) {
        CHECK(backward_error(a, shifts, reduce(a, form).solve(shifts, b), b) < 1e-14);
    }
}

TEST_CASE("Resolvent: of a Jordan block it is the geometric series in closed form") {
    const Index n = 20;
    const Matrix q = rotation(n);
    const Complex z = Complex(1.1, 0.4) - 0.5;
    ComplexMatrix expected = ComplexMatrix::Zero(n, n);
    for (Index i = 0; i < n; ++i) {
        for (Index j = i; j < n; ++j) expected(i, j) = std::pow(z, static_cast<double>(i - j - 1));
    }
    expected = q * expected * q.transpose();
    const ComplexVector shifts = ComplexVector::Constant(n, Complex(1.1, 0.4));
    const Matrix a = q * jordan_block(n, 0.5) * q.transpose();
    for (const Form form : {Form::hessenberg, Form::schur}) {
        const ComplexMatrix x = reduce(a, form).solve(shifts, ComplexMatrix::Identity(n, n));
        // Condition of the block's resolvent: up to |z|^{-20}.
        CHECK(relative_error(x, expected) < 1e-11);
    }
}

TEST_CASE("Resolvent: real parts and conjugates are kept") {
    const Matrix a = weights(40);
    const ComplexMatrix b = complex_gaussian(40, 2);
    const ComplexVector upper{{Complex(1.2, 0.3), Complex(1.1, 0.2)}};
    for (const Form form : {Form::hessenberg, Form::schur}) {
        const Resolvent resolvent = reduce(a, form);
        const ComplexMatrix x = resolvent.solve(upper, b);
        CHECK(relative_error(resolvent.solve(upper.conjugate(), b.conjugate()), x.conjugate()) <
              1e-14);
        const ComplexVector real_shifts = upper.real().cast<Complex>();
        const ComplexMatrix real_sides = b.real().cast<Complex>();
        CHECK(resolvent.solve(real_shifts, real_sides).imag().norm() == 0.0);
    }
}

TEST_CASE("Resolvent: columns that share a shift get what each would get alone") {
    const Index n = 70;
    const Matrix a = weights(n);
    const ComplexMatrix b = complex_gaussian(n, 6);
    ComplexVector shifts(6);
    shifts << Complex(1, 1), Complex(1, 1), Complex(1, 1), 1.5, 1.5, Complex(1, 1);
    for (const Form form : {Form::hessenberg, Form::schur}) {
        const Resolvent resolvent = reduce(a, form);
        const ComplexMatrix together = resolvent.solve(shifts, b);
        for (Index j = 0; j < 6; ++j) {
            const ComplexMatrix alone = resolvent.solve(shifts.segment(j, 1), b.col(j));
            CHECK(relative_error(together.col(j), alone) < 1e-13);
        }
    }
}

TEST_CASE("Resolvent: solve_each is solve on copies") {
    const Matrix a = weights(60);
    const ComplexVector shifts = some_shifts(50);
    for (const Index k : {1, 3, 140}) {
        const Matrix b = gaussian(60, k);
        for (const Form form : {Form::hessenberg, Form::schur}) {
            const Resolvent resolvent = reduce(a, form);
            const ComplexMatrix x = resolvent.solve_each(shifts, b);
            REQUIRE(x.cols() == 50 * k);
            for (const Index i : {0, 17, 49}) {
                const ComplexVector copies = ComplexVector::Constant(k, shifts[i]);
                CHECK(relative_error(x.middleCols(i * k, k),
                                     resolvent.solve(copies, b.cast<Complex>())) < 1e-13);
            }
        }
    }
}

TEST_CASE("Resolvent: in the reduced basis everything is the same but for a rotation") {
    const Index n = 90;  // More than two blocks of the sweep.
    const Resolvent forms[] = {reduce(weights(n), Form::hessenberg),
                               reduce(weights(n), Form::schur)};
    const Matrix b = gaussian(n, 3);
    const ComplexMatrix c = complex_gaussian(n, 5);
    const ComplexVector shifts = some_shifts(5);
    for (const Resolvent& resolvent : forms) {
        CHECK(relative_error(resolvent.rotate_back(resolvent.rotate(b)), b) < 1e-13);
        CHECK(relative_error(resolvent.rotate_back(resolvent.rotate(c)), c) < 1e-13);
        const ComplexMatrix each = resolvent.solve_each_rotated(shifts, resolvent.rotate(b));
        CHECK(relative_error(resolvent.rotate_back(each), resolvent.solve_each(shifts, b)) < 1e-13);
        const ComplexMatrix transposed =
            resolvent.solve_transposed_rotated(shifts, resolvent.rotate(c));
        CHECK(relative_error(resolvent.rotate_back(transposed),
                             resolvent.solve_transposed(shifts, c)) < 1e-13);
    }
}

TEST_CASE("Resolvent: strongly non-normal networks are solved backward stably too") {
    // Feed-forward chain inside weak feedback: ‖(λ − A)⁻¹‖ near 1e8.
    const Index n = 100;
    const Matrix q = rotation(n);
    Matrix a = 0.3 * weights(n);
    a.diagonal(1).array() += 2.0;
    a = (q * a * q.transpose()).eval();
    const ComplexMatrix b = complex_gaussian(n, 4);
    const ComplexVector shifts = some_shifts(4);
    for (const Form form : {Form::hessenberg, Form::schur}) {
        CHECK(backward_error(a, shifts, reduce(a, form).solve(shifts, b), b) < 1e-14);
    }
}

TEST_CASE("Resolvent: near an eigenvalue the answer is large and still right") {
    const Matrix a = weights(50);
    const Complex near = eigenvalues(a)[0] + 1e-8;
    const ComplexMatrix b = complex_gaussian(50, 1);
    const ComplexVector shifts = ComplexVector::Constant(1, near);
    for (const Form form : {Form::hessenberg, Form::schur}) {
        const ComplexMatrix x = reduce(a, form).solve(shifts, b);
        CHECK(x.norm() > 1e6 * b.norm());
        CHECK(backward_error(a, shifts, x, b) < 1e-14);
    }
}

TEST_CASE("Resolvent: an eigenvalue as shift is refused by name") {
    const ComplexMatrix b = complex_gaussian(50, 2);
    const Matrix a = weights(50);
    const ComplexVector values = eigenvalues(a);
    for (const Form form : {Form::hessenberg, Form::schur}) {
        const Resolvent resolvent = reduce(a, form);
        for (const Index i : {0, 7, 23, 49}) {
            ComplexVector shifts(2);
            shifts << 2.0, values[i];
            CHECK_THROWS_AS((void)resolvent.solve(shifts, b), DomainError);
            CHECK_THROWS_AS((void)resolvent.solve_transposed(shifts, b), DomainError);
        }
        const Resolvent half = reduce(0.5 * identity(50), form);
        CHECK_THROWS_WITH_AS((void)half.solve(ComplexVector::Constant(2, 0.5), b),
                             "shift 0.5 + 0i is an eigenvalue of the matrix to working precision; "
                             "others would work.",
                             DomainError);
    }
    CHECK_THROWS_AS((void)Resolvent(Matrix::Zero(3, 3))
                        .solve(ComplexVector::Zero(1), ComplexMatrix::Ones(3, 1)),
                    DomainError);
}

TEST_CASE("Resolvent: the unit of A does not matter") {
    const Matrix a = weights(30);
    const ComplexMatrix b = complex_gaussian(30, 2);
    const ComplexVector shifts = some_shifts(2);
    for (const Form form : {Form::hessenberg, Form::schur}) {
        const ComplexMatrix x = reduce(a, form).solve(shifts, b);
        for (const int exponent : {-600, 600}) {
            const double unit = std::ldexp(1.0, exponent);
            const ComplexMatrix scaled = reduce(unit * a, form).solve(unit * shifts, b);
            CHECK(relative_error(unit * scaled, x) < 1e-12);
        }
    }
}

TEST_CASE("Resolvent: no columns, no units and a zero right-hand side are no special cases") {
    for (const Form form : {Form::hessenberg, Form::schur}) {
        const Resolvent resolvent = reduce(weights(10), form);
        CHECK(resolvent.solve(ComplexVector(0), ComplexMatrix(10, 0)).cols() == 0);
        CHECK(resolvent.solve(ComplexVector::Ones(1), ComplexMatrix::Zero(10, 1)).norm() == 0.0);
        CHECK(resolvent.solve_each(ComplexVector::Ones(3), Matrix(10, 0)).cols() == 0);
        const Resolvent empty = reduce(Matrix(0, 0), form);
        CHECK(empty.solve(ComplexVector::Ones(2), ComplexMatrix(0, 2)).cols() == 2);
    }
}

TEST_CASE("Resolvent: the same call gives the same bits") {
    const Matrix a = weights(90);
    const ComplexMatrix b = complex_gaussian(90, 5);
    const ComplexVector shifts = some_shifts(5);
    for (const Form form : {Form::hessenberg, Form::schur}) {
        CHECK(reduce(a, form).solve(shifts, b) == reduce(a, form).solve(shifts, b));
    }
}

TEST_CASE("Resolvent: wrong shapes and NaN are refused") {
    const Resolvent resolvent(weights(4));
    const ComplexVector two = ComplexVector::Ones(2);
    CHECK_THROWS_AS((void)Resolvent(Matrix::Zero(2, 3)), ShapeError);
    CHECK_THROWS_AS((void)resolvent.solve(two, ComplexMatrix::Ones(4, 3)), ShapeError);
    CHECK_THROWS_AS((void)resolvent.solve(two, ComplexMatrix::Ones(5, 2)), ShapeError);
    CHECK_THROWS_AS((void)resolvent.solve_each(two, Matrix::Ones(5, 2)), ShapeError);
    const Complex nan(std::numeric_limits<double>::quiet_NaN(), 0);
    CHECK_THROWS_AS(
        (void)resolvent.solve(ComplexVector::Constant(2, nan), ComplexMatrix::Ones(4, 2)),
        DomainError);
    CHECK_THROWS_AS((void)resolvent.solve(two, ComplexMatrix::Constant(4, 2, nan)), DomainError);
    CHECK_THROWS_AS((void)Resolvent(Matrix::Constant(2, 2, nan.real())), DomainError);
}
