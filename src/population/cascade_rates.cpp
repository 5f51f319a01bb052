#include "heddle/population/cascade_rates.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "circuit/checks.hpp"
#include "heddle/core/error.hpp"
#include "heddle/core/similar.hpp"
#include "population/cascade_models.hpp"
#include "population/diffusion_drive.hpp"
#include "population/run_times.hpp"
#include "population/step_input.hpp"

namespace heddle {
namespace {

constexpr std::array<const char*, 6> model_names = {"lnexp",         "lndos", "spec1",
                                                    "spec2_reduced", "spec2", "two_modes"};

/// One population on its way: Heun's method.
struct Unit {
    const Population* population;
    DiffusionDrive drive;
    CascadeEquations equations;
    std::optional<SpreadInput> spread;  ///< For equations that need a derivative of their input.
    CascadeState state{};
    double mu = 0.0;  ///< At the end of the last step, mV.
    double sigma = 0.0;
    double rate = 0.0;       ///< 1 / ms.
    double mean_rate = 0.0;  ///< In the last step.
    bool started = false;

    void advance(std::size_t step, double h, RateHistory& rates) {
        const StepDrive in = drive.advance(step, rates);
        const auto [first, last] = spread ? spread->advance(in) : straight_input(in, h);
        if (!started) state = equations.start(first, initial_potential(*population).mean);
        if (started) equations.jump(state, first, mu, sigma);
        started = true;
        double at_start = 0.0, unused = 0.0;
        const CascadeState v = equations.velocity(state, first, at_start);
        CascadeState next{};
        for (std::size_t k = 0; k < next.size(); ++k) next[k] = state[k] + h * v[k];
        const CascadeState w = equations.velocity(next, last, unused);
        for (std::size_t k = 0; k < next.size(); ++k) state[k] += 0.5 * h * (v[k] + w[k]);
        equations.rectify(state, last);
        rate = equations.rate(state, last);
        mean_rate = 0.5 * (at_start + rate);
        mu = last.mu;
        sigma = last.sigma;
    }
};

class CoupledUnits final {
  public:
    CoupledUnits(const Circuit& circuit, const std::vector<CascadeTables>& tables,
                 const CascadeOptions& options, double step)
        : step_(step), history_(0, 0) {
        std::optional<SpreadInput> spread;
        if (options.model == CascadeModel::spec2) spread.emplace(options.smoothing, step);
        std::size_t longest = 1;
        for (std::size_t a = 0; a < circuit.populations.size(); ++a) {
            const Population& population = circuit.populations[a];
            units_.push_back({&population, DiffusionDrive(circuit, a, step),
                              CascadeEquations(options.model, population.neuron, tables[a], step),
                              spread});
            longest = std::max(longest, units_.back().drive.longest_delay());
        }
        history_ = RateHistory(units_.size(), longest);
    }

    void advance() {
        for (Unit& unit : units_) {
            try {
                unit.advance(steps_, step_, history_);
            } catch (const DomainError& error) {
                const double time = static_cast<double>(steps_) * step_;
                throw DomainError("population '" + unit.population->name + "' at " +
                                  quantity(time, "ms") + ": " + error.what());
            }
        }
        ++steps_;
        for (std::size_t a = 0; a < units_.size(); ++a) history_.at(steps_, a) = units_[a].rate;
    }

    [[nodiscard]] const std::vector<Unit>& all() const { return units_; }

  private:
    double step_;
    std::size_t steps_ = 0;
    RateHistory history_;
    std::vector<Unit> units_;
};

CascadeRecording run(const Circuit& circuit, const std::vector<CascadeTables>& tables,
                     const CascadeOptions& options, double step) {
    const RunTimes times(options.duration, options.transient, options.bin, step);
    const auto populations = static_cast<Index>(circuit.populations.size());
    CascadeRecording found{.bin = options.bin};
    for (Matrix* part : {&found.activity, &found.mu, &found.sigma, &found.adaptation})
        *part = Matrix::Zero(populations, times.bins);
    CoupledUnits units(circuit, tables, options, step);
    for (std::size_t n = 0; n < times.skipped; ++n) units.advance();
    for (Index bin = 0; bin < times.bins; ++bin) {
        for (std::size_t n = 0; n < times.in_bin; ++n) {
            units.advance();
            for (Index a = 0; a < populations; ++a)
                found.activity(a, bin) += units.all()[static_cast<std::size_t>(a)].mean_rate;
        }
        for (Index a = 0; a < populations; ++a) {
            const Unit& unit = units.all()[static_cast<std::size_t>(a)];
            found.mu(a, bin) = unit.equations.effective(unit.mu, unit.state);
            found.sigma(a, bin) = unit.sigma;
            found.adaptation(a, bin) = unit.state.back();
        }
    }
    found.activity *= 1e3 / static_cast<double>(times.in_bin);
    return found;
}

bool same_membrane(const Neuron& a, const Neuron& b) {
    const DiffusiveMembrane x = diffusive_membrane(a, "cascade_rates");
    const DiffusiveMembrane y = diffusive_membrane(b, "cascade_rates");
    return x.tau_m == y.tau_m && x.V_reset == y.V_reset && x.V_peak == y.V_peak &&
           x.t_ref == y.t_ref && x.V_th == y.V_th && x.Delta_T == y.Delta_T;
}

void check_tables(const Circuit& circuit, const std::vector<CascadeTables>& tables) {
    if (tables.size() != circuit.populations.size())
        throw ShapeError("tables",
                         std::to_string(circuit.populations.size()) + ", one for each population",
                         std::to_string(tables.size()));
    for (std::size_t a = 0; a < tables.size(); ++a)
        subject_of(circuit.populations[a])
            .require(same_membrane(circuit.populations[a].neuron, tables[a].neuron),
                     "its tables are of another neuron; compute `cascade_tables` of its own");
}

}  // namespace

void check_cascade(const Circuit& circuit, const CascadeOptions& options) {
    const Subject subject("cascade_rates");
    check_run_times(subject, options.duration, options.transient, options.bin, options.step);
    subject.positive(options.smoothing, "smoothing", "ms");
    check_diffusion_drive(circuit, options.step, "cascade_rates");
}

const char* name_of(CascadeModel model) {
    return model_names[static_cast<std::size_t>(model)];
}

CascadeModel cascade_model_from(const std::string& name) {
    for (std::size_t k = 0; k < model_names.size(); ++k)
        if (name == model_names[k]) return static_cast<CascadeModel>(k);
    throw DomainError("model is '" + name + "'" +
                      did_you_mean(name, {model_names.begin(), model_names.end()}));
}

CascadeRecording cascade_rates(const Circuit& circuit, const std::vector<CascadeTables>& tables,
                               const CascadeOptions& options) {
    check_cascade(circuit, options);
    check_tables(circuit, tables);
    CascadeRecording found = run(circuit, tables, options, options.step);
    const CascadeRecording finer = run(circuit, tables, options, 0.5 * options.step);
    found.step_error =
        found.activity.size() > 0 ? (found.activity - finer.activity).cwiseAbs().maxCoeff() : 0.0;
    for (const Population& population : circuit.populations) found.names.push_back(population.name);
    found.assumptions = drive_assumptions(circuit);
    found.assumptions.push_back("densities of potentials follow their input as the model '" +
                                std::string(name_of(options.model)) + "' says");
    if (options.model == CascadeModel::spec2)
        found.assumptions.push_back(
            "mean and variance of the input make up for what they jump by "
            "with a time constant of " +
            quantity(options.smoothing, "ms"));
    return found;
}

}  // namespace heddle
