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
#include "loops/spectral_placement.hpp"

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

void judge(Placement& placement, const Matrix& weights, const PlacementOptions& options) {
    const double eps = std::numeric_limits<double>::epsilon();
    const double error = placement.error.maxCoeff();
    const double rounding =
        eps * placement.condition.maxCoeff() * placement.gain / static_cast<double>(weights.rows());
    placement.trusted = error <= options.tolerance && rounding <= options.tolerance;
    if (placement.trusted) return;
    placement.reason = "the worst target is missed by " + number(error) +
                       " (rounding of the loops alone shifts it by about " + number(rounding) +
                       "), tolerance " + number(options.tolerance);
    const Index k = placement.loops.u.cols();
    const Index enough =
        std::max(k + 1, loops_needed(placement.targets, bulk_of(weights), weights.rows(),
                                     options.tolerance, eps, placement.targets.size()));
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
    if (options.method == PlacementMethod::spectral && options.u.size() > 0)
        throw DomainError(
            "method 'spectral' computes u from a random v; leave u out or use 'least_gain'");
}

}  // namespace

Placement place_eigenvalues(const Network& network, const ComplexVectorView& targets,
                            const PlacementOptions& options) {
    validate(network);
    check_options(network, options);
    const Index n = size(network);
    const Index k = options.loops;
    check_targets(targets, n);
    const Matrix weights = dense_weights(network);
    const ComplexVector upper = upper_half(targets);
    const Resolvent resolvent(weights);
    Placement placement{.targets = targets};
    LoopModes placed;
    if (options.method == PlacementMethod::spectral) {
        const SpectralPlacement published =
            spectral_placement(weights, targets, drawn_input(n, options.seed));
        placement.loops = published.loops;
        placement.solve_condition = published.condition;
        placed =
            dealt_modes(resolvent, upper, responses_at(resolvent, upper, published.loops.u), k);
    } else {
        const Matrix u = options.u.size() > 0 ? options.u : drawn_outputs(n, k, options.seed);
        placed = dealt_modes(resolvent, upper, responses_at(resolvent, upper, u), k);
        DealtInputs least = least_inputs(placed);
        placement.loops = {u, std::move(least.v), 0.0};
        placement.solve_condition = least.condition;
    }
    const ClosedLoop closed = closed_loop(resolvent, network, placement.loops, placed);
    placement.error = spread_to_all(targets, upper, closed.error);
    placement.condition = spread_to_all(targets, upper, closed.condition);
    placement.gain = norm(placement.loops);
    placement.abscissa = std::numeric_limits<double>::quiet_NaN();
    if (options.whole_spectrum) {
        const ComplexVector spectrum = closed_spectrum(weights, placement.loops);
        placement.error = distances(targets, spectrum);
        placement.abscissa = spectral_abscissa(spectrum);
    }
    judge(placement, weights, options);
    return placement;
}

}  // namespace heddle
