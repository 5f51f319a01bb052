#include "measure/safe_rounds.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/schur.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/loops/optimise_preparation.hpp"
#include "measure/motif_descent.hpp"
#include "measure/safe_time.hpp"

namespace heddle {
namespace {

constexpr double precision = 0.02;  // Of safe times.
constexpr double longest = 7.6;  // Durations that were tried in vain where there is no safe time.
constexpr double most_growth = 1.25;  // Of h at the library's duration.
constexpr double binding = 0.5;       // Motifs below this part of the largest norm are left alone.

double slowest_of(const Network& network, const Loops& loops) {
    return spectral_abscissa(eigenvalues(dense_weights(network) + loops.u * loops.v.transpose()));
}

}  // namespace

struct SafeRounds::Frame {
    Matrix transform, inverse;
    Matrix e;      ///< E at the present time.
    Vector norms;  ///< ‖T E M_i T⁻¹‖₂.
};

double largest_step(const Library& library, const std::vector<MotifMap>& maps) {
    const Prepared prepared(library, maps);
    const SegmentMap map = segment_map(prepared.dynamics(), Matrix(0, size(library.network)),
                                       library.preparation.duration, 1, false);
    double largest = 0.0;
    for (std::size_t j = 0; j < maps.size(); ++j)
        largest = std::max(largest, prepared.deviations(map, j).colwise().norm().maxCoeff());
    return largest;
}

SafeRounds::SafeRounds(const Library& library, const SafeDesignOptions& options,
                       std::size_t threads, SharedCount& count, const Progress& polled)
    : options_(options),
      threads_(threads),
      count_(count),
      polled_(polled),
      library_(library),
      maps_(library.motifs.size()),
      factors_(library.motifs.size()) {
    parallel_for(
        maps_.size(), threads_,
        [&](std::size_t i) {
            maps_[i] = motif_map(library_, i, false);
            factors_[i] = factored(maps_[i].transfer);
        },
        polled_);
    step_before_ = largest_step(library_, maps_);
    const Prepared prepared(library_, maps_);
    const double duration = library_.preparation.duration;
    own_safe_ = proven_safe(prepared, duration, threads_, polled_);
    before_ = proven_safe_time(prepared, duration, own_safe_, threads_, polled_, precision);
    proven_ = !std::isnan(before_);
    time_ = proven_ ? before_ : longest * duration;
}

SafeRounds::Frame SafeRounds::frame() const {
    const Prepared prepared(library_, maps_);
    Frame frame{{}, {}, prepared.preparation(time_), Vector(static_cast<Index>(maps_.size()))};
    JointRadiusOptions options{.gap = 0.02, .steps = 80, .products = 1, .compression = 1e-2};
    options.threads = threads_;
    frame.transform =
        joint_spectral_radius(transition_maps(prepared, frame.e, threads_), options, polled_)
            .transform;
    const Index n = frame.transform.rows();
    frame.inverse = solve(frame.transform, Matrix::Identity(n, n));
    const Matrix left = frame.transform * frame.e;
    parallel_for(maps_.size(), threads_, [&](std::size_t i) {
        const Matrix columns = left * factors_[i].left;
        frame.norms[static_cast<Index>(i)] =
            spectral_norm_of_product(columns, factors_[i].right.transpose() * frame.inverse);
    });
    return frame;
}

std::vector<Loops> SafeRounds::preparation_starts() const {
    const Loops& own = library_.preparation.loops;
    std::vector<Loops> starts{own};
    if (!first_) return starts;
    const double root = std::sqrt(static_cast<double>(own.u.cols()));
    OptimisePreparationOptions options;
    options.rank = own.u.cols();
    options.aim.beta = 0.0;
    options.u_norm = own.u.norm() / root;
    options.v_norm = own.v.norm() / root;
    if (slowest_of(library_.network, own) < 1.0) options.start = own;
    options.tolerance = 1e-2;
    starts.push_back(optimise_preparation(library_.network, options, polled_).loops);
    return starts;
}

/// M_i x_i − x_j of all i and j, in as few columns as their rank, in a scale in which h is `level`
/// where it has grown by `most_growth`.
Kept SafeRounds::kept(double level) const {
    const std::size_t m = maps_.size();
    Matrix all(size(library_.network), static_cast<Index>(m * m));
    for (std::size_t k = 0; k < m * m; ++k)
        all.col(static_cast<Index>(k)) = maps_[k / m].end - library_.motifs[k % m].initial_state;
    return {library_.preparation.duration / library_.network.tau,
            level / (most_growth * step_before_) * factored(all).left};
}

void SafeRounds::prepare() {
    const Frame now = frame();
    const double time = time_ / library_.network.tau;
    const Loops& own = library_.preparation.loops;
    const double alone =
        PreparationNorm(library_.network, factors_, now.transform, time, threads_).at(own).value;
    const PreparationNorm norm(library_.network, factors_, now.transform, time, threads_,
                               kept(std::exp(alone)));
    const double before = norm.at(own).value;
    std::vector<Loops> starts = preparation_starts();
    first_ = false;
    const auto best = std::ranges::min_element(
        starts, {}, [&](const Loops& loops) { return norm.at(loops).value; });
    const PreparationDescent found =
        descend(norm, *best, options_.preparation_evaluations, [&] { count_.step(1); });
    Library candidate = library_;
    candidate.preparation.loops = even_columns(found.loops);
    candidate.preparation.slowest = slowest_of(candidate.network, candidate.preparation.loops);
    offer({"preparation", time_, std::exp(before), std::exp(found.after), time_,
           found.evaluations + static_cast<Index>(starts.size()), static_cast<Index>(maps_.size()),
           false},
          std::move(candidate), {});
}

void SafeRounds::redesign_motifs() {
    const Frame now = frame();
    const Resolvent resolvent(real_schur(dense_weights(library_.network)));
    const Matrix left = resolvent.rotate((now.transform * now.e).transpose()).transpose();
    const Matrix right = resolvent.rotate(now.inverse);
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < maps_.size(); ++i)
        if (library_.motifs[i].fit.eigenvalues.size() > 0 &&
            now.norms[static_cast<Index>(i)] >= binding * now.norms.maxCoeff())
            chosen.push_back(i);
    std::vector<MotifDescent> found(chosen.size());
    const auto body = [&](std::size_t k) {
        const MotifLoops& design = library_.motifs[chosen[k]];
        const MotifNorm norm(library_.network, resolvent, design, left, right);
        found[k] = descend(norm, library_.network, resolvent, design, library_.options.motif_loops,
                           options_.motif_evaluations, [&] { count_.step(1); });
    };
    parallel_for(chosen.size(), threads_, body, polled_);
    Library candidate = library_;
    SafeDesignStep step{"motifs", time_, 0.0, 0.0, time_, 0, static_cast<Index>(chosen.size()),
                        false};
    for (std::size_t k = 0; k < chosen.size(); ++k) {
        candidate.motifs[chosen[k]] = std::move(found[k].design);
        step.norm_before = std::max(step.norm_before, std::exp(found[k].before));
        step.norm_after = std::max(step.norm_after, std::exp(found[k].after));
        step.evaluations += found[k].evaluations;
    }
    offer(std::move(step), std::move(candidate), chosen);
}

