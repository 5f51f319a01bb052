#include "equations/rest.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "equations/system.hpp"

namespace heddle {
namespace {

/// A state or definition at rest.
struct Unknown {
    std::string name;
    Expression equation;                ///< 0 at rest.
    std::optional<Expression> formula;  ///< What it is, of the others; none where no equation has
                                        ///< it linearly.
    std::set<std::string> needs;        ///< What the formula, or else the equation, is made of.
    bool rate;                          ///< Is it a population's rate?
};

/// Parameters and inputs become numbers.
Expression with_numbers(const Expression& in, const std::map<std::string, double>& numbers) {
    return with_leaves(at_rest(in), [&](const Expression& leaf) {
        const auto known = numbers.find(leaf.node().name);
        return known == numbers.end() ? leaf : Expression(known->second);
    });
}

/// What `name` is where an equation is 0; nothing where it is not linear in it.
std::optional<Expression> solved(const Expression& equation, const std::string& name) {
    const Expression own = derivative(equation, name);
    if (own.is(0.0) || contains(own, name)) return std::nullopt;
    return -replaced(equation, name, 0.0) / own;
}

/// A state that its own equation does not contain, as a position that changes by its speed, is what
/// the equation of the other says, and that one what this says.
bool exchange(Unknown& unknown, std::vector<Unknown>& all) {
    if (contains(unknown.equation, unknown.name)) return false;
    for (Unknown& other : all) {
        if (&other == &unknown) continue;
        const std::optional<Expression> own = solved(unknown.equation, other.name);
        const std::optional<Expression> formula = solved(other.equation, unknown.name);
        if (!own || !formula) continue;
        std::swap(unknown.equation, other.equation);
        unknown.formula = formula;
        other.formula = own;
        return true;
    }
    return false;
}

/// An unknown that its own equation does not explain may be explained by that of a rate, which then
/// takes over its equation: the potential of quadratic neurons.
void borrow(Unknown& unknown, std::vector<Unknown>& all) {
    for (Unknown& lender : all) {
        if (!lender.rate || !lender.formula || &lender == &unknown) continue;
        const std::optional<Expression> formula = solved(lender.equation, unknown.name);
        if (!formula) continue;
        lender.formula = std::nullopt;
        std::swap(lender.equation, unknown.equation);
        unknown.formula = formula;
        return;
    }
}

std::vector<Unknown> unknowns_of(const RateEquations& equations, double time) {
    std::map<std::string, double> numbers;
    for (const EquationParameter& item : equations.parameters) numbers[item.name] = item.value;
    std::vector<double> inputs(equations.inputs.size());
    mean_inputs(equations, time, time, inputs.data());
    for (std::size_t k = 0; k < inputs.size(); ++k) numbers[equations.inputs[k].name] = inputs[k];
    std::vector<Unknown> found;
    for (const EquationDefinition& item : equations.definitions) {
        const Expression value = with_numbers(item.value, numbers);
        found.push_back({item.name, value - symbol(item.name), value, {}, false});
    }
    for (const EquationState& state : equations.states) {
        const Expression equation = with_numbers(state.rate, numbers);
        found.push_back({state.name, equation, solved(equation, state.name), {}, false});
    }
    for (Unknown& unknown : found)
        unknown.rate = std::ranges::find(equations.rates, unknown.name) != equations.rates.end();
    for (Unknown& unknown : found)
        if (!unknown.formula && !exchange(unknown, found)) borrow(unknown, found);
    for (Unknown& unknown : found)
        for (const Expression& leaf : leaves_of({unknown.formula.value_or(unknown.equation)}))
            unknown.needs.insert(leaf.node().name);
    return found;
}

/// Who of the rest has to be given for the others to follow, one after another: those without a
/// formula; then, while loops are left, the one that most of them pass through, rates first.
class Elimination final {
  public:
    explicit Elimination(std::vector<Unknown> unknowns) : left_(std::move(unknowns)) {
        for (std::size_t i = 0; i < left_.size();)
            if (left_[i].formula && !left_[i].needs.contains(left_[i].name))
                ++i;
            else
                give(i);
        while (!left_.empty())
            if (!follow()) give(busiest());
    }

    std::vector<Unknown> given;
    std::vector<Unknown> following;  ///< In an order in which each follows from those before.

  private:
    void give(std::size_t i) {
        given.push_back(left_[i]);
        left_.erase(left_.begin() + static_cast<std::ptrdiff_t>(i));
    }

    [[nodiscard]] bool waits(const Unknown& unknown) const {
        return std::ranges::any_of(
            left_, [&](const Unknown& other) { return unknown.needs.contains(other.name); });
    }

