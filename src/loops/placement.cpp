#include "heddle/loops/placement.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>
#include <vector>

#include "heddle/core/error.hpp"
#include "heddle/core/random.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/spectrum/closed_loop.hpp"
#include "heddle/spectrum/gain_law.hpp"
#include "loops/spectral_placement.hpp"

namespace heddle {
namespace {

std::string text(Complex value) {
    std::ostringstream out;
    out.precision(6);
    out << value.real();
    if (value.imag() != 0.0)
        out << (value.imag() < 0.0 ? " - " : " + ") << std::abs(value.imag()) << "i";
    return out.str();
}

constexpr double same = 1e-12;  // Two targets closer than this are one.

bool has_partner(const ComplexVectorView& targets, Complex target) {
    return std::any_of(targets.begin(), targets.end(), [&](Complex other) {
        return std::abs(other - std::conj(target)) <= same * std::max(1.0, std::abs(target));
    });
}

void check_targets(const ComplexVectorView& targets, Index n) {
    if (targets.size() == 0 || targets.size() > n)
        throw ShapeError("targets", "1 to " + std::to_string(n) + " eigenvalues",
                         std::to_string(targets.size()));
    for (Index i = 0; i < targets.size(); ++i) {
        if (!std::isfinite(targets(i).real()) || !std::isfinite(targets(i).imag()))
            throw DomainError("targets: number " + std::to_string(i) + " is not finite");
        if (!has_partner(targets, targets(i)))
            throw DomainError("targets: found " + text(targets(i)) + " without its conjugate " +
                              text(std::conj(targets(i))) + ", which a real network needs");
        for (Index j = 0; j < i; ++j)
            if (std::abs(targets(i) - targets(j)) <= same * std::max(1.0, std::abs(targets(i))))
                throw DomainError("targets: found " + text(targets(i)) +
                                  " twice, expected distinct eigenvalues");
    }
}

/// The real targets and those of the upper half plane: one of each pair.
ComplexVector upper_half(const ComplexVectorView& targets) {
    std::vector<Complex> upper;
    for (const Complex target : targets)
        if (target.imag() >= 0.0) upper.push_back(target);
    // Neighbours go to different loops when they are dealt in turn.
    std::sort(upper.begin(), upper.end(), [](Complex a, Complex b) {
        return a.imag() != b.imag() ? a.imag() < b.imag() : a.real() < b.real();
    });
    return Eigen::Map<ComplexVector>(upper.data(), static_cast<Index>(upper.size()));
}

Matrix drawn(Index n, Index k, std::uint64_t seed, const char* stream, double scale) {
    Matrix drawn_matrix(n, k);
    Random(seed, stream_of(stream))
        .fill_normal({drawn_matrix.data(), static_cast<std::size_t>(drawn_matrix.size())});
    return scale * drawn_matrix;
}

/// Targets are dealt to the loops in turn: g_i is the unit vector of loop i mod k.
ComplexMatrix directions_for(const ComplexVectorView& upper, Index k) {
    ComplexMatrix g = ComplexMatrix::Zero(k, upper.size());
    for (Index i = 0; i < upper.size(); ++i) g(i % k, i) = 1.0;
    return g;
}

/// The only complaint of `loop_responses` is a shift that W already has: here, a target.
LoopModes modes_dealt_to(const Resolvent& resolvent, const ComplexVector& upper,
                         const MatrixView& u) {
    try {
        return loop_modes(resolvent, upper, loop_responses(resolvent, upper, u),
                          directions_for(upper, u.cols()));
    } catch (const DomainError& error) {
        throw DomainError(std::string("targets: ") + error.what());
    }
}

/// Columns Re and Im of every complex column, Im left out where the target is real: what has to
/// hold for both members of a pair, in real numbers.
Matrix real_form(const ComplexMatrixView& a, const ComplexVectorView& upper) {
    Matrix parts(a.rows(), 2 * a.cols());
    Index used = 0;
    for (Index i = 0; i < a.cols(); ++i) {
        parts.col(used++) = a.col(i).real();
        if (upper(i).imag() != 0.0) parts.col(used++) = a.col(i).imag();
    }
    return parts.leftCols(used);
}

/// Gives every requested target the evidence of its upper-half-plane member.
Vector spread_to_all(const ComplexVectorView& targets, const ComplexVectorView& upper,
                     const Vector& values) {
    Vector all(targets.size());
    for (Index i = 0; i < targets.size(); ++i) {
        const Complex folded(targets(i).real(), std::abs(targets(i).imag()));
        Index best = 0;
        (upper.array() - folded).abs().minCoeff(&best);
        all(i) = values(best);
    }
    return all;
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
        const SpectralPlacement published = spectral_placement(
            weights, targets,
            drawn(n, 1, options.seed, "placement/v", 1.0 / std::sqrt(static_cast<double>(n))));
        placement.loops = published.loops;
        placement.solve_condition = published.condition;
        placed = modes_dealt_to(resolvent, upper, placement.loops.u);
    } else {
        const Matrix u = options.u.size() > 0 ? options.u
                                              : drawn(n, k, options.seed, "placement/u",
                                                      1.0 / std::sqrt(static_cast<double>(n)));
        placed = modes_dealt_to(resolvent, upper, u);
        const LeastNorm least =
            least_norm(real_form(placed.modes, upper), real_form(placed.directions, upper));
        placement.loops = {u, least.v.transpose(), 0.0};
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
