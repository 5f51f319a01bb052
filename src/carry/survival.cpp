#include "heddle/carry/survival.hpp"

#include <cmath>
#include <sstream>

#include "carry/performance.hpp"
#include "heddle/core/error.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

void check(const SurvivalOptions& options) {
    if (options.points < 0)
        throw DomainError("points: found " + std::to_string(options.points) +
                          ", expected 0 or more states of each motif");
    check_positive(options.lost, "lost");
    check_positive(options.failure, "failure");
}

/// Every motif from its own start, and what the linear twin does; fills the ends of the motifs.
void measure_motif(const CarriedLibrary& carried, const CarriedLibrary& linear, std::size_t i,
                   Survival& result, Matrix& ends) {
    const Matrix& target = carried.library.motifs[i].motif.values;
    const auto at = static_cast<Index>(i);
    Matrix x = carried.starts.col(at), planned = linear.starts.col(at);
    const Matrix y = perform_carried(carried, i, x).front();
    const Matrix design = perform_carried(linear, i, planned).front();
    result.error(at) = normalised_error(y, target);
    result.design_error(at) = normalised_error(design, target);
    result.deviation(at) = std::sqrt(normalised_error(target + (y - design), target));
    ends.col(at) = x;
}

/// Motif j after every other.
void measure_arrivals(const CarriedLibrary& carried, const Matrix& ends, std::size_t j,
                      Survival& result) {
    const Matrix& target = carried.library.motifs[j].motif.values;
    const auto at = static_cast<Index>(j);
    Matrix x = ends;
    prepare_carried(carried, j, x);
    result.state_error.col(at) =
        (x.colwise() - carried.starts.col(at)).colwise().norm().transpose() / unit_of(carried);
    const std::vector<Matrix> outputs = perform_carried(carried, j, x);
    for (Index i = 0; i < ends.cols(); ++i)
        result.transitions(i, at) = normalised_error(outputs[static_cast<std::size_t>(i)], target);
}

/// What a motif has lost, in words; empty if nothing.
std::string losses_of(const CarriedLibrary& carried, const Survival& result, Index i,
                      const SurvivalOptions& options) {
    const bool fails = result.error(i) > options.failure;
    const auto at = static_cast<std::size_t>(i);
    if (!fails) return {};
    std::ostringstream words;
    words.precision(3);
    words << "motif '" << carried.library.motifs[at].motif.name << "' has an error of "
          << result.error(i) << " where its design has " << result.design_error(i);
    if (result.design_error(i) > options.failure)
        words << ": the fit itself fails, more pairs would help";
    else if (options.points > 0)
        words << " (gains from " << result.spectra[at].least_gain << " to "
              << result.spectra[at].most_gain << " of the designed ones, "
              << result.spectra[at].lost << " of " << result.spectra[at].placed.size()
              << " eigenvalues lost)";
    words << "; ";
    return words.str();
}

/// The amplitude at which the law promises a deviation that is no failure.
double safe_amplitude(const Survival& result, double failure) {
    const double most = result.law.maxCoeff();
    if (result.order == 0 || most <= 0.0) return 0.0;
    return std::pow(std::sqrt(failure) / most, 1.0 / result.order);
}

std::string statement_of(const CarriedLibrary& carried, const Survival& result,
                         const SurvivalOptions& options) {
    std::ostringstream words;
    words.precision(3);
    for (Index i = 0; i < result.error.size(); ++i) words << losses_of(carried, result, i, options);
    if (result.failed > 0)
        words << result.failed << " of " << result.transitions.size() << " transitions fail; ";
    if (result.survives) {
        words << "every motif and every transition survives, the worst with an error of "
              << std::max(result.error.maxCoeff(), result.transitions.maxCoeff());
        return words.str();
    }
    const double safe = safe_amplitude(result, options.failure);
    if (safe > 0.0)
        words << "training the loops, or an amplitude below about " << safe << ", would help";
    else
        words
            << "an operating point farther from the threshold, or a smaller amplitude, would help";
    return words.str();
}

}  // namespace

Survival survival(const CarriedLibrary& carried, const SurvivalOptions& options,
                  std::size_t threads, const Progress& progress) {
    check(options);
    const std::size_t count = carried.library.motifs.size();
    const auto m = static_cast<Index>(count);
    const CarriedLibrary linear = linear_twin(carried);
    AmplitudeLaw law = amplitude_law(carried);
    Survival result{Vector(m),    Vector(m),   Vector(m), law.order, std::move(law.coefficient),
                    Matrix(m, m), Matrix(m, m)};
    result.spectra.resize(count);
    Matrix ends(size(carried.network), m);
    const auto stage = [&](std::size_t before) {
        return progress ? Progress([&progress, before, count](std::size_t done, std::size_t) {
            progress(before + done, 2 * count);
        })
                        : Progress();
    };
    parallel_for(
        count, threads,
        [&](std::size_t i) {
            measure_motif(carried, linear, i, result, ends);
            result.spectra[i] = spectrum_along(carried, i, options);
        },
        stage(0));
    parallel_for(
        count, threads, [&](std::size_t j) { measure_arrivals(carried, ends, j, result); },
        stage(count));
    result.failed = (result.transitions.array() > options.failure).count();
    result.survives = result.failed == 0 && (result.error.array() <= options.failure).all();
    result.statement = statement_of(carried, result, options);
    return result;
}

}  // namespace heddle
