#include "population/quadratic_writer.hpp"

#include <algorithm>
#include <numbers>

#include "population/equation_writer.hpp"
#include "population/quadratic_flow.hpp"

namespace heddle {
namespace {

constexpr double hertz = 1e3;  // 1 / ms.

/// A population, or one of its slices.
struct Unit {
    Index population;
    double median;      ///< Of the slice, as part of the law with median 0
    double half_width;  ///< and half width 1.
    Expression r{0.0};
    Expression v{0.0};
    std::vector<Expression> adaptations;
};

/// What all neurons of a population have in common.
struct Shared {
    Expression tau{0.0};
    Expression delta{0.0};
    Expression current{0.0};   ///< Median of eta, and synapses.
    Expression spread{0.0};    ///< Of the synapses.
    Expression external{0.0};  ///< Currents.
    Expression noise{0.0};     ///< σ².
};

class QuadraticWriter final {
  public:
    QuadraticWriter(const QuadraticRates& of, const Vector& sigma, Index slices)
        : of_(of),
          layout_(of),
          sigma_(sigma),
          slices_(slices),
          pi_(write_.parameter("pi", "", std::numbers::pi, "the number π")) {
        write_.out.title = "Firing-rate equations of quadratic neurons";
        write_.out.populations = of.names;
        write_.out.assumptions = of.assumptions;
        for (Index a = 0; a < of.tau.size(); ++a) add_units(a);
        for (std::size_t k = 0; k < of.filters.size(); ++k) add_filter(k);
        for (std::size_t k = 0; k < of.adaptations.size(); ++k) add_adaptation(k);
        for (Index a = 0; a < of.tau.size(); ++a) add_population(a);
    }

    [[nodiscard]] RateEquations equations() && { return std::move(write_.out); }

  private:
    [[nodiscard]] bool cut(Index a) const {
        return slices_ > 1 && std::ranges::any_of(of_.adaptations, [&](const auto& item) {
                   return item.population == a;
               });
    }

    [[nodiscard]] const std::string& name_of(Index a) const {
        return of_.names[static_cast<std::size_t>(a)];
    }

    void add_units(Index a) {
        const bool parts = cut(a);
        Expression sum = 0.0;
        int number = 0;
        for (const LorentzianSlice& slice : lorentzian_slices(parts ? slices_ : 1)) {
            const std::string label =
                name_of(a) + (parts ? "," + std::to_string(++number) : std::string());
            Unit unit{a, slice.median, slice.half_width};
            unit.r = write_.state("r_" + label, "Hz", of_.initial[RateLayout::rate(a)]);
            unit.v = write_.state("v_" + label, "", of_.initial[RateLayout::potential(a)]);
            sum += unit.r;
            units_.push_back(unit);
        }
        if (parts) sum = write_.define("r_" + name_of(a), "Hz", sum / static_cast<double>(slices_));
        write_.out.rates.push_back(sum.node().name);
    }

    void add_filter(std::size_t k) {
        const RateFilter& filter = of_.filters[k];
        const std::string label = filter_label(of_, k);
        Expression sent = delayed(write_.out.rates[static_cast<std::size_t>(filter.source)],
                                  write_.parameter("d_" + label, "ms", filter.delay, "delay"));
        if (filter.synapse.kind == Synapse::Kind::delta) {
            seen_.push_back(sent);
            return;
        }
        const Expression tau = write_.parameter("tau_s_" + label, "ms", filter.synapse.tau_syn,
                                                "time constant of the synapse");
        const Index at = layout_.filter(static_cast<Index>(k));
        const auto add = [&](const char* letter, Index position) {
            const Expression made = write_.state(letter + label, "Hz", of_.initial[position]);
            write_.moves(made, (sent - made) / tau);
            sent = made;
        };
        if (filter.synapse.kind == Synapse::Kind::alpha) add("x_", at - 1);
        add("s_", at);
        seen_.push_back(sent);
    }

