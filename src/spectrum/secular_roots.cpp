#include "spectrum/secular_roots.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "spectrum/repeated_poles.hpp"
#include "spectrum/secular_search.hpp"

namespace heddle {
namespace {

/// D + a bᵀ with a_j b_j = d_j in real form; |a_j| = |b_j| keeps it well balanced.
Matrix balanced_matrix(const ComplexVectorView& poles, const ComplexVectorView& strengths,
                       PairLayout layout) {
    ComplexVector a = strengths.array().sqrt();
    a.head(layout.real) = strengths.head(layout.real).cwiseAbs().cwiseSqrt();
    const auto present = strengths.array().abs() > 0.0;
    const ComplexVector b = present.select(strengths.array() / a.array(), Complex(0.0));
    Matrix b_row = real_of(b, layout).transpose();
    flip_columns(b_row, layout);
    Matrix matrix = real_of(a, layout) * b_row;
    const Index r = layout.real, h = layout.pairs;
    matrix.diagonal() +=
        (Vector(layout.full()) << poles.head(r).real(), poles.tail(h).real(), poles.tail(h).real())
            .finished();
    matrix.block(r, r + h, h, h).diagonal() -= poles.tail(h).imag();
    matrix.block(r + h, r, h, h).diagonal() += poles.tail(h).imag();
    return matrix;
}

/// Poles that move, and those that stay: no strength, or another pole in the same place.
struct Division {
    PairLayout layout;  ///< Of those that move.
    std::vector<Index> moving, staying;
    ComplexVector strengths;  ///< Of those that move; what coincides adds up.
};

Division divided(const ComplexVectorView& poles, const ComplexVectorView& strengths,
                 PairLayout layout) {
    ComplexVector sums = strengths;
    for (const std::vector<Index>& group : coinciding(poles))
        for (std::size_t k = 1; k < group.size(); ++k)
            sums(group[0]) += std::exchange(sums(group[k]), 0.0);
    Division result;
    for (Index j = 0; j < poles.size(); ++j) {
        const bool moves = sums(j) != 0.0;
        (moves ? result.moving : result.staying).push_back(j);
        if (moves) ++(j < layout.real ? result.layout.real : result.layout.pairs);
    }
    result.strengths = sums(result.moving);
    return result;
}

/// One root of each pair, the one with Im > 0, over all poles.
struct Found {
    Complex value, shift;
    Index pole;
};

Index mirrored(Index pole, PairLayout layout) {
    if (pole < layout.real) return pole;
    return pole < layout.half() ? pole + layout.pairs : pole - layout.pairs;
}

/// A pole of those that move, as one of all.
Index among_all(Index pole, const Division& division, PairLayout all) {
    if (pole < division.layout.half()) return division.moving[static_cast<std::size_t>(pole)];
    const Index upper = pole - division.layout.pairs;
    return division.moving[static_cast<std::size_t>(upper)] + all.pairs;
}

std::vector<Found> collected(const SecularSearch& search, const Division& division,
                             PairLayout layout, bool real) {
    std::vector<Found> found;
    for (const SecularSearch::Root& root : search.roots()) {
        if (root.kind != (real ? SecularSearch::Kind::real : SecularSearch::Kind::upper)) continue;
        Found next{search.value(root), root.shift, among_all(root.pole, division, layout)};
        if (next.value.imag() < 0.0)
            next = {std::conj(next.value), std::conj(next.shift), mirrored(next.pole, layout)};
        found.push_back(next);
    }
    return found;
}

SecularRoots assembled(const SecularSearch& search, const Division& division,
                       const ComplexVectorView& poles, PairLayout layout) {
    SecularRoots roots;
    std::vector<Found> all;
    for (const bool real : {true, false}) {
        const std::vector<Found> found = collected(search, division, layout, real);
        all.insert(all.end(), found.begin(), found.end());
        for (const Index j : division.staying)
            if ((j < layout.real) == real) all.push_back({poles(j), 0.0, j});
        (real ? roots.layout.real : roots.layout.pairs) =
            static_cast<Index>(all.size()) - (real ? 0 : roots.layout.real);
    }
    roots.shift.resize(static_cast<Index>(all.size()));
    roots.values.resize(roots.shift.size());
    for (Index i = 0; i < roots.shift.size(); ++i) {
        const Found& root = all[static_cast<std::size_t>(i)];
        roots.pole.push_back(root.pole);
        roots.shift(i) = root.shift;
        roots.values(i) = root.value;
    }
    for (const SecularSearch::Root& root : search.roots())
        roots.correction = std::max(roots.correction, root.moved);
    roots.evaluations = search.evaluations();
    return roots;
}

}  // namespace

SecularRoots secular_roots(const ComplexVectorView& poles, const ComplexVectorView& strengths,
                           PairLayout layout) {
    const Division division = divided(poles, strengths, layout);
    const ComplexVector moving = poles(division.moving);
    SecularSearch search(moving, division.strengths, division.layout);
    bool found = division.moving.empty() || search.find();
    const bool restarted = !found;
    if (restarted)
        found = search.find_from(
            eigenvalues(balanced_matrix(moving, division.strengths, division.layout)));
    SecularRoots roots = assembled(search, division, poles, layout);
    roots.found = found;
    roots.restarted = restarted;
    return roots;
}

}  // namespace heddle
