#pragma once

#include <string>
#include <vector>

#include "heddle/core/parallel.hpp"
#include "heddle/equations/branch.hpp"
#include "heddle/equations/oscillation.hpp"

namespace heddle {

struct BifurcationOptions {
    double from = 0.0;  ///< Range of the parameter.
    double to = 0.0;
    double time = 0.0;             ///< ms at which inputs are held.
    double largest_rate = 1000.0;  ///< Hz, of fixed points.
    Index sections = 5;        ///< Values of the parameter at which all fixed points are searched.
    bool oscillations = true;  ///< Follow what is born at Hopf points?
    double largest_step = 0.02;     ///< Of arclength.
    Index intervals = 30;           ///< Of a period.
    Index most_oscillations = 150;  ///< Points of each of their branches.
};

/// What equations do over a range of one parameter.
struct BifurcationDiagram {
    std::string parameter;
    std::vector<EquilibriumBranch> branches;
    std::vector<OscillationBranch> oscillations;
    Index sections;         ///< At so many values all fixed points were searched,
    Index proven_sections;  ///< at so many of them the list is proven to be whole.
    std::string statement;  ///< In a sentence.
};

/// All fixed points at a few values of the parameter, in the range and at its ends; the branch of
/// each that is on no branch yet; the oscillations that are born at their Hopf points. A branch
/// that closes between two sections is not seen.
///
/// \param progress  progress(done, total) in sections and Hopf points.
/// \throws DomainError as `follow_equilibrium`.
/// \see fixed_points, follow_equilibrium, follow_oscillation.
[[nodiscard]] BifurcationDiagram bifurcate(const RateEquations& equations,
                                           const std::string& parameter,
                                           const BifurcationOptions& options,
                                           const Progress& progress = {});

}  // namespace heddle
