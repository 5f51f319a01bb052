#include "heddle/loops/perform.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "heddle/core/error.hpp"
#include "loops/noisy_trials.hpp"
#include "loops/sequence_maps.hpp"

namespace heddle {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

void check(const Library& library, const PerformOptions& options) {
    const Index n = size(library.network);
    if (!(options.noise >= 0.0) || !std::isfinite(options.noise))
        throw DomainError("noise: found " + std::to_string(options.noise) +
                          ", expected a finite number, 0 or more");
    if (options.trials < 0)
        throw DomainError("trials: found " + std::to_string(options.trials) +
                          ", expected 0 or more");
    if (options.trials > 0 && options.noise == 0.0)
        throw DomainError(
            "trials: found " + std::to_string(options.trials) +
            " without noise, where every run is the same; give noise > 0 or no trials");
    if (!std::isnan(options.preparation) &&
        !(options.preparation > 0.0 && std::isfinite(options.preparation)))
        throw DomainError("preparation: found " + std::to_string(options.preparation) +
                          " s, expected a positive time");
    if (options.initial_state.size() > 0 && options.initial_state.size() != n)
        throw ShapeError("initial_state", std::to_string(n),
                         std::to_string(options.initial_state.size()));
    if (options.initial_state.size() > 0 && !options.initial_state.allFinite())
        throw DomainError("initial_state: found NaN or infinity, expected finite numbers");
    for (const Index unit : options.units)
        if (unit < 0 || unit >= n)
            throw DomainError("units: found " + std::to_string(unit) + ", expected 0 to " +
                              std::to_string(n - 1));
}

/// Readouts above the recorded units, one row each.
Matrix observed_rows(const Network& network, const std::vector<Index>& units) {
    const Index d = network.readout.rows();
    Matrix rows = Matrix::Zero(d + static_cast<Index>(units.size()), size(network));
    rows.topRows(d) = network.readout;
    for (std::size_t i = 0; i < units.size(); ++i) rows(d + static_cast<Index>(i), units[i]) = 1.0;
    return rows;
}

std::vector<std::size_t> different(const std::vector<std::size_t>& indices) {
    const std::set<std::size_t> unique(indices.begin(), indices.end());
    return {unique.begin(), unique.end()};
}

double common_activity(const Library& library, const std::vector<std::size_t>& motifs) {
    double power = 0.0;
    for (const std::size_t i : motifs) power += std::pow(library.motifs[i].activity, 2);
    return std::sqrt(power / static_cast<double>(motifs.size()));
}

/// Σ over samples and channels that `normalised_error` divides by: errors and variances share it.
double target_power(const Motif& motif) {
    const Matrix zero = Matrix::Zero(motif.values.rows(), motif.values.cols());
    const double relative = normalised_error(zero, motif.values);
    return relative > 0.0 ? motif.values.squaredNorm() / relative : 1.0;
}

/// The noise-free run, its covariance, and the noisy runs beside it, carried from motif to motif.
class Performer {
  public:
    Performer(const Library& library, const std::vector<std::size_t>& sequence,
              const PerformOptions& options, const Progress& progress)
        : library_(library),
          options_(options),
          observed_(observed_rows(library.network, options.units)),
          maps_(
              library, observed_,
              std::isnan(options.preparation) ? library.preparation.duration : options.preparation,
              options.noise > 0.0, options.memory),
          state_(options.initial_state.size() > 0 ? options.initial_state
                                                  : Vector::Zero(size(library.network))) {
        const std::vector<std::size_t> motifs = different(sequence);
        strength_ = options.noise * common_activity(library, motifs);
        maps_.make(motifs, options.threads, progress);
        if (strength_ > 0.0) covariance_ = Matrix::Zero(state_.size(), state_.size());
        if (options.trials > 0)
            trials_.emplace(state_, options.trials, strength_, options.seed, options.threads);
    }

    PerformedMotif next(std::size_t motif) {
        const MotifLoops& design = library_.motifs[motif];
        const auto map = maps_.motif(motif);
        const Segment preparing = preparation_segment(library_, motif);
        const Segment moving = motif_segment(library_, motif);
        PerformedMotif item{
            .motif = motif, .start = clock_, .preparation_dt = maps_.preparation().dt};
        const Matrix before = pass(maps_.preparation(), preparing);
        item.state_error = (state_ - design.initial_state).norm() / design.initial_state.norm();
        const Matrix isolated = observe(*map, moving, design.initial_state);
        const double variance = noise_variance(*map);
        const Matrix during = pass(*map, moving);
        split(item, before, during);
        score(item, design.motif, isolated.leftCols(channels()), variance);
        if (trials_) run_trials(item, *map, preparing, moving);
        clock_ += maps_.preparation().dt * static_cast<double>(maps_.preparation().steps) +
                  duration(design.motif);
        return item;
    }

