#include "heddle/linalg/joint_radius.hpp"

#include <algorithm>
#include <limits>

#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/solve.hpp"
#include "linalg/checks.hpp"
#include "linalg/joint_compression.hpp"
#include "linalg/joint_coordinates.hpp"
#include "linalg/joint_ellipsoid.hpp"
#include "linalg/joint_margins.hpp"
#include "linalg/lapack.hpp"

namespace heddle {
namespace {

/// Below this size starting threads costs more than they save.
constexpr Index worth_threads = 64;

void check(const std::vector<Matrix>& matrices) {
    if (matrices.empty()) throw DomainError("matrices: found none, expected at least one");
    const Index n = matrices.front().rows();
    if (n == 0) throw ShapeError("matrices", "at least one row and one column", "0 × 0");
    for (const Matrix& a : matrices) {
        require_shape(a, n, n, "matrices");
        require_finite(a, "matrices");
    }
}

void check(const JointRadiusOptions& options) {
    const auto fail = [](const char* name, double found, const char* expected) {
        throw DomainError(std::string(name) + ": found " + std::to_string(found) + ", expected " +
                          expected);
    };
    if (!(options.gap >= 0.0)) fail("gap", options.gap, "0 or more");
    if (!(options.threshold > 0.0)) fail("threshold", options.threshold, "a positive number");
    if (!(options.compression >= 0.0 && options.compression < 1.0))
        fail("compression", options.compression, "0 or more and below 1");
    if (!(options.most_condition >= 1.0))
        fail("most_condition", options.most_condition, "1 or more");
    if (options.steps < 0) fail("steps", static_cast<double>(options.steps), "0 or more");
}

/// Blocks of the matrices divided by `scale`, so that long products stay within range.
void divide(JointCompression& compression, double scale) {
    for (JointBlocks& blocks : compression.blocks) {
        blocks.inner /= scale;
        blocks.in /= scale;
        blocks.out /= scale;
        blocks.rest /= scale;
        blocks.size /= scale;
    }
}

double largest_norm(const std::vector<Matrix>& matrices, std::size_t threads) {
    Vector norms(static_cast<Index>(matrices.size()));
    parallel_for(matrices.size(), matrices.front().rows() >= worth_threads ? threads : 1,
                 [&](std::size_t i) { norms[static_cast<Index>(i)] = spectral_norm(matrices[i]); });
    return norms.maxCoeff();
}

double largest_radius(const JointCompression& compression, std::size_t threads) {
    Vector radii(static_cast<Index>(compression.blocks.size()));
    const auto body = [&](std::size_t i) {
        radii[static_cast<Index>(i)] = spectral_radius(eigenvalues(compression.blocks[i].inner));
    };
    parallel_for(compression.blocks.size(),
                 compression.blocks.front().inner.rows() >= worth_threads ? threads : 1, body);
    return radii.maxCoeff();
}

/// The norm of T A_i T⁻¹ at which no better T is needed.
double enough(double radius, const JointRadiusOptions& options) {
    const double near = (1.0 + 0.5 * options.gap) * radius;
    if (options.decide_only)
        return radius > options.threshold ? std::numeric_limits<double>::infinity()
                                          : std::max(near, 0.95 * options.threshold);
    const bool astride = radius < options.threshold && near >= options.threshold;
    return astride ? 0.5 * (radius + options.threshold) : near;
}

/// Progress as so many of 1000, in the stretch from `from` to `to`.
Progress part(const Progress& progress, std::size_t from, std::size_t to) {
    if (!progress) return {};
    return [&progress, from, to](std::size_t done, std::size_t total) {
        progress(from + (to - from) * done / std::max<std::size_t>(total, 1), 1000);
    };
}

Matrix best_transform(const JointCompression& compression, const JointRadiusOptions& options,
                      const Progress& progress) {
    std::vector<Matrix> inner;
    for (const JointBlocks& blocks : compression.blocks) inner.push_back(blocks.inner);
    const double stop = enough(largest_radius(compression, options.threads), options);
    return balancing_transform(
        std::move(inner), {stop, options.steps, options.most_condition, options.threads}, progress);
}

JointRadius by_norm_alone(double norm, Index n) {
    JointRadius result{};
    result.upper = result.norm = result.ellipsoid = result.products = norm;
    result.proof = "2-norm";
    result.longest = 1;
    result.growth = result.constant = result.condition = 1.0;
    result.rank = n;
    result.transform = Matrix::Identity(n, n);
    return result;
}

void choose_proof(JointRadius& result, double ellipsoid_truncation, double products_truncation) {
    const double condition = result.condition;
    const auto take = [&](const char* proof, double upper, double constant, double truncation) {
        if (!(upper < result.upper)) return;
        result.proof = proof;
        result.upper = upper;
        result.constant = constant;
        result.truncation = truncation;
    };
    take("ellipsoid", result.ellipsoid, condition, ellipsoid_truncation);
    take("products", result.products, condition * result.growth, products_truncation);
}

JointRadius assembled(double norm, double scale, const JointWords& words,
                      const std::vector<JointLetter>& letters, const JointCoordinates& coordinates,
                      const Matrix& basis, Index n) {
    JointRadius result = by_norm_alone(norm, n);
    result.lower = scale * words.lower;
    result.lower_error = scale * words.lower_error;
    result.word = words.word;
    result.products = scale * words.upper;
    result.longest = words.longest;
    result.growth = words.growth;
    result.examined = words.examined;
    result.rank = coordinates.t.rows();
    result.condition = condition(coordinates);
    result.transform = whole_transform(coordinates, basis);
    double inner = 0.0;
    for (const JointLetter& one : letters) inner = std::max(inner, one.bound.inner);
    result.ellipsoid = scale * largest_bound(letters, 1.0);
    choose_proof(result, result.ellipsoid - scale * inner, scale * words.truncation);
    return result;
}

}  // namespace

JointRadius joint_spectral_radius(const std::vector<Matrix>& matrices,
                                  const JointRadiusOptions& options, const Progress& progress) {
    check(matrices);
    check(options);
    lapack::use_one_blas_thread();
    const Index n = matrices.front().rows();
    const double norm = norm_margin * largest_norm(matrices, options.threads);
    if (options.decide_only && norm < options.threshold) return by_norm_alone(norm, n);
    JointCompression compression =
        compress_jointly(matrices, options.compression, options.threads, part(progress, 0, 100));
    const double scale = norm > 0.0 ? norm : 1.0;
    divide(compression, scale);
    JointRadiusOptions scaled = options;
    scaled.threshold /= scale;
    JointCoordinates coordinates =
        coordinates_of(best_transform(compression, scaled, part(progress, 100, 700)),
                       compression.basis.size() > 0);
    const std::vector<JointLetter> letters =
        letters_in(compression, coordinates, n, options.threads);
    const JointWords words = search_words(letters, scaled, part(progress, 700, 1000));
    return assembled(norm, scale, words, letters, coordinates, compression.basis, n);
}

}  // namespace heddle
