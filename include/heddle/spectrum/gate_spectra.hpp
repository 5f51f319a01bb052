#pragma once

#include <string>
#include <vector>

#include "heddle/core/parallel.hpp"
#include "heddle/spectrum/eigen_system.hpp"

namespace heddle {

using GatePatterns = Eigen::Matrix<bool, Eigen::Dynamic, Eigen::Dynamic>;

/// The spectra of one network under many patterns of open gates.
struct GateSpectra {
    ComplexMatrix eigenvalues;  ///< Of W + Σ_open U Vᵀ in canonical order, shape (n, m).
    Vector abscissa;            ///< max Re λ of each pattern, shape (m,); below 1: stable.
    Vector error;               ///< Largest first-order bound of an eigenvalue's error, shape (m,).
    Index updates;              ///< Rank-one updates it took in all.
    bool trusted;               ///< Whether every pattern's EigenSystem is.
    std::string reason;         ///< How many are not, and why the first; empty if trusted.
};

/// Spectra of W + Σ_k p_k U_k V_kᵀ for every pattern p of gates, from one eigen-decomposition of W.
///
/// Patterns are visited in the order of a tree in which the children of a pattern open one more
/// group, groups that are open most often first. All 2^K patterns of K loops then take little more
/// than one rank-one update each (each thread starts afresh now and then), and none has to close. A
/// pattern that is not trusted is opened once more in the reverse order, and the better result
/// kept.
///
/// \param system of the network, and of loops that stay open throughout.
/// \param groups K groups of loops that open and close together. \param patterns shape (m, K).
/// \param threads 0: one per core; any number gives the same bits.
/// \throws ShapeError, DomainError  as `validate` does for loops; if `patterns` has not one column
///         a group.
/// \cost O(n²) an update; m complex spectra of memory.
[[nodiscard]] GateSpectra gate_spectra(const EigenSystem& system, const std::vector<Loops>& groups,
                                       const GatePatterns& patterns, std::size_t threads = 0,
                                       const Progress& progress = {});

}  // namespace heddle
