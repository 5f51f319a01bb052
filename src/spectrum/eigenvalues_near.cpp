#include "heddle/spectrum/eigenvalues_near.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <sstream>
#include <utility>

#include "heddle/core/error.hpp"
#include "heddle/linalg/krylov_schur.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/linalg/split.hpp"

namespace heddle {
namespace {

/// (σ − W − U Vᵀ)⁻¹ of one shift.
class ClosedInverse final {
  public:
    ClosedInverse(const WeightsResolvent& resolvent, const Loops& loops, Complex shift)
        : resolvent_(resolvent), loops_(loops), shift_(ComplexVector::Constant(1, shift)) {
        if (loops.u.cols() == 0) return;
        responses_ = resolvent.from_basis(resolvent.responses(shift_, loops.u));
        difference_ = -join(loops.v.transpose() * split(responses_));
        difference_.diagonal().array() += 1.0;
    }

    void real_part(const Vector& x, Vector& y) const {
        ComplexVector z = resolvent_.from_basis(resolvent_.responses(shift_, x));
        if (loops_.u.cols() > 0) {
            const ComplexMatrix seen = join(loops_.v.transpose() * split(z));
            z += responses_ * solve_complex(difference_, seen);
        }
        y = z.real();
    }

  private:
    const WeightsResolvent& resolvent_;
    const Loops& loops_;
    ComplexVector shift_;
    ComplexMatrix responses_;   ///< (σ − W)⁻¹ U.
    ComplexMatrix difference_;  ///< 1 − Vᵀ (σ − W)⁻¹ U.
};

/// Rayleigh quotients of the vectors and their residuals, sorted by the distance to the point.
void measure(NearbyEigenvalues& found, const Network& network, const Loops& loops,
             const ComplexMatrix& vectors, Index count) {
    const ComplexMatrix images = join(apply_weights(network, split(vectors)) +
                                      loops.u * (loops.v.transpose() * split(vectors)));
    ComplexVector values(vectors.cols());
    for (Index i = 0; i < values.size(); ++i)
        values(i) = vectors.col(i).dot(images.col(i)) / vectors.col(i).squaredNorm();
    std::vector<Index> order(static_cast<std::size_t>(values.size()));
    std::iota(order.begin(), order.end(), Index{0});
    std::sort(order.begin(), order.end(), [&](Index i, Index j) {
        return std::abs(values(i) - found.point) < std::abs(values(j) - found.point);
    });
    const Index kept = std::min(count, values.size());
    found.values.resize(kept);
    found.residual.resize(kept);
    for (Index i = 0; i < kept; ++i) {
        const Index at = order[static_cast<std::size_t>(i)];
        found.values(i) = values(at);
        found.residual(i) = (images.col(at) - values(at) * vectors.col(at)).norm();
    }
}

void judge(NearbyEigenvalues& found, const NearOptions& options) {
    const Index good = (found.residual.array() <= options.tolerance).count();
    found.converged = good == options.count;
    if (found.converged) return;
    std::ostringstream text;
    text << good << " of " << options.count << " eigenvalues converged to residuals of "
         << options.tolerance << "; a smaller offset or a looser tolerance would help";
    found.reason = text.str();
}

NearbyEigenvalues around(const Network& network, const WeightsResolvent& resolvent,
                         const Loops& loops, Complex point, const NearOptions& options) {
    NearbyEigenvalues found{.point = point, .converged = false};
    const Index wanted = 2 * options.count + 2;  // Eigenvalues near the conjugate come along.
    try {
        const ClosedInverse inverse(resolvent, loops, point + options.offset);
        const DominantPairs pairs = dominant_pairs(
            [&](const Vector& x, Vector& y) { inverse.real_part(x, y); }, size(network), wanted,
            {.tolerance = 1e-2 * options.tolerance, .seed = options.seed});
        if (pairs.values.size() > 0) measure(found, network, loops, pairs.vectors, options.count);
        judge(found, options);
    } catch (const Error& error) {  // The shift could not be solved with: an answer, too.
        found.reason = error.what();
    }
    return found;
}

void check(const Network& network, const Loops& loops, const ComplexVectorView& points,
           const NearOptions& options) {
    const Index n = size(network);
    validate(network);
    validate(loops, n);
    if (loops.thalamic_tau != 0.0)
        throw DomainError("loops: found a thalamic time constant, expected instantaneous ones");
    if (!points.allFinite())
        throw DomainError("points: found NaN or infinity, expected finite numbers");
    const Index most = (n - 14) / 4;
    if (options.count < 1 || options.count > most)
        throw DomainError("count: found " + std::to_string(options.count) + ", expected 1 to " +
                          std::to_string(most) + " of " + std::to_string(n) +
                          " eigenvalues; closed_spectrum computes all");
    if (!(options.tolerance > 0.0))
        throw DomainError("tolerance: found " + std::to_string(options.tolerance) +
                          ", expected a positive number");
    if (!std::isfinite(options.offset))
        throw DomainError("offset: found no finite number, expected one");
}

}  // namespace

std::vector<NearbyEigenvalues> eigenvalues_near(const Network& network, const Loops& loops,
                                                const ComplexVectorView& points,
                                                const NearOptions& options,
                                                const Progress& progress) {
    check(network, loops, points, options);
    const auto resolvent = resolvent_of(network, options.solver, 1);
    std::vector<NearbyEigenvalues> found(static_cast<std::size_t>(points.size()));
    const auto body = [&](std::size_t i) {
        found[i] = around(network, *resolvent, loops, points(static_cast<Index>(i)), options);
    };
    parallel_for(found.size(), options.threads, body, progress);
    return found;
}

}  // namespace heddle
