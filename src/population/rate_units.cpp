#include "heddle/population/rate_units.hpp"

#include <cmath>

#include "population/rate_unit.hpp"

namespace heddle {
namespace {

/// Rate units coupled by their rates, which steps of Heun's method move on; rates of the past are
/// kept for the longest delay.
class CoupledUnits final {
  public:
    CoupledUnits(const Circuit& circuit, double step, Closure closure) : step_(step) {
        for (std::size_t a = 0; a < circuit.populations.size(); ++a) {
            units_.emplace_back(circuit, a, step, closure);
            const std::size_t states = units_.back().states();
            states_.emplace_back(states);
            units_.back().start(states_.back().data());
            first_.emplace_back(states);
            second_.emplace_back(states);
            predicted_.emplace_back(states);
        }
        for (const RateUnit& unit : units_)
            for (const UnitSource& source : unit.sources()) random_ |= source.random > 0.0;
        past_.resize(units_.size());
        remember();
    }

    [[nodiscard]] double rate(std::size_t a) const { return past_[a].back().rate; }
    [[nodiscard]] RateUnit::Moments moments(std::size_t a) {
        return units_[a].moments(states_[a].data(), sent_to(a, {steps_, false}));
    }

    void advance() {
        const double time = static_cast<double>(steps_) * step_;
        for (std::size_t a = 0; a < units_.size(); ++a) {
            const double current = units_[a].current(time, step_);
            slope(a, states_[a], {steps_, false}, current, first_[a]);
            for (std::size_t i = 0; i < states_[a].size(); ++i)
                predicted_[a][i] = states_[a][i] + step_ * first_[a][i];
            slope(a, predicted_[a], {steps_ + 1, true}, current, second_[a]);
        }
        for (std::size_t a = 0; a < units_.size(); ++a)
            for (std::size_t i = 0; i < states_[a].size(); ++i)
                states_[a][i] += 0.5 * step_ * (first_[a][i] + second_[a][i]);
        ++steps_;
        remember();
    }

  private:
    /// After a step: what units send from here on.
    void remember() {
        std::vector<RateUnit::Sent> now;
        for (std::size_t a = 0; a < units_.size(); ++a) {
            const RateUnit::Moments found = moments(a);
            now.push_back(
                {units_[a].transfer(found).rate, random_ ? units_[a].spread(found) : 1.0});
        }
        for (std::size_t a = 0; a < units_.size(); ++a) past_[a].push_back(now[a]);
    }

    /// A grid point seen from the step after it, or from the one before: inputs may jump there.
    struct Moment {
        std::size_t step;
        bool before;
    };

    /// What a source sends; before t = 0 nothing was on its way.
    [[nodiscard]] RateUnit::Sent sent(const UnitSource& source, Moment at) const {
        if (source.kind == UnitSource::Kind::population) {
            const bool none = at.step < source.delay || (at.before && at.step == source.delay);
            return none ? RateUnit::Sent{0.0, 1.0}
                        : past_[source.population][at.step - source.delay];
        }
        const double nearby = at.before ? -1e-9 : 1e-9;
        const double time = (static_cast<double>(at.step) + nearby) * step_;
        return {time >= source.start && time < source.stop ? source.rate : 0.0, 1.0};
    }

    [[nodiscard]] const RateUnit::Sent* sent_to(std::size_t a, Moment at) {
        sent_.clear();
        for (const UnitSource& source : units_[a].sources()) sent_.push_back(sent(source, at));
        return sent_.data();
    }

    void slope(std::size_t a, const std::vector<double>& state, Moment at, double current,
               std::vector<double>& out) {
        units_[a].derivative(state.data(), sent_to(a, at), current, out.data());
    }

    double step_;
    std::size_t steps_ = 0;
    std::vector<RateUnit> units_;
    std::vector<std::vector<double>> states_, first_, second_, predicted_;
    std::vector<std::vector<RateUnit::Sent>> past_;  ///< At all grid points.
    std::vector<RateUnit::Sent> sent_;
    bool random_ = false;  ///< Are there synapses that are drawn one by one?
};

RateUnitRecording run(const Circuit& circuit, const RateUnitOptions& options, double step) {
    const auto populations = static_cast<Index>(circuit.populations.size());
    const auto skipped = static_cast<std::size_t>(std::llround(options.transient / step));
    const auto in_bin = static_cast<std::size_t>(std::llround(options.bin / step));
    const auto bins = static_cast<Index>(std::floor(options.duration / options.bin + 1e-9));
    RateUnitRecording recording{.bin = options.bin,
                                .activity = Matrix::Zero(populations, bins),
                                .mean = Matrix::Zero(populations, bins),
                                .variance = Matrix::Zero(populations, bins),
                                .step_error = 0.0};
    CoupledUnits units(circuit, step, options.closure);
    for (std::size_t n = 0; n < skipped; ++n) units.advance();
    for (Index bin = 0; bin < bins; ++bin) {
        for (std::size_t n = 0; n < in_bin; ++n) {
            for (Index a = 0; a < populations; ++a)
                recording.activity(a, bin) += 0.5 * units.rate(static_cast<std::size_t>(a));
            units.advance();
            for (Index a = 0; a < populations; ++a)
                recording.activity(a, bin) += 0.5 * units.rate(static_cast<std::size_t>(a));
        }
        for (Index a = 0; a < populations; ++a) {
            const RateUnit::Moments moments = units.moments(static_cast<std::size_t>(a));
            recording.mean(a, bin) = moments.mean;
            recording.variance(a, bin) = moments.variance;
        }
    }
    recording.activity *= 1e3 / static_cast<double>(in_bin);
    return recording;
}

std::vector<std::string> assumptions(Closure closure) {
    std::vector<std::string> list{"populations are so large that their rate does not fluctuate",
                                  "potentials are Gaussian over the neurons of a population",
                                  "weights do not go together with the rates of their sources",
                                  "the noise of single spikes follows their rate at once, and is "
                                  "independent between neurons"};
    if (closure == Closure::full)
        list.push_back("potential and adaptation are jointly Gaussian over neurons");
    else
        list.push_back("adaptation is the same for all neurons of a population");
    if (closure == Closure::mean) list.push_back("all neurons of a population get the same input");
    return list;
}

}  // namespace

RateUnitRecording rate_units(const Circuit& circuit, const RateUnitOptions& options) {
    check_rate_units(circuit, options);
    RateUnitRecording recording = run(circuit, options, options.step);
    const RateUnitRecording finer = run(circuit, options, 0.5 * options.step);
    if (recording.activity.size() > 0)
        recording.step_error = (recording.activity - finer.activity).cwiseAbs().maxCoeff();
    for (const Population& population : circuit.populations)
        recording.names.push_back(population.name);
    recording.assumptions = assumptions(options.closure);
    return recording;
}

}  // namespace heddle
