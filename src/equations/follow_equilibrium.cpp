#include <algorithm>
#include <cmath>
#include <numbers>

#include "equations/equilibrium_family.hpp"
#include "equations/normal_form.hpp"
#include "heddle/core/error.hpp"
#include "heddle/equations/branch.hpp"
#include "heddle/equations/rate_solution.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/solve.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

/// A point with what is known about it.
struct Node {
    CurvePoint point;
    Vector state;
    double parameter;
    ComplexVector eigenvalues;  ///< 1/s.
    Index unstable;
    double determinant;  ///< Sign of det J.
};

struct Special {
    BranchSpecial what;
    std::size_t after;
};

double real_part_of_pair(const ComplexVector& values, double frequency) {
    double best = INFINITY;
    double real = 0.0;
    for (const Complex& value : values) {
        if (value.imag() <= 0.0) continue;
        const double distance = std::abs(value.real()) + 0.1 * std::abs(value.imag() - frequency);
        if (distance < best) {
            best = distance;
            real = value.real();
        }
    }
    return real;
}

class Follower final {
  public:
    explicit Follower(EquilibriumFamily& family, const BranchOptions& options)
        : family_(family), equations_(family.equations()), options_(options) {}

    [[nodiscard]] Node node(const CurvePoint& point) {
        Node made{point,
                  family_.state(point.y),
                  family_.parameter(point.y),
                  family_.eigenvalues(point.y),
                  0,
                  0.0};
        made.unstable = (made.eigenvalues.real().array() > 0.0).count();
        const Matrix j = equations_.slope(point.y).leftCols(point.y.size() - 1);
        made.determinant = determinant(j.cast<Complex>()).real() > 0.0 ? 1.0 : -1.0;
        return made;
    }

    /// Points after `start` in its direction; why they end.
    std::string follow(const Node& start, std::vector<Node>& nodes,
                       std::vector<Special>& specials) {
        Node last = start;
        double step = std::min(0.25 * options_.largest_step, 0.01);
        for (Index k = 0; k < options_.most_points; ++k) {
            const auto next = advance(equations_, last.point, step, options_.largest_step);
            if (!next) return "it could not be followed further";
            const std::string left = family_.out_of_range(next->y);
            if (!left.empty()) return "'" + left + "' leaves the range in which it means something";
            Node reached = node(*next);
            look_between(last, reached, nodes.size(), specials);
            if (!family_.in_range(family_.parameter(next->y))) {
                nodes.push_back(at_end(last, reached));
                std::erase_if(specials, [&](const Special& item) {
                    return !family_.in_range(item.what.parameter);
                });
                return "the end of the range is reached";
            }
            if (k > 10 && closed(start, last, reached)) return "it closes";
            nodes.push_back(reached);
            last = std::move(reached);
            last.point = family_.renewed(last.point);
        }
        return "the largest number of points is reached";
    }

    [[nodiscard]] BranchSpecial special(const std::string& kind, const Vector& y) {
        BranchSpecial made{};
        made.kind = kind;
        made.parameter = family_.parameter(y);
        made.state = family_.state(y);
        made.rates = family_.rates(y);
        made.residual = family_.residual(y);
        return made;
    }

  private:
    [[nodiscard]] bool closed(const Node& start, const Node& a, const Node& b) const {
        const double step = (b.point.y - a.point.y).norm();
        const Vector way = b.point.y - family_.scaled(start.state, start.parameter);
        const double onward = (b.parameter - a.parameter) * start.point.tangent.tail<1>().value();
        return way.norm() < step && onward > 0.0;
    }

    /// The point at the end of the range, in place of one beyond it.
    [[nodiscard]] Node at_end(const Node& inside, const Node& beyond) {
        const double end =
            family_.parameter(beyond.point.y) > options_.to ? options_.to : options_.from;
        const auto found =
            zero_between(equations_, inside.point, beyond.point,
                         [&](const CurvePoint& p) { return family_.parameter(p.y) - end; });
        return found ? node(*found) : inside;
    }

