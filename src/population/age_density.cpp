#include "population/age_density.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "heddle/population/rate_units.hpp"
#include "population/quasi_renewal.hpp"

namespace heddle {
namespace {

constexpr Index points = PanelRule::points;
constexpr double resolved = 1e-13;    // What a panel may leave of its largest value,
constexpr double rounding = 2e-15;    // and more where u / Delta_V is large, in units of it.
constexpr double forgotten = 37.0;    // e⁻³⁷ is below the last digit.
constexpr double nobody = 160.0;      // From e⁻¹⁶⁰ on neurons need not be followed.
constexpr double narrowest = 1e-11;   // Panels, of τ_m: around the edge of a rectified hazard.
constexpr std::size_t enough = 2000;  // Panels: more are not halved, and `error` tells.
constexpr double fastest = 1e12;      // Hz: a higher exponential hazard is as good as this one.

/// How long a neuron remembers anything but its last spike's age, ms.
double memory_of(const Population& population) {
    const auto& neuron = std::get<EscapeNeuron>(population.neuron);
    double longest = neuron.reset ? neuron.tau_m : 0.0;
    for (const Adaptation& one : population.adaptation) {
        const bool filtered = one.kind == Adaptation::Kind::current;
        longest = std::max({longest, one.tau, filtered ? neuron.tau_m : 0.0});
    }
    return forgotten * longest;
}

/// Hazards that rise from 0 as a difference, or as ln(1 + e^u), have the rounding of λ_0, 1/ms.
double scale_of(const EscapeNeuron& neuron) {
    const bool differs = neuron.hazard == Hazard::rectified || neuron.hazard == Hazard::softplus;
    return differs ? 1e-5 * neuron.lambda_0 : 0.0;
}

/// Functions of age on one panel.
struct PanelValues {
    Vector age;
    Vector effect;
    Vector previous;
    Vector slope;
    Vector hazard;
    Vector exponent;        ///< ∫ρ since the start of the panel.
    double steepest = 0.0;  ///< Largest |u| / Delta_V.

    /// \param scale  Of hazards, 1/ms: what is small beside it need not be resolved.
    [[nodiscard]] bool smooth(double scale) const {
        const Vector alive = (-exponent.array()).exp();
        const PanelRule& rule = panel_rule();
        return std::max({rule.unresolved(alive), rule.unresolved(hazard.cwiseProduct(alive), scale),
                         rule.unresolved(slope.cwiseProduct(alive)), rule.unresolved(effect)}) <=
               resolved;
    }
};

/// Goes through the panels from young to old.
class Ageing {
  public:
    Ageing(const Population& population, double potential, double rate)
        : population_(population),
          neuron_(std::get<EscapeNeuron>(population.neuron)),
          potential_(potential),
          rate_(1e-3 * rate),
          memory_(memory_of(population)),
          highest_(neuron_.hazard == Hazard::exponential
                       ? std::log(fastest / neuron_.lambda_0) * neuron_.Delta_V
                       : std::numeric_limits<double>::infinity()),
          scale_(scale_of(neuron_)) {
        if (!population.adaptation.empty()) remaining_ = total_effect();
        const EffectiveTransfer at_once = hazard_at(0.0, remaining_);
        hazard_end_ = 1e-3 * at_once.rate;
        slope_end_ = 1e-3 * at_once.gain;
    }

    /// On panels as wide as they may be.
    AgeDensity free() {
        double width = neuron_.tau_m / 8.0, start = 0.0;
        while (start < memory_ && (followed() || !population_.adaptation.empty())) {
            const bool first = widest(start, width);
            start += width;
            if (first) width *= 2.0;
        }
        return finish();
    }

    AgeDensity on(const std::vector<AgePanel>& panels) {
        for (const AgePanel& panel : panels) keep(panel, values(panel));
        return finish();
    }

  private:
    /// Keeps a panel of at most this width. \return whether it has this one.
    bool widest(double start, double& width) {
        for (bool first = true;; first = false, width *= 0.5) {
            const PanelValues found = values({start, width});
            if (!found.smooth(scale_) && width > narrowest * neuron_.tau_m &&
                panels_.size() < enough)
                continue;
            keep({start, width}, found);
            return first;
        }
    }

    [[nodiscard]] Vector effects(const Vector& age) const {
        return age.unaryExpr([&](double s) {
            return mean_effect(neuron_, threshold_after(population_, neuron_.t_ref + s));
        });
    }

    /// ∫ Q from the end of the refractory period on.
    [[nodiscard]] double total_effect() const {
        const PanelRule& rule = panel_rule();
        double width = neuron_.tau_m / 8.0, start = 0.0, sum = 0.0;
        for (bool first = true; start < memory_;) {
            const Vector effect = effects(start + width * rule.place.array());
            if (rule.unresolved(effect) > resolved && width > narrowest * neuron_.tau_m) {
                width *= 0.5;
                first = false;
                continue;
            }
            sum += width * rule.integral(effect);
            start += width;
            if (first) width *= 2.0;
            first = true;
        }
        return sum;
    }

