#include "heddle/population/stationary_rates.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "heddle/core/error.hpp"
#include "heddle/core/random.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/solve.hpp"
#include "network/checks.hpp"
#include "population/diffusion_input.hpp"

namespace heddle {
namespace {

constexpr double tolerance = 1e-10;  // Of the residual, over 1 Hz + the rates.
constexpr double same = 1e-6;        // Of two solutions, over the same.
constexpr Index levels = 8;

double scale_of(const Vector& rates) {
    return 1.0 + rates.lpNorm<Eigen::Infinity>();
}

/// F and its Jacobian at some rates.
struct MapValue {
    Vector rates;   ///< r.
    Vector change;  ///< F(r) − r.
    Matrix jacobian;
    double residual;
};

MapValue value_at(const DiffusionInput& input, const Vector& rates) {
    const Index n = rates.size();
    MapValue value{rates, Vector(n), Matrix(n, n), 0.0};
    for (Index a = 0; a < n; ++a) {
        const SiegertValue rate = input.response(a, rates);
        value.change[a] = rate.rate - rates[a];
        value.jacobian.row(a) =
            rate.d_mu * input.mean_slope.row(a) + rate.d_variance * input.variance_slope.row(a);
    }
    value.residual = value.change.norm();
    return value;
}

bool converged(const MapValue& value) {
    return value.residual <= tolerance * scale_of(value.rates);
}

/// (1 + 1 / pseudo_time − F') δ = F(r) − r: Newton's step for an infinite time.
std::optional<Vector> step_of(const MapValue& value, double pseudo_time) {
    Matrix matrix = -value.jacobian;
    matrix.diagonal().array() += 1.0 + 1.0 / pseudo_time;
    if (!matrix.allFinite()) return std::nullopt;
    try {
        return Vector(solve(matrix, value.change));
    } catch (const DomainError&) {
        return std::nullopt;  // Singular: a fold.
    }
}

/// The search from one start.
class Search {
  public:
    Search(const DiffusionInput& input, const Vector& start, Index most_steps)
        : input_(input), most_steps_(most_steps), value_(value_at(input, start)) {
        history_.push_back(value_.residual);
    }

    /// Newton's method; from where it ends without an answer, again after a relaxation.
    bool run() {
        const MapValue start = value_;
        if (newton()) return true;
        value_ = start;
        relax();
        return newton();
    }

    [[nodiscard]] const MapValue& value() const { return value_; }
    [[nodiscard]] const std::vector<double>& history() const { return history_; }

  private:
    bool newton() {
        for (Index k = 0; k < most_steps_ && !converged(value_); ++k) {
            const std::optional<Vector> step =
                step_of(value_, std::numeric_limits<double>::infinity());
            if (!step || !shortened(*step)) return false;
        }
        return converged(value_);
    }

    /// As much of the step as lowers the residual.
    bool shortened(const Vector& step) {
        for (double share = 1.0; share > 1e-4; share *= 0.5)
            if (MapValue next = moved(share * step);
                next.residual < (1.0 - 0.25 * share) * value_.residual) {
                accept(std::move(next));
                return true;
            }
        return false;
    }

    /// dr/ds = F(r) − r by implicit steps, longer ones as long as the residual falls.
    void relax() {
        double time = 0.5;
        for (Index k = 0; k < most_steps_ && !converged(value_); ++k) {
            const std::optional<Vector> step = step_of(value_, time);
            if (!step) return;
            MapValue next = moved(*step);
            time *= next.residual < value_.residual ? 1.5 : 0.5;
            accept(std::move(next));
        }
    }

    [[nodiscard]] MapValue moved(const Vector& step) const {
        return value_at(input_, (value_.rates + step).cwiseMax(0.0));
    }

    void accept(MapValue next) {
        value_ = std::move(next);
        history_.push_back(value_.residual);
    }

