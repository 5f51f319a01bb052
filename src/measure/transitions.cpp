#include "heddle/measure/transitions.hpp"

#include <cmath>
#include <limits>

#include "heddle/flow/segment_map.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/solve.hpp"
#include "measure/prepared.hpp"

namespace heddle {
namespace {

/// Outputs of motif j when the state at its start is off by the columns of `deviations`, one (T, d)
/// matrix each.
double error_after(const MotifLoops& design, const Matrix& isolated, const Vector& stacked) {
    const Index d = design.motif.values.cols();
    const Matrix off = stacked.reshaped(d, design.motif.values.rows()).transpose();
    return normalised_error(isolated + off, design.motif.values);
}

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
    parallel_for(
        count, threads, [&](std::size_t i) { maps[i] = motif_map(library, i, true); }, stage(0));
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
