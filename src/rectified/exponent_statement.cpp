#include "rectified/exponent_statement.hpp"

#include <algorithm>
#include <cmath>

#include "network/checks.hpp"

namespace heddle {
namespace {

constexpr double most_drift = 5.0;

/// Why the result cannot be trusted; empty if it can.
std::string objection(const LyapunovSpectrum& result, const ExponentChecks& checks) {
    if (!checks.ended.empty())
        return "after " + std::to_string(result.steps) + " steps " + checks.ended;
    if (!checks.long_enough)
        return "the duration holds fewer than ten blocks of ten correlation times (" +
               number_text(result.correlation_time) +
               " each), so that the standard errors are "
               "guesses; a longer duration would help";
    if (checks.drift > most_drift)
        return "the averages of both halves differ by " + number_text(checks.drift) +
               " standard errors; a longer transient would help";
    const double least = 1e-4 / checks.unit;
    const double by_chance = result.standard_errors.size() > 0 ? result.standard_errors[0] : 0.0;
    if (result.step_error > std::max(least, by_chance))
        return "the step changes exponents by up to " + number_text(result.step_error) +
               ", more than their standard error; a smaller step would help";
    if (result.sum_residual && std::isfinite(*result.sum_residual) &&
        std::abs(*result.sum_residual) >
            checks.sum_tolerance + result.step_error * static_cast<double>(result.exponents.size()))
        return "the exponents add up to the mean trace of the Jacobian only to " +
               number_text(std::abs(*result.sum_residual)) + "; a smaller step would help";
    return {};
}

}  // namespace

void judge(LyapunovSpectrum& result, const ExponentChecks& checks) {
    const std::string reason = objection(result, checks);
    result.trusted = reason.empty();
    if (!result.trusted) {
        result.statement = reason + ".";
        return;
    }
    result.statement = "Averages over " + number_text(result.time / result.correlation_time) +
                       " correlation times in " + std::to_string(result.batches) +
                       " blocks; both halves agree within " +
                       number_text(std::ceil(10 * checks.drift) / 10) + " standard errors";
    if (result.sum_residual)
        result.statement += "; the exponents add up to the mean trace of the Jacobian within " +
                            number_text(std::abs(*result.sum_residual));
    result.statement += ".";
}

}  // namespace heddle
