#include "heddle/population/local_inhibition.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "circuit/checks.hpp"
#include "heddle/core/error.hpp"
#include "population/local_pool.hpp"
#include "population/rate_unit.hpp"

namespace heddle {
namespace {

double value_at_start(const CurrentInput& input) {
    double value = 0.0;
    for (std::size_t k = 0; k < input.times.size() && input.times[k] <= 0.0; ++k)
        value = input.values(0, static_cast<Index>(k));
    return value;
}

bool starts(const UnitSource& source) {
    return source.kind == UnitSource::Kind::poisson && source.start <= 0.0 && source.stop > 0.0;
}

/// One of the two, with what does not depend on their rates.
struct Side {
    Side(const Circuit& circuit, const std::string& name)
        : unit(circuit, population_index(circuit, name)), variance(unit.noise) {
        const double per_current = unit.neuron.tau_m / unit.neuron.C_m;
        drive = unit.neuron.E_L + per_current * unit.neuron.I_e - unit.neuron.V_T_star;
        for (const CurrentInput* input : unit.currents)
            drive += per_current * value_at_start(*input);
        for (const UnitSource& source : unit.sources) {
            if (!starts(source)) continue;
            drive += source.mean * source.rate;
            variance += source.noise * source.rate;
        }
    }

    /// What spikes of a population do, all its projections together.
    [[nodiscard]] std::pair<double, double> from(const std::string& name) const {
        std::pair<double, double> sum{0.0, 0.0};
        for (const UnitSource& source : unit.sources)
            if (source.kind == UnitSource::Kind::population && source.label == name) {
                sum.first += source.mean;
                sum.second += source.noise;
            }
        return sum;
    }

    RateUnit unit;
    double variance;
    double drive;  ///< V − ϑ, mV.
};

class Loop final {
  public:
    Loop(const Circuit& circuit, const std::string& excitatory, const std::string& inhibitory)
        : e_(circuit, excitatory), i_(circuit, inhibitory) {
        std::tie(back_, back_noise_) = e_.from(inhibitory);
        std::tie(forth_, forth_noise_) = i_.from(excitatory);
        own_noise_ = e_.from(excitatory).second;
    }

    struct Point {
        EffectiveTransfer pool;
        EffectiveTransfer e;
    };

    [[nodiscard]] Point at(double m, double a) const {
        const EffectiveTransfer pool = effective_transfer(i_.unit.neuron, i_.drive + forth_ * a,
                                                          i_.variance + forth_noise_ * a);
        return {pool, effective_transfer(e_.unit.neuron, m + back_ * pool.rate,
                                         e_.variance + own_noise_ * a + back_noise_ * pool.rate)};
    }

    /// The root of Φ_E − A, by bisection of what holds it.
    [[nodiscard]] double rate(double m) const {
        double low = 0.0;
        double high = 1.0;
        while (at(m, high).e.rate > high) high *= 2.0;
        for (int k = 0; k < 60; ++k) {
            const double middle = 0.5 * (low + high);
            (at(m, middle).e.rate > middle ? low : high) = middle;
        }
        return 0.5 * (low + high);
    }

    [[nodiscard]] double strength(const Point& point) const {
        return -back_ * forth_ * point.e.gain * point.pool.gain;
    }

  private:
    Side e_;
    Side i_;
    double back_, back_noise_, forth_, forth_noise_, own_noise_;
};

/// Filters and delay of the way around, ms.
struct Way {
    std::vector<double> taus;
    double delay = 0.0;
};

Way way_of(const Circuit& circuit, const std::string& excitatory, const std::string& inhibitory) {
    Way way;
    for (const Projection& item : circuit.projections) {
        const bool forth = item.source == excitatory && item.target == inhibitory;
        if (!forth && (item.source != inhibitory || item.target != excitatory)) continue;
        const auto& target = circuit.populations[population_index(circuit, item.target)];
        way.taus.push_back(std::get<EscapeNeuron>(target.neuron).tau_m);
        if (item.synapse.kind == Synapse::Kind::exponential)
            way.taus.push_back(item.synapse.tau_syn);
        way.delay += item.delay.location;
    }
    return way;
}

/// ω at which the phase is −π, 1 / ms.
double onset_of(const Way& way) {
    const auto phase = [&](double omega) {
        double sum = omega * way.delay;
        for (const double tau : way.taus) sum += std::atan(omega * tau);
        return sum;
    };
    double low = 0.0;
    double high = std::numbers::pi / way.delay;
    for (int k = 0; k < 100; ++k) {
        const double middle = 0.5 * (low + high);
        (phase(middle) < std::numbers::pi ? low : high) = middle;
    }
    return high;
}

std::string statement_of(const LocalInhibition& found) {
    const double largest = found.strength.size() > 0 ? found.strength.maxCoeff() : 0.0;
    const std::string onset = "an oscillation of " + quantity(found.onset_frequency, "Hz") +
                              " begins at " + quantity(found.onset_strength, "") + ".";
    if (largest < found.onset_strength)
        return "The loop is at most " + quantity(largest, "") + " strong and stable: " + onset;
    const auto first =
        std::ranges::find_if(found.strength, [&](double k) { return k >= found.onset_strength; });
    return "From m = " + quantity(found.mean[first - found.strength.begin()], "mV") +
           " on the loop is too strong to be a unit: " + onset;
}

}  // namespace

LocalInhibition local_inhibition(const Circuit& circuit, const std::string& excitatory,
                                 const std::string& inhibitory, const Vector& mean) {
    check_rate_units(circuit);
    check_loop(circuit, excitatory, inhibitory);
    check_forgetful(circuit.populations[population_index(circuit, excitatory)],
                    "the local transfer function");
    if (!mean.allFinite()) throw DomainError("mean holds NaN or infinity; give numbers in mV");
    const Loop loop(circuit, excitatory, inhibitory);
    const Index n = mean.size();
    LocalInhibition found{mean,      Vector(n), Vector(n), Vector(n), Vector(n),
                          Vector(n), 0.0,       0.0,       0.0,       ""};
    for (Index k = 0; k < n; ++k) {
        found.rate[k] = loop.rate(mean[k]);
        const Loop::Point point = loop.at(mean[k], found.rate[k]);
        found.pool_rate[k] = point.pool.rate;
        found.gain[k] = point.e.gain;
        found.strength[k] = loop.strength(point);
        found.residual = std::max(found.residual, std::abs(point.e.rate - found.rate[k]));
    }
    found.effective_gain = found.gain.cwiseQuotient((1.0 + found.strength.array()).matrix());
    const Way way = way_of(circuit, excitatory, inhibitory);
    const double omega = onset_of(way);
    found.onset_frequency = 1e3 * omega / (2.0 * std::numbers::pi);
    found.onset_strength = 1.0;
    for (const double tau : way.taus) found.onset_strength *= std::hypot(1.0, omega * tau);
    found.statement = statement_of(found);
    return found;
}

}  // namespace heddle
