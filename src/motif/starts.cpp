#include "motif/starts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/schur.hpp"
#include "heddle/linalg/solve.hpp"

namespace heddle {
namespace {

/// Distance between neighbouring harmonics: a turn in the motif's duration, or what separation
/// asks.
double spacing(const Residual& residual, const Region& region) {
    return std::max(2.0 * std::numbers::pi / residual.duration(), 1.001 * region.separation());
}

double damping(const Residual& residual) {
    return -3.0 / residual.duration();
}

Vector harmonics(Index pairs, double decay, double step) {
    Vector theta(2 * pairs);
    theta.head(pairs).setConstant(decay);
    for (Index m = 0; m < pairs; ++m) theta(pairs + m) = step * (static_cast<double>(m) + 0.5);
    return theta;
}

Vector with_mode(const Vector& theta, double decay, double frequency) {
    const Index q = theta.size() / 2;
    Vector grown(2 * q + 2);
    grown << theta.head(q), decay, theta.tail(q), frequency;
    return grown;
}

/// Rows h … h + length − 1 of every channel, for all h, side by side.
Matrix hankel(const Matrix& target, Index length) {
    const Index columns = target.rows() - length + 1;
    Matrix blocks(length, columns * target.cols());
    for (Index c = 0; c < target.cols(); ++c)
        for (Index h = 0; h < columns; ++h)
            blocks.col(c * columns + h) = target.col(c).segment(h, length);
    return blocks;
}

/// Every `stride`-th sample: enough for a start, and few enough for a small eigenproblem.
Matrix thinned(const Matrix& target, Index stride) {
    Matrix few((target.rows() - 1) / stride + 1, target.cols());
    for (Index j = 0; j < few.rows(); ++j) few.row(j) = target.row(j * stride);
    return few;
}

/// Frequencies between and beyond the known ones.
std::vector<double> gaps(const Vector& known, double step, double first) {
    const Index q = known.size() / 2;
    std::vector<double> frequencies(known.data() + q, known.data() + 2 * q), candidates;
    std::sort(frequencies.begin(), frequencies.end());
    double previous = first;
    for (const double frequency : frequencies) {
        candidates.push_back(0.5 * (previous + frequency));
        previous = frequency;
    }
    for (const double beyond : {0.5, 1.0, 2.0}) candidates.push_back(previous + beyond * step);
    return candidates;
}

}  // namespace

Vector harmonic_start(const Residual& residual, const Region& region, Index pairs) {
    return region.inside(harmonics(pairs, damping(residual), 1.3 * spacing(residual, region)));
}

Vector compact_start(const Residual& residual, const Region& region, Index pairs) {
    return region.inside(harmonics(pairs, damping(residual), 1.001 * region.separation()));
}

Vector shaken_start(const Residual& residual, const Region& region, Index pairs,
                    const Random& random, std::uint64_t first) {
    const double step = spacing(residual, region);
    Vector theta = harmonics(pairs, damping(residual), step * (1.0 + 0.7 * random.uniform(first)));
    for (Index m = 0; m < pairs; ++m) {
        const std::uint64_t draw = first + 4 + 2 * static_cast<std::uint64_t>(m);
        theta(m) *= std::exp(0.6 * random.normal(draw));
        theta(pairs + m) += 0.4 * step * random.normal(draw + 1);
    }
    return region.inside(theta);
}

Vector pencil_start(const Residual& residual, const Region& region, Index pairs) {
    const Index stride = std::max<Index>(1, residual.samples() / 128);
    const Matrix target = thinned(residual.target(), stride);
    const Index length = std::max(2 * pairs + 1, target.rows() / 3);
    if (length + 2 * pairs > target.rows()) return harmonic_start(residual, region, pairs);
    const Matrix blocks = hankel(target, length);
    const OrderedSchur ordered =
        rightmost_first(real_schur(blocks * blocks.transpose()), 2 * pairs);
    const Matrix leading = ordered.schur.q.leftCols(2 * pairs);
    const ComplexVector shifts =
        eigenvalues(least_squares(leading.topRows(length - 1), leading.bottomRows(length - 1)));
    Vector theta = harmonics(pairs, damping(residual), 1.3 * spacing(residual, region));
    Index m = 0;
    for (const Complex shift : shifts)
        if (shift.imag() > 0.0 && m < pairs) {
            const Complex rate = std::log(shift) / (residual.step() * static_cast<double>(stride));
            theta(m) = std::min(rate.real(), 0.1 * damping(residual));
            theta(pairs + m++) = rate.imag();
        }
    return region.inside(theta);
}

Vector grown_start(Residual& residual, const Region& region, const Vector& known) {
    Vector best = harmonic_start(residual, region, known.size() / 2 + 1);
    double least = std::numeric_limits<double>::infinity();
    for (const double frequency : gaps(known, spacing(residual, region), 0.5 * region.separation()))
        for (const double decay : {damping(residual), 4.0 * damping(residual)}) {
            const Vector candidate = region.inside(with_mode(known, decay, frequency));
            if (region.violation(candidate) > 0.0) continue;
            const double value = residual.evaluate(candidate);
            if (value >= least) continue;
            least = value;
            best = candidate;
        }
    return best;
}

}  // namespace heddle
