#include "linalg/joint_coordinates.hpp"

#include <algorithm>
#include <cmath>

#include "heddle/linalg/solve.hpp"
#include "linalg/joint_margins.hpp"

namespace heddle {
namespace {

/// Below this size starting threads costs more than they save.
constexpr Index worth_threads = 64;

/// T B T⁻¹ for an upper triangular T.
Matrix transformed(const Matrix& t, const Matrix& b) {
    Matrix x = t.triangularView<Eigen::Upper>() * b;
    t.triangularView<Eigen::Upper>().solveInPlace<Eigen::OnTheRight>(x);
    return x;
}

JointLetter letter(const JointBlocks& blocks, const JointCoordinates& c, Index n) {
    const double largest = c.sigma[0];
    const double least = c.sigma[c.sigma.size() - 1];
    JointLetter result{transformed(c.t, blocks.inner), {}};
    result.bound.inner = norm_margin * spectral_norm(result.inner);
    result.bound.error = transform_margin(n, largest / least, blocks.size);
    if (blocks.in.size() == 0) return result;
    const Matrix in = c.t.triangularView<Eigen::Upper>() * blocks.in;
    Matrix out = blocks.out;
    c.t.triangularView<Eigen::Upper>().solveInPlace<Eigen::OnTheRight>(out);
    const double margin = transform_margin(n, 1.0, blocks.size);
    result.bound.in = (norm_margin * spectral_norm(in) + margin * largest) / c.beside;
    result.bound.out =
        (norm_margin * spectral_norm(out) + margin * largest / (least * least)) * c.beside;
    result.bound.rest = norm_margin * blocks.rest + margin;
    return result;
}

/// log γ for which the largest bound is least: a golden section, since bounds are convex in log γ.
double least_bound_at(const std::vector<JointLetter>& letters) {
    const double ratio = 0.5 * (std::sqrt(5.0) - 1.0);
    double low = -20.0;
    double high = 20.0;
    for (int i = 0; i < 40; ++i) {
        const double left = high - ratio * (high - low);
        const double right = low + ratio * (high - low);
        const bool falls =
            largest_bound(letters, std::exp(left)) > largest_bound(letters, std::exp(right));
        (falls ? low : high) = falls ? left : right;
    }
    return 0.5 * (low + high);
}

/// The γ nearest to 1 at which the largest bound is within 0.1 % of the least: what lies beside the
/// subspace shall not make T needlessly ill-conditioned.
double best_beside(const std::vector<JointLetter>& letters) {
    double good = least_bound_at(letters);
    const double enough = 1.001 * largest_bound(letters, std::exp(good));
    double bad = 0.0;
    if (largest_bound(letters, 1.0) <= enough) return 1.0;
    for (int i = 0; i < 30; ++i) {
        const double middle = 0.5 * (good + bad);
        (largest_bound(letters, std::exp(middle)) <= enough ? good : bad) = middle;
    }
    return std::exp(good);
}

}  // namespace

JointCoordinates coordinates_of(Matrix t, bool compressed) {
    JointCoordinates c{std::move(t), {}, 1.0};
    c.sigma = singular_values(c.t);
    if (!compressed) c.beside = c.sigma[0];
    return c;
}

double condition(const JointCoordinates& c) {
    return std::max(c.sigma[0], c.beside) / std::min(c.sigma[c.sigma.size() - 1], c.beside);
}

double largest_bound(const std::vector<JointLetter>& letters, double beside) {
    double largest = 0.0;
    for (const JointLetter& letter : letters) {
        JointBound bound = letter.bound;
        bound.in /= beside;
        bound.out *= beside;
        largest = std::max(largest, whole_norm(bound));
    }
    return largest;
}

std::vector<JointLetter> letters_in(const JointCompression& compression,
                                    JointCoordinates& coordinates, Index n, std::size_t threads) {
    std::vector<JointLetter> letters(compression.blocks.size());
    parallel_for(letters.size(), n >= worth_threads ? threads : 1, [&](std::size_t i) {
        letters[i] = letter(compression.blocks[i], coordinates, n);
    });
    if (compression.basis.size() == 0) return letters;
    coordinates.beside = best_beside(letters);
    for (JointLetter& one : letters) {
        one.bound.in /= coordinates.beside;
        one.bound.out *= coordinates.beside;
    }
    return letters;
}

Matrix whole_transform(const JointCoordinates& c, const Matrix& basis) {
    const double least = std::min(c.sigma[c.sigma.size() - 1], c.beside);
    if (basis.size() == 0) return c.t / least;
    Matrix inside = c.t;
    inside.diagonal().array() -= c.beside;
    Matrix whole = basis * inside * basis.transpose();
    whole.diagonal().array() += c.beside;
    return whole / least;
}

}  // namespace heddle
