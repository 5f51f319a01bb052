#include "spectrum/repeated_poles.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace heddle {
namespace {

/// A unitary matrix whose first column is `first`, a unit vector: one reflection.
ComplexMatrix unitary_from(const ComplexVector& first) {
    const Index m = first.size();
    const double size = std::abs(first(0));
    const Complex phase = size > 0.0 ? first(0) / size : Complex(1.0);
    ComplexVector mirror = first;
    mirror(0) += phase;
    ComplexMatrix result = ComplexMatrix::Identity(m, m);
    result -= (2.0 / mirror.squaredNorm()) * mirror * mirror.adjoint();
    result.col(0) *= -phase;
    return result;
}

bool separate(PoleGroup& group, ComplexVector& a, ComplexVector& b) {
    const ComplexVector out = a(group.members), in = b(group.members);
    const double size = out.norm();
    const Complex through = (in.transpose() * out).value();
    if (std::abs(through) <= 16.0 * std::numeric_limits<double>::epsilon() * size * in.norm())
        return false;
    group.t = unitary_from(out / size);
    ComplexVector seen = group.t.transpose() * in;
    seen(0) = through / size;
    group.inverse = group.t.adjoint();
    const Index others = seen.size() - 1;
    const ComplexVector shear = seen.tail(others) / seen(0);
    group.inverse.row(0) += shear.transpose() * group.inverse.bottomRows(others);
    group.t.rightCols(others) -= group.t.col(0) * shear.transpose();
    a(group.members).setZero();
    b(group.members).setZero();
    a(group.members[0]) = size;
    b(group.members[0]) = seen(0);
    return true;
}

}  // namespace

std::vector<std::vector<Index>> coinciding(const ComplexVectorView& poles) {
    std::vector<Index> order(static_cast<std::size_t>(poles.size()));
    std::iota(order.begin(), order.end(), Index{0});
    std::stable_sort(order.begin(), order.end(), [&](Index i, Index j) {
        return std::pair(poles(i).real(), poles(i).imag()) <
               std::pair(poles(j).real(), poles(j).imag());
    });
    std::vector<std::vector<Index>> groups;
    for (std::size_t k = 1; k < order.size(); ++k) {
        if (poles(order[k]) != poles(order[k - 1])) continue;
        const bool begins = k == 1 || poles(order[k - 1]) != poles(order[k - 2]);
        if (begins) groups.push_back({order[k - 1]});
        groups.back().push_back(order[k]);
    }
    return groups;
}

std::vector<PoleGroup> separate_repeated(const ComplexVectorView& poles, ComplexVector& a,
                                         ComplexVector& b) {
    std::vector<PoleGroup> groups;
    for (const std::vector<Index>& members : coinciding(poles)) {
        PoleGroup group{members, {}, {}};
        if (separate(group, a, b)) groups.push_back(std::move(group));
    }
    return groups;
}

}  // namespace heddle
