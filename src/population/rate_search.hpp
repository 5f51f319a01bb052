#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "heddle/linalg/types.hpp"

namespace heddle {

/// A map F of rates and its Jacobian at some rates.
struct MapValue {
    Vector rates;   ///< r, Hz.
    Vector change;  ///< F(r) − r.
    Matrix jacobian;
    double residual;  ///< ‖F(r) − r‖₂, Hz.
};

using RateMap = std::function<MapValue(const Vector&)>;

/// A solution of r = F(r).
struct RateSolution {
    MapValue value;
    std::vector<double> history;  ///< Residuals of the start that found it.
    Index starts = 1;             ///< How many starts led here.
};

struct RateSolutions {
    std::vector<RateSolution> found;  ///< By rising sum of rates.
    Index starts = 0;
    Index failed = 0;  ///< Starts that led nowhere.
    /// Σ sign det(1 − F') over solutions: 1 over all of them, where F maps bounded rates to bounded
    /// rates (the degree of the map). Anything else means that one is missing.
    Index degree = 0;
    bool bounded = false;
};

/// Solutions of r = F(r) that Newton's method finds from many starts, its steps halved until the
/// residual falls; where that ends, implicit steps of dr/ds = F(r) − r come first.
/// \param ceiling  From which starts are taken, Hz.
/// \param bounded  Is F? Then starts go on, up to eight times as many, as long as `degree` says
/// that
///                 a solution is missing.
/// \throws NotConverged  if no start led anywhere; DomainError for less than one start or step.
[[nodiscard]] RateSolutions search_rates(const RateMap& map, const Vector& ceiling, bool bounded,
                                         Index starts, Index most_steps, std::uint64_t seed);

/// From one start. \throws NotConverged
[[nodiscard]] RateSolution search_rates_from(const RateMap& map, const Vector& start,
                                             Index most_steps);

/// "3 solutions from 32 starts; others may exist"; with how many of them are stable.
[[nodiscard]] std::string statement_of(const RateSolutions& solutions);
[[nodiscard]] std::string statement_of(const RateSolutions& solutions, Index stable);

}  // namespace heddle
