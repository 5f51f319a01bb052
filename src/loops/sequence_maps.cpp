#include "loops/sequence_maps.hpp"

#include <algorithm>
#include <cmath>

namespace heddle {
namespace {

/// Preparation is recorded about every half time constant.
Index preparation_steps(double time, double tau) {
    return std::max<Index>(1, static_cast<Index>(std::lround(time / (0.5 * tau))));
}

}  // namespace

SequenceMaps::SequenceMaps(const Library& library, Matrix observed, double preparation_time,
                           bool with_noise, std::size_t most_bytes)
    : library_(library),
      observed_(std::move(observed)),
      with_noise_(with_noise),
      most_bytes_(most_bytes) {
    const Index steps = preparation_steps(preparation_time, library.network.tau);
    preparation_ = std::make_shared<SegmentMap>(
        segment_map(joint_dynamics(library.network, &library.preparation.loops), observed_,
                    preparation_time / static_cast<double>(steps), steps, with_noise));
}

std::shared_ptr<const SegmentMap> SequenceMaps::made(std::size_t index) const {
    const MotifLoops& design = library_.motifs[index];
    return std::make_shared<SegmentMap>(segment_map(joint_dynamics(library_.network, &design.loops),
                                                    observed_, design.motif.dt,
                                                    design.motif.values.rows() - 1, with_noise_));
}

void SequenceMaps::keep(std::size_t index, std::shared_ptr<const SegmentMap> map) {
    bytes_ += memory(*map);
    ages_.push_front(index);
    kept_[index] = {std::move(map), ages_.begin()};
    while (bytes_ > most_bytes_ && ages_.size() > 1) {
        bytes_ -= memory(*kept_.at(ages_.back()).map);
        kept_.erase(ages_.back());
        ages_.pop_back();
    }
}

std::shared_ptr<const SegmentMap> SequenceMaps::motif(std::size_t index) {
    if (const auto found = kept_.find(index); found != kept_.end()) {
        ages_.splice(ages_.begin(), ages_, found->second.age);
        return found->second.map;
    }
    auto map = made(index);
    keep(index, map);
    return map;
}

void SequenceMaps::make(const std::vector<std::size_t>& indices, std::size_t threads,
                        const Progress& progress) {
    const std::size_t room =
        std::max<std::size_t>(1, most_bytes_ / std::max<std::size_t>(1, memory(*preparation_)));
    const std::size_t count = std::min(indices.size(), room);
    std::vector<std::shared_ptr<const SegmentMap>> maps(count);
    parallel_for(count, threads, [&](std::size_t i) { maps[i] = made(indices[i]); }, progress);
    for (std::size_t i = 0; i < count; ++i) keep(indices[i], std::move(maps[i]));
}

}  // namespace heddle
