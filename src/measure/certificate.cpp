#include "heddle/measure/certificate.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <sstream>

#include "heddle/core/error.hpp"
#include "heddle/linalg/solve.hpp"
#include "measure/safe_time.hpp"

namespace heddle {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

void check(const Library& library, double preparation) {
    if (library.motifs.empty()) throw DomainError("library: found no motif, expected at least one");
    if (!(preparation > 0.0 && std::isfinite(preparation)))
        throw DomainError("preparation: found " + std::to_string(preparation) +
                          " s, expected a positive time");
}

/// Progress as so many of 1000, in the stretch from `from` to `to`.
Progress part(const Progress& progress, std::size_t from, std::size_t to) {
    if (!progress) return {};
    return [&progress, from, to](std::size_t done, std::size_t total) {
        progress(from + (to - from) * done / std::max<std::size_t>(total, 1), 1000);
    };
}

Prepared prepared_motifs(const Library& library, std::size_t threads, const Progress& progress) {
    std::vector<MotifMap> maps(library.motifs.size());
    parallel_for(
        maps.size(), threads, [&](std::size_t i) { maps[i] = motif_map(library, i, false); },
        progress);
    return {library, std::move(maps)};
}

/// E (M_i x_i − x_j) for every i and j, in columns.
Matrix steps(const Library& library, const Prepared& prepared, const SegmentMap& preparation) {
    const auto m = static_cast<Index>(library.motifs.size());
    Matrix all(size(library.network), m * m);
    for (Index j = 0; j < m; ++j)
        all.middleCols(j * m, m) = prepared.deviations(preparation, static_cast<std::size_t>(j));
    return all;
}

double largest_column(const Matrix& a) {
    return a.colwise().norm().maxCoeff();
}

/// The least of what the three proofs give; each sums a geometric series.
double bound_of(const JointRadius& radius, double h, double transformed_h) {
    const auto sum = [](double first, double q) { return q < 1.0 ? first / (1.0 - q) : infinite; };
    return std::min({sum(h, radius.norm), sum(transformed_h, radius.ellipsoid),
                     sum(radius.growth * transformed_h, radius.products)});
}

/// Whether it is only what the compression left out that leaves the verdict open.
bool limited_by_truncation(const JointRadius& radius) {
    const bool perhaps_stable = radius.upper >= 1.0 && radius.upper - radius.truncation < 1.0;
    const bool perhaps_unstable = radius.lower >= 1.0 && radius.lower - radius.lower_error < 1.0;
    return perhaps_stable || perhaps_unstable;
}

JointRadius radius_of(const std::vector<Matrix>& maps, JointRadiusOptions options,
                      std::size_t threads, const Progress& progress) {
    options.threshold = 1.0;
    options.decide_only = false;
    options.threads = threads;
    JointRadius radius = joint_spectral_radius(maps, options, part(progress, 150, 500));
    if (!limited_by_truncation(radius)) return radius;
    options.compression *= 0.1;
    return joint_spectral_radius(maps, options, part(progress, 500, 600));
}

Vector norms_of(const std::vector<Matrix>& maps, std::size_t threads) {
    Vector norms(static_cast<Index>(maps.size()));
    parallel_for(maps.size(), threads,
                 [&](std::size_t i) { norms[static_cast<Index>(i)] = spectral_norm(maps[i]); });
    return norms;
}

std::vector<std::string> breaking_motifs(const Library& library, const Vector& contraction) {
    std::vector<std::size_t> order(library.motifs.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto q = [&](std::size_t i) { return contraction[static_cast<Index>(i)]; };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return q(a) > q(b); });
    std::vector<std::string> names;
    for (const std::size_t i : order)
        if (q(i) >= 1.0) names.push_back(library.motifs[i].motif.name);
    return names;
}

std::string verdict_of(const JointRadius& radius) {
    if (radius.upper < 1.0) return "stable";
    return radius.lower - radius.lower_error >= 1.0 ? "unstable" : "undecided";
}

/// Verdict and bound from the radius and from what transitions add, in columns.
void conclude(Certificate& result, const Matrix& steps) {
    result.step = largest_column(steps);
    result.bound =
        bound_of(result.radius, result.step, largest_column(result.radius.transform * steps));
    result.verdict = verdict_of(result.radius);
    result.proven = result.verdict != "undecided";
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "'" : ", '") + name + "'";
    return text;
}

std::string advice(const Certificate& result) {
    if (std::isnan(result.safe_time))
        return "a longer preparation or more preparatory loops would help";
    std::ostringstream text;
    text << "a preparation of " << result.safe_time << " s instead of " << result.preparation
         << " s would be proven stable";
    return text.str();
}

std::string statement_of(const Certificate& result) {
    std::ostringstream text;
    text.precision(3);
    if (result.verdict == "stable")
        text << "no sequence of any length drifts: a deviation shrinks to " << result.radius.upper
             << " of itself a motif, and those that transitions add stay below " << result.bound;
    else if (result.verdict == "unstable")
        text << "some sequences diverge: the word " << joined(result.worst_word)
             << ", repeated, multiplies a deviation by " << result.radius.lower << " a motif; "
             << advice(result);
    else
        text << "nothing is proven: the fastest growth a motif lies between " << result.radius.lower
             << " and " << result.radius.upper << "; " << advice(result);
    return text.str();
}

}  // namespace

Certificate certify(const Library& library, const CertificateOptions& options, std::size_t threads,
                    const Progress& progress) {
    Certificate result{};
    result.preparation =
        std::isnan(options.preparation) ? library.preparation.duration : options.preparation;
    check(library, result.preparation);
    const Prepared prepared = prepared_motifs(library, threads, part(progress, 0, 150));
    const SegmentMap preparation = segment_map(
        prepared.dynamics(), Matrix(0, size(library.network)), result.preparation, 1, false);
    const std::vector<Matrix> maps =
        transition_maps(prepared, preparation.transfer.leftCols(size(library.network)), threads);
    result.contraction = norms_of(maps, threads);
    result.breaking = breaking_motifs(library, result.contraction);
    result.radius = radius_of(maps, options.radius, threads, progress);
    for (const std::size_t i : result.radius.word)
        result.worst_word.push_back(library.motifs[i].motif.name);
    conclude(result, steps(library, prepared, preparation));
    result.safe_time = std::numeric_limits<double>::quiet_NaN();
    if (options.safe_time)
        result.safe_time =
            proven_safe_time(prepared, result.preparation, result.verdict == "stable", threads,
                             part(progress, 600, 1000));
    result.statement = statement_of(result);
    return result;
}

}  // namespace heddle