    void look_between(const Node& a, const Node& b, std::size_t after,
                      std::vector<Special>& specials) {
        const Index last = a.point.y.size() - 1;
        if (a.point.tangent[last] * b.point.tangent[last] < 0.0)
            add_fold(a, b, after, specials);
        else if (a.determinant != b.determinant)
            add_branch_point(a, b, after, specials);
        add_hopf(a, b, after, specials);
    }

    void add_fold(const Node& a, const Node& b, std::size_t after, std::vector<Special>& specials) {
        const Index last = a.point.y.size() - 1;
        // A point's tangent may be turned round: its sign is that of the step.
        const Vector chord = b.point.y - a.point.y;
        const auto found = zero_between(equations_, a.point, b.point, [&](const CurvePoint& p) {
            return p.tangent[last] * (p.tangent.dot(chord) < 0.0 ? -1.0 : 1.0);
        });
        if (!found) return;
        BranchSpecial fold = special("fold", found->y);
        fold.coefficient = fold_coefficient(family_.expansion(found->y), family_.slopes(found->y));
        specials.push_back({fold, after});
    }

    void add_branch_point(const Node& a, const Node& b, std::size_t after,
                          std::vector<Special>& specials) {
        const Index n = a.point.y.size() - 1;
        const auto found = zero_between(equations_, a.point, b.point, [&](const CurvePoint& p) {
            return determinant(equations_.slope(p.y).leftCols(n).cast<Complex>()).real();
        });
        if (found) specials.push_back({special("branch point", found->y), after});
    }

    void add_hopf(const Node& a, const Node& b, std::size_t after, std::vector<Special>& specials) {
        const auto pairs = [](const Node& at) {
            Index count = 0;
            for (const Complex& value : at.eigenvalues)
                count += value.real() > 0.0 && value.imag() > 0.0 ? 1 : 0;
            return count;
        };
        if (pairs(a) == pairs(b)) return;
        const double frequency = nearest_frequency(a, b);
        if (frequency == 0.0) return;
        const auto found = zero_between(equations_, a.point, b.point, [&](const CurvePoint& p) {
            return real_part_of_pair(family_.eigenvalues(p.y), frequency);
        });
        if (!found) return;
        const ComplexVector values = family_.eigenvalues(found->y);
        const double omega = crossing_frequency(values);
        if (omega == 0.0) return;  // Two real ones met and parted: no oscillation is born.
        BranchSpecial hopf = special("hopf", found->y);
        hopf.frequency = omega / (2.0 * std::numbers::pi);
        hopf.coefficient = lyapunov_coefficient(family_.expansion(found->y),
                                                family_.slopes(found->y), 1e-3 * omega);
        hopf.label = hopf.coefficient < 0.0   ? "supercritical"
                     : hopf.coefficient > 0.0 ? "subcritical"
                                              : "degenerate";
        specials.push_back({hopf, after});
    }

    /// Of the pair nearest to the axis on either side, rad/s.
    static double nearest_frequency(const Node& a, const Node& b) {
        const double at_a = crossing_frequency(a.eigenvalues);
        const double at_b = crossing_frequency(b.eigenvalues);
        return at_a == 0.0 ? at_b : at_b == 0.0 ? at_a : 0.5 * (at_a + at_b);
    }

    static double crossing_frequency(const ComplexVector& values) {
        double best = INFINITY, frequency = 0.0;
        for (const Complex& value : values)
            if (value.imag() > 1e-9 * std::abs(values[0]) && std::abs(value.real()) < best) {
                best = std::abs(value.real());
                frequency = value.imag();
            }
        return frequency;
    }

    EquilibriumFamily& family_;
    CurveEquations equations_;
    const BranchOptions& options_;
};

