#include <algorithm>

#include "heddle/core/error.hpp"
#include "heddle/linalg/solve.hpp"
#include "linalg/checks.hpp"
#include "rectified/cycle_evidence.hpp"

namespace heddle {
namespace {

void check(const ThresholdLinear& system, const CycleGuess& guess) {
    validate(guess.support, system);
    const auto p = static_cast<Index>(guess.units.size());
    if (p == 0) throw DomainError("units: found no crossing, expected one or more for each region");
    Support flips = guess.support;
    for (const Index unit : guess.units) {
        if (unit < 0 || unit >= system.units())
            throw DomainError("units: found unit " + std::to_string(unit) +
                              ", expected indices from 0 to " + std::to_string(system.units() - 1));
        flips = flipped(flips, unit);
    }
    if (flips != guess.support)
        throw DomainError(
            "units: the regions do not close, since a unit crosses an odd number of times; every "
            "unit that becomes active must become silent again");
    require_shape(guess.dwell, p, 1, "dwell");
    require_finite(guess.dwell, "dwell");
    if (!(guess.dwell.minCoeff() >= 0.0) || !(guess.dwell.sum() > 0.0))
        throw DomainError("dwell: found the shortest dwell time " +
                          std::to_string(guess.dwell.minCoeff()) +
                          " s, expected none negative and a positive period");
    if (guess.states.size() == 0) return;
    require_shape(guess.states, system.states(), p, "states");
    require_finite(guess.states, "states");
}

/// x_1 that closes the orbit and meets the surfaces best at these dwell times, and the states that
/// follow from it.
void fill_states(const ThresholdLinear& system, CyclePath& path) {
    const Index n = system.states();
    const Index p = path.regions();
    path.states = Matrix::Zero(n, p);
    const CycleDefect defect = cycle_defect(system, path);
    Matrix product = Matrix::Identity(n, n), rows(n + p, n);
    Vector offset = Vector::Zero(n), value(n + p);
    for (Index k = 0; k < p; ++k) {
        const RegionStep& map = defect.maps[static_cast<std::size_t>(k)];
        product = (map.propagator * product).eval();
        offset = (map.propagator * offset).eval() + map.drift;
        const Index unit = path.units[static_cast<std::size_t>(k)];
        rows.row(n + k) = system.inputs.row(unit) * product;
        value[n + k] = -system.bias[unit] - system.inputs.row(unit).dot(offset);
    }
    rows.topRows(n) = product - Matrix::Identity(n, n);
    value.head(n) = -offset;
    path.states.col(0) = least_squares(rows, value);
    for (Index k = 1; k < p; ++k) {
        const RegionStep& map = defect.maps[static_cast<std::size_t>(k - 1)];
        path.states.col(k) = map.propagator * path.states.col(k - 1) + map.drift;
    }
}

}  // namespace

CyclePath path_of(const ThresholdLinear& system, const CycleGuess& guess) {
    check(system, guess);
    CyclePath path{{}, guess.units, guess.dwell, guess.states};
    Support support = guess.support;
    for (const Index unit : guess.units) {
        path.itinerary.push_back(support);
        support = flipped(std::move(support), unit);
    }
    if (path.states.size() == 0) fill_states(system, path);
    return path;
}

CyclePath primitive(const CyclePath& path) {
    const Index p = path.regions();
    const double size = path.states.cwiseAbs().maxCoeff();
    for (Index q = 2; q < p; ++q) {
        if (p % q != 0) continue;
        const Index rest = p - q;
        if (!std::equal(path.units.begin() + q, path.units.end(), path.units.begin())) continue;
        if ((path.states.rightCols(rest) - path.states.leftCols(rest)).cwiseAbs().maxCoeff() >
            1e-7 * size)
            continue;
        const auto count = static_cast<std::size_t>(q);
        return {{path.itinerary.begin(), path.itinerary.begin() + q},
                {path.units.begin(), path.units.begin() + static_cast<std::ptrdiff_t>(count)},
                path.dwell.head(q),
                path.states.leftCols(q)};
    }
    return path;
}

}  // namespace heddle
