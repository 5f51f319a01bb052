#include <algorithm>
#include <cmath>
#include <limits>

#include "carry/performance.hpp"
#include "heddle/carry/survival.hpp"
#include "heddle/linalg/eigenvalues.hpp"

namespace heddle {
namespace {

/// Eigenvalues paired with places, the nearest pair first, each used once.
ComplexVector paired(const ComplexVector& placed, const ComplexVector& values) {
    ComplexVector found(placed.size());
    std::vector<bool> placed_done(static_cast<std::size_t>(placed.size()), false);
    std::vector<bool> used(static_cast<std::size_t>(values.size()), false);
    for (Index round = 0; round < placed.size(); ++round) {
        double least = std::numeric_limits<double>::infinity();
        Index at = 0, with = 0;
        for (Index m = 0; m < placed.size(); ++m)
            for (Index i = 0; i < values.size(); ++i) {
                if (placed_done[static_cast<std::size_t>(m)] || used[static_cast<std::size_t>(i)])
                    continue;
                const double distance = std::abs(placed(m) - values(i));
                if (distance < least) least = distance, at = m, with = i;
            }
        placed_done[static_cast<std::size_t>(at)] = used[static_cast<std::size_t>(with)] = true;
        found(at) = values(with);
    }
    return found;
}

}  // namespace

SpectrumAlong spectrum_along(const CarriedLibrary& carried, std::size_t motif,
                             const SurvivalOptions& options) {
    const Passage stretches = passage(carried, motif, false);
    const Stretch& stretch = stretches.front();
    const Matrix states = trajectory(stretches, carried.starts.col(static_cast<Index>(motif)));
    const Matrix slopes = states.unaryExpr([&](double x) { return stretch.curve().slope(x); });
    const Matrix gains = carried.gain.cwiseInverse().asDiagonal() * slopes;
    SpectrumAlong found;
    found.placed = step_eigenvalues(carried.library.motifs[motif].fit.eigenvalues, stretch.eta());
    found.times.resize(options.points);
    found.found.resize(found.placed.size(), options.points);
    found.distance.resize(found.placed.size(), options.points);
    found.abscissa = -std::numeric_limits<double>::infinity();
    found.least_gain = gains.minCoeff();
    found.most_gain = gains.maxCoeff();
    for (Index p = 0; p < options.points; ++p) {
        const Index t = options.points == 1 ? 0 : p * stretch.steps() / (options.points - 1);
        const ComplexVector values = eigenvalues(stretch.recurrent() * slopes.col(t).asDiagonal());
        found.times(p) = carried.h * static_cast<double>(t);
        found.found.col(p) = paired(found.placed, values);
        found.abscissa = std::max(found.abscissa, spectral_abscissa(values));
    }
    found.distance = (found.found.colwise() - found.placed).cwiseAbs();
    found.lost = 0;
    for (Index m = 0; m < found.placed.size() && options.points > 0; ++m)
        if (found.distance.row(m).maxCoeff() > options.lost) ++found.lost;
    return found;
}

}  // namespace heddle
