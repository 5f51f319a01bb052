#include "measure/prepared.hpp"

#include <algorithm>

#include "heddle/linalg/exponential.hpp"
#include "heddle/linalg/solve.hpp"

namespace heddle {

MotifMap motif_map(const Library& library, std::size_t i, bool observed) {
    const Segment segment = motif_segment(library, i);
    const Motif& motif = library.motifs[i].motif;
    const Index n = size(library.network);
    const SegmentMap map = segment_map(joint_dynamics(library.network, segment.open),
                                       observed ? library.network.readout : Matrix(0, n), motif.dt,
                                       motif.values.rows() - 1, false);
    const Vector start = joint_deviation(library.motifs[i].initial_state, segment);
    return {map.transfer.leftCols(n), map.observation.leftCols(n),
            map.transfer * start + segment.fixed_point};
}

Prepared::Prepared(const Library& library, std::vector<MotifMap> maps)
    : library_(library),
      maps_(std::move(maps)),
      preparation_(joint_dynamics(library.network, &library.preparation.loops)) {}

Matrix Prepared::preparation(double time) const {
    return exponential(preparation_.a * time)
        .topLeftCorner(preparation_.cortex, preparation_.cortex);
}

double Prepared::contraction(double time) const {
    const Matrix e = preparation(time);
    double q = 0.0;
    for (const MotifMap& map : maps_) q = std::max(q, spectral_norm_of_product(e, map.transfer));
    return q;
}

Matrix Prepared::deviations(const SegmentMap& preparation, std::size_t j) const {
    const Segment segment = preparation_segment(library_, j);
    Matrix ends(preparation_.cortex, static_cast<Index>(maps_.size()));
    for (std::size_t i = 0; i < maps_.size(); ++i) ends.col(static_cast<Index>(i)) = maps_[i].end;
    return preparation.transfer * joint_deviation(ends, segment);
}

}  // namespace heddle
