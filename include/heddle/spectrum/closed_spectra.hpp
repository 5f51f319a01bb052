#pragma once

#include <vector>

#include "heddle/core/parallel.hpp"
#include "heddle/network/loops.hpp"
#include "heddle/network/network.hpp"

namespace heddle {

/// All eigenvalues of W + U Vᵀ for each of several groups of loops, in canonical order.
///
/// For more than three groups W is decomposed once and each group opened by rank-one updates; a
/// spectrum that those do not give to 1e-10 of max |λ|, and every one if W has no basis of
/// eigenvectors, is computed afresh, as `closed_spectrum` does.
///
/// \param threads 0: one per core; any number gives the same bits.
/// \throws ShapeError, DomainError  as `validate` does for the network and for loops.
/// \cost 35 n³ flops once and O(k² n²) for k loops, or 10 n³ flops a group.
[[nodiscard]] std::vector<ComplexVector> closed_spectra(const Network& network,
                                                        const std::vector<const Loops*>& groups,
                                                        std::size_t threads = 0,
                                                        const Progress& progress = {});

}  // namespace heddle
