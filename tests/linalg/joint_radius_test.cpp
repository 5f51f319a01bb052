#include "heddle/linalg/joint_radius.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "matrices.hpp"

using namespace heddle;
using namespace heddle::matrices;

namespace {

using Set = std::vector<Matrix>;

Matrix rotation_by(double angle, double scale) {
    return scale * pair_block(std::cos(angle), std::sin(angle));
}

Set golden(double a) {
    Matrix upper(2, 2), lower(2, 2);
    upper << 1, 1, 0, 1;
    lower << 1, 0, 1, 1;
    return {a * upper, a * lower};
}

/// Joint radius 1, but √2 at best by any common ellipsoid.
/// \see Ando & Shih (1998), Simultaneous contractibility, SIMAX 19(2).
Set no_ellipsoid() {
    Matrix a(2, 2), b(2, 2);
    a << 1, 0, 1, 0;
    b << 0, 1, 0, -1;
    return {a, b};
}

Set random_set(std::size_t count, Index n, std::uint64_t seed) {
    Set set;
    for (std::size_t i = 0; i < count; ++i) set.push_back(gaussian(n, n, 100 * seed + i));
    return set;
}

/// T A T⁻¹ with the transform that was reported.
Matrix seen(const JointRadius& found, const Matrix& a) {
    return found.transform * a * solve(found.transform, identity(a.rows()));
}

/// max over all words of `length` letters of `measure`(A_w)^{1/length}.
template <typename Measure>
double over_words(const Set& set, std::size_t length, const Measure& measure) {
    Set products = set;
    for (std::size_t k = 1; k < length; ++k) {
        Set longer;
        for (const Matrix& p : products)
            for (const Matrix& a : set) longer.push_back(a * p);
        products = std::move(longer);
    }
    double largest = 0.0;
    for (const Matrix& p : products) largest = std::max(largest, measure(p));
    return std::pow(largest, 1.0 / static_cast<double>(length));
}

double radius(const Matrix& a) {
    return spectral_radius(eigenvalues(a));
}

Matrix product_of(const Set& set, const std::vector<std::size_t>& word) {
    Matrix product = identity(set[0].rows());
    for (const std::size_t i : word) product = (set[i] * product).eval();
    return product;
}

}  // namespace

TEST_CASE("joint_spectral_radius: normal matrices have the largest spectral radius among them") {
    const JointRadius diagonal = joint_spectral_radius(
        {Matrix(Vector::LinSpaced(4, -0.9, 0.3).asDiagonal()), 0.7 * identity(4)});
    CHECK(diagonal.lower == doctest::Approx(0.9).epsilon(1e-12));
    CHECK(diagonal.upper == doctest::Approx(0.9).epsilon(1e-8));
    const JointRadius turning =
        joint_spectral_radius({rotation_by(0.3, 0.8), rotation_by(1.9, 0.95)});
    CHECK(turning.lower == doctest::Approx(0.95).epsilon(1e-12));
    CHECK(turning.upper == doctest::Approx(0.95).epsilon(1e-8));
    CHECK(turning.word == std::vector<std::size_t>{1});
}

TEST_CASE("joint_spectral_radius: two shears by one share the golden ratio, by the word of both") {
    for (const double a : {0.5, 0.6, 0.7}) {
        const JointRadius found = joint_spectral_radius(golden(a));
        const double exact = a * std::numbers::phi;
        CHECK(found.lower == doctest::Approx(exact).epsilon(1e-12));
        CHECK(found.lower_error < 1e-12);
        CHECK(found.upper >= exact);
        CHECK(found.upper <= 1.01 * exact);
        CHECK(found.word.size() == 2);
        CHECK(found.word[0] != found.word[1]);
    }
}

TEST_CASE("joint_spectral_radius: for one matrix the ellipsoid reaches its spectral radius") {
    Matrix a(3, 3);
    a << 0.9, 30.0, -20.0, 0.0, 0.7, 50.0, 0.0, 0.0, -0.8;
    const JointRadius found = joint_spectral_radius({a});
    CHECK(found.norm > 50.0);
    CHECK(found.ellipsoid <= 1.01 * 0.9);
    CHECK(found.upper < 1.0);
    CHECK(found.lower == doctest::Approx(0.9).epsilon(1e-12));
    CHECK(spectral_norm(seen(found, a)) <= found.ellipsoid);
    CHECK(spectral_norm(seen(found, a)) >= 0.9);
    CHECK(found.condition == doctest::Approx(singular_values(found.transform)[0]).epsilon(1e-9));
    CHECK(singular_values(found.transform)[2] == doctest::Approx(1.0).epsilon(1e-9));
}

