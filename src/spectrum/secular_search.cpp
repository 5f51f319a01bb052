#include "spectrum/secular_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace heddle {
namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr int mirrored_sweeps = 8, loose_sweeps = 100, polishing_steps = 4;

std::size_t at(Index i) {
    return static_cast<std::size_t>(i);
}

}  // namespace

SecularSearch::SecularSearch(const ComplexVectorView& poles, const ComplexVectorView& strengths,
                             PairLayout layout)
    : layout_(layout),
      full_(full_of(poles, layout)),
      total_strength_(full_of(strengths, layout).sum()),
      reach_(2.0 * full_.lpNorm<Eigen::Infinity>() + full_of(strengths, layout).cwiseAbs().sum()),
      poles_(full_, full_of(strengths, layout)),
      points_(full_) {}

Index SecularSearch::mirrored(Index pole) const {
    if (pole < layout_.real) return pole;
    return pole < layout_.half() ? pole + layout_.pairs : pole - layout_.pairs;
}

SecularSearch::Step SecularSearch::step(std::size_t i) {
    const Root& root = roots_[i];
    const PoleSums sums = poles_.sums(root.pole, root.shift);
    ++evaluations_;
    const Complex rest = 1.0 - sums.response;
    // g = δ f has no pole at λ_p; p′ / p of the polynomial f Π (z − λ_j), less the other roots.
    const Complex g = root.shift * rest - poles_.strength(root.pole);
    const Complex slope = rest + root.shift * sums.slope;
    const Complex others = sums.inverse - inverse_sum(points_, static_cast<Index>(i), value(root));
    return {g / (slope + g * others), g, slope};
}

/// Whether g is zero to its own rounding.
bool SecularSearch::in_noise(const Root& root, const Step& step) {
    const double terms = 1.0 + poles_.magnitude(root.pole, root.shift);
    const double size = std::abs(root.shift) * terms + std::abs(poles_.strength(root.pole));
    return std::abs(step.g) <= 16.0 * epsilon * size;
}

void SecularSearch::rebase(Root& root) {
    const Index pole = poles_.nearest(value(root));
    if (pole != root.pole) root.shift += poles_.pole(root.pole) - poles_.pole(pole);
    root.pole = pole;
    if (root.kind == Kind::real) root.shift.imag(-poles_.pole(pole).imag());
}

/// Tells the sums, and its mirror image, where a root now is.
void SecularSearch::place(std::size_t i) {
    const Root& root = roots_[i];
    points_.set(static_cast<Index>(i), value(root));
    if (root.kind != Kind::upper) return;
    Root& twin = roots_[at(root.twin)];
    twin.pole = mirrored(root.pole);
    twin.shift = std::conj(root.shift);
    twin.settled = root.settled;
    points_.set(root.twin, value(twin));
}

/// Newton's step from the pole itself, and not quite half way to the next pole, whose root may come
/// to meet it.
void SecularSearch::first_step(std::size_t i) {
    Root& root = roots_[i];
    const PoleSums sums = poles_.sums(root.pole, 0.0);
    ++evaluations_;
    const Index next = poles_.nearest(poles_.pole(root.pole), root.pole);
    const double most =
        full_.size() > 1 ? 0.45 * std::abs(poles_.pole(next) - poles_.pole(root.pole)) : reach_;
    Complex shift = poles_.strength(root.pole) / (1.0 - sums.response);
    if (!std::isfinite(std::abs(shift))) shift = most;
    if (root.kind == Kind::real) shift = shift.real();
    const double size = std::abs(shift);
    root.shift = size > most ? shift * (most / size) : shift;
    root.moved = std::abs(root.shift);
}

void SecularSearch::advance(std::size_t i) {
    Root& root = roots_[i];
    const Step next = step(i);
    Complex move = root.kind == Kind::real ? next.move.real() : next.move;
    double size = std::abs(move);
    const double distance = std::abs(root.shift);
    if (!std::isfinite(size)) move = size = 0.1 * distance + epsilon * reach_;
    if (size > reach_) move *= reach_ / size, size = reach_;
    // A short step can also mean that another iterate is in the way: Newton's own tells.
    const bool near_zero = std::abs(next.g) <= 1e-6 * distance * std::abs(next.slope);
    const bool last = size <= 4.0 * epsilon * distance ||
                      (size < 1e-3 * root.moved && size * size <= epsilon * distance * root.moved);
    root.settled = (near_zero && last) || (size > 0.1 * root.moved && in_noise(root, next));
    root.shift -= move;
    root.moved = size;
    if (size > 0.25 * distance) rebase(root);
    place(i);
}

