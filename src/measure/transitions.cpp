#include "heddle/measure/transitions.hpp"

#include <cmath>
#include <limits>

#include "heddle/flow/segment_map.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/exponential.hpp"
#include "heddle/linalg/solve.hpp"

namespace heddle {
namespace {

/// Cortical response of a segment to a cortical deviation at its start: the corner of e^{A T}.
Matrix cortical_transfer(const JointDynamics& dynamics, double time) {
    return exponential(dynamics.a * time).topLeftCorner(dynamics.cortex, dynamics.cortex);
}

struct MotifMap {
    Matrix transfer;     ///< M_i, shape (n, n).
    Matrix observation;  ///< Outputs over the motif from a cortical deviation at its start, (T d,
                         ///< n).
    Vector end;          ///< Cortical state after the motif was performed from its initial state.
};

MotifMap motif_map(const Library& library, std::size_t i) {
    const Segment segment = motif_segment(library, i);
    const Motif& motif = library.motifs[i].motif;
    const SegmentMap map =
        segment_map(joint_dynamics(library.network, segment.open), library.network.readout,
                    motif.dt, motif.values.rows() - 1, false);
    const Index n = size(library.network);
    const Vector start = joint_deviation(library.motifs[i].initial_state, segment);
    return {map.transfer.leftCols(n), map.observation.leftCols(n),
            map.transfer * start + segment.fixed_point};
}

/// Outputs of motif j when the state at its start is off by the columns of `deviations`, one (T, d)
/// matrix each.
double error_after(const MotifLoops& design, const Matrix& isolated, const Vector& stacked) {
    const Index d = design.motif.values.cols();
    const Matrix off = stacked.reshaped(d, design.motif.values.rows()).transpose();
    return normalised_error(isolated + off, design.motif.values);
}

class Prepared {
  public:
    Prepared(const Library& library, std::vector<MotifMap> maps)
        : library_(library),
          maps_(std::move(maps)),
          preparation_(joint_dynamics(library.network, &library.preparation.loops)) {}

    /// max_i ‖E(t) M_i‖₂.
    [[nodiscard]] double contraction(double time) const {
        const Matrix e = cortical_transfer(preparation_, time);
        double q = 0.0;
        for (const MotifMap& map : maps_)
            q = std::max(q, spectral_norm_of_product(e, map.transfer));
        return q;
    }

    /// Deviation of the state at the start of j after motif i, for every i in a column.
    [[nodiscard]] Matrix deviations(const SegmentMap& preparation, std::size_t j) const {
        const Segment segment = preparation_segment(library_, j);
        Matrix ends(preparation_.cortex, static_cast<Index>(maps_.size()));
        for (std::size_t i = 0; i < maps_.size(); ++i)
            ends.col(static_cast<Index>(i)) = maps_[i].end;
        return preparation.transfer * joint_deviation(ends, segment);
    }

    [[nodiscard]] const std::vector<MotifMap>& maps() const { return maps_; }
    [[nodiscard]] const JointDynamics& dynamics() const { return preparation_; }

  private:
    const Library& library_;
    std::vector<MotifMap> maps_;
    JointDynamics preparation_;
};

/// The crossing of q(t) = 1 between a time that is too short and one that is long enough, to 1 %.
double safe_time(const Prepared& prepared, double longest, const Progress& tick) {
    double low = 0.0;
    double high = longest;
    while (high - low > 0.01 * high) {
        const double middle = 0.5 * (low + high);
        (prepared.contraction(middle) < 1.0 ? high : low) = middle;
        if (tick) tick(0, 0);
    }
    return high;
}

void measure_errors(Transitions& result, const Library& library, const Prepared& prepared,
                    const SegmentMap& preparation, std::size_t j) {
    const MotifLoops& design = library.motifs[j];
    const Matrix off = prepared.deviations(preparation, j);
    const Matrix isolated = isolated_states(design, library.network.tau);
    const Matrix planned = (library.network.readout * isolated).transpose();
    const Matrix outputs = prepared.maps()[j].observation * off;
    const auto column = static_cast<Index>(j);
    for (Index i = 0; i < off.cols(); ++i) {
        result.state_error(i, column) = off.col(i).norm() / design.initial_state.norm();
        result.error(i, column) = error_after(design, planned, outputs.col(i));
    }
}

double largest_deviation(const Library& library, const Prepared& prepared,
                         const SegmentMap& preparation) {
    double largest = 0.0;
    for (std::size_t j = 0; j < library.motifs.size(); ++j)
        largest =
            std::max(largest, prepared.deviations(preparation, j).colwise().norm().maxCoeff());
    return largest;
}

}  // namespace

Transitions transitions(const Library& library, std::size_t threads, const Progress& progress) {
    const std::size_t count = library.motifs.size();
    const auto m = static_cast<Index>(count);
    const std::size_t total = 3 * count;
    const auto stage = [&](std::size_t done_before) {
        return progress ? Progress([&progress, done_before, total](std::size_t done, std::size_t) {
            progress(done_before + done, total);
        })
                        : Progress();
    };
    std::vector<MotifMap> maps(count);
    parallel_for(count, threads, [&](std::size_t i) { maps[i] = motif_map(library, i); }, stage(0));
    const Prepared prepared(library, std::move(maps));
    const double time = library.preparation.duration;
    const SegmentMap preparation =
        segment_map(prepared.dynamics(), library.network.readout, time, 1, false);
    const Matrix e = preparation.transfer.leftCols(size(library.network));

    Transitions result{Matrix(m, m), Matrix(m, m), Vector(m), 0.0, 0.0, 0.0, 0.0};
    Vector radius(m);
    parallel_for(
        count, threads,
        [&](std::size_t i) {
            const Matrix product = e * prepared.maps()[i].transfer;
            result.contraction(static_cast<Index>(i)) = spectral_norm(product);
            radius(static_cast<Index>(i)) = spectral_radius(eigenvalues(product));
        },
        stage(count));
    parallel_for(
        count, threads,
        [&](std::size_t j) { measure_errors(result, library, prepared, preparation, j); },
        stage(2 * count));
    result.q = result.contraction.maxCoeff();
    result.radius = radius.maxCoeff();
    result.bound = result.q < 1.0
                       ? largest_deviation(library, prepared, preparation) / (1.0 - result.q)
                       : std::numeric_limits<double>::infinity();
    result.safe_time = result.q < 1.0 ? safe_time(prepared, time, stage(total))
                                      : std::numeric_limits<double>::quiet_NaN();
    return result;
}

}  // namespace heddle