  private:
    [[nodiscard]] Index channels() const { return library_.network.readout.rows(); }

    /// Observed rows over the segment's grid for one start, shape (steps + 1, d + units).
    [[nodiscard]] Matrix observe(const SegmentMap& map, const Segment& segment,
                                 const Vector& start) const {
        const Vector stacked = map.observation * joint_deviation(start, segment);
        Matrix seen = stacked.reshaped(observed_.rows(), map.steps + 1).transpose();
        seen.rowwise() += (observed_ * segment.fixed_point).transpose();
        return seen;
    }

    Matrix pass(const SegmentMap& map, const Segment& segment) {
        Matrix seen = observe(map, segment, state_);
        state_ = map.transfer * joint_deviation(state_, segment) + segment.fixed_point;
        if (strength_ > 0.0) {
            const auto cortical = map.transfer.leftCols(state_.size());
            const Matrix carried = cortical * covariance_;
            covariance_ = carried * cortical.transpose() + map.noise_covariance;
        }
        return seen;
    }

    /// Σ over samples and channels of the output variance at unit noise, before the covariance is
    /// carried on.
    [[nodiscard]] double noise_variance(const SegmentMap& map) const {
        if (strength_ == 0.0) return unknown;
        const Index prepared = state_.size();
        const Index d = channels();
        const Index rows = observed_.rows();
        const Matrix spread = map.observation.leftCols(prepared) * covariance_;
        const Vector variance =
            spread.cwiseProduct(map.observation.leftCols(prepared)).rowwise().sum();
        double total = 0.0;
        for (Index j = 0; j <= map.steps; ++j) total += variance.segment(j * rows, d).sum();
        return total + map.noise_output.leftCols(d).sum();
    }

    void split(PerformedMotif& item, const Matrix& before, const Matrix& during) const {
        const Index d = channels();
        item.preparation = before.leftCols(d);
        item.output = during.leftCols(d);
        item.units.resize(before.rows() + during.rows(), before.cols() - d);
        item.units << before.rightCols(before.cols() - d), during.rightCols(during.cols() - d);
    }

    void score(PerformedMotif& item, const Motif& motif, const Matrix& isolated,
               double variance) const {
        item.error = normalised_error(item.output, motif.values);
        item.isolated_error = normalised_error(isolated, motif.values);
        item.failed = !(item.error <= options_.failure);
        item.predicted_error =
            strength_ > 0.0 ? item.error + strength_ * strength_ * variance / target_power(motif)
                            : unknown;
        item.mean_error = unknown;
        item.standard_error = unknown;
    }

    void run_trials(PerformedMotif& item, const SegmentMap& map, const Segment& preparing,
                    const Segment& moving) {
        const Index d = channels();
        trials_->advance(maps_.preparation(), preparing, d, false);
        item.trials = trials_->advance(map, moving, d, true);
        Vector errors(options_.trials);
        for (Index i = 0; i < errors.size(); ++i)
            errors(i) = normalised_error(item.trials[static_cast<std::size_t>(i)],
                                         library_.motifs[item.motif].motif.values);
        item.mean_error = errors.mean();
        if (errors.size() > 1) {
            const auto count = static_cast<double>(errors.size());
            item.standard_error = std::sqrt((errors.array() - item.mean_error).square().sum() /
                                            (count - 1.0) / count);
        }
    }

    const Library& library_;
    const PerformOptions& options_;
    Matrix observed_;
    SequenceMaps maps_;
    Vector state_;
    Matrix covariance_;  ///< Of the cortical state, at unit noise.
    double strength_ = 0.0;
    double clock_ = 0.0;
    std::optional<NoisyTrials> trials_;
};

}  // namespace

void perform(const Library& library, const std::vector<std::string>& sequence,
             const PerformOptions& options, const PerformanceSink& sink, const Progress& progress) {
    if (sequence.empty()) throw DomainError("sequence: found no motif, expected at least one");
    check(library, options);
    std::vector<std::size_t> indices;
    for (const std::string& name : sequence) indices.push_back(find_motif(library, name));
    const std::size_t total = different(indices).size() + indices.size();
    const std::size_t maps = total - indices.size();
    const auto making = [&](std::size_t done, std::size_t) { progress(done, total); };
    Performer performer(library, indices, options, progress ? Progress(making) : Progress());
    for (std::size_t i = 0; i < indices.size(); ++i) {
        sink(performer.next(indices[i]));
        if (progress) progress(maps + i + 1, total);
    }
}

}  // namespace heddle
