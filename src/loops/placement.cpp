#include "heddle/loops/placement.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>
#include <utility>

#include "heddle/core/error.hpp"
#include "heddle/core/random.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/spectrum/closed_loop.hpp"
#include "heddle/spectrum/gain_law.hpp"
#include "loops/dealt_targets.hpp"
#include "loops/krylov_placement.hpp"
#include "loops/spectral_placement.hpp"
#include "loops/structured_placement.hpp"

namespace heddle {
namespace {

Matrix drawn_input(Index n, std::uint64_t seed) {
    Matrix v(n, 1);
    Random(seed, stream_of("placement/v"))
        .fill_normal({v.data(), static_cast<std::size_t>(v.size())});
    return v / std::sqrt(static_cast<double>(n));
}

std::string number(double value) {
    std::ostringstream out;
    out.precision(2);
    out << value;
    return out.str();
}

void judge(Placement& placement, const Bulk& bulk, const PlacementOptions& options) {
    const Index n = placement.loops.u.rows();
    const double eps = std::numeric_limits<double>::epsilon();
    const double error = placement.error.maxCoeff();
    const double rounding =
        eps * placement.condition.maxCoeff() * placement.gain / static_cast<double>(n);
    placement.trusted =
        error <= options.tolerance && rounding <= options.tolerance && placement.outliers <= 0;
    if (placement.trusted) return;
    placement.reason = "the worst target is missed by " + number(error) +
                       " (rounding of the loops alone shifts it by about " + number(rounding) +
                       "), tolerance " + number(options.tolerance);
    const Index k = placement.loops.u.cols();
    const Index enough = std::max(k + 1, loops_needed(placement.targets, bulk, n, options.tolerance,
                                                      eps, placement.targets.size()));
    if (placement.outliers > 0)
        placement.reason += ", and the loops add " + std::to_string(placement.outliers) +
                            " eigenvalues right of the targets";
    placement.reason += "; by the gain law " + std::to_string(enough) + " loops would do";
}

void check_options(const Network& network, const PlacementOptions& options) {
    const Index n = size(network);
    if (options.loops < 1 || options.loops > n)
        throw DomainError("loops: found " + std::to_string(options.loops) + ", expected 1 to " +
                          std::to_string(n));
    if (options.u.size() > 0 && (options.u.rows() != n || options.u.cols() != options.loops))
        throw ShapeError("u", shape_text(n, options.loops),
                         shape_text(options.u.rows(), options.u.cols()));
    if (options.method == PlacementMethod::spectral && options.loops != 1)
        throw DomainError("method 'spectral' places with one loop, found loops = " +
                          std::to_string(options.loops) + "; 'least_gain' takes any number");
    if (options.method == PlacementMethod::spectral &&
        solver_for(network, options.solver) != PlacementSolver::dense)
        throw DomainError(
            "method 'spectral' decomposes W; the solvers 'krylov' and 'structured' take "
            "'least_gain'");
    if (options.method == PlacementMethod::spectral && options.u.size() > 0)
        throw DomainError(
            "method 'spectral' computes u from a random v; leave u out or use 'least_gain'");
}

/// The loops and the modes they hold, by one reduction of W.
LoopModes place_densely(Placement& placement, const Resolvent& resolvent, const Matrix& weights,
                        const ComplexVector& upper, const PlacementOptions& options) {
    const Index n = weights.rows();
    const Index k = options.loops;
    if (options.method == PlacementMethod::spectral) {
        SpectralPlacement published =
            spectral_placement(weights, placement.targets, drawn_input(n, options.seed));
        placement.loops = std::move(published.loops);
        placement.solve_condition = published.condition;
        return dealt_modes(resolvent, upper, responses_at(resolvent, upper, placement.loops.u), k);
    }
    const Matrix u = options.u.size() > 0 ? options.u : drawn_outputs(n, k, options.seed);
    LoopModes placed = dealt_modes(resolvent, upper, responses_at(resolvent, upper, u), k);
    DealtInputs least = least_inputs(placed);
    placement.loops = {u, std::move(least.v), 0.0};
    placement.solve_condition = least.condition;
    return placed;
}

Placement dense_placement(const Network& network, const ComplexVectorView& targets,
                          const PlacementOptions& options) {
    const Matrix weights = dense_weights(network);
    const ComplexVector upper = upper_half(targets);
    const Resolvent resolvent(weights);
    Placement placement{.targets = targets, .outliers = -1};
    const LoopModes placed = place_densely(placement, resolvent, weights, upper, options);
    const ClosedLoop closed = closed_loop(resolvent, network, placement.loops, placed);
    placement.error = spread_to_all(targets, upper, closed.error);
    placement.condition = spread_to_all(targets, upper, closed.condition);
    placement.abscissa = std::numeric_limits<double>::quiet_NaN();
    if (options.whole_spectrum) {
        const ComplexVector spectrum = closed_spectrum(weights, placement.loops);
        placement.error = distances(targets, spectrum);
        placement.abscissa = spectral_abscissa(spectrum);
    }
    return placement;
}

auto placed_by(PlacementSolver solver) {
    if (solver == PlacementSolver::krylov) return krylov_placement;
    return solver == PlacementSolver::structured ? structured_placement : dense_placement;
}

}  // namespace

Placement place_eigenvalues(const Network& network, const ComplexVectorView& targets,
                            const PlacementOptions& options) {
    validate(network);
    check_options(network, options);
    check_targets(targets, size(network));
    Placement placement = placed_by(solver_for(network, options.solver))(network, targets, options);
    placement.gain = norm(placement.loops);
    judge(placement, bulk_of(network), options);
    return placement;
}

}  // namespace heddle