/// The fixed point to start from.
Vector start_state(const RateEquations& equations, const BranchOptions& options) {
    if (options.state.size() > 0) {
        if (options.state.size() != static_cast<Index>(equations.states.size()))
            throw ShapeError("state", "(" + std::to_string(equations.states.size()) + ",)",
                             "(" + std::to_string(options.state.size()) + ",)");
        return options.state;
    }
    const RateFixedPoints found = fixed_points(equations, {.time = options.time, .box = {}});
    if (found.points.empty())
        throw DomainError("no fixed point is known to start from (" + found.statement +
                          "); give `state`");
    for (const RateFixedPoint& point : found.points)
        if (point.stability == "stable") return point.state;
    return found.points.front().state;
}

void write(EquilibriumFamily& family, const std::vector<Node>& nodes, EquilibriumBranch& out) {
    const auto count = static_cast<Index>(nodes.size());
    out.values.resize(count);
    out.abscissa.resize(count);
    out.states.resize(nodes[0].state.size(), count);
    out.rates.resize(static_cast<Index>(out.names.size()), count);
    for (Index k = 0; k < count; ++k) {
        const Node& node = nodes[static_cast<std::size_t>(k)];
        const Vector y = family.scaled(node.state, node.parameter);
        out.values[k] = node.parameter;
        out.states.col(k) = node.state;
        out.rates.col(k) = family.rates(y);
        out.abscissa[k] = spectral_abscissa(node.eigenvalues);
        out.unstable.push_back(node.unstable);
        out.residual = std::max(out.residual, family.residual(y));
    }
}

/// Both halves in one row: the backward one turned round, the start, the forward one.
struct Halves {
    std::vector<Node> nodes;
    std::vector<Special> specials;
};

Halves joined(const Node& start, Halves backward, Halves forward) {
    Halves all;
    const std::size_t before = backward.nodes.size();
    all.nodes.assign(backward.nodes.rbegin(), backward.nodes.rend());
    all.nodes.push_back(start);
    all.nodes.insert(all.nodes.end(), forward.nodes.begin(), forward.nodes.end());
    for (Special& item : backward.specials)
        all.specials.push_back({item.what, before - 1 - std::min(item.after, before - 1)});
    std::ranges::reverse(all.specials);
    for (Special& item : forward.specials) all.specials.push_back({item.what, before + item.after});
    return all;
}

}  // namespace

EquilibriumBranch follow_equilibrium(const RateEquations& equations, const std::string& parameter,
                                     const BranchOptions& options) {
    validate(equations);
    EquilibriumFamily family(equations, parameter, options);
    const Vector state = start_state(equations, options);
    family.set_units(state);
    Follower follower(family, options);
    const Vector guess = family.scaled(state, family.start());
    const auto at =
        correct(family.equations(), guess, Vector::Unit(guess.size(), guess.size() - 1));
    if (!at)
        throw DomainError("no equilibrium is reached from the given state at " + parameter + " = " +
                          number_text(family.start()) + "; give one of `fixed_points`");
    const Node start = follower.node(*at);
    Node turned = start;
    turned.point.tangent = -start.point.tangent;
    Halves backward, forward;
    const std::string first = follower.follow(turned, backward.nodes, backward.specials);
    family.set_units(state);
    const std::string second = follower.follow(start, forward.nodes, forward.specials);
    const Halves all = joined(start, std::move(backward), std::move(forward));
    EquilibriumBranch out{};
    out.parameter = parameter;
    out.names = equations.populations;
    write(family, all.nodes, out);
    for (const Special& item : all.specials) {
        out.specials.push_back(item.what);
        out.specials.back().after = item.after;
    }
    out.statement = std::to_string(out.values.size()) + " equilibria, " +
                    std::to_string(out.specials.size()) +
                    (out.specials.size() == 1 ? " special point" : " special points") +
                    "; at the first end " + first + ", at the last " + second + ".";
    return out;
}

}  // namespace heddle
