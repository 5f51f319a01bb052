#include "rectified/map_words.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/solve.hpp"
#include "linalg/lu.hpp"

namespace heddle {
namespace {

/// Relative to the largest input: what of an input may be rounding.
constexpr double border = 1e-11;
constexpr double singular_below = 1e-14;

/// The rotation of a word at which its least rotation begins.
std::size_t least_start(const Word& word) {
    const std::size_t k = word.size();
    std::size_t best = 0;
    for (std::size_t s = 1; s < k; ++s)
        for (std::size_t t = 0; t < k; ++t) {
            const Support& here = word[(s + t) % k];
            const Support& there = word[(best + t) % k];
            if (here == there) continue;
            if (here < there) best = s;
            break;
        }
    return best;
}

Word rotated(const Word& word, std::size_t start) {
    Word turned(word.begin() + static_cast<std::ptrdiff_t>(start), word.end());
    turned.insert(turned.end(), word.begin(), word.begin() + static_cast<std::ptrdiff_t>(start));
    return turned;
}

Matrix rotated(const Matrix& states, Index start) {
    Matrix turned(states.rows(), states.cols());
    turned << states.rightCols(states.cols() - start), states.leftCols(start);
    return turned;
}

/// +1 where a unit is active and −1 where it is silent, shape (m, k).
Matrix signs_of(const Word& word, Index units) {
    Matrix signs = Matrix::Constant(units, static_cast<Index>(word.size()), -1.0);
    for (std::size_t t = 0; t < word.size(); ++t)
        for (const Index j : word[t]) signs(j, static_cast<Index>(t)) = 1.0;
    return signs;
}

Word regions_of(const Matrix& inputs) {
    Word word(static_cast<std::size_t>(inputs.cols()));
    for (Index t = 0; t < inputs.cols(); ++t)
        for (Index j = 0; j < inputs.rows(); ++j)
            if (inputs(j, t) > 0.0) word[static_cast<std::size_t>(t)].push_back(j);
    return word;
}

double largest(const Matrix& m) {
    return m.size() > 0 ? m.cwiseAbs().maxCoeff() : 0.0;
}

/// The s for which values + s directions is nowhere below −slack; an empty interval has low > high.
std::pair<double, double> where_positive(const Matrix& values, const Matrix& directions,
                                         double slack) {
    double low = -HUGE_VAL, high = HUGE_VAL;
    for (Index i = 0; i < values.size(); ++i) {
        const double slope = directions.reshaped()[i], value = values.reshaped()[i] + slack;
        if (std::abs(slope) <= border * largest(directions)) {
            if (value < 0.0) return {1.0, -1.0};
        } else if (slope > 0.0) {
            low = std::max(low, -value / slope);
        } else {
            high = std::min(high, -value / slope);
        }
    }
    return {low, high};
}

double between(double low, double high) {
    if (std::isinf(low) && std::isinf(high)) return 0.0;
    if (std::isinf(low)) return high - 1.0;
    return std::isinf(high) ? low + 1.0 : (low + high) / 2;
}

}  // namespace

AffineMap region_map(const ThresholdMap& map, const Support& support) {
    return {region_matrix(map, support),
            map.drive + map.outputs(Eigen::all, support) * map.bias(support)};
}

AffineMap then(const AffineMap& first, const AffineMap& second) {
    return {second.j * first.j, second.j * first.b + second.b};
}

Matrix WordSolver::orbit(const Word& word, const Vector& first) const {
    Matrix states(first.size(), static_cast<Index>(word.size()) + 1);
    states.col(0) = first;
    for (Index t = 0; t + 1 < states.cols(); ++t) {
        const Support& active = word[static_cast<std::size_t>(t)];
        const Vector inputs = map_.inputs(active, Eigen::all) * states.col(t) + map_.bias(active);
        states.col(t + 1) = map_.linear * states.col(t) + map_.drive;
        states.col(t + 1) += map_.outputs(Eigen::all, active) * inputs;
    }
    return states;
}

WordSolver::Answer WordSolver::solve(const Word& word) const {
    AffineMap around = region_map(map_, word.front());
    for (std::size_t t = 1; t < word.size(); ++t) around = then(around, region_map(map_, word[t]));
    return solve(word, around);
}

WordSolver::Answer WordSolver::solve(const Word& word, const AffineMap& around) const {
    const Index n = map_.states(), k = static_cast<Index>(word.size());
    if (!around.j.allFinite()) return {};
    const Lu lu(Matrix::Identity(n, n) - around.j);
    const double reciprocal = lu.reciprocal_condition();
    if (!(reciprocal > singular_below)) return {{}, singular(word, around, reciprocal), {}};
    Vector first = lu.solve(around.b);
    Matrix states = orbit(word, first);
    first += lu.solve(Vector(states.col(k) - states.col(0)));  // what rounding left open
    states = orbit(word, first).leftCols(k);
    if (!states.allFinite()) return {};
    const Matrix inputs = (map_.inputs * states).colwise() + map_.bias;
    const Matrix inside = inputs.cwiseProduct(signs_of(word, map_.units()));
    if (inside.size() > 0 && inside.minCoeff() < -border * largest(inputs))
        return {{}, {}, regions_of(inputs)};
    if (repeats(states)) return {};
    return {cycle_of(word, std::move(states), inputs, around, 1.0 / reciprocal), {}, word};
}

bool WordSolver::repeats(const Matrix& states) const {
    const Index k = states.cols();
    for (Index d = 1; d < k; ++d)
        if (k % d == 0 &&
            (rotated(states, d) - states).cwiseAbs().maxCoeff() <= tolerance_ * largest(states))
            return true;
    return false;
}

MapCycle WordSolver::cycle_of(const Word& word, Matrix states, const Matrix& inputs,
                              const AffineMap& around, double condition) const {
    MapCycle cycle{};
    const Index k = states.cols();
    for (Index t = 0; t < k; ++t)
        cycle.residual = std::max(
            cycle.residual, largest(next_state(map_, states.col(t)) - states.col((t + 1) % k)));
    cycle.residual /= std::max(largest(states), std::numeric_limits<double>::min());
    cycle.margin = inputs.size() > 0 && largest(inputs) > 0.0
                       ? inputs.cwiseAbs().minCoeff() / largest(inputs)
                   : inputs.size() > 0 ? 0.0
                                       : 1.0;
    cycle.on_border = cycle.margin <= border;
    cycle.multipliers = eigenvalues(around.j);
    cycle.spectral_radius = spectral_radius(cycle.multipliers);
    cycle.stable = cycle.spectral_radius < 1.0;
    cycle.condition = condition;
    const std::size_t start = least_start(word);
    cycle.itinerary = rotated(word, start);
    cycle.states = rotated(states, static_cast<Index>(start));
    return cycle;
}

/// Solutions of (1 − J) z = b, if there are any: with one free direction it is a matter of
/// intervals whether an orbit in the word's own regions is among them.
std::optional<DegenerateWord> WordSolver::singular(const Word& word, const AffineMap& around,
                                                   double reciprocal) const {
    const Index n = map_.states(), k = static_cast<Index>(word.size());
    const Matrix a = Matrix::Identity(n, n) - around.j;
    const ComplexLeastNorm found = complex_least_norm(a.cast<Complex>(), around.b.cast<Complex>());
    const Vector z = found.solution.real();
    const double scale = a.norm() * z.norm() + around.b.norm();
    if ((a * z - around.b).norm() > 1e-9 * scale) return {};
    DegenerateWord degenerate{word, reciprocal, false, {}};
    if (found.null_space.cols() != 1) return degenerate;
    const ComplexVector free = found.null_space.col(0);
    Index pivot = 0;
    free.cwiseAbs().maxCoeff(&pivot);
    const Vector along = (free / free[pivot]).real();
    const Matrix states = orbit(word, z).leftCols(k);
    const Matrix moved = orbit(word, z + along).leftCols(k) - states;
    const Matrix signs = signs_of(word, map_.units());
    const Matrix inputs = (map_.inputs * states).colwise() + map_.bias;
    const Matrix slopes = (map_.inputs * moved).cwiseProduct(signs);
    const auto [low, high] =
        where_positive(inputs.cwiseProduct(signs), slopes, border * largest(inputs));
    if (low > high) return {};
    degenerate.continuum = true;
    degenerate.states = states + between(low, high) * moved;
    return degenerate;
}

Word least_rotation(const Word& word) {
    return rotated(word, least_start(word));
}

bool same_cycle(const MapCycle& a, const MapCycle& b, double tolerance) {
    if (a.states.cols() != b.states.cols()) return false;
    const double near = tolerance * std::max(largest(a.states), largest(b.states));
    for (Index s = 0; s < b.states.cols(); ++s)
        if (largest(a.states - rotated(b.states, s)) <= near) return true;
    return false;
}

}  // namespace heddle
