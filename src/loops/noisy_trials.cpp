#include "loops/noisy_trials.hpp"

namespace heddle {
namespace {

/// Runs advance in blocks of this many columns whatever the number of threads, because a product's
/// bits depend on its shape.
constexpr Index block = 8;

}  // namespace

NoisyTrials::NoisyTrials(const Vector& initial_state, Index trials, double strength,
                         std::uint64_t seed, std::size_t threads)
    : states_(initial_state.replicate(1, trials)), strength_(strength), threads_(threads) {
    for (Index i = 0; i < trials; ++i)
        sources_.emplace_back(seed, static_cast<std::uint64_t>(i) + 1);
}

std::vector<Matrix> NoisyTrials::advance(const SegmentMap& map, const Segment& segment, Index d,
                                         bool record) {
    const Index trials = states_.cols();
    std::vector<Matrix> outputs(record ? static_cast<std::size_t>(trials) : 0,
                                Matrix(map.steps + 1, d));
    const Index blocks = (trials + block - 1) / block;
    parallel_for(static_cast<std::size_t>(blocks), threads_, [&](std::size_t i) {
        const Index first = static_cast<Index>(i) * block;
        advance_block(map, segment, first, std::min(block, trials - first),
                      record ? &outputs : nullptr, d);
    });
    drawn_ += static_cast<std::uint64_t>(map.steps * map.propagator.rows());
    return outputs;
}

void NoisyTrials::advance_block(const SegmentMap& map, const Segment& segment, Index first,
                                Index count, std::vector<Matrix>* outputs, Index d) {
    const Index n = states_.rows();
    const Index s = map.propagator.rows();
    const auto observed = map.observation.topRows(d);
    const Vector rest = observed.leftCols(n) * segment.fixed_point;
    // A block is always `block` wide, padded if need be: a run's bits must not depend on how many
    // run beside it.
    Matrix deviation = Matrix::Zero(s, block);
    deviation.leftCols(count) = joint_deviation(states_.middleCols(first, count), segment);
    Matrix fresh = Matrix::Zero(s, block);
    Matrix next(s, block);
    for (Index j = 0; j <= map.steps; ++j) {
        if (outputs != nullptr) {
            const Matrix seen = observed * deviation;
            for (Index i = 0; i < count; ++i)
                (*outputs)[static_cast<std::size_t>(first + i)].row(j) =
                    (seen.col(i) + rest).transpose();
        }
        if (j == map.steps) break;
        for (Index i = 0; i < count; ++i)
            sources_[static_cast<std::size_t>(first + i)].fill_normal(
                {fresh.col(i).data(), static_cast<std::size_t>(s)},
                drawn_ + static_cast<std::uint64_t>(j * s));
        next.noalias() = map.propagator * deviation;
        next.noalias() += strength_ * map.noise_root * fresh;
        deviation.swap(next);
    }
    states_.middleCols(first, count) =
        deviation.topLeftCorner(n, count).colwise() + segment.fixed_point;
}

}  // namespace heddle