TEST_CASE("joint_spectral_radius: a hidden common change of basis is found again") {
    // Scaled rotations are normal in one basis, so their common norm there is the joint radius.
    Matrix basis(2, 2);
    basis << 1.0, 7.0, 0.0, 0.2;
    Set set;
    for (const double angle : {0.4, 1.1, 2.5})
        set.push_back(basis * rotation_by(angle, 0.97) * solve(basis, identity(2)));
    const JointRadius found = joint_spectral_radius(set, {.gap = 1e-3});
    CHECK(found.norm > 20.0);
    CHECK(found.ellipsoid <= 1.001 * 0.97);
    CHECK(found.ellipsoid >= 0.97);
    CHECK(found.lower == doctest::Approx(0.97).epsilon(1e-10));
}

TEST_CASE("joint_spectral_radius: no product of up to eight letters lies outside the bounds") {
    for (std::uint64_t seed = 1; seed <= 25; ++seed) {
        const Set set = random_set(2, 3, seed);
        const JointRadius found = joint_spectral_radius(set, {.gap = 0.02, .products = 600});
        for (std::size_t length = 1; length <= 8; ++length)
            CHECK(over_words(set, length, radius) <= found.upper);
        const double norms = over_words(set, 8, [](const Matrix& p) { return spectral_norm(p); });
        CHECK(found.lower <= norms * (1.0 + 1e-9));
        CHECK(norms <= std::pow(found.constant, 1.0 / 8.0) * found.upper);
        CHECK(found.lower <= found.upper);
        CHECK(found.upper <= 1.2 * found.lower);
        for (const Matrix& a : set) CHECK(spectral_norm(seen(found, a)) <= found.ellipsoid);
    }
}

TEST_CASE("joint_spectral_radius: the lower bound is the spectral radius of the word it names") {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        const Set set = random_set(3, 4, seed);
        const JointRadius found = joint_spectral_radius(set, {.products = 300});
        const double length = static_cast<double>(found.word.size());
        CHECK(std::pow(radius(product_of(set, found.word)), 1.0 / length) ==
              doctest::Approx(found.lower).epsilon(1e-9));
        for (std::size_t k = 1; k <= 4; ++k)
            CHECK(found.lower >= 0.98 * over_words(set, k, radius));
    }
}

TEST_CASE("joint_spectral_radius: words prove what no ellipsoid can") {
    const Set set = no_ellipsoid();
    const JointRadius found = joint_spectral_radius(set, {.gap = 0.05, .products = 4000});
    CHECK(found.lower == doctest::Approx(1.0).epsilon(1e-9));
    CHECK(found.ellipsoid >= std::sqrt(2.0) * (1.0 - 1e-9));
    CHECK(found.products < 1.25);
    CHECK(found.proof == "products");
    CHECK(found.longest > 1);
    for (std::size_t k = 1; k <= 10; ++k) {
        const auto growth = [&](const Matrix& p) { return spectral_norm(seen(found, p)); };
        const double bound = found.growth * std::pow(found.products, static_cast<double>(k));
        CHECK(std::pow(over_words(set, k, growth), static_cast<double>(k)) <= bound * (1 + 1e-9));
    }
}

TEST_CASE("joint_spectral_radius: a nilpotent matrix has radius 0, and a zero matrix") {
    Matrix a = Matrix::Zero(3, 3);
    a.diagonal(1).setConstant(5.0);
    const JointRadius found = joint_spectral_radius({a});
    CHECK(found.lower == 0.0);
    CHECK(found.upper < 1e-2);
    CHECK(joint_spectral_radius({Matrix::Zero(2, 2)}).upper == 0.0);
}

