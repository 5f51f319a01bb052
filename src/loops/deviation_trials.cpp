#include "loops/deviation_trials.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "heddle/core/random.hpp"
#include "heddle/linalg/exponential.hpp"

namespace heddle {
namespace {

constexpr Index least_steps = 64, most_steps = 20000;

Matrix drawn(Index n, Index trials, double strength, std::uint64_t seed) {
    Matrix states(n, trials);
    for (Index i = 0; i < trials; ++i)
        Random(seed, static_cast<std::uint64_t>(i) + 1)
            .fill_normal({states.col(i).data(), static_cast<std::size_t>(n)});
    return strength * states;
}

/// Mean over time of the squared output of every column, by Simpson's rule over `steps` steps.
Vector mean_squares(const Matrix& propagator, const Matrix& readout, Matrix states, Index steps) {
    Vector sums = Vector::Zero(states.cols());
    Matrix next(states.rows(), states.cols());
    for (Index j = 0; j <= steps; ++j) {
        const double weight = j == 0 || j == steps ? 1.0 : (j % 2 == 1 ? 4.0 : 2.0);
        sums += weight * (readout * states).colwise().squaredNorm().transpose();
        if (j == steps) break;
        next.noalias() = propagator * states;
        states.swap(next);
    }
    return sums / (3.0 * static_cast<double>(steps));
}

}  // namespace

Measured measured_deviation(const Network& network, const Loops& loops, double duration,
                            double strength, Index trials, std::uint64_t seed) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    if (trials == 0) return {nan, nan};
    Matrix a = dense_weights(network) + loops.u * loops.v.transpose();
    a.diagonal().array() -= 1.0;
    const double t = duration / network.tau;
    const Index steps =
        2 * std::clamp(static_cast<Index>(std::ceil(t)), least_steps / 2, most_steps / 2);
    const Matrix propagator = exponential(t / static_cast<double>(steps) * a);
    const Vector squares =
        mean_squares(propagator, network.readout, drawn(a.rows(), trials, strength, seed), steps);
    const double count = static_cast<double>(trials), mean = squares.mean();
    const double value = std::sqrt(mean);
    if (trials < 2 || value == 0.0) return {value, trials < 2 ? nan : 0.0};
    const double variance = (squares.array() - mean).square().sum() / (count - 1.0);
    return {value, std::sqrt(variance / count) / (2.0 * value)};
}

}  // namespace heddle
