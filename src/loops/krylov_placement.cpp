#include "loops/krylov_placement.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "heddle/core/error.hpp"
#include "heddle/core/parallel.hpp"
#include "heddle/linalg/krylov.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/spectrum/winding.hpp"
#include "loops/dealt_targets.hpp"

namespace heddle {
namespace {

constexpr double beyond = 0.01;       // How far right of the targets outliers are counted.
constexpr double good_enough = 1e-6;  // Residual on that line; it only has to tell turns apart.

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
        throw NotConverged(std::string("targets: ") + error.what());
    }
    Spaces spaces;
    for (std::optional<KrylovSpace>& space : built) spaces.push_back(std::move(*space));
    return spaces;
}

LinearMap product_with(const Network& network) {
    return std::visit(
        [](const auto& w) -> LinearMap {
            return [&w](const Vector& x, Vector& y) { y.noalias() = w * x; };
        },
        network.weights);
}

/// With Wᵀ; sparse weights are transposed once, so that rows stay what is read.
LinearMap transposed_product_with(const Network& network) {
    if (const auto* dense = std::get_if<Matrix>(&network.weights))
        return [dense](const Vector& x, Vector& y) { y.noalias() = dense->transpose() * x; };
    return [w = SparseMatrix(std::get<SparseMatrix>(network.weights).transpose())](
               const Vector& x, Vector& y) { y.noalias() = w * x; };
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
ComplexMatrix left_vectors(const Spaces& spaces, const ComplexVector& upper,
                           const ComplexMatrix& h) {
    ComplexMatrix l = ComplexMatrix::Zero(spaces.front().size(), upper.size());
    for (Index loop = 0; loop < h.rows(); ++loop)
        l += spaces[static_cast<std::size_t>(loop)].solve(upper) * h.row(loop).asDiagonal();
    return l;
}

/// What the loops add beyond a line, on det(1 − Vᵀ (λ − W)⁻¹ U) in the spaces that are there.
Index count_outliers(const Spaces& spaces, const Matrix& v, const ComplexVector& upper) {
    const auto k = static_cast<Index>(spaces.size());
    std::vector<Matrix> projected;
    for (const KrylovSpace& space : spaces) projected.push_back(space.project(v));
    const auto return_difference = [&](Complex lambda) {
        const ComplexVector shift = ComplexVector::Constant(1, lambda);
        ComplexMatrix difference = ComplexMatrix::Identity(k, k);
        for (Index loop = 0; loop < k; ++loop) {
            const auto at = static_cast<std::size_t>(loop);
            const KrylovSpace::Observation seen = spaces[at].observe(projected[at], shift);
            if (!(seen.residuals(0) <= good_enough))
                throw NotConverged("the Krylov spaces do not reach the line right of the targets");
            difference.col(loop) -= seen.values;
        }
        return determinant(difference);
    };
    const double line = std::max(1.0, upper.real().maxCoeff()) + beyond;
    return winding_number(return_difference, line, beyond / 2.0).number;
}

}  // namespace

Placement krylov_placement(const Network& network, const ComplexVectorView& targets,
                           const PlacementOptions& options) {
    const ComplexVector upper = upper_half(targets);
    const Matrix u = options.u.size() > 0
                         ? options.u
                         : drawn_outputs(size(network), options.loops, options.seed);
    Placement placement{.targets = targets};
    ComplexMatrix h;
    LoopModes placed;
    {
        const Spaces spaces = spaces_for(product_with(network), u, upper, options.threads);
        placed = modes_of(spaces, upper);
        DealtInputs least = least_inputs(placed);
        placement.loops = {u, std::move(least.v), 0.0};
        placement.solve_condition = least.condition;
        placement.outliers = count_outliers(spaces, placement.loops.v, upper);
        h = left_directions(placement.loops.v, placed, {});
        placed.responses.resize(0, 0);
    }  // One set of spaces is in memory at a time.
    const Spaces spaces =
        spaces_for(transposed_product_with(network), placement.loops.v, upper, options.threads);
    const ClosedLoop closed =
        two_sided(network, placement.loops, placed, h, left_vectors(spaces, upper, h));
    placement.error = spread_to_all(targets, upper, closed.error);
    placement.condition = spread_to_all(targets, upper, closed.condition);
    placement.abscissa = std::numeric_limits<double>::quiet_NaN();
    return placement;
}

}  // namespace heddle