    const DiffusionInput& input_;
    Index most_steps_;
    MapValue value_;
    std::vector<double> history_;
};

/// No population fires faster than this, Hz.
Vector ceiling_of(const DiffusionInput& input) {
    Vector most(input.mean.size());
    for (Index a = 0; a < most.size(); ++a) {
        const LeakyNeuron& neuron = input.neurons[static_cast<std::size_t>(a)];
        most[a] = 1e3 / (neuron.t_ref + 0.1 * neuron.tau_m);
    }
    return most;
}

/// Start k: nobody fires; equal levels up to the ceiling; then each population at a random one.
Vector start_of(const Vector& ceiling, std::uint64_t seed, Index k) {
    constexpr double lowest = 1e-4;  // Of the ceiling.
    if (k == 0) return Vector::Zero(ceiling.size());
    if (k < levels)
        return std::pow(lowest, 1.0 - static_cast<double>(k) / (levels - 1.0)) * ceiling;
    const Random random(seed, stream_of("stationary rates") + static_cast<std::uint64_t>(k));
    Vector start = ceiling;
    for (Index a = 0; a < start.size(); ++a)
        start[a] *= std::pow(lowest, random.uniform(static_cast<std::uint64_t>(a)));
    return start;
}

StationaryBranch branch_of(const DiffusionInput& input, const Search& search) {
    const Vector& rates = search.value().rates;
    StationaryBranch branch{rates,
                            Vector(rates.size()),
                            Vector(rates.size()),
                            search.value().residual,
                            search.history(),
                            eigenvalues(search.value().jacobian),
                            false,
                            1};
    for (Index a = 0; a < rates.size(); ++a) {
        const SiegertPoint point = input.point(a, rates);
        branch.mu[a] = point.mu;
        branch.sigma[a] = point.sigma;
    }
    branch.stable = spectral_abscissa(branch.eigenvalues) < 1.0;
    return branch;
}

void add(std::vector<StationaryBranch>& branches, StationaryBranch branch) {
    for (StationaryBranch& known : branches)
        if ((known.rates - branch.rates).lpNorm<Eigen::Infinity>() <=
            same * scale_of(known.rates)) {
            ++known.starts;
            return;
        }
    branches.push_back(std::move(branch));
}

[[noreturn]] void give_up(Index starts, const std::vector<double>& history) {
    std::string text;
    const std::size_t shown = std::min<std::size_t>(history.size(), 6);
    for (std::size_t i = history.size() - shown; i < history.size(); ++i)
        text += (text.empty() ? "" : ", ") + number_text(history[i]);
    throw NotConverged("none of " + std::to_string(starts) +
                       " starts led to rates with F(r) = r; the residuals of the best one end in " +
                       text +
                       " Hz; raise starts or most_steps, or weaken the excitation if rates run "
                       "away");
}

std::string statement_of(const StationaryRates& found, Index starts) {
    const auto stable = std::ranges::count_if(found.branches, &StationaryBranch::stable);
    const auto count = found.branches.size();
    std::string text = std::to_string(count) + (count == 1 ? " solution" : " solutions") + ", " +
                       std::to_string(stable) + " stable, from " + std::to_string(starts) +
                       " starts";
    if (found.failed > 0) text += ", " + std::to_string(found.failed) + " of which led nowhere";
    return text + "; others may exist";
}

void check(const StationaryOptions& options) {
    if (options.starts < 1)
        throw DomainError("starts is " + std::to_string(options.starts) + "; expected 1 or more");
    if (options.most_steps < 1)
        throw DomainError("most_steps is " + std::to_string(options.most_steps) +
                          "; expected 1 or more");
}

}  // namespace

StationaryRates stationary_rates(const Circuit& circuit, const StationaryOptions& options) {
    check(options);
    const DiffusionInput input = diffusion_input(circuit, options.theory);
    StationaryRates found{{}, {}, 0, input.assumptions, {}};
    for (const Population& population : circuit.populations) found.names.push_back(population.name);
    const Vector ceiling = ceiling_of(input);
    std::vector<double> best{std::numeric_limits<double>::infinity()};
    for (Index k = 0; k < options.starts; ++k) {
        Search search(input, start_of(ceiling, options.seed, k), options.most_steps);
        if (search.run()) {
            add(found.branches, branch_of(input, search));
        } else {
            ++found.failed;
            if (search.history().back() < best.back()) best = search.history();
        }
    }
    if (found.branches.empty()) give_up(options.starts, best);
    std::ranges::sort(found.branches, {}, [](const auto& branch) { return branch.rates.sum(); });
    found.statement = statement_of(found, options.starts);
    return found;
}

}  // namespace heddle