TEST_CASE("joint_spectral_radius: what the compression leaves out is in the bounds") {
    // Eight-dimensional dynamics, hidden in sixty dimensions beside small couplings.
    for (const double small : {0.0, 1e-4, 1e-3}) {
        Set set;
        const Matrix q = rotation(60);
        for (std::uint64_t i = 0; i < 3; ++i) {
            Matrix a = small * gaussian(60, 60, 50 + i);
            a.topLeftCorner(8, 8) += 0.3 * gaussian(8, 8, i + 1);
            set.push_back(q * a * q.transpose());
        }
        const JointRadius full = joint_spectral_radius(set, {.compression = 0.0});
        const JointRadius reduced = joint_spectral_radius(set, {.compression = 0.05});
        CHECK(full.rank == 60);
        CHECK(reduced.rank <= 8);
        CHECK(reduced.upper >= full.lower);
        CHECK(reduced.lower <= full.upper);
        CHECK(std::abs(reduced.lower - full.lower) <= 3.0 * reduced.lower_error + 1e-9);
        CHECK(reduced.upper <= 1.1 * full.upper);
        CHECK(reduced.truncation < 0.1 * reduced.upper);
        for (const Matrix& a : set) CHECK(spectral_norm(seen(reduced, a)) <= reduced.ellipsoid);
        if (small > 0.0) CHECK(reduced.truncation > 0.0);
        const auto growth = [&](const Matrix& p) { return spectral_norm(seen(reduced, p)); };
        CHECK(std::pow(over_words(set, 4, growth), 4.0) <=
              reduced.growth * std::pow(reduced.products, 4.0));
    }
}

TEST_CASE("joint_spectral_radius: a gap that holds 1 is not left open") {
    Set set = no_ellipsoid();
    for (Matrix& a : set) a *= 0.75;
    const JointRadius open = joint_spectral_radius(set, {.gap = 0.5, .threshold = 10.0});
    CHECK(open.lower == doctest::Approx(0.75).epsilon(1e-9));
    CHECK(open.upper > 1.0);
    CHECK(joint_spectral_radius(set, {.gap = 0.5}).upper < 1.0);
}

TEST_CASE("joint_spectral_radius: to decide is to stop at the threshold") {
    const Set set = golden(0.6);
    const JointRadius below = joint_spectral_radius(set, {.gap = 0.0, .decide_only = true});
    CHECK(below.upper < 1.0);
    const JointRadius by_norm = joint_spectral_radius(set, {.threshold = 2.0, .decide_only = true});
    CHECK(by_norm.proof == "2-norm");
    CHECK(by_norm.examined == 0);
    const JointRadius above = joint_spectral_radius(golden(0.7), {.gap = 0.0, .decide_only = true});
    CHECK(above.lower - above.lower_error > 1.0);
    CHECK(above.examined <= 10);
}

TEST_CASE("joint_spectral_radius: the same bits for any number of threads") {
    const Set set = random_set(3, 70, 1);
    JointRadiusOptions options{.steps = 6, .products = 60, .compression = 0.3};
    options.threads = 1;
    const JointRadius one = joint_spectral_radius(set, options);
    options.threads = 3;
    const JointRadius three = joint_spectral_radius(set, options);
    CHECK(one.rank < 70);
    CHECK(one.upper == three.upper);
    CHECK(one.lower == three.lower);
    CHECK(one.transform == three.transform);
}

TEST_CASE("joint_spectral_radius: bad arguments are named") {
    CHECK_THROWS_WITH_AS((void)joint_spectral_radius({}),
                         "matrices: found none, expected at least one", DomainError);
    CHECK_THROWS_AS((void)joint_spectral_radius({identity(2), identity(3)}), ShapeError);
    CHECK_THROWS_AS((void)joint_spectral_radius({Matrix(0, 0)}), ShapeError);
    CHECK_THROWS_AS((void)joint_spectral_radius({Matrix::Constant(2, 2, NAN)}), DomainError);
    CHECK_THROWS_AS((void)joint_spectral_radius({identity(2)}, {.gap = -1.0}), DomainError);
    CHECK_THROWS_AS((void)joint_spectral_radius({identity(2)}, {.threshold = 0.0}), DomainError);
    CHECK_THROWS_AS((void)joint_spectral_radius({identity(2)}, {.steps = -1}), DomainError);
    CHECK_THROWS_AS((void)joint_spectral_radius({identity(2)}, {.compression = 1.0}), DomainError);
    CHECK_THROWS_AS((void)joint_spectral_radius({identity(2)}, {.most_condition = 0.5}),
                    DomainError);
}
