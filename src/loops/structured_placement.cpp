#include "loops/structured_placement.hpp"

#include <limits>
#include <utility>
#include <variant>
#include <vector>

#include "heddle/core/error.hpp"
#include "heddle/core/parallel.hpp"
#include "heddle/linalg/krylov.hpp"
#include "loops/count_outliers.hpp"
#include "loops/dealt_targets.hpp"
#include "loops/held_modes.hpp"

namespace heddle {
namespace {

/// The line right of the targets up to where the transfer is small, for spaces to reach.
ComplexVector points_on(double line) {
    ComplexVector points(9);
    for (Index i = 0; i < points.size(); ++i)
        points(i) = Complex(line, 0.25 * static_cast<double>(i));
    return points;
}

/// What the loops add beyond the targets, in Krylov spaces, where hundreds of shifts cost what one
/// does; −1 where they do not reach the line, as when W has eigenvalues on both sides of it.
Index counted(const Network& network, const Loops& loops, const ComplexVector& upper,
              const ThalamicLag& lag, std::size_t threads) {
    constexpr KrylovOptions enough{.tolerance = 1e-7, .most_steps = 300};
    try {
        const ComplexVector line = points_on(outlier_line(upper));
        std::vector<std::optional<KrylovSpace>> built(static_cast<std::size_t>(loops.u.cols()));
        parallel_for(built.size(), threads, [&](std::size_t loop) {
            built[loop].emplace(product_with(network), loops.u.col(static_cast<Index>(loop)), line,
                                enough);
        });
        std::vector<KrylovSpace> spaces;
        for (std::optional<KrylovSpace>& space : built) spaces.push_back(std::move(*space));
        return count_outliers(transfer_in(spaces, loops.v), upper, lag);
    } catch (const NotConverged&) {
        return -1;
    }
}

}  // namespace

Placement structured_placement(const Network& network, const ComplexVectorView& targets,
                               const PlacementOptions& options) {
    const ComplexVector upper = upper_half(targets);
    const Index k = options.loops;
    const auto resolvent = resolvent_of(network, WeightsSolver::structured, options.threads);
    const Matrix u = outputs_for(options, size(network));
    const ThalamicLag lag = lag_of(options, network);
    const LoopModes placed = dealt_modes(*resolvent, upper, responses_at(*resolvent, upper, u), k);
    Placement placement{.targets = targets};
    hold_modes(placement, u, placed, lag, options);
    const ClosedLoop closed = closed_loop(*resolvent, network, placement.loops, placed);
    placement.error = spread_to_all(targets, upper, closed.error);
    placement.condition = spread_to_all(targets, upper, closed.condition);
    placement.outliers = counted(network, placement.loops, upper, lag, options.threads);
    placement.abscissa = std::numeric_limits<double>::quiet_NaN();
    return placement;
}

}  // namespace heddle
