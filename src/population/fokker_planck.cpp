#include "heddle/population/fokker_planck.hpp"

#include <algorithm>
#include <cmath>

#include "circuit/checks.hpp"
#include "population/diffusion_drive.hpp"
#include "population/potential_density.hpp"
#include "population/run_times.hpp"

namespace heddle {
namespace {

/// Where the densities of a population live.
PotentialGrid grid_of(const Population& population, const DiffusionDrive& drive,
                      const FokkerPlanckOptions& options, double factor) {
    const DiffusiveMembrane membrane = diffusive_membrane(population.neuron, "fokker_planck");
    const double sigma = std::sqrt(drive.resting_variance());
    const double V_th = membrane.Delta_T > 0.0 ? membrane.V_th : membrane.V_peak;
    const InitialPotential initial = initial_potential(population);
    const double least =
        std::min({membrane.V_reset, drive.resting_mean(), initial.mean - 4.0 * initial.deviation});
    const double low = options.V_low.value_or(
        least - 5.0 * (V_th - std::min(membrane.V_reset, least)) - 6.0 * sigma);
    double h = options.spacing;
    if (h == 0.0) {
        const double coarse = (V_th - membrane.V_reset) / 100.0;
        h = sigma > 0.0 ? resolving_spacing(membrane, drive.highest_mean(), sigma) : coarse;
        h = std::clamp(h, 0.02 * coarse, coarse);
    }
    return potential_grid_down_to(membrane, low, factor * h);
}

/// All densities of a circuit, that drive each other.
class Densities final {
  public:
    Densities(const Circuit& circuit, const FokkerPlanckOptions& options, double factor)
        : step_(factor * options.step), history_(0, 0) {
        std::size_t longest = 1;
        for (std::size_t a = 0; a < circuit.populations.size(); ++a) {
            const Population& population = circuit.populations[a];
            drives_.emplace_back(circuit, a, step_);
            const PotentialGrid grid = grid_of(population, drives_.back(), options, factor);
            spacing_.push_back(grid.h);
            densities_.emplace_back(population, grid, step_);
            longest = std::max(longest, drives_.back().longest_delay());
        }
        history_ = RateHistory(densities_.size(), longest);
    }

    void advance() {
        for (std::size_t a = 0; a < densities_.size(); ++a)
            densities_[a].advance(drives_[a].advance(steps_, history_));
        ++steps_;
        for (std::size_t a = 0; a < densities_.size(); ++a)
            history_.at(steps_, a) = densities_[a].rate();
    }

    [[nodiscard]] const std::vector<PotentialDensity>& all() const { return densities_; }
    [[nodiscard]] const std::vector<double>& spacing() const { return spacing_; }

  private:
    double step_;
    std::size_t steps_ = 0;
    RateHistory history_;
    std::vector<DiffusionDrive> drives_;
    std::vector<PotentialDensity> densities_;
    std::vector<double> spacing_;
};

void note(FokkerPlanckRecording& recording, const Densities& densities, Index bin) {
    for (std::size_t a = 0; a < densities.all().size(); ++a) {
        const PotentialDensity& density = densities.all()[a];
        const auto i = static_cast<Index>(a);
        recording.mean_potential(i, bin) = density.mean_potential();
        recording.adaptation(i, bin) = density.adaptation();
        recording.mass_error[i] = std::max(recording.mass_error[i], density.mass_error());
        recording.least_density[i] = std::min(recording.least_density[i], density.least());
        recording.edge_share[i] = std::max(recording.edge_share[i], density.edge_share());
    }
}

FokkerPlanckRecording run(const Circuit& circuit, const FokkerPlanckOptions& options, double factor,
                          const Progress& progress) {
    const RunTimes times(options.duration, options.transient, options.bin, factor * options.step);
    const auto populations = static_cast<Index>(circuit.populations.size());
    FokkerPlanckRecording found{.bin = options.bin};
    for (Matrix* part : {&found.activity, &found.mean_potential, &found.adaptation})
        *part = Matrix::Zero(populations, times.bins);
    for (Vector* part :
         {&found.spacing, &found.mass_error, &found.least_density, &found.edge_share})
        *part = Vector::Zero(populations);
    Densities densities(circuit, options, factor);
    for (Index a = 0; a < populations; ++a)
        found.spacing[a] = densities.spacing()[static_cast<std::size_t>(a)];
    const auto total = static_cast<std::size_t>(times.bins);
    for (std::size_t n = 0; n < times.skipped; ++n) {
        densities.advance();
        if (progress && n % times.in_bin == 0) progress(0, total);
    }
    for (Index bin = 0; bin < times.bins; ++bin) {
        for (std::size_t n = 0; n < times.in_bin; ++n) {
            densities.advance();
            for (Index a = 0; a < populations; ++a)
                found.activity(a, bin) += densities.all()[static_cast<std::size_t>(a)].emitted();
        }
        note(found, densities, bin);
        if (progress) progress(static_cast<std::size_t>(bin) + 1, total);
    }
    found.activity *= 1e3 / options.bin;
    return found;
}

void check_options(const FokkerPlanckOptions& options) {
    const Subject subject("fokker_planck");
    check_run_times(subject, options.duration, options.transient, options.bin, options.step);
    subject.not_negative(options.spacing, "spacing", "mV");
    if (options.V_low) subject.finite(*options.V_low, "V_low", "mV");
}

void check_low(const Circuit& circuit, const FokkerPlanckOptions& options) {
    if (!options.V_low) return;
    for (const Population& population : circuit.populations) {
        const double reset = diffusive_membrane(population.neuron, "fokker_planck").V_reset;
        const double start = initial_potential(population).mean;
        subject_of(population)
            .require(*options.V_low < std::min(reset, start),
                     "V_low is " + quantity(*options.V_low, "mV") + "; it must be below V_reset, " +
                         quantity(reset, "mV") + ", and V at the start, " + quantity(start, "mV"));
    }
}

}  // namespace

FokkerPlanckRecording fokker_planck(const Circuit& circuit, const FokkerPlanckOptions& options,
                                    const Progress& progress) {
    check_options(options);
    check_diffusion_drive(circuit, options.step, "fokker_planck");
    check_low(circuit, options);
    FokkerPlanckRecording found = run(circuit, options, 1.0, progress);
    if (options.measure_error) {
        const FokkerPlanckRecording finer = run(circuit, options, 0.5, progress);
        found.error = Vector::Zero(found.activity.rows());
        if (found.activity.cols() > 0)
            found.error = (found.activity - finer.activity).cwiseAbs().rowwise().maxCoeff();
    }
    for (const Population& population : circuit.populations) found.names.push_back(population.name);
    found.assumptions = drive_assumptions(circuit);
    return found;
}

}  // namespace heddle
