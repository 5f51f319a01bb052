#include <numbers>

#include "heddle/equations/text.hpp"
#include "population/equation_writer.hpp"
#include "population/quadratic_flow.hpp"

namespace heddle {
namespace {

constexpr double hertz = 1e3;  // 1 / ms.

class QuadraticWriter final {
  public:
    explicit QuadraticWriter(const QuadraticRates& of)
        : of_(of), layout_(of), pi_(write_.parameter("pi", "", std::numbers::pi, "the number π")) {
        write_.out.title = "Firing-rate equations of quadratic neurons";
        write_.out.populations = of.names;
        write_.out.assumptions = of.assumptions;
        for (std::size_t i = 0; i < of.state_names.size(); ++i)
            write_.state(of.state_names[i], of.units[i].c_str(), of.initial[static_cast<Index>(i)]);
        for (std::size_t k = 0; k < of.filters.size(); ++k) add_filter(k);
        for (std::size_t k = 0; k < of.adaptations.size(); ++k) add_adaptation(k);
        for (Index a = 0; a < of.tau.size(); ++a) add_population(a);
    }

    [[nodiscard]] RateEquations equations() && { return std::move(write_.out); }

  private:
    [[nodiscard]] Expression state(Index i) const {
        return symbol(of_.state_names[static_cast<std::size_t>(i)]);
    }

    void add_filter(std::size_t k) {
        const RateFilter& filter = of_.filters[k];
        const std::string label = filter_label(of_, k);
        const Expression sent =
            delayed(of_.state_names[static_cast<std::size_t>(RateLayout::rate(filter.source))],
                    write_.parameter("d_" + label, "ms", filter.delay, "delay"));
        const Index s = layout_.filter(static_cast<Index>(k));
        seen_.push_back(s < 0 ? sent : state(s));
        if (s < 0) return;
        const Expression tau = write_.parameter("tau_s_" + label, "ms", filter.synapse.tau_syn,
                                                "time constant of the synapse");
        const bool alpha = filter.synapse.kind == Synapse::Kind::alpha;
        if (alpha) write_.moves(state(s - 1), (sent - state(s - 1)) / tau);
        write_.moves(state(s), ((alpha ? state(s - 1) : sent) - state(s)) / tau);
    }

    void add_adaptation(std::size_t k) {
        const RateAdaptation& item = of_.adaptations[k];
        const std::string label = adaptation_label(of_, k);
        const Expression a = state(layout_.adaptation(static_cast<Index>(k)));
        const Expression b = write_.parameter("b_" + label, "1/Hz", item.gain, "adaptation");
        const Expression tau = write_.parameter("tau_a_" + label, "ms", item.tau, "adaptation");
        write_.moves(a, (b * state(RateLayout::rate(item.population)) - a) / tau);
    }

    void add_population(Index a) {
        const std::string& name = of_.names[static_cast<std::size_t>(a)];
        const Expression tau = write_.parameter("tau_" + name, "ms", of_.tau[a], "membrane");
        Expression width =
            write_.parameter("Delta_" + name, "", of_.delta[a], "half width of excitabilities");
        Expression current = write_.parameter("eta_" + name, "", of_.eta[a], "their median");
        for (std::size_t k = 0; k < of_.couplings.size(); ++k) {
            const RateCoupling& item = of_.couplings[k];
            if (item.target != a) continue;
            const auto filter = static_cast<std::size_t>(item.filter);
            const std::string pair = name + "_" + filter_label(of_, filter);
            current += write_.parameter("J_" + pair, "1/Hz", item.gain, "median weight " + pair) *
                       seen_[filter];
            if (item.width > 0.0)
                width += write_.parameter("Gamma_" + pair, "1/Hz", item.width,
                                          "half width of weights " + pair) *
                         absolute(seen_[filter]);
        }
        for (std::size_t k = 0; k < of_.adaptations.size(); ++k)
            if (of_.adaptations[k].population == a)
                current -= state(layout_.adaptation(static_cast<Index>(k)));
        for (const SharedCurrent& item : of_.currents)
            if (item.population == a)
                current += write_.input("I_ext_" + name, "", item.times, item.values,
                                        "current into " + name);
        move(a, tau, write_.define("D_" + name, "", width),
             write_.define("I_" + name, "", current));
    }

    void move(Index a, const Expression& tau, const Expression& width, const Expression& current) {
        const Expression r = state(RateLayout::rate(a));
        const Expression v = state(RateLayout::potential(a));
        const Expression x = pi_ * tau * r / hertz;
        write_.moves(r, (hertz * width / (pi_ * tau) + 2.0 * r * v) / tau);
        write_.moves(v, (square(v) + current - square(x)) / tau);
        write_.out.rates.push_back(of_.state_names[static_cast<std::size_t>(RateLayout::rate(a))]);
    }

    const QuadraticRates& of_;
    RateLayout layout_;
    EquationWriter write_;
    Expression pi_;
    std::vector<Expression> seen_;  ///< Of each filter.
};

}  // namespace

RateEquations rate_equations(const QuadraticRates& equations) {
    validate(equations);
    return QuadraticWriter(equations).equations();
}

RateTrajectory solve(const QuadraticRates& equations, const RateSolveOptions& options) {
    return solve(rate_equations(equations), options);
}

RateFixedPoints fixed_points(const QuadraticRates& equations,
                             const RateFixedPointOptions& options) {
    return fixed_points(rate_equations(equations), options);
}

std::string equation_text(const QuadraticRates& equations) {
    return equation_text(rate_equations(equations));
}

std::string equation_latex(const QuadraticRates& equations) {
    return equation_latex(rate_equations(equations));
}

}  // namespace heddle
