#include <algorithm>

#include "circuit/checks.hpp"
#include "circuit/normal_law.hpp"
#include "heddle/core/error.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/population/adex_mean_field.hpp"
#include "population/adex_moments.hpp"

namespace heddle {
namespace {

constexpr double per_ms = 1e-3;  // 1 Hz.
constexpr Index terms = 10;

void check_kind(const char* key, const PoissonInput& input, bool above, double potential) {
    const Subject subject(key);
    const Synapse& synapse = input.synapse;
    subject.require(synapse.conductance && synapse.kind == Synapse::Kind::exponential,
                    "its synapse is no exponential conductance; give Synapse(\"exponential\", "
                    "conductance=True)");
    subject.positive(input.weight, "weight", "nS");
    subject.require(above ? synapse.E_rev > potential : synapse.E_rev < potential,
                    "E_rev is " + quantity(synapse.E_rev, "mV") + "; potentials aimed at reach " +
                        quantity(potential, "mV"));
}

/// Mean conductance of one spike per ms, nS.
double charge_of(const PoissonInput& input) {
    return input.weight * input.synapse.tau_syn;
}

/// One point of the grid.
struct Drive {
    double excitation, inhibition;  ///< Hz.
    double current;                 ///< pA.
};

/// What brings the mean potential to v.
Drive drive_to(const AdexExperiment& of, double v, double inhibition, double current) {
    const ExponentialNeuron& cell = of.neuron;
    const double g = inhibition * cell.g_L;
    const double needed =
        cell.g_L * (v - cell.E_L - current) - cell.I_e + g * (v - of.inhibitory.synapse.E_rev);
    const double e = needed / (of.excitatory.synapse.E_rev - v);
    return {e / charge_of(of.excitatory) / per_ms, g / charge_of(of.inhibitory) / per_ms,
            cell.g_L * current};
}

std::vector<Drive> drives_of(const AdexExperiment& of, const AdexGrid& grid) {
    const double spacing = (grid.highest - grid.lowest) / static_cast<double>(grid.potentials - 1);
    std::vector<Drive> drives;
    for (Index i = 0; i < grid.potentials; ++i)
        for (const double inhibition : grid.inhibition)
            for (const double current : grid.currents) {
                const double v = of.neuron.V_th + grid.lowest + spacing * static_cast<double>(i);
                const Drive drive = drive_to(of, v, inhibition, current);
                if (drive.excitation > 0.0) drives.push_back(drive);
            }
    return drives;
}

void add_point(AdexExperiment& made, const Drive& drive, Index neurons) {
    ExponentialNeuron cell = made.neuron;
    cell.I_e += drive.current;
    const std::string name = "point_" + std::to_string(made.circuit.populations.size());
    made.circuit.populations.push_back({.name = name,
                                        .size = neurons,
                                        .neuron = cell,
                                        .noise = {},
                                        .adaptation = {},
                                        .quenched = {}});
    const auto add = [&](PoissonInput input, double rate) {
        input.rate = rate;
        made.circuit.inputs.push_back({name, input});
    };
    add(made.excitatory, drive.excitation);
    add(made.inhibitory, drive.inhibition);
}

/// What the fit sees of a point.
struct Point {
    double mean, deviation, time;
};

Point moments_of(const AdexExperiment& of, Index k, double rate) {
    const ExponentialNeuron& cell = of.neuron;
    const auto source = [](const PoissonInput& input, double hz) {
        return ConductanceSource<double>{per_ms * hz, input.weight, input.synapse.tau_syn,
                                         input.synapse.E_rev};
    };
    const std::vector sources{source(of.excitatory, of.excitation[k]),
                              source(of.inhibitory, of.inhibition[k])};
    const double conductance = conductance_of(sources, cell.g_L);
    const double drive = drive_of(sources, cell.g_L * cell.E_L + cell.I_e + of.current[k]);
    // W = b τ_w ν + a (μ_V − E_w), with μ_V = (drive − W) / μ_G.
    const double spiking = per_ms * cell.b * cell.tau_w * rate;
    const double mean = (drive - spiking + cell.a * cell.E_w) / (conductance + cell.a);
    const auto found = fluctuation_of(sources, conductance, mean, cell.C_m / conductance);
    return {mean, std::sqrt(found.variance), 0.5 * found.power / found.variance};
}

class TransferFit final {
  public:
    TransferFit(const AdexExperiment& of, const VectorView& rates)
        : rates_(rates), basis_(rates.size(), terms) {
        for (Index k = 0; k < rates.size(); ++k) {
            points_.push_back(moments_of(of, k, rates[k]));
            const Point& at = points_.back();
            const auto row =
                threshold_terms(at.mean, at.deviation, at.time, of.neuron.g_L / of.neuron.C_m);
            for (Index i = 0; i < terms; ++i) basis_(k, i) = row[static_cast<std::size_t>(i)];
        }
    }