bool SafeRounds::keeps_safe(const Library& candidate, const Prepared& prepared) const {
    if (!(candidate.preparation.slowest < 1.0)) return false;
    if (largest_step(candidate, prepared.maps()) > most_growth * step_before_) return false;
    return !own_safe_ || proven_safe(prepared, candidate.preparation.duration, threads_, polled_);
}

void SafeRounds::offer(SafeDesignStep step, Library candidate,
                       const std::vector<std::size_t>& changed) {
    std::vector<MotifMap> maps = maps_;
    parallel_for(
        changed.size(), threads_,
        [&](std::size_t k) { maps[changed[k]] = motif_map(candidate, changed[k], false); },
        polled_);
    const Prepared prepared(candidate, maps);
    const double shorter = (1.0 - precision) * time_;
    if (proven_safe(prepared, shorter, threads_, polled_) && keeps_safe(candidate, prepared)) {
        time_ = proven_safe_time(prepared, shorter, true, threads_, polled_, precision);
        proven_ = step.kept = true;
        if (!own_safe_)
            own_safe_ = proven_safe(prepared, candidate.preparation.duration, threads_, polled_);
        library_ = std::move(candidate);
        maps_ = std::move(maps);
        for (const std::size_t i : changed) factors_[i] = factored(maps_[i].transfer);
    }
    step.safe_time = proven_ ? time_ : std::numeric_limits<double>::quiet_NaN();
    steps_.push_back(std::move(step));
}

void SafeRounds::judge(SafeDesign& design) const {
    const auto doubtful = std::ranges::find(library_.motifs, false, &MotifLoops::trusted);
    if (!proven_)
        design.reason = "no preparation was proven safe; more preparatory loops would help";
    else if (!own_safe_)
        design.reason = "the library prepares for " +
                        std::to_string(library_.preparation.duration) +
                        " s, which is not proven safe, as " + std::to_string(time_) +
                        " s are; that time would do";
    else if (doubtful != library_.motifs.end())
        design.reason = "motif '" + doubtful->motif.name + "': " + doubtful->reason;
    design.trusted = design.reason.empty();
}

SafeDesign SafeRounds::run() {
    bool converged = false;
    for (int round = 0; round < options_.most_rounds && !converged; ++round) {
        const double start = time_;
        if (options_.preparation) prepare();
        if (options_.motifs) redesign_motifs();
        converged = time_ > (1.0 - options_.least_gain) * start;
    }
    SafeDesign design{library_, before_, 0.0, step_before_, 0.0, steps_, 0, converged, false, ""};
    design.after = proven_ ? time_ : std::numeric_limits<double>::quiet_NaN();
    design.step_after = largest_step(library_, maps_);
    for (const SafeDesignStep& step : steps_) design.evaluations += step.evaluations;
    judge(design);
    return design;
}

}  // namespace heddle
