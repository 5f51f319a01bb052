#include "loops/krylov_placement.hpp"

#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "heddle/core/error.hpp"
#include "heddle/core/parallel.hpp"
#include "heddle/linalg/krylov.hpp"
#include "loops/count_outliers.hpp"
#include "loops/dealt_targets.hpp"
#include "loops/held_modes.hpp"

namespace heddle {
namespace {

using Spaces = std::vector<KrylovSpace>;

/// One Krylov space for each column of `starts`, all of which reach the targets.
Spaces spaces_for(const LinearMap& product, const Matrix& starts, const ComplexVector& upper,
                  std::size_t threads) {
    std::vector<std::optional<KrylovSpace>> built(static_cast<std::size_t>(starts.cols()));
    const auto body = [&](std::size_t loop) {
        built[loop].emplace(product, starts.col(static_cast<Index>(loop)), upper);
    };
    try {
        parallel_for(built.size(), threads, body);
    } catch (const NotConverged& error) {
        throw NotConverged(std::string("targets: ") + error.what() +
                           "; solver 'structured' (sparse LU) reaches targets within the bulk");
    }
    Spaces spaces;
    for (std::optional<KrylovSpace>& space : built) spaces.push_back(std::move(*space));
    return spaces;
}

/// The responses of all loops at all targets, and the modes that each target's own loop holds.
LoopModes modes_of(const Spaces& spaces, const ComplexVector& upper) {
    const auto k = static_cast<Index>(spaces.size());
    const Index m = upper.size();
    const Index n = spaces.front().size();
    LoopModes placed{upper, unit_directions(upper, k), ComplexMatrix(n, m * k),
                     ComplexMatrix(n, m)};
    for (Index loop = 0; loop < k; ++loop) {
        const ComplexMatrix x = spaces[static_cast<std::size_t>(loop)].solve(upper);
        for (Index i = 0; i < m; ++i) placed.responses.col(i * k + loop) = x.col(i);
    }
    for (Index i = 0; i < m; ++i) placed.modes.col(i) = placed.responses.col(i * k + i % k);
    return placed;
}

/// l_i = Σ_j h_ji (λ_i − W)⁻ᵀ v_j.
ComplexMatrix left_vectors(const Network& network, const Placement& placement,
                           const ComplexMatrix& h, const PlacementOptions& options) {
    try {
        return resolvent_of(network, WeightsSolver::krylov, options.threads)
            ->left_vectors(upper_half(placement.targets), placement.loops.v, h);
    } catch (const NotConverged& error) {
        throw NotConverged(std::string("targets: ") + error.what());
    }
}

}  // namespace

Placement krylov_placement(const Network& network, const ComplexVectorView& targets,
                           const PlacementOptions& options) {
    const ComplexVector upper = upper_half(targets);
    const Matrix u = outputs_for(options, size(network));
    const ThalamicLag lag = lag_of(options, network);
    Placement placement{.targets = targets};
    ComplexMatrix h;
    LoopModes placed;
    {
        const Spaces spaces = spaces_for(product_with(network), u, upper, options.threads);
        placed = modes_of(spaces, upper);
        hold_modes(placement, u, placed, lag, options);
        placement.outliers = count_outliers(transfer_in(spaces, placement.loops.v), upper, lag);
        h = left_directions(placement.loops.v, placed, lag);
        placed.responses.resize(0, 0);
    }  // One set of spaces is in memory at a time.
    const ClosedLoop closed = two_sided(network, placement.loops, placed, h,
                                        left_vectors(network, placement, h, options));
    placement.error = spread_to_all(targets, upper, closed.error);
    placement.condition = spread_to_all(targets, upper, closed.condition);
    placement.abscissa = std::numeric_limits<double>::quiet_NaN();
    return placement;
}

}  // namespace heddle