    void add_adaptation(std::size_t k) {
        const RateAdaptation& item = of_.adaptations[k];
        const std::string label = adaptation_label(of_, k);
        const Expression b = write_.parameter("b_" + label, "1/Hz", item.gain, "adaptation");
        const Expression tau = write_.parameter("tau_a_" + label, "ms", item.tau, "adaptation");
        const double initial = of_.initial[layout_.adaptation(static_cast<Index>(k))];
        int number = 0;
        for (Unit& unit : units_) {
            if (unit.population != item.population) continue;
            const Expression a = write_.state(
                "a_" + label + (cut(item.population) ? "," + std::to_string(++number) : ""), "",
                initial);
            write_.moves(a, (b * unit.r - a) / tau);
            unit.adaptations.push_back(a);
        }
    }

    void add_population(Index a) {
        const std::string& name = name_of(a);
        Shared shared;
        shared.tau = write_.parameter("tau_" + name, "ms", of_.tau[a], "membrane");
        shared.delta =
            write_.parameter("Delta_" + name, "", of_.delta[a], "half width of excitabilities");
        shared.current = write_.parameter("eta_" + name, "", of_.eta[a], "their median");
        for (std::size_t k = 0; k < of_.couplings.size(); ++k)
            if (of_.couplings[k].target == a) add_coupling(of_.couplings[k], shared);
        for (const SharedCurrent& item : of_.currents)
            if (item.population == a)
                shared.external += write_.input("I_ext_" + name, "", item.times, item.values,
                                                "current into " + name);
        if (sigma_[a] > 0.0)
            shared.noise =
                square(write_.parameter("sigma_" + name, "", sigma_[a], "independent noise"));
        for (const Unit& unit : units_)
            if (unit.population == a) add_unit(unit, shared);
    }

    void add_coupling(const RateCoupling& item, Shared& shared) {
        const auto filter = static_cast<std::size_t>(item.filter);
        const std::string pair = name_of(item.target) + "_" + filter_label(of_, filter);
        shared.current +=
            write_.parameter("J_" + pair, "1/Hz", item.gain, "median weight " + pair) *
            seen_[filter];
        if (item.width > 0.0)
            shared.spread += write_.parameter("Gamma_" + pair, "1/Hz", item.width,
                                              "half width of weights " + pair) *
                             absolute(seen_[filter]);
    }

    void add_unit(const Unit& unit, const Shared& shared) {
        const std::string label = unit.r.node().name.substr(2);
        Expression current = shared.current;
        for (const Expression& a : unit.adaptations) current -= a;
        current += shared.external + unit.median * shared.delta;
        const Expression width =
            write_.define("D_" + label, "", unit.half_width * shared.delta + shared.spread);
        const Expression drive = write_.define("I_" + label, "", current);
        const Expression& r = unit.r;
        const Expression& v = unit.v;
        Expression x = pi_ * shared.tau * r / hertz;
        // Else rest would be looked for where slices have rates below 0.
        if (cut(unit.population)) x = write_.define("x_" + label, "", x, 0.0);
        Expression flux = width;
        Expression push = square(v) + drive - square(x);
        if (!shared.noise.is(0.0)) add_noise(label, shared, x, v, flux, push);
        write_.moves(r, (hertz * flux / (pi_ * shared.tau) + 2.0 * r * v) / shared.tau);
        write_.moves(v, push / shared.tau);
    }

    /// The second pseudo-cumulant g + i h.
    void add_noise(const std::string& label, const Shared& shared, const Expression& x,
                   const Expression& v, Expression& flux, Expression& push) {
        const Expression g = write_.state("g_" + label, "", 0.0);
        const Expression h = write_.state("h_" + label, "", 0.0);
        write_.moves(g, (4.0 * (v * g - x * h) + shared.noise) / shared.tau);
        write_.moves(h, 4.0 * (x * g + v * h) / shared.tau);
        flux += h;
        push += g;
        // At a start with all potentials equal, nothing over nothing is 0.
        write_.define("K_" + label, "",
                      power(square(g) + square(h), 0.5) / (square(x) + square(v) + 1e-12));
    }

    const QuadraticRates& of_;
    RateLayout layout_;
    const Vector& sigma_;
    Index slices_;
    EquationWriter write_;
    Expression pi_;
    std::vector<Unit> units_;
    std::vector<Expression> seen_;  ///< Of each filter.
};

}  // namespace

RateEquations write_quadratic(const QuadraticRates& of, const Vector& sigma, Index slices) {
    return QuadraticWriter(of, sigma, slices).equations();
}

}  // namespace heddle