    bool follow() {
        for (std::size_t i = 0; i < left_.size(); ++i) {
            if (waits(left_[i])) continue;
            following.push_back(left_[i]);
            left_.erase(left_.begin() + static_cast<std::ptrdiff_t>(i));
            return true;
        }
        return false;
    }

    /// Does one come back to it by what it needs?
    [[nodiscard]] bool in_loop(std::size_t start) const {
        std::vector<bool> seen(left_.size(), false);
        std::vector<std::size_t> stack{start};
        while (!stack.empty()) {
            const Unknown& at = left_[stack.back()];
            stack.pop_back();
            for (std::size_t j = 0; j < left_.size(); ++j) {
                if (!at.needs.contains(left_[j].name)) continue;
                if (j == start) return true;
                if (!seen[j]) stack.push_back(j);
                seen[j] = true;
            }
        }
        return false;
    }

    [[nodiscard]] std::size_t busiest() const {
        std::size_t best = 0;
        double most = -1.0;
        for (std::size_t i = 0; i < left_.size(); ++i) {
            if (!in_loop(i)) continue;
            double in = 0.0, out = 0.0;
            for (const Unknown& other : left_) {
                in += left_[i].needs.contains(other.name) ? 1.0 : 0.0;
                out += other.needs.contains(left_[i].name) ? 1.0 : 0.0;
            }
            const double score = in * out + (left_[i].rate ? 1e6 : 0.0);
            if (score > most) {
                most = score;
                best = i;
            }
        }
        return best;
    }

    std::vector<Unknown> left_;
};

}  // namespace

RestProblem::RestProblem(const RateEquations& equations, double time,
                         const std::map<std::string, Interval>& bounds) {
    const Elimination elimination(unknowns_of(equations, time));
    std::map<std::string, Expression> known;
    const auto written = [&](const Expression& formula) {
        return with_leaves(formula, [&](const Expression& leaf) {
            const auto found = known.find(leaf.node().name);
            return found == known.end() ? leaf : found->second;
        });
    };
    std::vector<Expression> residual, slope, states, explained, bounded;
    const auto bound_of = [&](const std::string& name) {
        const auto found = bounds.find(name);
        return found == bounds.end() ? Interval::everything() : found->second;
    };
    for (const Unknown& unknown : elimination.following) {
        known.insert_or_assign(unknown.name, written(*unknown.formula));
        if (!bounds.contains(unknown.name)) continue;
        bounded.push_back(known.at(unknown.name));
        bounds_.push_back(bound_of(unknown.name));
    }
    for (const Unknown& unknown : elimination.given) {
        names_.push_back(unknown.name);
        box_.push_back(bound_of(unknown.name));
        residual.push_back(written(unknown.equation));
        has_formula_.push_back(unknown.formula.has_value());
        explained.push_back(unknown.formula ? written(*unknown.formula) : Expression(0.0));
    }
    for (const Expression& equation : residual)
        for (const std::string& name : names_) slope.push_back(derivative(equation, name));
    for (const EquationState& state : equations.states)
        states.push_back(written(symbol(state.name)));
    residual_ = Tape(names_, residual);
    slope_ = Tape(names_, slope);
    states_ = Tape(names_, states);
    explained_ = Tape(names_, explained);
    bounded_ = Tape(names_, bounded);
}

Vector RestProblem::values(const Tape& tape, const Vector& z) const {
    std::vector<double> values(tape.size());
    std::copy_n(z.data(), z.size(), values.data());
    tape.run(values.data());
    Vector out(static_cast<Index>(tape.outputs()));
    for (Index k = 0; k < out.size(); ++k)
        out[k] = tape.output(static_cast<std::size_t>(k), values.data());
    return out;
}

Vector RestProblem::residual(const Vector& z) const {
    return values(residual_, z);
}

Matrix RestProblem::slope(const Vector& z) const {
    const Vector all = values(slope_, z);
    return all.reshaped<Eigen::RowMajor>(unknowns(), unknowns());
}

Vector RestProblem::state(const Vector& z) const {
    return values(states_, z);
}

bool RestProblem::within_bounds(const Box& z) const {
    const Box found = bounded_.run_with(z, interval_step);
    for (std::size_t i = 0; i < found.size(); ++i) {
        bool empty = false;
        (void)common(found[i], bounds_[i], empty);
        if (empty) return false;
    }
    return true;
}

RestProblem::Box RestProblem::residual(const Box& z) const {
    return residual_.run_with(z, interval_step);
}

RestProblem::Box RestProblem::slope(const Box& z) const {
    return slope_.run_with(z, interval_step);
}

RestProblem::Box RestProblem::explained(const Box& z) const {
    Box found = explained_.run_with(z, interval_step);
    for (std::size_t i = 0; i < found.size(); ++i)
        if (!has_formula_[i]) found[i] = Interval::everything();
    return found;
}

}  // namespace heddle