    /// V_eff = μ_V − σ_V Φ⁻¹(T_V ν), where ν can be told from 0.
    [[nodiscard]] Vector start() const {
        std::vector<Index> used;
        for (Index k = 0; k < rates_.size(); ++k)
            if (rates_[k] >= 0.2 && occupied(k) < 0.95) used.push_back(k);
        if (used.size() < 20)
            throw DomainError("rates: " + std::to_string(used.size()) +
                              " points fire at 0.2 Hz and more, too few for 10 coefficients; "
                              "give a grid with at least 20, with a larger `highest` say");
        Vector threshold(static_cast<Index>(used.size()));
        for (std::size_t i = 0; i < used.size(); ++i) {
            const Point& at = points_[static_cast<std::size_t>(used[i])];
            threshold[static_cast<Index>(i)] =
                at.mean - at.deviation * normal_quantile(occupied(used[i]));
        }
        return least_squares(Matrix(basis_(used, Eigen::all)), threshold).col(0);
    }

    /// Levenberg–Marquardt.
    [[nodiscard]] Vector refined(Vector p) const {
        double damping = 1e-3;
        double before = misfit(p).squaredNorm();
        for (int round = 0; round < 200 && damping < 1e8; ++round) {
            const Vector next = p + step(p, damping);
            const double after = misfit(next).squaredNorm();
            const bool settled = before - after < 1e-12 * before;
            damping *= after < before ? 0.3 : 4.0;
            if (after >= before) continue;
            p = next;
            before = after;
            if (settled) break;
        }
        return p;
    }

    [[nodiscard]] Vector fitted(const Vector& p) const {
        Vector found(rates_.size());
        for (Index k = 0; k < found.size(); ++k)
            found[k] = normal_below(distance(p, k)) / (per_ms * time(k));
        return found;
    }

  private:
    [[nodiscard]] double time(Index k) const { return points_[static_cast<std::size_t>(k)].time; }
    [[nodiscard]] double occupied(Index k) const { return per_ms * rates_[k] * time(k); }
    [[nodiscard]] double distance(const Vector& p, Index k) const {
        const Point& at = points_[static_cast<std::size_t>(k)];
        return (at.mean - basis_.row(k).dot(p)) / at.deviation;
    }
    [[nodiscard]] Vector misfit(const Vector& p) const {
        return ((fitted(p) - rates_).array() / (1.0 + rates_.array())).matrix();
    }

    [[nodiscard]] Vector step(const Vector& p, double damping) const {
        const Index many = rates_.size();
        Matrix slopes = Matrix::Zero(many + terms, terms);
        for (Index k = 0; k < many; ++k)
            slopes.row(k) = -normal_density(distance(p, k)) /
                            (points_[static_cast<std::size_t>(k)].deviation * per_ms * time(k) *
                             (1.0 + rates_[k])) *
                            basis_.row(k);
        for (Index i = 0; i < terms; ++i)
            slopes(many + i, i) = std::sqrt(damping) * slopes.col(i).head(many).norm() + 1e-12;
        Vector aim = Vector::Zero(many + terms);
        aim.head(many) = -misfit(p);
        return least_squares(slopes, aim).col(0);
    }

    Vector rates_;
    Matrix basis_;
    std::vector<Point> points_;
};

}  // namespace

AdexExperiment adex_experiment(const ExponentialNeuron& neuron, const PoissonInput& excitatory,
                               const PoissonInput& inhibitory, const AdexGrid& grid) {
    check_kind("excitatory", excitatory, true, neuron.V_th + grid.highest);
    check_kind("inhibitory", inhibitory, false, neuron.V_th + grid.lowest);
    const Subject subject("grid");
    subject.require(grid.potentials >= 2 && grid.highest > grid.lowest && grid.neurons >= 1,
                    "it needs two potentials, highest above lowest, and one neuron a point");
    AdexExperiment made{{}, neuron, excitatory, inhibitory, {}, {}, {}};
    const std::vector<Drive> drives = drives_of(made, grid);
    subject.require(!drives.empty(), "no point needs excitation; give higher potentials");
    const auto many = static_cast<Index>(drives.size());
    for (Vector* column : {&made.excitation, &made.inhibition, &made.current}) column->resize(many);
    for (Index k = 0; k < many; ++k) {
        const Drive& drive = drives[static_cast<std::size_t>(k)];
        made.excitation[k] = drive.excitation;
        made.inhibition[k] = drive.inhibition;
        made.current[k] = drive.current;
        add_point(made, drive, grid.neurons);
    }
    return made;
}

AdexTransfer fit_adex_transfer(const AdexExperiment& experiment, const VectorView& rates) {
    if (rates.size() != experiment.excitation.size())
        throw ShapeError("rates", "(" + std::to_string(experiment.excitation.size()) + ",)",
                         "(" + std::to_string(rates.size()) + ",)");
    if (!rates.allFinite() || (rates.array() < 0.0).any())
        throw DomainError("rates: some are negative or not finite; give those that were measured");
    const TransferFit fit(experiment, rates);
    const Vector p = fit.refined(fit.start());
    const Vector fitted = fit.fitted(p);
    const Vector error = fitted - rates;
    return {p, std::sqrt(error.squaredNorm() / static_cast<double>(rates.size())),
            error.cwiseAbs().maxCoeff(), rates.size(), fitted};
}

}  // namespace heddle