/// \return whether every root is settled.
bool SecularSearch::sweep() {
    bool all = true;
    for (std::size_t i = 0; i < roots_.size(); ++i) {
        if (roots_[i].settled || roots_[i].kind == Kind::mirror) continue;
        advance(i);
        all = all && roots_[i].settled;
    }
    return all;
}

/// What has not settled among real roots and mirrored pairs has the wrong kind, or is slow: either
/// way it is moved off its line of symmetry and left to itself.
void SecularSearch::let_loose() {
    double side = 1.0;
    for (std::size_t i = 0; i < roots_.size(); ++i) {
        Root& root = roots_[i];
        if (root.settled) continue;
        const double distance = 0.25 * std::min(root.moved, std::abs(root.shift));
        if (root.kind == Kind::real) root.shift += Complex(0.0, side * distance);
        if (root.kind == Kind::upper) root.shift += distance * Complex(0.6, 0.8);
        if (root.kind == Kind::mirror) root.moved = roots_[at(root.twin)].moved;
        root.kind = Kind::loose;
        side = -side;
    }
    for (std::size_t i = 0; i < roots_.size(); ++i)
        if (!roots_[i].settled) rebase(roots_[i]), place(i);
}

void SecularSearch::pair_up(std::size_t i, std::size_t twin) {
    const bool real = i == twin;
    roots_[i].kind = real ? Kind::real : Kind::upper;
    roots_[i].twin = static_cast<Index>(twin);
    if (!real) {
        roots_[twin].kind = Kind::mirror;
        roots_[twin].twin = static_cast<Index>(i);
    }
    rebase(roots_[i]);
    place(i);
    roots_[i].settled = false;
    for (int k = 0; k < polishing_steps && !roots_[i].settled; ++k) advance(i);
    roots_[i].settled = true;
    place(i);
}

/// A loose root belongs with the loose one that is nearest to its mirror image: itself if real.
void SecularSearch::sort_loose() {
    for (std::size_t i = 0; i < roots_.size(); ++i) {
        if (roots_[i].kind != Kind::loose) continue;
        const Complex image = std::conj(value(roots_[i]));
        std::size_t best = i;
        for (std::size_t k = i; k < roots_.size(); ++k)
            if (roots_[k].kind == Kind::loose &&
                std::abs(value(roots_[k]) - image) < std::abs(value(roots_[best]) - image))
                best = k;
        pair_up(i, best);
    }
}

/// tr (D + 1 dᵀ) is the sum of the roots; two iterates on one root would break it.
bool SecularSearch::complete() const {
    Complex moved = 0.0;
    for (std::size_t i = 0; i < roots_.size(); ++i)
        moved += value(roots_[i]) - full_(static_cast<Index>(i));
    return std::abs(moved - total_strength_) <= 1e-7 * (reach_ + std::abs(total_strength_));
}

bool SecularSearch::settle() {
    bool all = false;
    for (int k = 0; k < mirrored_sweeps && !all; ++k) all = sweep();
    if (all) return complete();
    let_loose();
    for (int k = 0; k < loose_sweeps && !all; ++k) all = sweep();
    sort_loose();
    return all && complete();
}

bool SecularSearch::find() {
    roots_.clear();
    for (Index j = 0; j < full_.size(); ++j) {
        const Kind kind = j < layout_.real     ? Kind::real
                          : j < layout_.half() ? Kind::upper
                                               : Kind::mirror;
        roots_.push_back({kind, mirrored(j), j, 0.0});
    }
    for (Index j = 0; j < layout_.half(); ++j) first_step(at(j));
    for (Index j = 0; j < layout_.half(); ++j) rebase(roots_[at(j)]), place(at(j));
    return settle();
}

bool SecularSearch::find_from(const ComplexVectorView& start) {
    const HalfSet half = half_of(start);
    const PairLayout kinds = half.layout;
    roots_.clear();
    for (Index j = 0; j < kinds.full(); ++j) {
        const bool lower = j >= kinds.half();
        const Kind kind = j < kinds.real ? Kind::real : lower ? Kind::mirror : Kind::upper;
        const Index twin = j < kinds.real ? j : lower ? j - kinds.pairs : j + kinds.pairs;
        const Complex z = lower ? std::conj(half.values(twin)) : half.values(j);
        const Index pole = poles_.nearest(z);
        roots_.push_back({kind, twin, pole, z - full_(pole), std::abs(z - full_(pole))});
        points_.set(j, z);
    }
    return settle();
}

}  // namespace heddle
