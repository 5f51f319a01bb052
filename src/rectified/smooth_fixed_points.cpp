#include "heddle/rectified/smooth_fixed_points.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "heddle/core/error.hpp"
#include "rectified/smooth_catalogue.hpp"
#include "rectified/smooth_newton.hpp"
#include "rectified/smooth_starts.hpp"

namespace heddle {
namespace {

/// What is found, and where each start is.
struct Hunt {
    const SmoothMap& map;
    const SmoothFixedPointOptions& options;
    double tau;
    std::vector<SmoothStart> starts{};
    std::vector<char> reached{};             ///< Whether some search from this start converged.
    std::vector<Vector> ends{};              ///< Where descents begin.
    std::vector<SmoothFixedPoint> points{};  ///< Of `add_all`.
    std::vector<SlowPoint> slow{};
    Index factorisations = 0;
};

void require_options(const SmoothFixedPointOptions& options) {
    if (options.starts < 0 || options.starts > 10'000'000)
        throw DomainError("starts: found " + std::to_string(options.starts) +
                          ", expected from 0 to 10000000");
    if (options.deflations < 0)
        throw DomainError("deflations: found " + std::to_string(options.deflations) +
                          ", expected 0 or more");
    if (options.most_steps < 1)
        throw DomainError("most_steps: found " + std::to_string(options.most_steps) +
                          ", expected 1 or more");
}

/// One search from every start, with the points known so far divided out.
void search(Hunt& hunt, Index round, const Progress& progress) {
    std::vector<Vector> known;
    for (const SmoothFixedPoint& point : hunt.points) known.push_back(point.state);
    if (round == 0) known.clear();
    std::vector<Search> searches(hunt.starts.size());
    parallel_for(
        searches.size(), hunt.options.threads,
        [&](std::size_t i) {
            searches[i] = newton(hunt.map, hunt.starts[i].x, known, hunt.options.most_steps);
        },
        progress);
    std::vector<SmoothStart> found;
    for (std::size_t i = 0; i < searches.size(); ++i) {
        hunt.factorisations += searches[i].factorisations;
        if (hunt.reached[i] == 0 && !searches[i].converged && searches[i].x.allFinite())
            hunt.ends[i] = searches[i].x;
        if (!searches[i].converged) continue;
        hunt.reached[i] = 1;
        found.push_back({searches[i].x, hunt.starts[i].name + (round > 0 ? ", deflated" : "")});
    }
    add_all(hunt.map, found, hunt.options.threads, hunt.points);
}

void add_slow(Hunt& hunt, const Descent& descent, const std::string& from) {
    const double speed = residual_of(hunt.map, descent.x).norm();
    for (const SlowPoint& known : hunt.slow)
        if (distance(known.state, descent.x) < 1e-6 * (1.0 + descent.x.cwiseAbs().maxCoeff()))
            return;
    hunt.slow.push_back(
        {descent.x, speed / hunt.tau, descent.gradient, descent.least_curvature, from});
}

/// From where the searches failed, or from the start where one did not, |F|² descends: to a zero
/// after all, or to a slow point.
void descend_all(Hunt& hunt, const Progress& progress) {
    std::vector<Descent> descents(hunt.ends.size());
    std::vector<Search> searches(hunt.ends.size());
    parallel_for(
        hunt.ends.size(), hunt.options.threads,
        [&](std::size_t j) {
            descents[j] = descend(hunt.map, hunt.ends[j], 2 * hunt.options.most_steps);
            searches[j] = newton(hunt.map, descents[j].x, {}, 10);
        },
        progress);
    std::vector<SmoothStart> found;
    for (std::size_t j = 0; j < hunt.ends.size(); ++j) {
        const std::string name = hunt.starts[j].name + ", descended";
        hunt.factorisations += descents[j].factorisations + searches[j].factorisations;
        const bool zero = searches[j].converged && distance(searches[j].x, descents[j].x) < 1e-3;
        if (searches[j].converged) found.push_back({searches[j].x, name});
        if (zero) hunt.reached[j] = 1;
        if (!zero && descents[j].converged && descents[j].least_curvature > 0.0)
            add_slow(hunt, descents[j], name);
    }
    add_all(hunt.map, found, hunt.options.threads, hunt.points);
    std::ranges::stable_sort(hunt.slow, {}, &SlowPoint::speed);
}

void finish_points(Hunt& hunt, const Progress& progress) {
    parallel_for(
        hunt.points.size(), hunt.options.threads,
        [&](std::size_t i) { certify_stability(hunt.map, hunt.points[i]); }, progress);
}

std::string statement_of(const SmoothFixedPoints& found) {
    const auto count = [](Index number, const char* what) {
        return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
    };
    std::string text = count(found.certified, "fixed point") + " proven to exist";
    const Index others = static_cast<Index>(found.points.size()) - found.certified;
    if (others > 0) text += ", " + std::to_string(others) + " converged without a proof";
    if (!found.slow_points.empty())
        text +=
            ", " + count(static_cast<Index>(found.slow_points.size()), "slow point") + " besides";
    return text + "; a search from " + count(found.starts, "start") +
           " cannot prove that there are no more";
}

std::vector<SmoothStart> starts_of(const SmoothMap& map, const SmoothFixedPointOptions& options) {
    std::vector<SmoothStart> starts(static_cast<std::size_t>(options.starts));
    parallel_for(starts.size(), options.threads, [&](std::size_t i) {
        starts[i] = smooth_start(map, options.seed, static_cast<Index>(i));
    });
    return starts;
}

/// Progress of phase `phase` of `phases`, each as long as the others.
Progress part(const Progress& progress, std::size_t phase, std::size_t phases) {
    if (!progress) return {};
    return [progress, phase, phases](std::size_t done, std::size_t total) {
        const std::size_t whole = std::max<std::size_t>(total, 1);
        progress(1000 * phase + 1000 * done / whole, 1000 * phases);
    };
}

}  // namespace

SmoothFixedPoints smooth_fixed_points(const Network& network,
                                      const SmoothFixedPointOptions& options,
                                      const Progress& progress) {
    require_options(options);
    const SmoothMap map = smooth_map(network);
    Hunt hunt{map, options, network.tau};
    hunt.starts = starts_of(map, options);
    hunt.reached.assign(hunt.starts.size(), 0);
    for (const SmoothStart& start : hunt.starts) hunt.ends.push_back(start.x);
    const auto phases = static_cast<std::size_t>(options.deflations) + 3;
    if (map.odd)
        add_all(map, {{Vector::Zero(map.size()), "the origin"}}, options.threads, hunt.points);
    search(hunt, 0, part(progress, 0, phases));
    if (options.slow_points) descend_all(hunt, part(progress, 1, phases));
    for (Index round = 1; round <= options.deflations; ++round)
        search(hunt, round, part(progress, static_cast<std::size_t>(round) + 1, phases));
    finish_points(hunt, part(progress, phases - 1, phases));
    SmoothFixedPoints result{std::move(hunt.points),
                             std::move(hunt.slow),
                             options.starts,
                             0,
                             0,
                             hunt.factorisations,
                             {}};
    result.failed = std::ranges::count(hunt.reached, char{0});
    result.certified = std::ranges::count(result.points, true, &SmoothFixedPoint::certified);
    std::ranges::stable_sort(result.points, std::ranges::greater{}, &SmoothFixedPoint::unstable);
    result.statement = statement_of(result);
    return result;
}

}  // namespace heddle
