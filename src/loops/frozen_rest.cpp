#include "loops/frozen_rest.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvectors.hpp"
#include "heddle/linalg/solve.hpp"
#include "loops/dealt_targets.hpp"

namespace heddle {
namespace {

/// The nearest of the candidates to `target`, which is taken from among them.
Index take_nearest(std::vector<Index>& candidates, const ComplexVector& values, Complex target) {
    const auto nearest =
        std::min_element(candidates.begin(), candidates.end(), [&](Index a, Index b) {
            return std::abs(values(a) - target) < std::abs(values(b) - target);
        });
    const Index taken = *nearest;
    candidates.erase(nearest);
    return taken;
}

std::string complaint(Index targets, std::size_t found, const std::string& kind) {
    return "targets: found " + std::to_string(targets) + " " + kind + " targets for the " +
           std::to_string(found) + " " + kind +
           " eigenvalues of W, one of which each of them moves when the rest is frozen; fewer of "
           "them, or freeze nothing";
}

}  // namespace

FrozenRest frozen_rest(const Matrix& weights, const ComplexVectorView& upper) {
    const EigenDecomposition left = eigen_decomposition(weights.transpose());
    std::vector<Index> reals, pairs;
    for (Index j = 0; j < left.values.size(); ++j) {
        if (left.values(j).imag() == 0.0) reals.push_back(j);
        if (left.values(j).imag() > 0.0) pairs.push_back(j);
    }
    const Index real_targets = (upper.imag().array() == 0.0).count();
    const Index pair_targets = upper.size() - real_targets;
    if (real_targets > static_cast<Index>(reals.size()))
        throw DomainError(complaint(real_targets, reals.size(), "real"));
    if (pair_targets > static_cast<Index>(pairs.size()))
        throw DomainError(complaint(pair_targets, pairs.size(), "complex pairs of"));
    std::vector<Index> taken;
    for (const Complex target : upper)
        taken.push_back(take_nearest(target.imag() == 0.0 ? reals : pairs, left.values, target));

    FrozenRest rest{left.values(taken),
                    left.right(Eigen::all, taken),
                    ComplexVector(reals.size() + 2 * pairs.size()),
                    {}};
    rest.subspace = orthonormal(real_form(rest.left, rest.moved));
    Index next = 0;
    for (const Index j : reals) rest.kept(next++) = left.values(j);
    for (const Index j : pairs) {
        rest.kept(next++) = left.values(j);
        rest.kept(next++) = std::conj(left.values(j));
    }
    return rest;
}

}  // namespace heddle
