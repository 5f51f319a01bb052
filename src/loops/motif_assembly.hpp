#pragma once

#include "heddle/loops/motif_loops.hpp"

namespace heddle {

/// The loops that follow from U and the directions g_m, C (λ_m − W)⁻¹ U g_m = C_m, with the
/// evidence that they place the modes. Uses `thalamic_tau` and `tolerance` of the options.
[[nodiscard]] MotifLoops motif_loops_from(const Network& network, const Resolvent& resolvent,
                                          Motif motif, ModeFit fit, const Matrix& u,
                                          const ComplexMatrix& directions,
                                          const MotifLoopOptions& options);

}  // namespace heddle
