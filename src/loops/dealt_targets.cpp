#include "loops/dealt_targets.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "heddle/core/error.hpp"
#include "heddle/core/random.hpp"
#include "heddle/linalg/solve.hpp"
#include "spectrum/equal_runs.hpp"

namespace heddle {
namespace {

Index times(const ComplexVectorView& targets, Complex target) {
    return std::count_if(targets.begin(), targets.end(),
                         [&](Complex other) { return are_equal(other, target); });
}

void check_repeated(const ComplexVectorView& targets, Complex target, Index most_equal) {
    const Index found = times(targets, target);
    if (found > most_equal && most_equal == 1)
        throw DomainError("targets: found " + text_of(target) + " " +
                          (found == 2 ? "twice" : std::to_string(found) + " times") +
                          ", expected distinct eigenvalues; p loops hold one up to p times");
    if (found > most_equal)
        throw DomainError("targets: found " + text_of(target) + " " + std::to_string(found) +
                          " times, expected at most " + std::to_string(most_equal) +
                          ", the number of loops");
    if (std::count(targets.begin(), targets.end(), target) != found)
        throw DomainError("targets: found several within 1e-12 of " + text_of(target) +
                          ", expected equal ones or distinct ones");
}

}  // namespace

void check_targets(const ComplexVectorView& targets, Index n, Index most_equal) {
    if (targets.size() == 0 || targets.size() > n)
        throw ShapeError("targets", "1 to " + std::to_string(n) + " eigenvalues",
                         std::to_string(targets.size()));
    for (Index i = 0; i < targets.size(); ++i) {
        if (!std::isfinite(targets(i).real()) || !std::isfinite(targets(i).imag()))
            throw DomainError("targets: number " + std::to_string(i) + " is not finite");
        if (times(targets, std::conj(targets(i))) != times(targets, targets(i)))
            throw DomainError("targets: found " + text_of(targets(i)) + " without its conjugate " +
                              text_of(std::conj(targets(i))) + ", which a real network needs");
        check_repeated(targets, targets(i), most_equal);
    }
}

ComplexVector upper_half(const ComplexVectorView& targets) {
    std::vector<Complex> upper;
    for (const Complex target : targets)
        if (target.imag() >= 0.0) upper.push_back(target);
    std::sort(upper.begin(), upper.end(), [](Complex a, Complex b) {
        return a.imag() != b.imag() ? a.imag() < b.imag() : a.real() < b.real();
    });
    return Eigen::Map<ComplexVector>(upper.data(), static_cast<Index>(upper.size()));
}

Matrix drawn_outputs(Index n, Index k, std::uint64_t seed) {
    Matrix u(n, k);
    Random(seed, stream_of("placement/u"))
        .fill_normal({u.data(), static_cast<std::size_t>(u.size())});
    return u / std::sqrt(static_cast<double>(n));
}

ComplexMatrix unit_directions(const ComplexVectorView& upper, Index k) {
    ComplexMatrix g = ComplexMatrix::Zero(k, upper.size());
    for (Index i = 0; i < upper.size(); ++i) g(i % k, i) = 1.0;
    return g;
}

ComplexMatrix responses_at(const Resolvent& resolvent, const ComplexVector& upper,
                           const MatrixView& u) {
    return responses_at(*view_of(resolvent), upper, u);
}

ComplexMatrix responses_at(const WeightsResolvent& resolvent, const ComplexVector& upper,
                           const MatrixView& u) {
    try {
        return resolvent.responses(upper, u);
    } catch (const DomainError& error) {
        throw DomainError(std::string("targets: ") + error.what());
    } catch (const NotConverged& error) {
        throw NotConverged(std::string("targets: ") + error.what());
    }
}

LoopModes dealt_modes(const Resolvent& resolvent, const ComplexVector& upper,
                      ComplexMatrix responses, Index k) {
    return loop_modes(resolvent, upper, std::move(responses), unit_directions(upper, k));
}

LoopModes dealt_modes(const WeightsResolvent& resolvent, const ComplexVector& upper,
                      ComplexMatrix responses, Index k) {
    return loop_modes(resolvent, upper, std::move(responses), unit_directions(upper, k));
}

DealtInputs least_inputs(const LoopModes& placed) {
    const LeastNorm least = least_norm(real_form(placed.modes, placed.eigenvalues),
                                       real_form(placed.directions, placed.eigenvalues));
    return {least.v.transpose(), least.condition};
}

Matrix real_form(const ComplexMatrixView& a, const ComplexVectorView& upper) {
    Matrix parts(a.rows(), 2 * a.cols());
    Index used = 0;
    for (Index i = 0; i < a.cols(); ++i) {
        parts.col(used++) = a.col(i).real();
        if (upper(i).imag() != 0.0) parts.col(used++) = a.col(i).imag();
    }
    return parts.leftCols(used);
}

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

}  // namespace heddle