    /// u = V − ϑ at an age.
    [[nodiscard]] double above(double s, double previous) const {
        const double reset =
            neuron_.reset ? (neuron_.V_reset - potential_) * std::exp(-s / neuron_.tau_m) : 0.0;
        const double own =
            population_.adaptation.empty() ? 0.0 : threshold_after(population_, neuron_.t_ref + s);
        return std::min(potential_ + reset - neuron_.V_T_star - own - rate_ * previous, highest_);
    }

    [[nodiscard]] EffectiveTransfer hazard_at(double s, double previous) const {
        return effective_transfer(neuron_, above(s, previous), 0.0);
    }

    /// Are there neurons left?
    [[nodiscard]] bool followed() const { return exponent_ < nobody; }

    /// Where nobody is left the effect of spikes is, which acts on those who are younger.
    [[nodiscard]] PanelValues values(const AgePanel& panel) const {
        const PanelRule& rule = panel_rule();
        const Vector none = Vector::Zero(points);
        PanelValues found{
            panel.start + panel.width * rule.place.array(), none, none, none, none, none};
        if (!population_.adaptation.empty()) {
            found.effect = effects(found.age);
            found.previous = remaining_ - (panel.width * rule.before * found.effect).array();
        }
        if (!followed()) return found;
        for (Index j = 0; j < points; ++j) {
            const EffectiveTransfer one = hazard_at(found.age[j], found.previous[j]);
            found.hazard[j] = 1e-3 * one.rate;
            found.slope[j] = 1e-3 * one.gain;
            found.steepest = std::max(
                found.steepest, std::abs(above(found.age[j], found.previous[j])) / neuron_.Delta_V);
        }
        found.exponent = panel.width * rule.before * found.hazard;
        return found;
    }

    void keep(const AgePanel& panel, const PanelValues& found) {
        if (followed()) {
            hazard_end_ = found.hazard[points - 1];
            slope_end_ = found.slope[points - 1];
        }
        panels_.push_back(panel);
        age_.push_back(found.age);
        slope_.push_back(found.slope);
        effect_.push_back(found.effect);
        previous_.push_back(found.previous);
        survivors_.push_back((-(exponent_ + found.exponent.array())).exp());
        exponent_ += found.exponent[points - 1];
        remaining_ = found.previous[points - 1];
    }

    [[nodiscard]] static Matrix joined(const std::vector<Vector>& columns) {
        Matrix matrix(points, static_cast<Index>(columns.size()));
        for (Index p = 0; p < matrix.cols(); ++p)
            matrix.col(p) = columns[static_cast<std::size_t>(p)];
        return matrix;
    }

    [[nodiscard]] AgeDensity finish() const {
        AgeDensity density{.neuron = neuron_,
                           .panels = panels_,
                           .age = joined(age_),
                           .survivors = joined(survivors_),
                           .slope = joined(slope_)};
        if (!population_.adaptation.empty()) {
            density.effect = joined(effect_);
            density.previous = joined(previous_);
            density.effect_end = effect_.back()[points - 1];
            density.effect_decay = forgotten / memory_;
        }
        density.survivors_end = std::exp(-exponent_);
        density.hazard_end = hazard_end_;
        density.slope_end = slope_end_;
        density.interval = neuron_.t_ref + density.survivors_end / density.hazard_end;
        for (std::size_t p = 0; p < panels_.size(); ++p)
            density.interval += panels_[p].width * panel_rule().integral(survivors_[p]);
        return density;
    }

    const Population& population_;
    const EscapeNeuron& neuron_;
    double potential_;
    double rate_;             // 1/ms.
    double memory_;           // ms.
    double highest_;          // u, mV.
    double scale_;            // 1/ms.
    double remaining_ = 0.0;  // ∫ Q from here on.
    double exponent_ = 0.0;   // ∫ ρ up to here.
    double hazard_end_ = 0.0;
    double slope_end_ = 0.0;
    std::vector<AgePanel> panels_;
    std::vector<Vector> age_, slope_, effect_, previous_, survivors_;
};

}  // namespace

AgeDensity age_density(const Population& population, double potential, double rate) {
    return Ageing(population, potential, rate).free();
}

AgeDensity refined(const AgeDensity& density, const Population& population, double potential,
                   double rate) {
    return Ageing(population, potential, rate).on(halved(density.panels));
}

double AgeDensity::variability() const {
    if (silent()) return 0.0;
    const double end = panels.empty() ? 0.0 : panels.back().start + panels.back().width;
    const double refractory = neuron.t_ref;
    const double tail = survivors_end / hazard_end;
    double square = 0.5 * refractory * refractory + tail * (refractory + end + 1.0 / hazard_end);
    for (std::size_t p = 0; p < panels.size(); ++p) {
        const auto column = static_cast<Index>(p);
        square += panels[p].width * panel_rule().integral((refractory + age.col(column).array()) *
                                                          survivors.col(column).array());
    }
    return std::sqrt(std::max(0.0, 2.0 * square / (interval * interval) - 1.0));
}

}  // namespace heddle
